//! Closures ahead: what customers are told before the desk closes for several dates.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::calendar::{Calendar, Timetable};
use crate::id::{CalendarId, DepartmentId};
use crate::policy::Policy;

/// So far around the announced days a closure is looked at, so that one that has begun is still told whole.
const AROUND: i64 = 60;

/// A closure of several dates in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing<'p> {
    /// The calendar that is closed.
    pub calendar: &'p CalendarId,
    /// The departments that work by it.
    pub departments: Vec<&'p DepartmentId>,
    /// The first holiday of it, a local date of the calendar.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// Its names, each once.
    pub names: Vec<&'p str>,
    /// When the calendar opens again.
    pub reopens: Timestamp,
}

impl Policy {
    /// The closures that are to be announced at this instant: those of departments that begin within the announced
    /// days or have begun, the nearest first.
    ///
    /// A closure is a run of closed dates from its first holiday to its last; a weekend between two holidays belongs
    /// to it, one before or after does not. So a long weekend is no closure, and Christmas to New Year may be one.
    pub fn closures_ahead(&self, at: Timestamp) -> Vec<Closing<'_>> {
        let mut ahead = Vec::new();
        for (id, calendar) in &self.terms().calendars {
            let working = self
                .terms()
                .departments
                .iter()
                .filter(|it| it.calendar == *id);
            let departments: Vec<&DepartmentId> = working.map(|it| &it.id).collect();
            let Some(timetable) = self.timetable(id).filter(|_| !departments.is_empty()) else {
                continue;
            };
            let today = at.to_zoned(calendar.zone.rules().clone()).date();
            let from = today.saturating_sub(Span::new().days(AROUND));
            let announced =
                today.saturating_add(Span::new().days(self.terms().closures.announce_days));
            let until = announced.saturating_add(Span::new().days(AROUND));
            for (first, last) in closed_runs(calendar, timetable, from, until) {
                let days = (last - first).get_days() + 1;
                let long =
                    u32::try_from(days).is_ok_and(|days| days >= self.terms().closures.at_least);
                if long && first <= announced && last >= today {
                    ahead.push(Closing {
                        calendar: id,
                        departments: departments.clone(),
                        first,
                        last,
                        names: names(calendar, first, last),
                        reopens: timetable.next_open(timetable.start_of(last)),
                    });
                }
            }
        }
        ahead.sort_by_key(|closing| (closing.first, closing.calendar));
        ahead
    }
}

/// Runs of closed dates, each from its first holiday to its last.
fn closed_runs(
    calendar: &Calendar,
    timetable: &Timetable,
    from: Date,
    until: Date,
) -> Vec<(Date, Date)> {
    let mut runs: Vec<(Date, Date)> = Vec::new();
    let mut open_since = true;
    for date in from
        .series(Span::new().days(1))
        .take_while(|date| *date <= until)
    {
        if timetable.opens_on(date) {
            open_since = true;
        } else if calendar.closure(date).is_some() {
            match runs.last_mut() {
                Some((_, last)) if !open_since => *last = date,
                _ => runs.push((date, date)),
            }
            open_since = false;
        }
    }
    runs
}

fn names(calendar: &Calendar, first: Date, last: Date) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for date in first
        .series(Span::new().days(1))
        .take_while(|date| *date <= last)
    {
        if let Some(closure) = calendar.closure(date)
            && !names.contains(&&*closure.name)
        {
            names.push(&closure.name);
        }
    }
    names
}
