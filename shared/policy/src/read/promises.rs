//! `[ladders]` and `[[promises]]`: what is promised, and who hears of it on the way.

use std::collections::BTreeMap;
use std::ops::Range;

use super::conditions;
use super::known::Known;
use super::ladders::{self, Ladder};
use super::section::Section;
use super::value::{Value, list, text};
use crate::amounts::Elapsed;
use crate::id::PromiseId;
use crate::problem::{Report, instead};
use crate::target::Target;
use crate::terms::{Level, Promise};
use crate::vocabulary::{Metric, Status, Strength};

/// A promise, its place and those of its levels.
pub(super) struct Placed {
    pub(super) promise: Promise,
    pub(super) span: Range<usize>,
    pub(super) levels: Vec<Range<usize>>,
    /// Whether it says itself that it is not `in_order`.
    pub(super) out_of_order: bool,
}

pub(super) fn read(report: &mut Report<'_>, root: &mut Section<'_>, known: &Known) -> Vec<Placed> {
    let written = root.entries(report, "ladders");
    let mut ladders = ladders::read(report, written, known);
    let mut promises: Vec<Placed> = Vec::new();
    let written = root.required(report, "promises", "… at least one `[[promises]]`");
    for value in written
        .and_then(|value| list(report, value))
        .unwrap_or_default()
    {
        let Some(section) = Section::of(report, value, "[[promises]]") else {
            continue;
        };
        let read = promise(report, section, known, &mut ladders);
        let Some((promise, levels, in_order)) = read else {
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
            out_of_order: in_order == Some(false),
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

fn promise(
    report: &mut Report<'_>,
    mut section: Section<'_>,
    known: &Known,
    ladders: &mut BTreeMap<String, Ladder>,
) -> Option<(Promise, Vec<Range<usize>>, Option<bool>)> {
    let id = section.parsed::<PromiseId>(report, "id", "\"first-response\"");
    let clause = section.maybe_text(report, "clause");
    let metric = section.parsed::<Metric>(report, "metric", "\"first_response\"");
    let when = conditions::read(report, &mut section, known);
    let target = target(report, &mut section, known);
    let expected = expected(report, &mut section, target.as_ref());
    let in_order = section.maybe_flag(report, "in_order");
    let max_pause = section.maybe::<Elapsed>(report, "max_pause");
    let strength = section.parsed::<Strength>(report, "strength", "\"target\"");
    let published = section.flag(report, "published");
    let pauses_in = section.list_of::<Status>(report, "pauses_in");
    let (levels, places) = section
        .optional(report, "ladder")
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
        expected,
        strength: strength?,
        published: published?,
        in_order: in_order.unwrap_or(false),
        pauses_in,
        max_pause,
        levels,
    };
    Some((promise, places, in_order))
}

/// `within = "24 weekday hours"`, and `calendar` beside it unless the department's is meant.
fn target(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Option<Target> {
    let target = section.parsed::<Target>(report, "within", "\"24 weekday hours\"");
    let own = section.optional(report, "calendar");
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

/// `expected = "30 elapsed minutes"`: what customers may hope for, on the same calendar as the limit.
fn expected(
    report: &mut Report<'_>,
    section: &mut Section<'_>,
    limit: Option<&Target>,
) -> Option<Target> {
    let target = section.maybe::<Target>(report, "expected")?;
    let calendar = limit.and_then(|limit| limit.calendar.clone());
    let calendar = calendar.filter(|_| target.unit.needs_calendar());
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
