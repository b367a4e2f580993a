//! Every input that was accepted is in exactly one place.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use ticket::Event;

use super::reach::chain;
use super::taken;
use crate::actors::{Outcome, is_forged, is_guessed, is_report, is_too_much, taint};
use crate::aws::Cloud;
use crate::desk::Desk;
use crate::faults::Function;
use crate::records::Dossier;
use crate::story::{Input, Story, What};
use crate::world::State;

pub(crate) fn check(
    desk: &Desk,
    story: &Story,
    outcomes: &BTreeMap<usize, Outcome>,
    all: &BTreeMap<String, Dossier>,
    cloud: &Cloud,
    late: &BTreeMap<usize, String>,
    wrong: &mut Vec<String>,
) {
    for input in &story.inputs {
        let places = places(input, all);
        wrong.extend(unlike(input, all, &places));
        wrong.extend(taken::otherwise(input, desk, all, &places));
        if let Some(line) = elsewhere(input, desk, all, &places) {
            wrong.push(line);
        }
        let ses = format!("in{:04}", input.number);
        let filed = cloud
            .table
            .items()
            .filter(|((pk, sk), _)| sk == "f" && pk.starts_with(&format!("M#{ses}")))
            .count();
        // A mail that came to two addresses and is on no ticket is filed once for each.
        let filed = if places.is_empty() {
            filed.min(1)
        } else {
            filed
        };
        let Some(outcome) = outcomes.get(&input.number) else {
            wrong.push(format!("input {} never ended", input.number));
            continue;
        };
        if let Some(line) = late.get(&input.number) {
            wrong.push(line.clone());
        }
        if places.len() + filed > 1 {
            wrong.push(format!(
                "input {} is in {} places: {places:?}, filed {filed}",
                input.number,
                places.len() + filed
            ));
        }
        let orders_only = matches!(&input.what, What::Agent(agent) if !agent.words && agent.marker);
        let by_ses = matches!(input.what, What::Reported(_)) && !is_report(input);
        let wordless = input.what == What::HaveIt || by_ses || orders_only;
        if *outcome == Outcome::Accepted && places.len() + filed == 0 && !wordless {
            wrong.push(format!(
                "input {} was accepted and is nowhere: {:?}",
                input.number, input.what
            ));
        }
        let expected = matches!(outcome, Outcome::Refused(_))
            && !matches!(input.what, What::Page | What::HaveIt | What::ApiOther);
        if expected || *outcome == Outcome::Unanswered {
            wrong.push(format!(
                "input {}: {:?} came to {outcome:?}",
                input.number, input.what
            ));
        }
    }
}

/// Where the words of an input stand: tickets and events.
fn places<'a>(input: &Input, all: &'a BTreeMap<String, Dossier>) -> Vec<(&'a str, u32)> {
    let taint = taint(input.number);
    let said =
        |words: &ticket::Words| words.text.contains(&taint) || words.subject.contains(&taint);
    let of = |dossier: &'a Dossier| {
        let events = dossier.events.iter().filter(|it| !is_copied(&it.event));
        let own = events.filter(|it| it.words.iter().any(&said));
        own.map(|it| (dossier.id.as_str(), it.seq))
            .collect::<Vec<_>>()
    };
    all.values().flat_map(of).collect()
}

/// A mail that is not read to its end says so where it stands, and no other does.
fn unlike(
    input: &Input,
    all: &BTreeMap<String, Dossier>,
    places: &[(&str, u32)],
) -> Option<String> {
    let is_too_much = is_too_much(input);
    let unlike = |(id, seq): &&(&str, u32)| {
        let event = all[*id].events.iter().find(|it| it.seq == *seq);
        let words = event.and_then(|it| it.words.as_ref());
        words.is_some_and(|words| words.too_much.is_some() != is_too_much)
    };
    let (id, seq) = places.iter().find(unlike)?;
    let number = input.number;
    Some(format!(
        "input {number} is too much: {is_too_much}, and event {seq} of {id} says otherwise"
    ))
}

