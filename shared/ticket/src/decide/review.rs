//! The review of a complaint whose customer is not content: by people who had no part in it.

use policy::{DepartmentId, Status, TicketType};

use super::{Draft, messages, orders};
use crate::command::{Actor, Refusal};
use crate::event::Event;
use crate::identity::AddressHash;
use crate::notice::{Addressee, Happening, Text};
use crate::words::Words;

/// The customer asks for it. What they write is a message like any other; on a complaint that is under review already,
/// or that cannot be reviewed, it is nothing more.
pub(super) fn by_customer(
    draft: &mut Draft<'_>,
    from: &AddressHash,
    words: Words,
    proved: bool,
) -> Result<(), Refusal> {
    let Ok(to) = reviewing(draft) else {
        return messages::customer(draft, from, words, proved);
    };
    let seq = messages::wrote(draft, from, words, proved)?;
    start(draft, &Actor::Customer(from.clone()), to, None, seq);
    Ok(())
}

/// Somebody on the staff sees that the customer asks for it in other words.
pub(super) fn by_staff(draft: &mut Draft<'_>, by: &Actor, reason: &str) -> Result<(), Refusal> {
    let to = reviewing(draft)?;
    let words = Some(Words::text(reason)).filter(|words| !words.text.is_empty());
    let seq = draft.ticket.seq + 1;
    start(draft, by, to, words, seq);
    Ok(())
}

/// The department that reviews this ticket.
fn reviewing(draft: &Draft<'_>) -> Result<DepartmentId, Refusal> {
    let escalation = draft.policy().terms().complaint_escalation.as_ref();
    match escalation {
        Some(_) if draft.ticket.review.is_some() => Err(Refusal::AlreadySo),
        Some(escalation) if draft.ticket.ticket_type == TicketType::Complaint => {
            Ok(escalation.department.clone())
        }
        _ => Err(Refusal::NothingToReview),
    }
}

/// `asked` is the event that holds the words by which it was asked for.
fn start(draft: &mut Draft<'_>, by: &Actor, to: DepartmentId, words: Option<Words>, asked: u32) {
    let mut after = draft.ticket.clone();
    after.department = Some(to.clone());
    let bounds = orders::bounds_of_change(draft, &after);
    let event = Event::ComplaintEscalated { to, bounds };
    let seq = draft.record(by.clone(), event, words);
    if matches!(draft.ticket.status, Status::Pending | Status::Solved) {
        let to = Status::Open;
        draft.record(Actor::System, Event::StatusChanged { to }, None);
    }
    // The customer who asked hears that it is done, which an ordinary message does not need.
    let but = matches!(by, Actor::Agent(_)).then_some(by);
    draft.tell(Happening::ComplaintEscalated, seq, but, |to| match to {
        Addressee::Customer(_) => Text::UnderReview,
        _ => Text::ReviewAsked { seq: asked },
    });
}
