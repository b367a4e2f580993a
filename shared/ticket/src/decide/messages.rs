//! Messages: customers', strangers', agents' answers and notes, and mail that does not arrive.

use policy::{PersonId, Status};

use super::{Draft, orders};
use crate::command::{Actor, NoteReason, Order, OrderLine, Refusal};
use crate::event::Event;
use crate::identity::{AddressHash, NoticeId};
use crate::model::caps;
use crate::notice::{Addressee, Happening, Text};
use crate::secrets::Masked;
use crate::words::Words;

pub(super) fn takes_more(draft: &Draft<'_>) -> Result<(), Refusal> {
    if draft.ticket.status == Status::Closed {
        return Err(Refusal::TicketIsClosed);
    }
    if draft.ticket.messages >= caps::MESSAGES
        || draft.ticket.statuses.len() >= caps::STATUS_CHANGES
    {
        return Err(Refusal::TicketIsFull);
    }
    Ok(())
}

/// A participant writes: a pending or solved ticket opens again, and whoever has it is told.
pub(super) fn customer(
    draft: &mut Draft<'_>,
    from: &AddressHash,
    words: Words,
    proved: bool,
) -> Result<(), Refusal> {
    let was_solved = draft.ticket.status == Status::Solved;
    let too_much = words.too_much;
    let by_mail = words.raw.is_some();
    let known = draft.ticket.masked.clone();
    let seq = wrote(draft, from, words, proved)?;
    if by_mail {
        tell_masked(draft, from, seq, &known);
    }
    if let Some(what) = too_much {
        let to = Addressee::Customer(from.clone());
        draft.notify(to, Text::TooMuch { what }, &["too-much", &seq.to_string()]);
    }
    if matches!(draft.ticket.status, Status::Pending | Status::Solved) {
        let to = Status::Open;
        draft.record(Actor::System, Event::StatusChanged { to }, None);
    }
    if was_solved {
        draft.tell(Happening::Reopened, seq, None, |_| Text::Reopened { seq });
    } else {
        let stranger = false;
        draft.tell(Happening::CustomerReplied, seq, None, |_| {
            Text::CustomerReplied { seq, stranger }
        });
    }
    Ok(())
}

/// Records what a participant wrote, and whose address is proved by it; answers where their words stand.
pub(super) fn wrote(
    draft: &mut Draft<'_>,
    from: &AddressHash,
    words: Words,
    proved: bool,
) -> Result<u32, Refusal> {
    takes_more(draft)?;
    if !draft.ticket.is_participant(from) {
        return Err(Refusal::NotAParticipant);
    }
    let by = Actor::Customer(from.clone());
    let seq = draft.record(by.clone(), Event::CustomerWrote, Some(words));
    if proved && *from == draft.ticket.requester && !draft.ticket.requester_proved {
        draft.record(by, Event::RequesterProved, None);
    }
    Ok(seq)
}

/// Tells whoever wrote by mail what was masked in it, as a page would have. Once for each kind of secret on a ticket: a
/// machine that sends its key with every mail gets no letter for every mail.
fn tell_masked(draft: &mut Draft<'_>, from: &AddressHash, seq: u32, known: &[Masked]) {
    let masked = draft.events.iter().find_map(|it| match &it.event {
        Event::SecretsMasked { seq: of, masked } if *of == seq => Some(masked.clone()),
        _ => None,
    });
    let is_new = |it: &Masked| known.iter().all(|known| known.kind != it.kind);
    if let Some(masked) = masked.filter(|masked| masked.iter().any(is_new)) {
        let to = Addressee::Customer(from.clone());
        let reason = ["masked", &seq.to_string()];
        draft.notify(to, Text::SecretsMasked { masked }, &reason);
    }
}

/// An agent answers in public. It is then the customer's turn: the ticket is pending unless an order says otherwise.
pub(super) fn agent_reply(
    draft: &mut Draft<'_>,
    agent: &PersonId,
    words: Words,
    lines: &[OrderLine],
) -> Result<(), Refusal> {
    takes_more(draft)?;
    let actor = Actor::Agent(agent.clone());
    let seq = draft.record(actor.clone(), Event::AgentReplied, Some(words));
    let agent = agent.clone();
    let heard = draft.ticket.heard.clone();
    draft.tell(Happening::AgentReplied, seq, None, |to| Text::Reply {
        seq,
        agent: agent.clone(),
        answers: heard
            .iter()
            .find(|heard| *to == Addressee::Customer(heard.who.clone()))
            .map(|heard| heard.seq),
    });
    let sets_status = lines
        .iter()
        .any(|line| matches!(line.order, Ok(Order::Status(_))));
    if !sets_status && matches!(draft.ticket.status, Status::New | Status::Open) {
        let to = Status::Pending;
        draft.record(Actor::System, Event::StatusChanged { to }, None);
    }
    orders::carry_out(draft, &actor, lines);
    Ok(())
}

/// An agent writes for colleagues only.
pub(super) fn note(
    draft: &mut Draft<'_>,
    agent: &PersonId,
    words: Words,
    instead_of_reply: Option<NoteReason>,
    lines: &[OrderLine],
) -> Result<(), Refusal> {
    takes_more(draft)?;
    let actor = Actor::Agent(agent.clone());
    let event = Event::NoteAdded { instead_of_reply };
    let seq = draft.record(actor.clone(), event, Some(words));
    if let Some(reason) = instead_of_reply
        && draft.ticket.kept_as_note(agent) <= caps::KEPT_AS_NOTE
    {
        let to = Addressee::Staff(agent.clone());
        let text = Text::KeptAsNote { reason, seq };
        draft.notify(to, text, &["note", &seq.to_string()]);
    }
    orders::carry_out(draft, &actor, lines);
    Ok(())
}

/// Mail that does not arrive shows on the ticket; if it was for a customer, the agents are told.
pub(super) fn not_reached(
    draft: &mut Draft<'_>,
    notice: &NoticeId,
    who: Option<AddressHash>,
    reason: &str,
) {
    let for_customer = who.is_some();
    let reason = reason.to_owned();
    let event = Event::NotReached {
        notice: notice.clone(),
        who,
        reason: reason.clone(),
    };
    let seq = draft.record(Actor::System, event, None);
    if for_customer {
        draft.tell(Happening::NotReached, seq, None, |_| Text::NotReached {
            reason: reason.clone(),
        });
    }
}
