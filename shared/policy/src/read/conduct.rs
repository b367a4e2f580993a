//! `[conduct]`: how support can be limited.

use super::known::Known;
use super::section::Section;
use super::value::Value;
use crate::amounts::Period;
use crate::id::ConductId;
use crate::problem::Report;
use crate::terms::{Conduct, ConductLevel};
use crate::vocabulary::Allowed;

/// `[conduct]`
pub(super) fn conduct(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> Option<Conduct> {
    let value = root.optional(report, "conduct")?;
    let mut section = Section::of(report, value, "[conduct]")?;
    let clause = section.maybe_text(report, "clause");
    let decides = section.required(report, "decides", "[\"lead\"]");
    let decides = decides.map(|value| known.people(report, value));
    let objection = section.required(report, "objection", "{ en = \"Write to …\" }");
    let objection = objection.map(|value| known.texts(report, value, "objection"));
    let items = section.items(report, "levels");
    if items.is_empty() {
        let example = "write `[[conduct.levels]]` with `id`, `name`, `allows` and `longest`";
        report.error(section.span(), format!("[conduct] has no level; {example}"));
    }
    section.finish(report);
    let levels = levels(report, items, known);
    Some(Conduct {
        clause,
        decides: decides?,
        objection: objection?,
        levels,
    })
}

fn levels(report: &mut Report<'_>, items: Vec<&Value<'_>>, known: &Known) -> Vec<ConductLevel> {
    let mut levels: Vec<ConductLevel> = Vec::new();
    for value in items {
        let Some(mut section) = Section::of(report, value, "[[conduct.levels]]") else {
            continue;
        };
        let id = section.parsed::<ConductId>(report, "id", "\"limited\"");
        let names = section.required(report, "name", "{ en = \"Limited support\" }");
        let names = names.map(|value| known.texts(report, value, "name"));
        section.required(report, "allows", "[\"messages\", \"complaints\"]");
        let allows = section.list_of::<Allowed>(report, "allows");
        let longest = section.parsed::<Period>(report, "longest", "\"30 days\"");
        section.finish(report);
        let (Some(id), Some(names), Some(longest)) = (id, names, longest) else {
            continue;
        };
        if levels.iter().any(|other| other.id == id) {
            report.error(
                value.span(),
                format!("there is a level `{id}` already; write another id"),
            );
        }
        levels.push(ConductLevel {
            id,
            names,
            allows,
            longest,
        });
    }
    levels
}
