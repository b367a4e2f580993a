//! How many openings of one address are acknowledged by mail: to a typed one, one a day.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use ticket::{A_DAY, DAY, Event, Opened};

use crate::records::Dossier;

/// Openings at the same moment are counted in the order of their commits, which no instant tells.
const TOGETHER: SignedDuration = SignedDuration::from_mins(2);

pub(super) fn check(all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    let openings: Vec<(Timestamp, &Opened)> = all
        .values()
        .filter_map(|dossier| dossier.events.first())
        .filter_map(|first| match &first.event {
            Event::Opened(opened) => Some((first.recorded_at, &**opened)),
            _ => None,
        })
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
        let most = if typed { 1 } else { A_DAY };
        if typed && opened.held.is_none() && surely.count() >= most {
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
