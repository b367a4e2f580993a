//! Whose address is proved, and since when: the requester's, by their own words and by no more than that.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ticket::{Actor, AddressHash, Event, Opened, Pepper, Recorded};

use super::words::numbers;
use crate::actors::{SHOWN, Wrote};
use crate::aws::PEPPER;
use crate::records::Dossier;

/// Mails that were written, by the number of their input.
pub(super) type Mails = BTreeMap<usize, Wrote>;

pub(super) fn check(mails: &Mails, all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    for dossier in all.values() {
        let Some(opened) = opening(dossier) else {
            continue;
        };
        let mut proved = opened.proved;
        let mut wanted = Vec::new();
        for recorded in &dossier.events {
            if !proved && proves(recorded, &opened.requester, mails) {
                proved = true;
                wanted.push(recorded.seq);
            }
        }
        let events = dossier.events.iter();
        let found: Vec<u32> = events
            .filter(|it| it.event == Event::RequesterProved)
            .filter_map(|proof| words_before(dossier, proof))
            .collect();
        if found != wanted {
            wrong.push(format!(
                "ticket {}: proved by the words of {found:?}, not of {wanted:?}",
                dossier.id
            ));
        }
    }
}

pub(super) fn opening(dossier: &Dossier) -> Option<&Opened> {
    match &dossier.events.first()?.event {
        Event::Opened(opened) => Some(opened),
        _ => None,
    }
}

/// Whether these are words of theirs that nobody else can have sent. Whoever writes on a page came by the link of a mail,
/// unless their words say otherwise.
fn proves(recorded: &Recorded, who: &AddressHash, mails: &Mails) -> bool {
    let theirs =
        recorded.event == Event::CustomerWrote && recorded.actor == Actor::Customer(who.clone());
    theirs && is_proved(recorded, mails)
}

fn is_proved(recorded: &Recorded, mails: &Mails) -> bool {
    let Some(words) = &recorded.words else {
        return false;
    };
    if words.raw.is_none() {
        return !words.text.contains(SHOWN);
    }
    // What is too much is read no further than its subject.
    let inputs = numbers(&format!("{} {}", words.subject, words.text), "taint");
    let mails = inputs.iter().filter_map(|number| mails.get(number));
    mails.into_iter().any(|wrote| wrote.proved)
}

/// The words that a proof stands behind, by the same person in the same commit.
fn words_before(dossier: &Dossier, proof: &Recorded) -> Option<u32> {
    let mut before = dossier.events.iter().rev();
    let words = before.find(|it| it.seq < proof.seq && it.event == Event::CustomerWrote)?;
    let same = (&words.actor, words.recorded_at) == (&proof.actor, proof.recorded_at);
    same.then_some(words.seq)
}

/// When somebody was surely heard, by what stands on tickets.
pub(super) fn heard(
    who: &AddressHash,
    mails: &Mails,
    all: &BTreeMap<String, Dossier>,
) -> Vec<Timestamp> {
    let events = all.values().flat_map(|it| &it.events);
    let proofs = events.filter(|it| {
        let by_mail =
            matches!(&it.event, Event::Opened(opened) if opened.proved && opened.requester == *who);
        by_mail || proves(it, who, mails)
    });
    proofs.map(|it| it.recorded_at).collect()
}

/// From when on somebody may have been heard, by what was tried: mail that was filed, or words that no page took.
pub(super) fn perhaps(
    who: &AddressHash,
    mails: &Mails,
    on_pages: &[(String, Timestamp)],
) -> Option<Timestamp> {
    let pepper = Pepper::new(PEPPER);
    let is_theirs = |address: &str| AddressHash::of(&pepper, address) == *who;
    let mails = mails.values();
    let by_mail = mails.filter(|it| it.proved && is_theirs(&it.from));
    let by_mail = by_mail.filter_map(|it| Timestamp::from_millisecond(it.at).ok());
    let on_pages = on_pages.iter().filter(|(address, _)| is_theirs(address));
    by_mail.chain(on_pages.map(|(_, at)| *at)).min()
}
