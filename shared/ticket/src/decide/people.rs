//! Who takes part: strangers whose words wait, their release, and participants that agents add and remove.
//!
//! Nobody takes part because a mail names them: neither To, Cc nor Reply-To adds anybody (security bar 23).

use policy::Status;

use super::{Draft, messages};
use crate::command::{Actor, Contact, Refusal};
use crate::event::Event;
use crate::identity::AddressHash;
use crate::model::caps;
use crate::notice::{Addressee, Happening, Text};
use crate::secrets::mask;
use crate::words::Words;

/// A stranger writes to a reply address. Somebody waits for an answer, so clocks run as for anybody's words; but only staff
/// read them until an agent releases them, since whoever takes part could make others write there (the "ticket trick",
/// security bar 24).
///
/// They are told once that it arrived, in words that hold nothing of the ticket.
pub(super) fn stranger(
    draft: &mut Draft<'_>,
    from: &Contact,
    words: Words,
    tell: bool,
) -> Result<(), Refusal> {
    messages::takes_more(draft)?;
    if draft.ticket.withheld.len() >= caps::WITHHELD {
        return Err(Refusal::TicketIsFull);
    }
    let who = &from.hash;
    let seq = draft.record(
        Actor::Customer(who.clone()),
        Event::StrangerWrote,
        Some(words),
    );
    let known = draft.ticket.is_participant(who) || draft.ticket.strangers.contains(who);
    if tell && !known && draft.ticket.strangers.len() < caps::STRANGERS {
        draft.record(
            Actor::System,
            Event::StrangerTold { who: who.clone() },
            None,
        );
        let to = Addressee::Customer(who.clone());
        draft.notify(to, Text::Arrived, &["arrived"]);
    }
    if !known {
        // Where the notice finds the address, and who wrote, for staff. It opens no page: they do not take part.
        draft.contacts.push(Contact {
            name: mask(&from.name).0,
            ..from.clone()
        });
    }
    if matches!(draft.ticket.status, Status::Pending | Status::Solved) {
        let to = Status::Open;
        draft.record(Actor::System, Event::StatusChanged { to }, None);
    }
    let stranger = true;
    draft.tell(Happening::CustomerReplied, seq, None, |_| {
        Text::CustomerReplied { seq, stranger }
    });
    Ok(())
}

/// What a stranger wrote is for everybody who takes part.
pub(super) fn release(draft: &mut Draft<'_>, by: &Actor, seq: u32) -> Result<(), Refusal> {
    let withheld = &draft.ticket.withheld;
    if !withheld.contains(&seq) {
        let waiting: Vec<String> = withheld.iter().map(u32::to_string).collect();
        let waiting = match &waiting[..] {
            [] => "-".to_owned(),
            some => some.join(", "),
        };
        return Err(Refusal::NothingWithheld(seq.to_string(), waiting));
    }
    let event = Event::Released { seq };
    let recorded = draft.record(by.clone(), event, None);
    draft.tell(Happening::Released, recorded, None, |_| Text::Released {
        seq,
    });
    Ok(())
}

/// Somebody takes part from now on. What was written before stays with those who took part then, unless the order says
/// otherwise.
pub(super) fn add(
    draft: &mut Draft<'_>,
    by: &Actor,
    who: &Contact,
    earlier: bool,
) -> Result<(), Refusal> {
    if draft.ticket.is_participant(&who.hash) {
        return Err(Refusal::AlreadySo);
    }
    if draft.ticket.participants.len() >= caps::PARTICIPANTS {
        return Err(Refusal::TicketIsFull);
    }
    let event = Event::ParticipantAdded {
        who: who.hash.clone(),
        earlier,
    };
    let seq = draft.record(by.clone(), event, None);
    draft.contacts.push(who.clone());
    let agent = match by {
        Actor::Agent(agent) => Some(agent.clone()),
        _ => None,
    };
    let to = Addressee::Customer(who.hash.clone());
    draft.notify(to, Text::Joined { agent }, &["joined", &seq.to_string()]);
    Ok(())
}

/// Somebody takes part no more: their link opens nothing, and their mail is a stranger's.
pub(super) fn remove(draft: &mut Draft<'_>, by: &Actor, who: &AddressHash) -> Result<(), Refusal> {
    if *who == draft.ticket.requester {
        return Err(Refusal::TheRequester);
    }
    if !draft.ticket.is_participant(who) {
        return Err(Refusal::AlreadySo);
    }
    let who = who.clone();
    draft.record(by.clone(), Event::ParticipantRemoved { who }, None);
    Ok(())
}
