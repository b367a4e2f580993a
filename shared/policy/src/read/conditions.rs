//! For which tickets a promise holds.

use super::known::Known;
use super::section::Section;
use super::value::Value;
use crate::amounts::Elapsed;
use crate::problem::Report;
use crate::terms::{Condition, Received, Touched, Touching};

/// The keys of a condition, among the others of a promise or by themselves in `any`.
pub(super) fn read(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Condition {
    let any = section.items(report, "any");
    Condition {
        any: any
            .into_iter()
            .filter_map(|value| further(report, value, known))
            .collect(),
        ..plain(report, section, known)
    }
}

/// `{ busy = true }` in `any`; a condition there has no `any` of its own.
fn further(report: &mut Report<'_>, value: &Value<'_>, known: &Known) -> Option<Condition> {
    let mut section = Section::of(report, value, "a condition")?;
    let condition = plain(report, &mut section, known);
    section.finish(report);
    if condition.is_any() {
        report.error(
            value.span(),
            "this condition holds for every ticket; write what must hold, such as `busy = true`",
        );
    }
    Some(condition)
}

fn plain(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Condition {
    let departments = section.optional(report, "departments");
    let languages = section.optional(report, "languages");
    let groups = section.optional(report, "groups");
    let services = section.optional(report, "services");
    Condition {
        departments: departments.map_or_else(Vec::new, |value| known.departments(report, value)),
        priorities: section.list_of(report, "priorities"),
        channels: section.list_of(report, "channels"),
        ticket_types: section.list_of(report, "ticket_types"),
        languages: languages.map_or_else(Vec::new, |value| known.spoken(report, value)),
        groups: groups.map_or_else(Vec::new, |value| known.groups(report, value)),
        services: services.map_or_else(Vec::new, |value| known.services(report, value)),
        busy: section.maybe_flag(report, "busy"),
        received: received(report, section, known),
        touching: touching(report, section, known),
        any: Vec::new(),
    }
}

/// `received = { in = "office" }` or `{ outside = "office" }`
fn received(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Option<Received> {
    let value = section.optional(report, "received")?;
    let mut section = Section::of(report, value, "`received`")?;
    let inside = section.optional(report, "in");
    let outside = section.optional(report, "outside");
    let found = match (inside, outside) {
        (Some(value), None) => known.calendar(report, value).map(Received::In),
        (None, Some(value)) => known.calendar(report, value).map(Received::Outside),
        _ => {
            report.error(
                value.span(),
                "write one of `{ in = \"office\" }` and `{ outside = \"office\" }`",
            );
            None
        }
    };
    section.finish(report);
    found
}

/// `touching = { calendar = "weekend", within = "24 elapsed hours" }`, or `closed_days_of` instead of `calendar`.
fn touching(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Option<Touching> {
    let value = section.optional(report, "touching")?;
    let mut section = Section::of(report, value, "`touching`")?;
    let within = section.parsed::<Elapsed>(report, "within", "\"24 elapsed hours\"");
    let open = section.optional(report, "calendar");
    let closed = section.optional(report, "closed_days_of");
    let what = match (open, closed) {
        (Some(value), None) => known.calendar(report, value).map(Touched::Calendar),
        (None, Some(value)) => known.calendar(report, value).map(Touched::ClosedDaysOf),
        _ => {
            report.error(value.span(), "write one of `calendar = \"weekend\"` (an open moment of it) and `closed_days_of = \"office\"` (a date on which it does not open)");
            None
        }
    };
    section.finish(report);
    Some(Touching {
        within: within?,
        what: what?,
    })
}