/// What is written about a ticket stands there, or on the one that it goes on with.
fn elsewhere(
    input: &Input,
    desk: &Desk,
    all: &BTreeMap<String, Dossier>,
    places: &[(&str, u32)],
) -> Option<String> {
    let answers = matches!(
        input.what,
        What::Answer { .. }
            | What::Agent(_)
            | What::Participant
            | What::Stranger
            | What::Impostor
            | What::Page
    );
    let answers = answers && !is_forged(input) && !is_guessed(input);
    let way = desk.way();
    let about = way.tickets.get(&input.ticket).filter(|_| answers)?;
    let astray = |(id, _): &&(&str, u32)| chain(all, about).all(|it| it.id != *id);
    let (id, seq) = places.iter().find(astray)?;
    let number = input.number;
    Some(format!(
        "input {number} is about ticket {about} and stands on {id}, event {seq}"
    ))
}

/// What was written on a merged ticket stands once more on the one that it goes on with, for staff.
fn is_copied(event: &Event) -> bool {
    matches!(event, Event::MergedFrom(_))
}

/// A ticket that came in while the desk was busy, and had been so for longer than functions believe what they have read,
/// knows of it; no other does.
pub(super) fn busy(desk: &Desk, all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    let Some((from, until)) = desk.busy_time() else {
        return;
    };
    for dossier in all.values() {
        let Some(first) = dossier.events.first() else {
            continue;
        };
        let Event::Opened(opened) = &first.event else {
            continue;
        };
        let at = first.at;
        let knows = opened
            .busy
            .iter()
            .any(|span| span.from <= at && span.until.is_none_or(|until| at < until));
        let surely = from.checked_add(KNOWN).is_ok_and(|from| from <= at) && at < until;
        let possibly = from <= at && until.checked_add(KNOWN).is_ok_and(|until| at < until);
        if (surely && !knows) || (knows && !possibly) {
            wrong.push(format!(
                "ticket {}: opened at {at}; that the desk is busy from {from} to {until} was {}",
                dossier.id,
                if knows { "believed" } else { "not known" }
            ));
        }
    }
}

/// Functions believe what they have read for a minute, and a mail may be read later than it came.
const KNOWN: SignedDuration = SignedDuration::from_mins(2);

/// Mails that are dated by anything but when they came, or that lay longer than a sweep takes although nothing stood in its way, by the number of their input.
pub(super) fn late(
    desk: &Desk,
    story: &Story,
    state: &State,
    all: &BTreeMap<String, Dossier>,
) -> BTreeMap<usize, String> {
    let mut late = BTreeMap::new();
    for (number, wrote) in &desk.way().wrote {
        let taint = taint(*number);
        let events = all.values().flat_map(|dossier| &dossier.events);
        let mut events = events.filter(|it| !is_copied(&it.event));
        let holds =
            |words: &ticket::Words| words.text.contains(&taint) || words.subject.contains(&taint);
        let Some(event) = events.find(|it| it.words.as_ref().is_some_and(holds)) else {
            continue;
        };
        // The second is all that S3 tells of a mail whose event was lost.
        let came = event.at.as_millisecond();
        if came != wrote.at && came != wrote.at / 1000 * 1000 {
            let at = event.at;
            late.insert(*number, format!("input {number} is taken as of {at}"));
        }
        let (from, to) = (wrote.at * 1000, event.recorded_at.as_microsecond());
        let within = |at: u64| i64::try_from(at).is_ok_and(|at| (from..=to).contains(&at));
        let troubled = state
            .happened
            .iter()
            .any(|it| it.place.function == Function::InboundEmail && within(it.at));
        let minutes = (to - from) / 60_000_000;
        if minutes > 15 && !troubled && story.sources.sweeps {
            late.insert(*number, format!("input {number} lay for {minutes} minutes"));
        }
    }
    late
}
