//! `[people.<id>]`, `[on_call.<id>]` and `management`: who is there, and who stands in.

use toml::Spanned;

use super::known::{Known, address};
use super::section::Section;
use super::value::{Value, list, parse, parse_at, table};
use crate::calendar::Dates;
use crate::id::{Lang, OnCallId, PersonId};
use crate::problem::Report;
use crate::terms::{Absence, OnCall, Person, Shift};

pub(super) fn people(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    known: &Known,
) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<PersonId>(report, key.span(), key.get_ref());
        let (Some(id), Some(table)) = (id, table(report, value)) else {
            continue;
        };
        let mut section = Section::new(report, table, value, key.span(), format!("[people.{id}]"));
        let name = section.text(report, "name", "\"Tier 1 technician\"");
        let place = section.required(report, "address", "\"agent@example.com\"");
        let address = place.and_then(|value| address(report, value));
        let lang = section.optional(report, "lang");
        let lang = match lang {
            None => known.languages.first().cloned(),
            Some(value) => {
                parse::<Lang>(report, value).filter(|lang| known.speaks(report, value.span(), lang))
            }
        };
        let calendar = section.optional(report, "calendar");
        let calendar = calendar.and_then(|value| known.calendar(report, value));
        let absent = absences(report, &mut section, &id, known);
        section.finish(report);
        let (Some(name), Some(address), Some(lang)) = (name, address, lang) else {
            continue;
        };
        if let Some(other) = people.iter().find(|other| other.address == address) {
            let place = place.map_or(key.span(), Spanned::span);
            report.error(
                place,
                format!(
                    "`{address}` is the address of `{}` too; write one of their own",
                    other.id
                ),
            );
        }
        people.push(Person {
            id,
            name,
            address,
            lang,
            calendar,
            absent,
        });
    }
    people
}

/// `absent = [{ dates = "2026-12-20/2027-01-04", stand_in = "tech-2" }]`
fn absences(
    report: &mut Report<'_>,
    section: &mut Section<'_>,
    whose: &PersonId,
    known: &Known,
) -> Vec<Absence> {
    let mut absences = Vec::new();
    let written = section.optional(report, "absent");
    for value in written
        .and_then(|value| list(report, value))
        .unwrap_or_default()
    {
        let Some(mut section) = Section::of(report, value, "an absence") else {
            continue;
        };
        let dates = section.parsed::<Dates>(report, "dates", "\"2026-12-20/2027-01-04\"");
        let place = section.required(report, "stand_in", "\"agent-2\"");
        let stand_in = place.and_then(|value| known.person(report, value));
        section.finish(report);
        if let (Some(place), true) = (place, stand_in.as_ref() == Some(whose)) {
            report.error(
                place.span(),
                format!("`{whose}` cannot stand in for themselves; write another person"),
            );
        }
        if let (Some(dates), Some(stand_in)) = (dates, stand_in) {
            absences.push(Absence { dates, stand_in });
        }
    }
    absences
}

pub(super) fn management(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> Vec<PersonId> {
    let value = root.required(report, "management", "[\"director\"]");
    value.map_or_else(Vec::new, |value| known.people(report, value))
}

/// `[on_call.night]` with `shifts = [{ calendar = "nights", who = ["tech-1"] }]` and `otherwise`.
pub(super) fn on_call(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    known: &Known,
) -> Vec<OnCall> {
    let mut rosters = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<OnCallId>(report, key.span(), key.get_ref());
        let (Some(id), Some(table)) = (id, table(report, value)) else {
            continue;
        };
        let mut section = Section::new(report, table, value, key.span(), format!("[on_call.{id}]"));
        let shifts = section.required(
            report,
            "shifts",
            "[{ calendar = \"nights\", who = [\"agent-1\"] }]",
        );
        let shifts = shifts
            .and_then(|value| list(report, value))
            .unwrap_or_default();
        let shifts = shifts
            .into_iter()
            .filter_map(|value| shift(report, value, known))
            .collect();
        let otherwise = section.required(report, "otherwise", "[\"lead-1\"]");
        let otherwise = otherwise.map(|value| known.people(report, value));
        section.finish(report);
        if let Some(otherwise) = otherwise {
            rosters.push(OnCall {
                id,
                shifts,
                otherwise,
            });
        }
    }
    rosters
}

fn shift(report: &mut Report<'_>, value: &Value<'_>, known: &Known) -> Option<Shift> {
    let mut section = Section::of(report, value, "a shift")?;
    let calendar = section.required(report, "calendar", "\"nights\"");
    let calendar = calendar.and_then(|value| known.calendar(report, value));
    let who = section.required(report, "who", "[\"agent-1\"]");
    let who = who.map(|value| known.people(report, value));
    section.finish(report);
    Some(Shift {
        calendar: calendar?,
        who: who?,
    })
}
