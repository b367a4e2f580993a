//! What was said to whom, and how often.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ticket::{Addressee, Text};

use super::oracle::{Look, lost_its_point, was_pointless};
use crate::aws::ses::Accepted;
use crate::desk::Desk;
use crate::faults::{Fault, Function};
use crate::records::{Dossier, Outgoing};
use crate::world::State;

/// Compares the outbox with what SES accepted; answers how many mails left twice in the one documented window.
pub(crate) fn check(
    desk: &Desk,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    looks: &BTreeMap<String, Vec<Look>>,
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
        let at = Timestamp::from_microsecond(i64::try_from(mail.at).unwrap_or_default());
        if was_pointless(outgoing, looks, at.unwrap_or_default()) {
            wrong.push(format!("{what} left when it had no point any more"));
        }
    }
    let since = match outgoing.notice.text {
        Text::Assigned { seq } => {
            let made = dossier.events.iter().find(|event| event.seq == seq);
            made.map(|event| event.recorded_at)
        }
        _ => None,
    };
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

/// Whether the sender of this mail may not have learnt, or not have recorded, that SES took it.
fn unknown(state: &State, mail: &Accepted) -> bool {
    state.happened.iter().any(|(place, fault, at)| {
        place.function == Function::Notifier
            && (mail.at.saturating_sub(1_000_000)..mail.at + 60_000_000).contains(at)
            && match place.operation.as_str() {
                "SendEmail" => matches!(fault, Fault::KilledAfter | Fault::AnswerLost),
                "TransactWriteItems" => true,
                _ => *fault == Fault::KilledBefore || *fault == Fault::KilledAfter,
            }
    })
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
