//! `[calendars.<id>]`: week, closed dates, dates with hours of their own.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;

use super::layers::{self, Written};
use super::section::Section;
use super::value::{Value, entries, list, parse, parse_at, table, text};
use crate::calendar::{Calendar, Closure, Dates, Interval, Timetable, Zone};
use crate::id::CalendarId;
use crate::problem::Report;
use crate::vocabulary::Day;

/// A calendar and the place of its name.
pub(super) type Placed = (Range<usize>, Calendar);

/// The sources of the holiday files, by the name that calendars use.
pub(super) type Files = BTreeMap<String, String>;

pub(super) fn read(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    zone: Option<&Zone>,
    files: &Files,
) -> BTreeMap<CalendarId, Placed> {
    let mut written = BTreeMap::new();
    for (key, value) in entries {
        let Some(id) = parse_at::<CalendarId>(report, key.span(), key.get_ref()) else {
            continue;
        };
        if id == CalendarId::always() {
            report.error(
                key.span(),
                "`always` is built in and open all the time; write another name",
            );
            continue;
        }
        let Some(table) = table(report, value) else {
            continue;
        };
        let title = format!("[calendars.{id}]");
        let section = Section::new(report, table, value, key.span(), title);
        let before = report.problems.len();
        let mut calendar = calendar(report, section);
        calendar.whole = report.problems.len() == before;
        written.insert(id, calendar);
    }
    let calendars = layers::build(report, &written, zone, files);
    for (id, (place, calendar)) in &calendars {
        // Hours that could not be read would make the calendar look closed: one fault, one message.
        if written.values().all(|it| it.whole)
            && !report.has_errors_at(place)
            && let Err(err) = Timetable::new(calendar)
        {
            report.error(place.clone(), format!("calendar `{id}`: {err}"));
        }
    }
    calendars
}

fn calendar(report: &mut Report<'_>, mut section: Section<'_>) -> Written {
    let place = section.span();
    let zone = section.maybe(report, "zone");
    let on = section.optional(report, "on").and_then(|value| {
        let id = parse::<CalendarId>(report, value)?;
        Some((value.span(), id))
    });
    let week = section.optional(report, "week");
    let week = week.map(|value| {
        let written = entries(report, value);
        self::week(report, written)
    });
    let written = section.entries(report, "closed");
    let closed = closed(report, written);
    let written = section.entries(report, "days");
    let days = days(report, written, &closed);
    let mut holidays = Vec::new();
    for value in section.items(report, "holidays") {
        holidays.extend(text(report, value).map(|name| (value.span(), name.to_owned())));
    }
    let mut skip = Vec::new();
    for (key, value) in section.entries(report, "skip") {
        let dates = parse_at::<Dates>(report, key.span(), key.get_ref());
        if let (Some(dates), Some(_)) = (dates, text(report, value)) {
            skip.push((key.span(), dates));
        }
    }
    let reviewed = section
        .optional(report, "reviewed")
        .and_then(|value| reviewed(report, value));
    section.finish(report);
    Written {
        place,
        zone,
        on,
        week,
        closed,
        days,
        holidays,
        skip,
        reviewed,
        whole: true,
    }
}

/// `reviewed = "2027-12-31"`
fn reviewed(report: &mut Report<'_>, value: &Value<'_>) -> Option<Date> {
    if let Dates::One(date) = parse::<Dates>(report, value)? {
        return Some(date);
    }
    report.error(value.span(), "this is not a single date; write the last imported day that was looked at, such as `2027-12-31`");
    None
}

fn week(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
) -> BTreeMap<Day, Vec<Interval>> {
    let mut week = BTreeMap::new();
    for (key, value) in entries {
        let days = days_of_week(report, &key);
        let intervals = intervals(report, value);
        for day in days {
            if week.insert(day, intervals.clone()).is_some() {
                report.error(
                    key.span(),
                    format!("`{day}` has hours already; write each day once"),
                );
            }
        }
    }
    week
}

/// `sat`, or `mon-fri`.
fn days_of_week(report: &mut Report<'_>, key: &Spanned<&str>) -> Vec<Day> {
    let text = *key.get_ref();
    let Some((first, last)) = text.split_once('-') else {
        return parse_at(report, key.span(), text).into_iter().collect();
    };
    let first = parse_at::<Day>(report, key.span(), first);
    let last = parse_at::<Day>(report, key.span(), last);
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    if first >= last {
        report.error(
            key.span(),
            format!("`{text}` runs backwards; a week is written from `mon` to `sun`"),
        );
    }
    Day::ALL
        .iter()
        .copied()
        .filter(|day| (first..=last).contains(day))
        .collect()
}

/// `["09:00-12:00", "13:00-17:30"]`
fn intervals(report: &mut Report<'_>, value: &Value<'_>) -> Vec<Interval> {
    list(report, value)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| parse(report, item))
        .collect()
}

fn closed(report: &mut Report<'_>, entries: Vec<(Spanned<&str>, &Value<'_>)>) -> Vec<Closure> {
    let mut closed = Vec::new();
    for (key, value) in entries {
        let dates = parse_at::<Dates>(report, key.span(), key.get_ref());
        let name = text(report, value);
        if let (Some(dates), Some(name)) = (dates, name) {
            closed.push(Closure {
                dates,
                name: name.to_owned(),
                file: None,
            });
        }
    }
    closed
}

fn days(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    closed: &[Closure],
) -> BTreeMap<Date, Vec<Interval>> {
    let mut days = BTreeMap::new();
    for (key, value) in entries {
        let date = match parse_at::<Dates>(report, key.span(), key.get_ref()) {
            Some(Dates::One(date)) => date,
            Some(_) => {
                report.error(
                    key.span(),
                    "hours of their own belong to single dates; write each date by itself",
                );
                continue;
            }
            None => continue,
        };
        if closed
            .iter()
            .any(|closure| closure.dates == Dates::One(date))
        {
            report.error(
                key.span(),
                format!("{date} is closed and has hours; leave one of the two out"),
            );
        }
        days.insert(date, intervals(report, value));
    }
    days
}
