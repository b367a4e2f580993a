//! What is still possible for somebody who threatened or insulted: decided, told, taken back (clause ON.6).
//!
//! Whoever gives the command has checked it against the policy in force. Here it is recorded on the ticket in which it
//! happened, and the person reads it; a closed ticket takes it too, because it is about a person and not about the work.

use jiff::Timestamp;
use policy::{ConductId, PersonId};

use super::Draft;
use crate::answering::DAY;
use crate::command::{Actor, Refusal};
use crate::event::Event;
use crate::identity::AddressHash;
use crate::notice::{Addressee, Text};
use crate::words::Words;

pub(super) fn set(
    draft: &mut Draft<'_>,
    by: &PersonId,
    who: &AddressHash,
    level: &ConductId,
    until: Timestamp,
    words: Words,
) -> Result<(), Refusal> {
    participates(draft, who)?;
    if words.text.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    let event = Event::StandingSet {
        who: who.clone(),
        level: level.clone(),
        until,
    };
    let seq = draft.record(Actor::Agent(by.clone()), event, Some(words));
    let to = Addressee::Customer(who.clone());
    draft.notify(to, Text::Standing { seq }, &["standing", &seq.to_string()]);
    Ok(())
}

/// Tells it again, unless the person was told within a day: a machine that answers must not go on for ever, and nobody
/// is reproached with every mail.
pub(super) fn tell(draft: &mut Draft<'_>, who: &AddressHash) {
    let now = draft.context.now;
    let standing = draft.ticket.standings.iter().find(|it| it.who == *who);
    let Some(standing) = standing.filter(|it| now.duration_since(it.told) >= DAY) else {
        return;
    };
    let (seq, times) = (standing.seq, standing.times.to_string());
    let event = Event::StandingTold { who: who.clone() };
    draft.record(Actor::System, event, None);
    let to = Addressee::Customer(who.clone());
    let reason = ["standing", &seq.to_string(), &times];
    draft.notify(to, Text::Standing { seq }, &reason);
}

pub(super) fn lift(
    draft: &mut Draft<'_>,
    by: &PersonId,
    who: &AddressHash,
    level: &ConductId,
    words: Words,
) -> Result<(), Refusal> {
    participates(draft, who)?;
    let event = Event::StandingLifted {
        who: who.clone(),
        level: level.clone(),
    };
    let seq = draft.record(Actor::Agent(by.clone()), event, Some(words));
    let to = Addressee::Customer(who.clone());
    let reason = ["standing-lifted", &seq.to_string()];
    draft.notify(to, Text::StandingLifted { seq }, &reason);
    Ok(())
}

fn participates(draft: &Draft<'_>, who: &AddressHash) -> Result<(), Refusal> {
    if draft.ticket.is_participant(who) {
        Ok(())
    } else {
        Err(Refusal::NotAParticipant)
    }
}
