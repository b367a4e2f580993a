//! Holiday files: the whole-day events of an iCalendar file (RFC 5545), each with its dates.
//!
//! Rules that repeat without an end are expanded to the end of [`LAST_YEAR`]; one that names the same day of every
//! year stays a rule. Nothing before [`FIRST_YEAR`] is kept, because no ticket is that old.

mod event;
mod expand;
mod lines;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::Dates;
use crate::problem::Report;

/// The first year of which a policy keeps imported days.
pub(crate) const FIRST_YEAR: i16 = 2024;
/// The last year to which a rule without an end is expanded.
pub(crate) const LAST_YEAR: i16 = 2034;

/// Dates that an event closes, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holiday {
    pub(crate) dates: Dates,
    pub(crate) name: String,
}

/// Reads the file's holidays in the order of their dates; what is wrong with it is reported at its place.
pub(crate) fn read(report: &mut Report<'_>, source: &str) -> Vec<Holiday> {
    let lines = lines::unfold(source);
    if !lines.iter().any(|line| line.is("BEGIN", "VCALENDAR")) {
        report.error(
            0..0,
            "this is not an iCalendar file; it begins with `BEGIN:VCALENDAR`",
        );
        return Vec::new();
    }
    let events = event::read(report, &lines);
    // An event that replaces one date of a repeated event takes that date from it.
    let mut replaced: BTreeMap<&str, Vec<Date>> = BTreeMap::new();
    for event in &events {
        if let Some(date) = event.replaces {
            replaced.entry(&event.uid).or_default().push(date);
        }
    }
    let mut holidays = Vec::new();
    for event in events.iter().filter(|event| !event.cancelled) {
        let none = Vec::new();
        let gone = replaced
            .get(event.uid.as_str())
            .filter(|_| event.replaces.is_none());
        holidays.extend(expand::holidays(report, event, gone.unwrap_or(&none)));
    }
    if holidays.is_empty() && !report.has_errors() {
        report.error(0..0, format!("this file has no whole-day event from {FIRST_YEAR} to {LAST_YEAR}; export the holidays again, or leave the file out"));
    }
    holidays.sort_by_key(|holiday| (holiday.dates.first(), holiday.dates));
    holidays.dedup();
    holidays
}
