//! What was taken for what: words for those of whoever wrote them, and deeds of staff for what staff did. A log tells who did
//! something as the desk saw it; only the story knows who it was.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ticket::{Actor, AddressHash, Event, NoteReason, Pepper, Recorded};

use super::oracle::Version;
use super::sorted;
use crate::actors::{
    MACHINE, customer, escalates_unproved, is_forged, is_guessed, is_infected, is_spam, kept_as,
};
use crate::aws::PEPPER;
use crate::desk::Desk;
use crate::records::Dossier;
use crate::story::{Input, Story, What};

/// Whether a machine asked for it: nobody reads an acknowledgement.
pub(super) fn is_by_machine(opening: &Recorded) -> bool {
    let words = opening.words.as_ref();
    words.is_some_and(|words| words.text.contains(MACHINE))
}

/// An input that stands somewhere as what it is not, or as somebody else's.
pub(super) fn otherwise(
    input: &Input,
    desk: &Desk,
    all: &BTreeMap<String, Dossier>,
    places: &[(&str, u32)],
) -> Option<String> {
    let number = input.number;
    for (id, seq) in places {
        let recorded = all[*id].events.iter().find(|it| it.seq == *seq)?;
        let kind = &recorded.event;
        let wrote = desk.way().wrote.get(&number).map(|it| it.from.clone());
        let writer = wrote.unwrap_or_else(|| customer(input.ticket));
        let is_staff = desk.policy.person_by_address(&writer).is_some();
        // Who it may not be acts on no complaint; it is a request to whoever reviews them.
        let apart = escalates_unproved(input) && !matches!(kind, Event::Opened(_));
        let heard = input.what == What::Answer { proved: true };
        let filed = is_infected(input) || (is_spam(input) && !heard);
        if !fits(input, kind, is_staff) || filed || apart {
            let what = &input.what;
            return Some(format!(
                "input {number} ({what:?}) is event {seq} of {id}: {kind:?}"
            ));
        }
        if let Some(line) = sorted::otherwise(input, desk, recorded) {
            return Some(line);
        }
        let hash = AddressHash::of(&Pepper::new(PEPPER), &writer);
        let theirs = match &recorded.actor {
            Actor::Customer(who) => *who == hash,
            Actor::Agent(person) => desk
                .policy
                .person(person)
                .is_some_and(|it| it.address == writer),
            _ => false,
        };
        if !theirs {
            let actor = &recorded.actor;
            return Some(format!(
                "input {number} of {writer} is event {seq} of {id} by {actor:?}"
            ));
        }
    }
    None
}

/// What an input may be on a ticket. What machines answer, and what comes back, is on none; whoever answers a ladder's mail
/// and is none of the staff is a stranger.
fn fits(input: &Input, event: &Event, is_staff: bool) -> bool {
    let forged = is_forged(input);
    match event {
        Event::Opened(_) => {
            forged
                || is_guessed(input)
                || matches!(
                    input.what,
                    What::Form { .. }
                        | What::FormAgain
                        | What::Api
                        | What::Mail { .. }
                        | What::Request { .. }
                        | What::Escalates
                )
        }
        Event::CustomerWrote => {
            !forged
                && matches!(
                    input.what,
                    What::Answer { .. } | What::Page | What::Participant | What::Escalates
                )
        }
        Event::StrangerWrote => match input.what {
            What::Agent(_) => !is_staff,
            _ if is_guessed(input) => false,
            _ => matches!(
                input.what,
                What::Stranger | What::Impostor | What::Participant
            ),
        },
        Event::AgentReplied => matches!(input.what, What::Agent(_)) && kept_as(input).is_none(),
        Event::NoteAdded {
            instead_of_reply: why,
        } => {
            let of_itself = [Some(NoteReason::AutoReply), Some(NoteReason::Expired)];
            match kept_as(input) {
                None => matches!(input.what, What::Agent(_)) && !of_itself.contains(why),
                why_kept => why_kept == *why,
            }
        }
        _ => true,
    }
}

/// Nobody of the staff has done anything but by a mail of their own, or by the button in one.
pub(super) fn acted(
    desk: &Desk,
    story: &Story,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let way = desk.way();
    let by_mail = story.inputs.iter().filter_map(|input| {
        let wrote = way.wrote.get(&input.number)?;
        matches!(input.what, What::Agent(_)).then_some((wrote.from.as_str(), wrote.at))
    });
    let by_mail: Vec<(&str, i64)> = by_mail.collect();
    let pressed: Vec<i64> = way.pressed.iter().map(|it| it.as_millisecond()).collect();
    for dossier in all.values() {
        for recorded in &dossier.events {
            let Actor::Agent(person) = &recorded.actor else {
                continue;
            };
            // What operators do for somebody, they do by hand.
            if matches!(
                recorded.event,
                Event::StandingSet { .. } | Event::StandingLifted { .. }
            ) {
                continue;
            }
            let address = desk.policy.person(person).map(|it| it.address.as_str());
            let at = recorded.at.as_millisecond();
            // The second is all that S3 tells of a mail whose event was lost.
            let own = |(from, came): &(&str, i64)| {
                Some(*from) == address && (*came == at || came / 1000 * 1000 == at)
            };
            let button = recorded.event == Event::EscalationAcknowledged && pressed.contains(&at);
            if !button && !by_mail.iter().any(own) {
                let (id, seq, event) = (&dossier.id, recorded.seq, &recorded.event);
                wrong.push(format!(
                    "ticket {id}: event {seq} by {person}, who did nothing then: {event:?}"
                ));
            }
        }
    }
}

/// A request is held to the version that was in force when it was opened.
pub(super) fn versions(
    versions: &[Version],
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let in_force = |at: Timestamp| versions.iter().rfind(|it| it.effective <= at);
    for dossier in all.values() {
        let Some(first) = dossier.events.first() else {
            continue;
        };
        let (Event::Opened(opened), at) = (&first.event, first.recorded_at) else {
            continue;
        };
        if in_force(at).is_none_or(|it| *it.policy.hash() != opened.policy) {
            wrong.push(format!(
                "ticket {}: opened at {at} under a version that was not in force",
                dossier.id
            ));
        }
    }
}
