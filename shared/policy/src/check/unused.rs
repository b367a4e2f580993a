//! What stands in a policy and is named nowhere else in it.

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;

use crate::id::Lang;
use crate::problem::Report;
use crate::read::Places;

/// Warns of calendars and people that nothing names.
///
/// Whatever text equals the id counts as naming it, wherever it stands: a warning that is missing costs less than one
/// that is wrong.
pub(super) fn check(
    report: &mut Report<'_>,
    source: &str,
    pages: &BTreeMap<Lang, String>,
    places: &Places,
) {
    let Ok(policy) = source.parse::<toml::Table>() else {
        return;
    };
    let mut named = BTreeSet::new();
    for value in policy.values() {
        names_in(value, &mut named);
    }
    for (id, place) in &places.calendars {
        let shown = format!("{{calendar.{id}.");
        if !named.contains(id.as_str()) && !pages.values().any(|page| page.contains(&shown)) {
            report.warn(
                place.clone(),
                format!("nothing counts on calendar `{id}` and no page shows it; name it where it is meant to hold, or leave it out"),
            );
        }
    }
    for (id, place) in &places.people {
        if !named.contains(id.as_str()) {
            report.warn(
                place.clone(),
                format!("`{id}` works in no department and is told nothing; name them under `agents`, `lead`, `management` or in a ladder, or leave them out"),
            );
        }
    }
}

/// Every text in it; of `person:quality`, what follows the colon.
fn names_in<'v>(value: &'v Value, named: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) => {
            named.insert(text.strip_prefix("person:").unwrap_or(text));
        }
        Value::Array(values) => values.iter().for_each(|value| names_in(value, named)),
        Value::Table(table) => table.values().for_each(|value| names_in(value, named)),
        _ => {}
    }
}
