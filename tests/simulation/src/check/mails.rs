//! What was said to whom, and how often.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use ticket::{Addressee, Event, Lane, Recorded, Text};

use super::oracle::{Look, Weather, lost_its_point, was_pointless};
use crate::aws::ses::Accepted;
use crate::desk::Desk;
use crate::faults::{Fault, Function};
use crate::records::{Dossier, Outgoing, notice_key};
use crate::story::Story;
use crate::time::instant;
use crate::world::{Happened, State};

/// Compares the outbox with what SES accepted; answers how many mails left twice in the one documented window.
pub(crate) fn check(
    desk: &Desk,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    looks: &BTreeMap<String, Vec<Look>>,
    calm: &Calm<'_>,
    wrong: &mut Vec<String>,
) -> usize {
    let mut sent: BTreeMap<(&str, &str), Vec<&Accepted>> = BTreeMap::new();
    for mail in &state.cloud.mail.accepted {
        sent.entry((&mail.ticket, &mail.notice))
            .or_default()
            .push(mail);
    }
    let mut window = 0;
    for dossier in all.values() {
        for outgoing in &dossier.notices {
            let mails = sent
                .remove(&(dossier.id.as_str(), outgoing.notice.id.as_str()))
                .unwrap_or_default();
            window += notice(desk, state, dossier, outgoing, &mails, wrong);
            wrong.extend(calm.late(state, dossier, outgoing, &mails));
            let looks = looks.get(&dossier.id).map(Vec::as_slice);
            timely(dossier, outgoing, looks.unwrap_or_default(), &mails, wrong);
        }
    }
    for ((ticket, notice), mails) in sent {
        wrong.push(format!(
            "{} mails without a notice: {ticket} {notice}",
            mails.len()
        ));
    }
    window
}

/// A notice that no queue took is looked for so long after it was written, in microseconds.
const UNSENT: u64 = 5 * 60 * 1_000_000;

/// What may keep a notice from leaving in time.
pub(super) struct Calm<'a> {
    pub(super) story: &'a Story,
    pub(super) weather: &'a Weather,
}

impl Calm<'_> {
    /// A notice that left late although SES had room, its senders met nothing and ticks came.
    fn late(
        &self,
        state: &State,
        dossier: &Dossier,
        outgoing: &Outgoing,
        mails: &[&Accepted],
    ) -> Option<String> {
        let left = mails.first()?.at;
        let key = notice_key(&dossier.id, outgoing.notice.id.as_str());
        let born = state.cloud.table.born(&key)?;
        let story = self.story;
        let outages = story.faults.outages.iter();
        let away = outages.map(|(_, from, until)| (*from, *until));
        let busy = away.chain([(story.stopped.0, story.stopped.1)]);
        let mut busy = busy.filter(|(from, until)| *from <= left && born <= *until);
        let mut faults = state
            .happened
            .iter()
            .filter(|it| it.place.function == Function::Notifier && (born..=left).contains(&it.at));
        if story.limits || busy.next().is_some() || faults.next().is_some() {
            return None;
        }
        let late =
            self.weather
                .is_late(instant(born + UNSENT), SignedDuration::ZERO, instant(left));
        late.then(|| {
            let (id, text) = (&dossier.id, &outgoing.notice.text);
            format!(
                "ticket {id}: {text:?} was written at {} and left at {}",
                instant(born),
                instant(left)
            )
        })
    }
}

/// Nothing is said that has lost its point, and nothing is left out that has not.
fn timely(
    dossier: &Dossier,
    outgoing: &Outgoing,
    looks: &[Look],
    mails: &[&Accepted],
    wrong: &mut Vec<String>,
) {
    let what = format!("{:?} to {:?}", outgoing.notice.text, outgoing.notice.to);
    for mail in mails {
        if was_pointless(outgoing, looks, instant(mail.at)) {
            wrong.push(format!("{what} left when it had no point any more"));
        }
    }
    let makes = |event: &&Recorded| match &outgoing.notice.text {
        Text::Assigned { seq } | Text::ExpectationSet { seq, .. } => event.seq == *seq,
        Text::PassedOn { tier } => event.event == Event::HandedOver { to: *tier },
        _ => false,
    };
    let made = dossier.events.iter().find(makes);
    let since = made.map(|event| event.recorded_at);
    if outgoing.state == "superseded" && !lost_its_point(outgoing, looks, since) {
        wrong.push(format!("{what} was left out and never lost its point"));
    }
}

