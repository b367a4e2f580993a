//! Hours that nobody covers.

use jiff::Timestamp;

use crate::calendar::{Timetable, instant};
use crate::policy::Policy;
use crate::problem::Report;
use crate::read::Places;

/// So far ahead hours are looked at: four weeks.
const AHEAD: i64 = 28 * 86_400;

/// Warns of departments that are open while none of their agents works. Agents without hours of their own work
/// whenever their department is open.
pub(super) fn check(report: &mut Report<'_>, policy: &Policy, places: &Places, at: Timestamp) {
    for department in &policy.terms().departments {
        let agents = policy.agents_of(&department.id);
        let hours: Option<Vec<&Timetable>> = agents
            .iter()
            .map(|it| policy.timetable(it.calendar.as_ref()?))
            .collect();
        let (Some(hours), Some(open)) = (hours, policy.timetable(&department.calendar)) else {
            continue;
        };
        if let Some(alone) = uncovered(open, &hours, at.as_second()) {
            let place = places
                .departments
                .get(&department.id)
                .cloned()
                .unwrap_or_default();
            let zone = policy.terms().zone.rules().clone();
            let shown = instant(alone).to_zoned(zone).strftime("%Y-%m-%d %H:%M");
            let id = &department.id;
            report.warn(place, format!("department `{id}` is open at {shown}, when none of its agents works; add somebody to `agents`, or change the hours"));
        }
    }
}

/// The first second of the coming weeks that is open and that none of these covers.
fn uncovered(open: &Timetable, hours: &[&Timetable], from: i64) -> Option<i64> {
    for (opens, closes) in open.open_spans(from, from + AHEAD) {
        let mut at = opens;
        while at < closes {
            let end = hours
                .iter()
                .flat_map(|it| it.open_spans(at, closes))
                .filter(|&(from, _)| from <= at)
                .map(|(_, until)| until)
                .max();
            match end {
                Some(end) if end > at => at = end,
                _ => return Some(at),
            }
        }
    }
    None
}
