//! `[departments.<id>]`: people, addresses, hours, tiers.

use std::collections::BTreeMap;

use toml::Spanned;

use super::known::{Known, Taken, own_addresses};
use super::section::Section;
use super::value::{Value, boolean, entries, parse, parse_at, table};
use crate::id::{CalendarId, DepartmentId};
use crate::point::Point;
use crate::problem::Report;
use crate::terms::{Department, DepartmentTier};
use crate::vocabulary::{Line, Tier};

pub(super) fn departments(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    known: &Known,
    taken: &mut Taken,
) -> Vec<Department> {
    let mut departments: Vec<Department> = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<DepartmentId>(report, key.span(), key.get_ref());
        let (Some(id), Some(table)) = (id, table(report, value)) else {
            continue;
        };
        let section = Section::new(
            report,
            table,
            value,
            key.span(),
            format!("[departments.{id}]"),
        );
        if let Some(department) = department(report, section, id, known, taken) {
            departments.push(department);
        }
    }
    departments
}

fn department(
    report: &mut Report<'_>,
    mut section: Section<'_>,
    id: DepartmentId,
    known: &Known,
    taken: &mut Taken,
) -> Option<Department> {
    let names = section.required(report, "name", "{ en = \"Technical support\" }");
    let names = names.map(|value| known.texts(report, value, "name"));
    // Departments that share the address of the desk have none of their own: form, triage and hand-over reach them.
    let addresses = section.optional(report, "addresses");
    let addresses = addresses.map_or_else(Vec::new, |value| {
        own_addresses(report, value, &format!("`{id}`"), taken)
    });
    let calendar = section
        .required(report, "calendar", "\"office\"")
        .and_then(|value| known.calendar(report, value));
    let agents = section
        .required(report, "agents", "[\"agent-1\"]")
        .map(|value| known.people(report, value));
    let lead = section
        .required(report, "lead", "\"lead-1\"")
        .and_then(|value| known.person(report, value));
    let on_form = section
        .optional(report, "on_form")
        .map_or(Some(true), |value| boolean(report, value));
    let channels = lines(report, &mut section, known);
    let tiers = tiers(report, &mut section, known);
    section.finish(report);
    Some(Department {
        id,
        names: names?,
        addresses,
        calendar: calendar?,
        agents: agents?,
        lead: lead?,
        on_form: on_form?,
        channels,
        tiers,
    })
}

/// `channels = { phone = "phone-hours", chat = "always" }`
fn lines(
    report: &mut Report<'_>,
    section: &mut Section<'_>,
    known: &Known,
) -> BTreeMap<Line, CalendarId> {
    let mut lines = BTreeMap::new();
    for (key, value) in section.entries(report, "channels") {
        let line = parse_at::<Line>(report, key.span(), key.get_ref());
        let calendar = known.calendar(report, value);
        if let (Some(line), Some(calendar)) = (line, calendar) {
            lines.insert(line, calendar);
        }
    }
    lines
}

/// `tiers = { L1 = { people = ["tech-1"], share = "50%" }, L2 = { people = ["tech-lead"] } }`, from L1 on without gaps.
fn tiers(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Vec<DepartmentTier> {
    let Some(value) = section.optional(report, "tiers") else {
        return Vec::new();
    };
    let mut tiers: Vec<DepartmentTier> = Vec::new();
    for (key, value) in entries(report, value) {
        let name = parse_at::<Tier>(report, key.span(), key.get_ref());
        let (Some(tier), Some(mut section)) = (name, Section::of(report, value, "a tier")) else {
            continue;
        };
        let people = section.required(report, "people", "[\"agent-1\"]");
        let people = people.map_or_else(Vec::new, |value| known.people(report, value));
        let share = section
            .optional(report, "share")
            .and_then(|value| share(report, value));
        section.finish(report);
        tiers.push(DepartmentTier {
            tier,
            people,
            share,
        });
    }
    tiers.sort_by_key(|tier| tier.tier);
    check_tiers(report, value, &tiers);
    tiers
}

fn share(report: &mut Report<'_>, value: &Value<'_>) -> Option<u32> {
    match parse::<Point>(report, value)? {
        Point::Share(share) if share < 1000 => Some(share),
        _ => {
            report.error(
                value.span(),
                "a tier has a share of the target; write less than `100%`, such as `50%`",
            );
            None
        }
    }
}

/// Tiers begin with L1, and all but the last say which share of the time is theirs.
fn check_tiers(report: &mut Report<'_>, value: &Value<'_>, tiers: &[DepartmentTier]) {
    let expected = Tier::ALL.iter().take(tiers.len());
    if !tiers.iter().map(|tier| &tier.tier).eq(expected) {
        report.error(
            value.span(),
            "a tier is missing; write `L1`, `L2` and `L3` from the first on",
        );
        return;
    }
    let Some((last, before)) = tiers.split_last() else {
        return;
    };
    if let Some(open) = before.iter().find(|tier| tier.share.is_none()) {
        report.error(value.span(), format!("`{0}` has no share, so the clock never hands a ticket to the next tier; write `share = \"50%\"` in `{0}`", open.tier));
    }
    if last.share.is_some() {
        report.error(
            value.span(),
            format!(
                "`{}` is the last tier and has what is left of the time; leave its `share` out",
                last.tier
            ),
        );
    }
    if before.iter().filter_map(|tier| tier.share).sum::<u32>() >= 1000 {
        report.error(
            value.span(),
            format!(
                "the shares before `{}` take all the time; leave some of it to the last tier",
                last.tier
            ),
        );
    }
}
