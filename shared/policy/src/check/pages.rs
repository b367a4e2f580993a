//! Pages in several languages: that each says what the others say, and nothing that is not for customers.

use std::collections::BTreeSet;

use crate::id::Lang;
use crate::page::{page_name, placeholders};
use crate::policy::Policy;
use crate::problem::Report;

/// Checks one page against the terms and the page in the prevailing language.
pub(crate) fn check(policy: &Policy, lang: &Lang, source: &str, report: &mut Report<'_>) {
    super::prose::check(report, source);
    internal(policy, source, "the page", report);
    let prevailing = &policy.terms().prevailing;
    let Some(binding) = policy
        .pages()
        .get(prevailing)
        .filter(|_| lang != prevailing)
    else {
        return;
    };
    let (own, binding) = (promised(source), promised(binding));
    let page = page_name(prevailing);
    for missing in binding.difference(&own) {
        report.warn(0..0, format!("`{page}` tells `{{{missing}}}` and this page does not; write it here too, or take it out there"));
    }
    for more in own.difference(&binding) {
        let place = placeholders(source)
            .find(|it| it.name == *more)
            .map_or(0..0, |it| it.span);
        report.warn(place, format!("this page tells `{{{more}}}` and `{page}`, which binds, does not; write it there too, or take it out here"));
    }
}

/// Refuses what tells customers of an internal promise.
pub(super) fn internal(policy: &Policy, source: &str, what: &str, report: &mut Report<'_>) {
    for promise in policy.terms().promises.iter().filter(|it| !it.published) {
        let own = format!("promise.{}.", promise.id);
        if let Some(told) = placeholders(source).find(|it| it.name.starts_with(&own)) {
            let id = &promise.id;
            report.error(told.span, format!("promise `{id}` is internal, and {what} tells customers of it; write `published = true` in it, or take it off {what}"));
        }
    }
}

/// The expected times and hours that a page tells; that it tells every target is checked by itself.
fn promised(source: &str) -> BTreeSet<&str> {
    let counts = |name: &&str| {
        let what = name.rsplit_once('.').map(|(_, what)| what);
        matches!(what, Some("expected" | "hours"))
    };
    placeholders(source)
        .map(|it| it.name)
        .filter(counts)
        .collect()
}
