//! Opening a ticket.

use super::{Decision, Draft, chained};
use crate::apply::apply;
use crate::command::{Actor, Context, Open};
use crate::event::{Event, Opened};
use crate::notice::{Addressee, Happening, Text};

/// Decides the first command of a ticket. It is never refused: what a customer sends becomes a ticket.
pub fn open(open: &Open, context: &Context<'_>) -> Decision {
    let words = open.words.clone().bounded();
    let actor = Actor::Customer(open.requester.hash.clone());
    let recorded = chained(
        None,
        context,
        actor.clone(),
        Event::Opened(Box::new(facts(open, context))),
        Some(words),
    );
    let Some(ticket) = apply(None, &recorded) else {
        unreachable!("an opening always gives a ticket")
    };
    let mut draft = Draft::of(ticket, context);
    draft.events.push(recorded);
    draft.contacts.push(open.requester.clone());
    let acknowledge = open.acknowledge;
    draft.tell(Happening::Opened, 1, None, |to| match to {
        Addressee::Customer(_) => Text::Acknowledgement,
        Addressee::Staff(_) => Text::Opened { seq: 1 },
    });
    draft
        .notices
        .retain(|notice| acknowledge || notice.text != Text::Acknowledgement);
    draft.finish()
}

fn facts(open: &Open, context: &Context<'_>) -> Opened {
    Opened {
        id: open.id,
        policy: context.policy.hash().clone(),
        source: open.source.clone(),
        body: open.body.clone(),
        channel: open.channel,
        ticket_type: open.ticket_type,
        priority: open
            .priority
            .unwrap_or_else(|| context.policy.terms().priorities.initial(open.ticket_type)),
        department: open.department.clone(),
        lang: open.lang.clone(),
        zone: open.zone.clone(),
        requester: open.requester.hash.clone(),
        proved: open.proved,
        // A machine that is owed no acknowledgement must not make its clock run out either.
        shown: open.shown || !open.acknowledge,
        related: open.related,
    }
}
