//! `[ladders]` and `[[promises]]`: what is promised, and who hears of it on the way.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;

use super::Known;
use super::section::{Section, Value, list, parse_list, table, text};
use super::staff::refers;
use crate::id::{DepartmentId, LevelId, PromiseId};
use crate::point::Point;
use crate::problem::{Report, instead};
use crate::target::Target;
use crate::terms::{Condition, Level, Promise};
use crate::vocabulary::{Metric, Recipient, Status, Strength};

/// A promise, its place and those of its levels.
pub(super) struct Placed {
    pub(super) promise: Promise,
    pub(super) span: Range<usize>,
    pub(super) levels: Vec<Range<usize>>,
}

/// A ladder: its levels with their places, the place of its name, and whether a promise uses it.
struct Ladder {
    levels: Vec<Level>,
    places: Vec<Range<usize>>,
    span: Range<usize>,
    used: bool,
}

pub(super) fn read(report: &mut Report<'_>, root: &mut Section<'_>, known: &Known) -> Vec<Placed> {
    let written = root.entries(report, "ladders");
    let mut ladders = ladders(report, written);
    let mut promises: Vec<Placed> = Vec::new();
    let written = root.required(report, "promises", "… at least one `[[promises]]`");
    for value in written
        .and_then(|value| list(report, value))
        .unwrap_or_default()
    {
        let Some(table) = table(report, value) else {
            continue;
        };
        let section = Section::new(table, value.span(), "[[promises]]");
        let read = promise(report, section, known, &mut ladders);
        let Some((promise, levels)) = read else {
            continue;
        };
        if promises.iter().any(|other| other.promise.id == promise.id) {
            report.error(
                value.span(),
                format!("promise `{}` exists already; write another id", promise.id),
            );
        }
        promises.push(Placed {
            promise,
            span: value.span(),
            levels,
        });
    }
    for (name, ladder) in ladders.iter().filter(|(_, ladder)| !ladder.used) {
        report.warn(
            ladder.span.clone(),
            format!("no promise climbs ladder `{name}`; name it in one, or leave it out"),
        );
    }
    promises
}

fn ladders(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
) -> BTreeMap<String, Ladder> {
    let mut ladders = BTreeMap::new();
    for (key, value) in entries {
        let mut levels: Vec<Level> = Vec::new();
        let mut places = Vec::new();
        for item in list(report, value).unwrap_or_default() {
            let Some(level) = level(report, item) else {
                continue;
            };
            if levels.iter().any(|other| other.id == level.id) {
                report.error(
                    item.span(),
                    format!(
                        "level `{}` exists already on this ladder; write another id",
                        level.id
                    ),
                );
            }
            levels.push(level);
            places.push(item.span());
        }
        ladders.insert(
            (*key.get_ref()).to_owned(),
            Ladder {
                levels,
                places,
                span: key.span(),
                used: false,
            },
        );
    }
    ladders
}

/// `{ id = "lead", at = "100%", to = ["lead"] }`
fn level(report: &mut Report<'_>, value: &Value<'_>) -> Option<Level> {
    let mut section = Section::new(table(report, value)?, value.span(), "a level");
    let id = section.parsed::<LevelId>(report, "id", "\"lead\"");
    let at = section.parsed::<Point>(report, "at", "\"75%\"");
    let told = section.required(report, "to", "[\"lead\"]");
    let to = told.map(|value| plain_list(report, value));
    if let (Some(value), Some([Recipient::Assignee])) = (told, to.as_deref()) {
        report.error(
            value.span(),
            "a ticket may have no assignee, then nobody is told; add `department` or `lead`",
        );
    }
    section.finish(report);
    Some(Level {
        id: id?,
        at: at?,
        to: to?,
    })
}

fn promise(
    report: &mut Report<'_>,
    mut section: Section<'_>,
    known: &Known,
    ladders: &mut BTreeMap<String, Ladder>,
) -> Option<(Promise, Vec<Range<usize>>)> {
    let id = section.parsed::<PromiseId>(report, "id", "\"first-response\"");
    let clause = section
        .optional("clause")
        .and_then(|value| text(report, value))
        .map(str::to_owned);
    let metric = section.parsed::<Metric>(report, "metric", "\"first_response\"");
    let when = condition(report, &mut section, known);
    let target = target(report, &mut section, known);
    let strength = section.parsed::<Strength>(report, "strength", "\"target\"");
    let published = section.flag(report, "published");
    let pauses_in = section
        .optional("pauses_in")
        .map_or_else(Vec::new, |value| plain_list::<Status>(report, value));
    let (levels, places) = section
        .optional("ladder")
        .map(|value| climb(report, value, ladders))
        .unwrap_or_default();
    section.finish(report);
    let (id, metric, target) = (id?, metric?, target?);
    let promise = Promise {
        id,
        clause,
        metric,
        when,
        target,
        strength: strength?,
        published: published?,
        pauses_in,
        levels,
    };
    Some((promise, places))
}

fn condition(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Condition {
    let departments = section
        .optional("departments")
        .map_or_else(Vec::new, |value| {
            let ids = parse_list::<DepartmentId>(report, value);
            let exists = |id: &Spanned<_>| {
                refers(
                    report,
                    id.span(),
                    "department",
                    id.get_ref(),
                    &known.departments,
                )
            };
            ids.into_iter()
                .filter(exists)
                .map(Spanned::into_inner)
                .collect()
        });
    Condition {
        departments,
        priorities: section
            .optional("priorities")
            .map_or_else(Vec::new, |value| plain_list(report, value)),
        channels: section
            .optional("channels")
            .map_or_else(Vec::new, |value| plain_list(report, value)),
        ticket_types: section
            .optional("ticket_types")
            .map_or_else(Vec::new, |value| plain_list(report, value)),
    }
}

/// `within = "24 weekday hours"`, and `calendar` beside it unless the department's is meant.
fn target(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Option<Target> {
    let target = section.parsed::<Target>(report, "within", "\"24 weekday hours\"");
    let own = section.optional("calendar");
    let calendar = own.and_then(|value| known.calendar(report, value));
    let target = target?;
    if let Some(value) = own
        && !target.unit.needs_calendar()
    {
        report.error(
            value.span(),
            format!("`{target}` counts on no calendar; leave `calendar` out, or write open hours"),
        );
    }
    Some(Target { calendar, ..target })
}

fn climb(
    report: &mut Report<'_>,
    value: &Value<'_>,
    ladders: &mut BTreeMap<String, Ladder>,
) -> (Vec<Level>, Vec<Range<usize>>) {
    let Some(name) = text(report, value) else {
        return Default::default();
    };
    if let Some(ladder) = ladders.get_mut(name) {
        ladder.used = true;
        return (ladder.levels.clone(), ladder.places.clone());
    }
    let instead = instead(name, ladders.keys().map(String::as_str));
    report.error(
        value.span(),
        format!("there is no ladder `{name}`; {instead}"),
    );
    Default::default()
}

fn plain_list<T: FromStr<Err: Display> + PartialEq + Display>(
    report: &mut Report<'_>,
    value: &Value<'_>,
) -> Vec<T> {
    parse_list(report, value)
        .into_iter()
        .map(Spanned::into_inner)
        .collect()
}
