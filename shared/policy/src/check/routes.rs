//! Routing rules: that they can fit.

use super::ladders::is_ours;
use crate::problem::Report;
use crate::read::Places;
use crate::terms::Terms;

/// Refuses rules that look for mail to an address of somebody else, which never comes in.
pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    for rule in &terms.routing {
        if let Some(address) = rule.when.to.iter().find(|it| !is_ours(terms, it)) {
            let place = places.routes.get(&rule.id).cloned().unwrap_or_default();
            let id = &rule.id;
            report.error(place, format!("rule `{id}` waits for mail to `{address}`, which is none of our addresses; write one of the desk or of a department"));
        }
    }
    let mut taken: Vec<(&str, &crate::terms::Matcher, &crate::terms::Settings)> = Vec::new();
    for rule in &terms.routing {
        if let Some((first, ..)) = taken
            .iter()
            .find(|(_, when, set)| **when == rule.when && **set == rule.set)
        {
            let place = places.routes.get(&rule.id).cloned().unwrap_or_default();
            let id = &rule.id;
            report.error(
                place,
                format!("rule `{id}` says what rule `{first}` says; leave one of them out"),
            );
        }
        taken.push((rule.id.as_str(), &rule.when, &rule.set));
    }
}
