//! Whose words stand in which mail: every input carries a word of its own, and every mail that left is searched for it.

use std::collections::BTreeMap;

use ticket::{Actor, Addressee, Event, Text};

use crate::actors::{opening_taint, taint};
use crate::records::{Dossier, Outgoing, sent};
use crate::world::State;

/// What people type after "Password:"; see [`crate::actors::secret`].
pub(super) const SECRET: &str = "sEcret";

/// The words by which a name of a customer is known.
const NAMES: [&str; 2] = ["Somebody", "A customer"];

/// `keeps` says whether the policy has raw mail with secrets kept apart for a lead.
pub(super) fn check(
    state: &State,
    all: &BTreeMap<String, Dossier>,
    keeps: bool,
    wrong: &mut Vec<String>,
) {
    for (mail, dossier, outgoing) in sent(state, all) {
        let what = format!("a mail to {:?} ({:?})", mail.to, outgoing.notice.text);
        let said = mail.words();
        if said.contains(SECRET) {
            wrong.push(format!("{what} holds a secret"));
        }
        for number in numbers(said, "taint") {
            if !may_read(dossier, outgoing, &taint(number)) {
                wrong.push(format!("{what} holds the words of input {number}"));
            }
        }
        for number in numbers(said, "opens") {
            if !opens(dossier, outgoing, &opening_taint(number)) {
                wrong.push(format!("{what} holds the subject of ticket {number}"));
            }
        }
        untainted(dossier, outgoing, said, &what, wrong);
        if let Some(missing) = missing(dossier, outgoing, said) {
            wrong.push(format!("{what} does not hold {missing}"));
        }
    }
    let typed = state.cloud.table.items().filter(|(_, item)| {
        item.values().any(|value| {
            value["S"]
                .as_str()
                .is_some_and(|text| text.contains(SECRET))
        })
    });
    for ((pk, sk), _) in typed {
        wrong.push(format!("a secret stands in the table: {pk} {sk}"));
    }
    for (key, body) in state.cloud.bucket.objects() {
        let holds = String::from_utf8_lossy(body).contains(SECRET);
        let masked = key.starts_with("tickets/") || (key.starts_with("sealed/") && !keeps);
        if holds && masked {
            wrong.push(format!("a secret stands in the bucket: {key}"));
        }
    }
}

/// The words that a notice is there to bring, if they are not in its mail.
fn missing(dossier: &Dossier, outgoing: &Outgoing, said: &str) -> Option<String> {
    let (Text::Reply { seq, .. }
    | Text::CustomerReplied { seq, .. }
    | Text::Reopened { seq }
    | Text::Released { seq }) = outgoing.notice.text
    else {
        return None;
    };
    let event = dossier.events.iter().find(|it| it.seq == seq)?;
    let words = numbers(&event.words.as_ref()?.text, "taint");
    let missing = words.into_iter().map(taint).find(|it| !said.contains(it));
    missing.map(|it| format!("the words of event {seq}: {it}"))
}

/// An acknowledgement to an address that nobody has proved is no way to send one's words to others.
fn untainted(
    dossier: &Dossier,
    outgoing: &Outgoing,
    said: &str,
    what: &str,
    wrong: &mut Vec<String>,
) {
    let proved = dossier
        .snapshot
        .as_ref()
        .is_some_and(|it| it.requester_proved);
    // A digest tells of requests of anybody: none of their words, whoever reads it. Only the name that a proved mail gave
    // may stand in its greeting.
    let numbers = matches!(outgoing.notice.text, Text::Numbers { .. });
    if !numbers && (outgoing.notice.text != Text::Acknowledgement || proved) {
        return;
    }
    let names: &[&str] = if proved { &[] } else { &NAMES };
    let strange = ["taint", "opens"]
        .iter()
        .chain(names)
        .find(|word| said.contains(**word));
    if let Some(word) = strange {
        wrong.push(format!("{what} holds a stranger's words: {word}"));
    }
}

/// Whether the reader of a notice may read the words that carry this taint: staff those of their ticket; the customer
/// what agents answered in public, and what they wrote themselves.
fn may_read(dossier: &Dossier, outgoing: &Outgoing, taint: &str) -> bool {
    let mut events = dossier.events.iter();
    let holds = |words: &ticket::Words| words.text.contains(taint) || words.subject.contains(taint);
    let said = events.find(|event| event.words.as_ref().is_some_and(holds));
    match (&outgoing.notice.to, said) {
        (_, None) => false,
        (Addressee::Staff(_) | Addressee::Address(_), Some(_)) => true,
        (Addressee::Customer(hash), Some(event)) => match (&event.event, &event.actor) {
            (Event::AgentReplied, _) => reads(dossier, hash.as_str(), event.seq),
            // What an agent has released is for everybody.
            (Event::StrangerWrote, _) => {
                released(dossier, event.seq).is_some_and(|seq| reads(dossier, hash.as_str(), seq))
            }
            (Event::Opened(_) | Event::CustomerWrote, Actor::Customer(writer)) => writer == hash,
            _ => false,
        },
    }
}

/// Whether somebody could read what was said in public at this place of the log: the requester all of it, others what
/// came after they joined, unless they were let read more.
pub(super) fn reads(dossier: &Dossier, who: &str, seq: u32) -> bool {
    let requester = dossier.snapshot.as_ref().map(|it| it.requester.as_str());
    let joins = |it: &ticket::Recorded| match &it.event {
        Event::ParticipantAdded {
            who: other,
            earlier,
        } => other.as_str() == who && (*earlier || it.seq < seq),
        _ => false,
    };
    requester == Some(who) || dossier.events.iter().any(joins)
}

/// The event by which what a stranger wrote is for everybody.
pub(super) fn released(dossier: &Dossier, seq: u32) -> Option<u32> {
    let released = |it: &&ticket::Recorded| it.event == Event::Released { seq };
    dossier.events.iter().find(released).map(|it| it.seq)
}

/// Whether this is the ticket's subject; staff read those of tickets that were merged into it, too.
fn opens(dossier: &Dossier, outgoing: &Outgoing, words: &str) -> bool {
    let staff = !matches!(outgoing.notice.to, Addressee::Customer(_));
    let own = |it: &&ticket::Recorded| match it.event {
        Event::Opened(_) => true,
        Event::MergedFrom(_) => staff,
        _ => false,
    };
    let mut subjects = dossier
        .events
        .iter()
        .filter(own)
        .filter_map(|it| it.words.as_ref());
    subjects.any(|it| it.subject.contains(words))
}

/// The numbers of the inputs, or tickets, whose words are there, each once. A number counts only if it is whole: a word
/// may be broken at the end of a line.
pub(super) fn numbers(said: &str, word: &str) -> Vec<usize> {
    let behind = said.split(word).skip(1);
    let whole = behind.filter_map(|rest| rest.split_once('x').map(|(digits, _)| digits));
    let mut all: Vec<usize> = whole.filter_map(|digits| digits.parse().ok()).collect();
    all.sort_unstable();
    all.dedup();
    all
}
