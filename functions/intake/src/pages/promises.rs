//! Promises as a list of terms and how each stands.

use jiff::Timestamp;
use maud::{Markup, html};
use ticket::{Explanation, time_text};

use crate::promised::{Promised, Standing};
use crate::visit::Visit;

/// A list of promises; times in `zone`, which is named with each.
pub(super) fn list(visit: &Visit, promises: &[Promised], zone: &str) -> Markup {
    html! {
        @if promises.is_empty() {
            p { (visit.texts.no_promise) }
        } @else {
            dl {
                @for promised in promises {
                    dt { ((visit.texts.metric)(promised.promise.metric)) }
                    dd {
                        (standing(visit, promised, zone))
                        @if let Some(why) = &promised.why { (explained(visit, why)) }
                    }
                }
            }
        }
    }
}

/// Why a time is what it is, folded away; it opens without a script.
fn explained(visit: &Visit, why: &Explanation) -> Markup {
    html! {
        details.why data-metric=(why.metric) {
            summary { (visit.texts.why) }
            (mail::fragment(&mail::notices::explained(why, &visit.lang)))
        }
    }
}

fn standing(visit: &Visit, promised: &Promised, zone: &str) -> Markup {
    let said = standing_text(visit, promised, zone);
    html! {
        @if let Some(at) = instant(&promised.standing) { time datetime=(at) { (said) } } @else { (said) }
    }
}

/// The instant that a standing is about.
fn instant(standing: &Standing) -> Option<Timestamp> {
    match standing {
        Standing::Due(at) | Standing::Kept { at, .. } | Standing::Missed { due: at, .. } => {
            Some(*at)
        }
        Standing::Paused | Standing::Later => None,
    }
}

/// How a promise stands, as a sentence.
pub(crate) fn standing_text(visit: &Visit, promised: &Promised, zone: &str) -> String {
    let texts = visit.texts;
    let said = |at: Timestamp| time_text(at, zone, &visit.lang);
    let strength = promised.promise.strength;
    match &promised.standing {
        Standing::Due(due) => (texts.by)(strength, &said(*due)),
        Standing::Kept { at, late_for: None } => (texts.kept)(&said(*at)),
        Standing::Kept {
            at,
            late_for: Some(due),
        } => (texts.kept_late)(&said(*at), &said(*due)),
        Standing::Missed { due, expected } => {
            let missed = (texts.missed)(&said(*due));
            match expected {
                Some(expected) => format!("{missed} {}", (texts.expected)(&said(*expected))),
                None => missed,
            }
        }
        Standing::Paused => texts.paused.to_owned(),
        Standing::Later => (texts.within)(strength, &promised.promise.target.text(&visit.lang)),
    }
}

/// As [`list`], for a request that is not sent yet: what is kept on sending is kept at once.
pub(super) fn preview(visit: &Visit, promises: &[Promised]) -> Markup {
    let zone = visit.zone();
    html! {
        @if promises.is_empty() {
            p { (visit.texts.no_promise) }
        } @else {
            dl {
                @for promised in promises {
                    dt { ((visit.texts.metric)(promised.promise.metric)) }
                    dd {
                        @match promised.standing {
                            Standing::Kept { .. } => (visit.texts.at_once),
                            _ => (standing(visit, promised, zone)),
                        }
                    }
                }
            }
        }
    }
}
