//! The answer to a program that opened a ticket.

use jiff::Timestamp;
use policy::{Metric, PolicyHash, PromiseId, Strength};
use serde::Serialize;

use ticket::Masked;

use crate::pages::{Thanks, standing_text};
use crate::promised::{Promised, Standing};
use crate::visit::Visit;

/// Number, promised times, where to look, and the policy version that the ticket is held to.
#[derive(Debug, Serialize)]
pub(crate) struct Receipt<'a> {
    number: &'a str,
    /// Relative to where the request was sent.
    url: &'a str,
    received: Timestamp,
    policy: &'a PolicyHash,
    zone: &'a str,
    promises: Vec<PromisedTime<'a>>,
    /// That rules of conduct may limit support for an address, and where its owner reads of it; the same for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    conduct: Option<String>,
    /// What was masked in the request before it was stored.
    #[serde(skip_serializing_if = "Masking::is_empty")]
    masked: Masking<'a>,
}

/// What was masked, for programs and in words.
#[derive(Debug, Serialize)]
struct Masking<'a> {
    secrets: &'a [Masked],
    text: String,
}

impl Masking<'_> {
    fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }
}

#[derive(Debug, Serialize)]
struct PromisedTime<'a> {
    promise: &'a PromiseId,
    metric: Metric,
    strength: Strength,
    /// Absent for a promise whose clock starts later.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    /// Present for a promise that this very answer keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Timestamp>,
    /// The same in the customer's language and zone.
    text: String,
}

impl<'a> Receipt<'a> {
    pub(crate) fn of(visit: &'a Visit, thanks: &'a Thanks) -> Self {
        let time = |promised: &'a Promised| {
            let (due, kept) = match promised.standing {
                Standing::Due(due) | Standing::Missed { due, .. } => (Some(due), None),
                Standing::Kept { at, .. } => (None, Some(at)),
                Standing::Paused | Standing::Later => (None, None),
            };
            PromisedTime {
                promise: &promised.promise.id,
                metric: promised.promise.metric,
                strength: promised.promise.strength,
                due,
                kept,
                text: standing_text(visit, promised, &thanks.zone),
            }
        };
        Self {
            number: &thanks.number,
            url: &thanks.url,
            received: thanks.received,
            policy: visit.policy.hash(),
            zone: &thanks.zone,
            promises: thanks.promises.iter().map(time).collect(),
            conduct: visit.conduct(),
            masked: Masking {
                secrets: &thanks.masked,
                text: ticket::masked_text(&thanks.masked, &visit.lang),
            },
        }
    }
}
