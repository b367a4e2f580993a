//! Opening a ticket.

use policy::{Ask, AskId, DepartmentId, Incoming, Span, Terms, TicketType};

use super::{Decision, Draft, chained};
use crate::apply::apply;
use crate::command::{Actor, Contact, Context, Open};
use crate::digest::Waiting;
use crate::event::{Event, Opened, Recorded};
use crate::identity::TicketId;
use crate::model::{Ticket, caps};
use crate::notice::{Addressee, Happening, Text};
use crate::secrets::mask;
use crate::words::Safe;

/// Decides the first command of a ticket. It is never refused: what a customer sends becomes a ticket.
pub fn open(open: &Open, context: &Context<'_>) -> Decision {
    let (words, masked) = Safe::of(open.words.clone());
    let mut facts = facts(open, context);
    let (mut recorded, mut ticket) = begun(open, context, &facts, &words);
    // What is not acknowledged must not make its clock run out, unless a digest is still to tell of it.
    let is_told = |waiting: &Waiting| waiting.comes_in_time(&ticket, context.policy, context.now);
    if facts.held.is_some() && !open.waiting.as_ref().is_some_and(is_told) {
        facts.shown = true;
        (recorded, ticket) = begun(open, context, &facts, &words);
    }
    let mut draft = Draft::of(ticket, context);
    draft.events.push(recorded);
    draft.note_masked(1, masked);
    let (name, _) = mask(&open.requester.name);
    draft.contacts.push(Contact {
        name,
        ..open.requester.clone()
    });
    let acknowledge = open.acknowledge && open.held.is_none();
    draft.tell(Happening::Opened, 1, None, |to| match to {
        Addressee::Customer(_) => Text::Acknowledgement,
        _ => Text::Opened { seq: 1 },
    });
    draft
        .notices
        .retain(|notice| acknowledge || notice.text != Text::Acknowledgement);
    if let Some(what) = open.words.too_much.filter(|_| acknowledge) {
        let to = Addressee::Customer(open.requester.hash.clone());
        draft.notify(to, Text::TooMuch { what }, &["too-much", "1"]);
    }
    draft.finish()
}

/// The opening with these facts, and the ticket that it makes.
fn begun(open: &Open, context: &Context<'_>, facts: &Opened, words: &Safe) -> (Recorded, Ticket) {
    let recorded = chained(
        None,
        context,
        Actor::Customer(open.requester.hash.clone()),
        Event::Opened(Box::new(facts.clone())),
        Some(words.clone()),
    );
    let Some(ticket) = apply(None, &recorded) else {
        unreachable!("an opening always gives a ticket")
    };
    (recorded, ticket)
}

/// Tells the numbers of requests whose acknowledgements were held; the log says which, and that nobody asked for it.
pub(super) fn tell_numbers(draft: &mut Draft<'_>, tickets: &[TicketId], more: u32) {
    let tickets = tickets.to_vec();
    let event = Event::NumbersTold {
        tickets: tickets.clone(),
        more,
    };
    let seq = draft.record(Actor::System, event, None).to_string();
    let to = Addressee::Customer(draft.ticket.requester.clone());
    draft.notify(to, Text::Numbers { tickets, more }, &["numbers", &seq]);
}

fn facts(open: &Open, context: &Context<'_>) -> Opened {
    let terms = context.policy.terms();
    let routed = context.policy.route(&Incoming {
        to: &open.to,
        from: Some(open.requester.address.as_str()).filter(|address| !address.is_empty()),
        proved: open.proved,
        subject: &open.words.subject,
        text: &open.words.text,
        lang: Some(&open.lang),
        channel: open.channel,
        ticket_type: Some(open.ticket_type),
        service: open.service.as_ref(),
    });
    let escalation = terms.complaint_escalation.as_ref();
    let escalation = escalation.filter(|_| open.escalates.is_some());
    let candidates = escalation.and(open.escalates.clone()).unwrap_or_default();
    let (ticket_type, department) = match escalation {
        Some(escalation) => (TicketType::Complaint, Some(escalation.department.clone())),
        None => (
            routed.set.ticket_type.unwrap_or(open.ticket_type),
            routed.set.department.or_else(|| open.department.clone()),
        ),
    };
    let priority = routed.set.priority.or(open.priority);
    Opened {
        id: open.id,
        policy: context.policy.hash().clone(),
        source: open.source.clone(),
        body: open.body.clone(),
        channel: open.channel,
        ticket_type,
        priority: priority.unwrap_or_else(|| terms.priorities.initial(ticket_type)),
        missing: missing(open, terms, ticket_type, department.as_ref()),
        department,
        lang: open.lang.clone(),
        zone: open.zone.clone(),
        requester: open.requester.hash.clone(),
        proved: open.proved,
        // What is not to be acknowledged must not make its clock run out.
        shown: open.shown || !open.acknowledge,
        related: open.related.or_else(|| only(&candidates)),
        group: routed.set.group,
        service: routed.set.service,
        busy: newest(&open.busy),
        responses: terms
            .responses
            .get(&open.channel)
            .cloned()
            .unwrap_or_default(),
        held: open.held.filter(|_| open.acknowledge),
        candidates: candidates.into_iter().take(caps::CANDIDATES).collect(),
    }
}

fn only(candidates: &[TicketId]) -> Option<TicketId> {
    match candidates {
        [only] => Some(*only),
        _ => None,
    }
}

fn newest(busy: &[Span]) -> Vec<Span> {
    let mut busy = busy.to_vec();
    busy.sort_unstable();
    let older = busy.len().saturating_sub(caps::BUSY_TIMES);
    busy.split_off(older)
}

/// What the policy would like to know and the words do not say: no line begins with its label and a colon, as the
/// lines do that the form writes.
fn missing(
    open: &Open,
    terms: &Terms,
    ticket_type: TicketType,
    department: Option<&DepartmentId>,
) -> Vec<AskId> {
    let wanted = |ask: &&Ask| {
        let for_type = ask.ticket_types.is_empty() || ask.ticket_types.contains(&ticket_type);
        let own = |department| ask.departments.contains(department);
        let for_department = ask.departments.is_empty() || department.is_some_and(own);
        ask.recommended && for_type && for_department
    };
    let asks = terms.asks.iter().filter(wanted);
    asks.filter(|ask| !says(&open.words.text, ask))
        .map(|ask| ask.id.clone())
        .collect()
}

fn says(text: &str, ask: &Ask) -> bool {
    text.lines().any(|line| {
        let Some((label, value)) = line.split_once(':') else {
            return false;
        };
        let label = label.trim().to_lowercase();
        let mut labels = ask.labels.values();
        !value.trim().is_empty() && labels.any(|known| known.to_lowercase() == label)
    })
}