fn notice(
    desk: &Desk,
    state: &State,
    dossier: &Dossier,
    outgoing: &Outgoing,
    mails: &[&Accepted],
    wrong: &mut Vec<String>,
) -> usize {
    let what = format!(
        "ticket {} notice {} ({:?})",
        dossier.id, outgoing.notice.id, outgoing.notice.text
    );
    let settled = !matches!(outgoing.state.as_str(), "pending" | "claimed");
    if settled == outgoing.due {
        wrong.push(format!(
            "{what}: {} and its due key do not agree",
            outgoing.state
        ));
    }
    let expected = match outgoing.state.as_str() {
        "sent" => 1,
        "superseded" | "failed" => 0,
        other => {
            wrong.push(format!("{what} is still {other}"));
            return 0;
        }
    };
    if (outgoing.tries as usize) < mails.len() {
        let (tries, left) = (outgoing.tries, mails.len());
        wrong.push(format!(
            "{what} left {left} times and was claimed {tries} times"
        ));
    }
    let urgent = match outgoing.notice.text {
        Text::Warning(_) | Text::Breach(_) | Text::PromiseMissed { .. } | Text::Reply { .. } => {
            true
        }
        Text::Acknowledgement | Text::Numbers { .. } => false,
        _ => outgoing.notice.lane == Lane::Urgent,
    };
    if urgent != (outgoing.notice.lane == Lane::Urgent) {
        wrong.push(format!("{what} travels {:?}", outgoing.notice.lane));
    }
    for mail in mails {
        if !rightly_addressed(desk, dossier, outgoing, mail) {
            wrong.push(format!("{what} went to {:?}", mail.to));
        }
    }
    if outgoing.state == "sent"
        && !mails
            .iter()
            .any(|mail| Some(&mail.id) == outgoing.ses.as_ref())
    {
        wrong.push(format!(
            "{what} is recorded as sent and SES knows nothing of it"
        ));
    }
    if mails.len() <= expected {
        if mails.len() < expected {
            wrong.push(format!("{what} is sent and SES accepted nothing"));
        }
        return 0;
    }
    let extra = mails.len() - expected;
    // The one window: a sender never knew that SES had taken it, and no send event had told when the next one sent.
    let in_window = mails
        .windows(2)
        .filter(|pair| in_the_window(desk, state, pair[0], pair[1]))
        .count();
    let unrecorded = expected == 0 && mails.last().is_some_and(|mail| unknown(state, mail));
    if in_window + usize::from(unrecorded) >= extra {
        return extra;
    }
    wrong.push(format!(
        "{what} left {} times; it is {} {}",
        mails.len(),
        outgoing.state,
        outgoing.why
    ));
    0
}

/// A sender offers SES's answer to the table so often before it gives up.
const RECORD_ATTEMPTS: usize = 5;

/// Whether the sender of this mail may not have learnt, or not have recorded, that SES took it: its answer was lost, the
/// sender was killed, or the table took no note of it, however often it was asked.
fn unknown(state: &State, mail: &Accepted) -> bool {
    let about = mail.at.saturating_sub(1_000_000)..mail.at + 60_000_000;
    let faults = state
        .happened
        .iter()
        .filter(|it| it.place.function == Function::Notifier && about.contains(&it.at));
    let mut refused: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for Happened { place, fault, .. } in faults {
        let killed = matches!(fault, Fault::KilledBefore | Fault::KilledAfter);
        match place.operation.as_str() {
            "SendEmail" if *fault == Fault::KilledBefore => {}
            "SendEmail" if killed || *fault == Fault::AnswerLost => return true,
            _ if killed => return true,
            "TransactWriteItems" => {
                refused
                    .entry(place.invocation)
                    .or_default()
                    .insert(place.call);
            }
            _ => {}
        }
    }
    refused.values().any(|calls| calls.len() >= RECORD_ATTEMPTS)
}

fn in_the_window(desk: &Desk, state: &State, first: &Accepted, next: &Accepted) -> bool {
    let told = desk.way().told.get(&first.id).copied();
    unknown(state, first) && told.is_none_or(|told| told >= next.at)
}

fn rightly_addressed(desk: &Desk, dossier: &Dossier, outgoing: &Outgoing, mail: &Accepted) -> bool {
    let wanted = match &outgoing.notice.to {
        Addressee::Customer(hash) => dossier.people.get(hash.as_str()).cloned(),
        Addressee::Staff(person) => desk
            .policy
            .person(person)
            .map(|person| person.address.clone()),
        Addressee::Address(address) => Some(address.clone()),
    };
    wanted.is_some_and(|wanted| mail.to == [wanted])
}
