//! What was said to whom, and how often.

use std::collections::BTreeMap;

use ticket::Addressee;

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
    // The one window: the sender never knew, and the event that would have told came too late or never.
    let unknown = mails
        .iter()
        .filter(|mail| in_the_window(desk, state, mail))
        .count();
    if unknown >= extra {
        return extra;
    }
    let reason = &outgoing.why;
    wrong.push(format!(
        "{what} left {} times, {}, {reason}",
        mails.len(),
        outgoing.state
    ));
    0
}

/// Whether SES's answer about this mail, or its record, was lost, and its send event too.
fn in_the_window(desk: &Desk, state: &State, mail: &Accepted) -> bool {
    let lost_about = state.happened.iter().any(|(place, fault, at)| {
        place.function == Function::Notifier
            && at.abs_diff(mail.at) < 90_000_000
            && matches!(
                fault,
                Fault::KilledAfter
                    | Fault::KilledBefore
                    | Fault::AnswerLost
                    | Fault::Error
                    | Fault::Throttle
                    | Fault::Conflict
            )
    });
    let way = desk.way();
    lost_about && (way.dropped.contains(&mail.id) || way.late.contains(&mail.id))
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
