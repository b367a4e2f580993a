//! How many openings of one address are acknowledged by mail: to a typed one, one a day, unless its owner was heard.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use ticket::{AT_ONCE_A_DAY, DAY, Event, Opened, TicketId};

use super::proofs::{Mails, heard, opening, perhaps};
use crate::records::Dossier;

/// Openings at the same moment are counted in the order of their commits, which no instant tells.
const TOGETHER: SignedDuration = SignedDuration::from_mins(2);

pub(super) fn check(
    mails: &Mails,
    on_pages: &BTreeSet<String>,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    digests(all, wrong);
    let openings: Vec<(Timestamp, &Opened)> = all
        .values()
        .filter_map(|dossier| Some((dossier.events.first()?.recorded_at, opening(dossier)?)))
        .collect();
    for (at, opened) in &openings {
        let own = openings
            .iter()
            .filter(|(_, it)| it.requester == opened.requester && it.id != opened.id);
        let answered = own.filter(|(_, it)| it.held.is_none());
        let before = answered.filter(|(other, _)| at.duration_since(*other) < DAY + TOGETHER);
        let all_before = before
            .clone()
            .filter(|(other, _)| at.duration_since(*other) > -TOGETHER);
        let surely = before.filter(|(other, _)| {
            let since = at.duration_since(*other);
            since > TOGETHER && since < DAY - TOGETHER
        });
        let typed = matches!(opened.channel, Channel::Form | Channel::Api);
        let who = &opened.requester;
        let heard = heard(who, mails, all);
        let surely_heard = heard.iter().any(|it| at.duration_since(*it) > TOGETHER);
        let perhaps = heard.into_iter().chain(perhaps(who, mails, on_pages)).min();
        let never = perhaps.is_none_or(|it| at.duration_since(it) < -TOGETHER);
        let most = if typed && !surely_heard {
            1
        } else {
            AT_ONCE_A_DAY
        };
        let highest = if never { 1 } else { AT_ONCE_A_DAY };
        if typed && opened.held.is_none() && surely.count() >= highest {
            wrong.push(format!(
                "ticket {}: one acknowledgement too many for a typed address",
                opened.id
            ));
        }
        if opened.held.is_some() && all_before.count() < most {
            wrong.push(format!(
                "ticket {}: not acknowledged, and no cap was reached",
                opened.id
            ));
        }
    }
}

/// Held numbers are told to their requester alone, each once, and to nobody twice within a day.
fn digests(all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    let mut told: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    let mut named: BTreeSet<TicketId> = BTreeSet::new();
    for dossier in all.values() {
        let Some(own) = &dossier.snapshot else {
            continue;
        };
        for recorded in &dossier.events {
            let Event::NumbersTold { tickets, .. } = &recorded.event else {
                continue;
            };
            let at = told.entry(own.requester.as_str()).or_default();
            at.push(recorded.recorded_at);
            for id in tickets {
                let of = all.get(id.as_str()).and_then(|it| it.snapshot.as_ref());
                let rightly =
                    of.is_some_and(|it| it.requester == own.requester && it.held.is_some());
                if !rightly || !named.insert(*id) {
                    wrong.push(format!(
                        "ticket {}: a digest names {id}, which it may not",
                        own.id
                    ));
                }
            }
        }
    }
    for (who, mut at) in told {
        at.sort_unstable();
        let close = at.windows(2).any(|two| two[1].duration_since(two[0]) < DAY);
        if close {
            wrong.push(format!("two digests within a day to {who}"));
        }
    }
}
