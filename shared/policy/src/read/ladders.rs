//! `[ladders]`: who hears of a promise on its way, and what happens then.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::known::{Known, refers};
use super::section::Section;
use super::value::{Value, count, list, parse, parse_list};
use crate::id::LevelId;
use crate::point::Point;
use crate::problem::Report;
use crate::recipient::Recipient;
use crate::target::Target;
use crate::terms::{Level, Repeat};
use crate::vocabulary::{Priority, Tier, Until};

/// So many times a level may be repeated; a person who did not hear it by then will not.
const MOST_REPEATS: u32 = 100;

/// A ladder: its levels with their places, the place of its name, and whether a promise uses it.
pub(super) struct Ladder {
    pub(super) levels: Vec<Level>,
    pub(super) places: Vec<Range<usize>>,
    pub(super) span: Range<usize>,
    pub(super) used: bool,
}

pub(super) fn read(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    known: &Known,
) -> BTreeMap<String, Ladder> {
    let mut ladders = BTreeMap::new();
    for (key, value) in entries {
        let mut levels: Vec<Level> = Vec::new();
        let mut places = Vec::new();
        for item in list(report, value).unwrap_or_default() {
            let Some(level) = level(report, item, known) else {
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
        let ladder = Ladder {
            levels,
            places,
            span: key.span(),
            used: false,
        };
        ladders.insert((*key.get_ref()).to_owned(), ladder);
    }
    ladders
}

/// `{ id = "lead", at = "100%", to = ["lead"] }`
fn level(report: &mut Report<'_>, value: &Value<'_>, known: &Known) -> Option<Level> {
    let mut section = Section::of(report, value, "a level")?;
    let id = section.parsed::<LevelId>(report, "id", "\"lead\"");
    let at = section.parsed::<Point>(report, "at", "\"75%\"");
    let told = section.required(report, "to", "[\"lead\"]");
    let to = told.map(|value| recipients(report, value, known));
    let repeat = section
        .optional(report, "repeat")
        .and_then(|value| repeat(report, value));
    let until = until(report, &mut section, repeat.is_some());
    let quiet = section
        .optional(report, "quiet")
        .and_then(|value| known.calendar(report, value));
    let raise = section.maybe::<Priority>(report, "raise");
    let move_to = section
        .optional(report, "move_to")
        .and_then(|value| known.department(report, value));
    let tier = section.maybe::<Tier>(report, "tier");
    section.finish(report);
    Some(Level {
        id: id?,
        at: at?,
        to: to?,
        repeat,
        until,
        quiet,
        raise,
        move_to,
        tier,
    })
}

fn recipients(report: &mut Report<'_>, value: &Value<'_>, known: &Known) -> Vec<Recipient> {
    let mut recipients = Vec::new();
    for named in parse_list::<Recipient>(report, value) {
        let exists = match named.get_ref() {
            Recipient::Person(id) => refers(report, named.span(), "person", id, &known.people),
            Recipient::OnCall(id) => refers(report, named.span(), "roster", id, &known.on_call),
            _ => true,
        };
        if exists {
            recipients.push(named.into_inner());
        }
    }
    if recipients == [Recipient::Assignee] {
        report.error(
            value.span(),
            "a ticket may have no assignee, then nobody is told; add `department` or `lead`",
        );
    }
    recipients
}

/// `repeat = { every = "4 open hours", most = 3 }`
fn repeat(report: &mut Report<'_>, value: &Value<'_>) -> Option<Repeat> {
    let mut section = Section::of(report, value, "`repeat`")?;
    let every = section.parsed::<Target>(report, "every", "\"4 open hours\"");
    let most = section.optional(report, "most");
    if most.is_none() {
        report.error(
            value.span(),
            "this level repeats for ever; write how often at most, such as `most = 3`",
        );
    }
    let most = most.and_then(|value| count(report, value, MOST_REPEATS));
    section.finish(report);
    Some(Repeat {
        every: every?,
        most: most?,
    })
}

/// `until = "acknowledged"`
fn until(report: &mut Report<'_>, section: &mut Section<'_>, repeats: bool) -> Option<Until> {
    let value = section.optional(report, "until")?;
    let until = parse::<Until>(report, value);
    if until.is_some() && !repeats {
        report.error(
            value.span(),
            "this level is told once, so nothing ends it; add `repeat`, or leave `until` out",
        );
    }
    until
}
