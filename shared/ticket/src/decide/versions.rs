//! A newer version of the policy: told to the customer, and followed where it is not worse for them.

use jiff::Timestamp;
use policy::{Policy, PolicyHash};

use super::{Decision, Draft};
use crate::command::{Actor, Context};
use crate::event::Event;
use crate::model::Ticket;
use crate::notice::{Happening, Text};
use crate::versions::compare;

/// A version that has come into force.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// The version.
    pub newer: &'a Policy,
    /// From when it is in force.
    pub effective: Timestamp,
}

/// Compares an open ticket with a version that has come into force, records both results, and holds the ticket to the
/// newer one where that is not worse for the customer.
///
/// A ticket that is settled, that is under this version anyway, or that was compared with a later one is left alone.
pub fn offer(ticket: &Ticket, offer: &Offer<'_>, context: &Context<'_>) -> Decision {
    let Offer { newer, effective } = *offer;
    let late = ticket
        .compared
        .is_some_and(|compared| compared >= effective);
    if ticket.is_settled() || late || ticket.policy == *newer.hash() {
        return Draft::of(ticket.clone(), context).finish();
    }
    let (kept, deadlines) = compare(ticket, context.policy, newer, context.now);
    let policy = if kept.is_none() {
        newer
    } else {
        context.policy
    };
    let context = Context { policy, ..*context };
    let mut draft = Draft::of(ticket.clone(), &context);
    let compared = Event::VersionCompared {
        version: newer.hash().clone(),
        effective,
        kept,
        deadlines,
    };
    draft.record(Actor::System, compared, None);
    draft.finish()
}

/// Tells the customer of an open ticket, once for each version; one published before the last one told is old news.
pub(super) fn announce(
    draft: &mut Draft<'_>,
    version: &PolicyHash,
    published: Timestamp,
    effective: Timestamp,
) {
    let ticket = &draft.ticket;
    let late = ticket.announced.is_some_and(|last| last >= published);
    if ticket.is_settled() || late || ticket.policy == *version {
        return;
    }
    let announced = Event::VersionAnnounced {
        version: version.clone(),
        published,
        effective,
    };
    let seq = draft.record(Actor::System, announced, None);
    draft.tell(Happening::PolicyChanged, seq, None, |_| {
        Text::PolicyChanged {
            version: version.clone(),
            effective,
        }
    });
}
