//! Calendars that stand on others, and the days that holiday files bring.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::calendars::{Files, Placed};
use super::known::refers;
use crate::calendar::{Calendar, Closure, Dates, Interval, Zone};
use crate::ics::{self, Holiday};
use crate::id::CalendarId;
use crate::problem::Report;
use crate::vocabulary::Day;

/// A calendar as it is written, before what it stands on.
pub(super) struct Written {
    pub(super) place: Range<usize>,
    pub(super) zone: Option<Zone>,
    pub(super) on: Option<(Range<usize>, CalendarId)>,
    pub(super) week: Option<BTreeMap<Day, Vec<Interval>>>,
    pub(super) closed: Vec<Closure>,
    pub(super) days: BTreeMap<Date, Vec<Interval>>,
    pub(super) holidays: Vec<(Range<usize>, String)>,
    pub(super) skip: Vec<(Range<usize>, Dates)>,
    pub(super) reviewed: Option<Date>,
    /// Whether all of it could be read.
    pub(super) whole: bool,
}

/// Every calendar with what it stands on; one that stands on itself is reported and left out.
pub(super) fn build(
    report: &mut Report<'_>,
    written: &BTreeMap<CalendarId, Written>,
    zone: Option<&Zone>,
    files: &Files,
) -> BTreeMap<CalendarId, Placed> {
    let imported = import(report, written, files);
    let mut built: BTreeMap<CalendarId, Placed> = BTreeMap::new();
    let known: Vec<CalendarId> = written.keys().cloned().collect();
    for id in &known {
        for id in chain(report, written, &known, id).into_iter().rev() {
            let Some(own) = written.get(&id).filter(|_| !built.contains_key(&id)) else {
                continue;
            };
            let base = own
                .on
                .as_ref()
                .and_then(|(_, base)| Some(built.get(base)?.1.clone()));
            let default = zone.cloned();
            let start = base.or_else(|| {
                Some(Calendar {
                    week: BTreeMap::new(),
                    ..Calendar::always(default?)
                })
            });
            if let Some(base) = start {
                let calendar = layer(report, own, base, &imported);
                built.insert(id, (own.place.clone(), calendar));
            }
        }
    }
    built
}

/// The calendar and what it stands on, one after the other.
fn chain(
    report: &mut Report<'_>,
    written: &BTreeMap<CalendarId, Written>,
    known: &[CalendarId],
    id: &CalendarId,
) -> Vec<CalendarId> {
    let mut chain = vec![id.clone()];
    while let Some((place, base)) = chain.last().and_then(|last| written.get(last)?.on.clone()) {
        if chain.contains(&base) {
            // Each calendar of the circle meets it; the one that is met first tells.
            if base == *id && chain.iter().all(|other| id <= other) {
                report.error(
                    place,
                    format!("`{base}` stands on itself; let one of them have a week of its own"),
                );
            }
            return Vec::new();
        }
        if !known.contains(&base) {
            // What stands on it in turn would only say so again.
            if chain.len() == 1 {
                let others = known.iter().filter(|other| *other != id).cloned();
                refers(
                    report,
                    place,
                    "calendar",
                    &base,
                    &others.collect::<Vec<_>>(),
                );
            }
            return Vec::new();
        }
        chain.push(base);
    }
    chain
}

/// The holidays of every file that a calendar names, each file read once.
fn import(
    report: &mut Report<'_>,
    written: &BTreeMap<CalendarId, Written>,
    files: &Files,
) -> BTreeMap<String, Vec<Holiday>> {
    let mut imported = BTreeMap::new();
    for (place, name) in written.values().flat_map(|it| &it.holidays) {
        let Some(source) = files.get(name) else {
            report.error(place.clone(), format!("there is no file `{name}` beside the policy; put it there, or take it out of this list"));
            continue;
        };
        if !imported.contains_key(name) {
            let mut file = Report::new(report.beside(name), source);
            imported.insert(name.clone(), ics::read(&mut file, source));
            report.elsewhere.append(&mut file.problems);
        }
    }
    for name in files.keys().filter(|name| !imported.contains_key(*name)) {
        report.warn(
            0..0,
            format!("no calendar names `{name}`; name it under `holidays`, or remove the file"),
        );
    }
    imported
}

/// What stands in the calendar itself, on top of what it stands on.
fn layer(
    report: &mut Report<'_>,
    own: &Written,
    base: Calendar,
    imported: &BTreeMap<String, Vec<Holiday>>,
) -> Calendar {
    let mut calendar = base;
    if let Some(zone) = &own.zone {
        calendar.zone = zone.clone();
    }
    if let Some(week) = &own.week {
        calendar.week.clone_from(week);
    }
    calendar.reviewed = own.reviewed.or(calendar.reviewed);
    for (_, name) in &own.holidays {
        let holidays = imported.get(name).into_iter().flatten();
        calendar.closed.extend(holidays.map(|holiday| Closure {
            dates: holiday.dates,
            name: holiday.name.clone(),
            file: Some(name.clone()),
        }));
    }
    for (place, skipped) in &own.skip {
        if !skip(&mut calendar, *skipped) {
            report.error(place.clone(), format!("no day that this calendar takes over is {skipped}; write a date that one of its files or calendars closes"));
        }
    }
    // A date that is closed here has no hours from there.
    calendar
        .days
        .retain(|date, _| !own.closed.iter().any(|it| it.dates.contains(*date)));
    calendar.closed.extend(own.closed.iter().cloned());
    calendar.days.extend(own.days.clone());
    calendar
}

/// Opens dates that a calendar takes over; whether there was one.
fn skip(calendar: &mut Calendar, skipped: Dates) -> bool {
    let mut found = false;
    let mut kept = Vec::new();
    for closure in std::mem::take(&mut calendar.closed) {
        if let Dates::Yearly(month, day) = closure.dates {
            let years: Vec<Date> = (ics::FIRST_YEAR..=ics::LAST_YEAR)
                .filter_map(|year| Date::new(year, month, day).ok())
                .filter(|date| skipped.contains(*date))
                .collect();
            found |= !years.is_empty();
            if closure.dates != skipped {
                for date in years {
                    let weekday =
                        usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
                    if let Some(hours) = calendar.week.get(&Day::ALL[weekday]) {
                        calendar.days.entry(date).or_insert_with(|| hours.clone());
                    }
                }
                kept.push(closure);
            }
            continue;
        }
        for dates in without(closure.dates, skipped, &mut found) {
            kept.push(Closure {
                dates,
                ..closure.clone()
            });
        }
    }
    calendar.closed = kept;
    found
}

/// The dates without those that are skipped, as runs.
fn without(dates: Dates, skipped: Dates, found: &mut bool) -> Vec<Dates> {
    let (first, last) = match dates {
        Dates::One(date) => (date, date),
        Dates::Range(first, last) => (first, last),
        Dates::Yearly(..) => return vec![dates],
    };
    let mut runs: Vec<(Date, Date)> = Vec::new();
    for date in first
        .series(jiff::Span::new().days(1))
        .take_while(|date| *date <= last)
    {
        if skipped.contains(date) {
            *found = true;
            continue;
        }
        match runs.last_mut() {
            Some((_, end)) if end.tomorrow().is_ok_and(|next| next == date) => *end = date,
            _ => runs.push((date, date)),
        }
    }
    runs.into_iter()
        .map(|(first, last)| {
            if first == last {
                Dates::One(first)
            } else {
                Dates::Range(first, last)
            }
        })
        .collect()
}
