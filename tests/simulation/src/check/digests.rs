//! Requests that were not acknowledged at once: their numbers are told to their requester in one mail a day, each once and
//! none forgotten, before anything runs out for want of it; and what a mail acknowledges is acknowledged when it left.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use ticket::{Event, Held, Opened, Text, TicketId};

use super::caps::is_off;
use super::oracle::Weather;
use crate::records::{Dossier, sent};
use crate::time::instant;
use crate::way::OnTheWay;
use crate::world::State;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A digest leaves so long before the earliest deadline that waits for it, where there is twice as much time.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// What is due longer ago than this at the end of a run was forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(2);

/// What a sender records is as of when it began; SES's own event says to the millisecond when the mail left.
const SENDING: SignedDuration = SignedDuration::from_mins(2);
const ROUNDED: SignedDuration = SignedDuration::from_secs(1);

/// A run as far as digests are judged by it.
pub(super) struct Seen<'a> {
    pub(super) state: &'a State,
    pub(super) way: &'a OnTheWay,
    pub(super) all: &'a BTreeMap<String, Dossier>,
    /// When each ticket's acknowledgement was due as it was opened, by ticket.
    pub(super) receipts: &'a BTreeMap<String, Timestamp>,
    pub(super) weather: &'a Weather,
    pub(super) now: Timestamp,
}

/// A request as it was opened.
#[derive(Clone, Copy)]
struct Asked<'a> {
    at: Timestamp,
    opened: &'a Opened,
}

/// A digest that was made.
struct Told<'a> {
    at: Timestamp,
    tickets: &'a [TicketId],
}

pub(super) fn check(seen: &Seen<'_>, wrong: &mut Vec<String>) {
    let asked = seen.all.values().filter_map(|dossier| {
        let first = dossier.events.first()?;
        let Event::Opened(opened) = &first.event else {
            return None;
        };
        let at = first.recorded_at;
        Some((dossier.id.as_str(), Asked { at, opened }))
    });
    let asked: BTreeMap<&str, Asked<'_>> = asked.collect();
    let told = told(seen.all);
    let named = named(&told, &asked, wrong);
    for (id, asked) in &asked {
        let own = told.get(asked.opened.requester.as_str());
        let own = own.map_or(&[][..], Vec::as_slice);
        wrong.extend(
            held(seen, id, asked, own, named.get(id).copied())
                .map(|line| format!("ticket {id}: {line}")),
        );
    }
    acknowledged(seen, wrong);
}

/// The digests of each requester, in their order.
fn told(all: &BTreeMap<String, Dossier>) -> BTreeMap<&str, Vec<Told<'_>>> {
    let mut told: BTreeMap<&str, Vec<Told<'_>>> = BTreeMap::new();
    for dossier in all.values() {
        let Some(own) = &dossier.snapshot else {
            continue;
        };
        let numbers = dossier.events.iter().filter_map(|it| match &it.event {
            Event::NumbersTold { tickets, .. } => Some(Told {
                at: it.recorded_at,
                tickets,
            }),
            _ => None,
        });
        told.entry(own.requester.as_str())
            .or_default()
            .extend(numbers);
    }
    for own in told.values_mut() {
        own.sort_by_key(|it| it.at);
    }
    told
}

/// When each number was told: to its requester alone, once, and to nobody twice within a day.
fn named<'a>(
    told: &BTreeMap<&str, Vec<Told<'a>>>,
    asked: &BTreeMap<&str, Asked<'_>>,
    wrong: &mut Vec<String>,
) -> BTreeMap<&'a str, Timestamp> {
    let mut named: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (who, digests) in told {
        for digest in digests {
            for id in digest.tickets {
                let of = asked.get(id.as_str()).map(|it| it.opened);
                let rightly =
                    of.is_some_and(|it| it.requester.as_str() == *who && it.held.is_some());
                if named.insert(id.as_str(), digest.at).is_some() || !rightly {
                    wrong.push(format!("a digest to {who} names {id}, which it may not"));
                }
            }
        }
        let mut two = digests.windows(2);
        if two.any(|two| two[1].at.duration_since(two[0].at) < DAY) {
            wrong.push(format!("two digests within a day to {who}"));
        }
    }
    named
}

/// What is wrong with what became of one request.
fn held(
    seen: &Seen<'_>,
    id: &str,
    asked: &Asked<'_>,
    digests: &[Told<'_>],
    told: Option<Timestamp>,
) -> Option<String> {
    let held = asked.opened.held?;
    let gathered = matches!(held, Held::Address | Held::Thread | Held::Subject);
    if !gathered {
        let right = asked.opened.shown && told.is_none();
        return (!right).then(|| format!("held for {held:?}, and its clock runs or it is told"));
    }
    let day = asked.at.checked_sub(DAY).unwrap_or(asked.at);
    let lately = digests
        .iter()
        .any(|it| (day..=asked.at).contains(&it.at) && Some(it.at) != told);
    if asked.opened.channel == Channel::Email && !lately && asked.opened.shown {
        return Some("held, and its acknowledgement counts as done before any digest".to_owned());
    }
    let Some(told) = told else {
        let waits = waits(seen, asked, id);
        return (!waits).then(|| "held, and no digest will ever tell its number".to_owned());
    };
    if is_off(told, seen.way.silent) {
        return Some(format!("told at {told}, when acknowledgements were off"));
    }
    let due = *seen.receipts.get(id)?;
    let aim = due.checked_sub(AHEAD).unwrap_or(due);
    let had_time = due.duration_since(asked.at) >= AHEAD + AHEAD;
    let silent = seen.way.silent.is_some_and(|(from, until)| {
        until
            .checked_add(AHEAD + AHEAD)
            .is_ok_and(|until| from <= told && asked.at <= until)
    });
    let late = told > due && seen.weather.is_late(aim, SignedDuration::ZERO, told);
    (late && had_time && !silent && !lately)
        .then(|| format!("its acknowledgement was due at {due}; its digest was made at {told}"))
}

/// Whether a number still waits to be told, at an instant that is not long past.
fn waits(seen: &Seen<'_>, asked: &Asked<'_>, id: &str) -> bool {
    let key = format!("C#{}", asked.opened.requester);
    let item = seen.state.cloud.table.item(&key, "digest");
    let text = |name: &str| item?.get(name)?["S"].as_str();
    let listed = text("tickets").is_some_and(|list| list.contains(&format!("\"{id}\"")));
    let due = text("due_at").and_then(|due| due.split('#').next()?.parse::<Timestamp>().ok());
    listed && due.is_some_and(|due| seen.now.duration_since(due) < FORGOTTEN)
}

/// A request whose number has left by mail is acknowledged once, as of when it left, however late anybody heard of that.
fn acknowledged(seen: &Seen<'_>, wrong: &mut Vec<String>) {
    let mut left: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    let mut recorded = BTreeSet::new();
    for (mail, dossier, outgoing) in sent(seen.state, seen.all) {
        let tickets: Vec<&str> = match &outgoing.notice.text {
            Text::Acknowledgement => vec![dossier.id.as_str()],
            Text::Numbers { tickets, .. } => tickets.iter().map(TicketId::as_str).collect(),
            _ => continue,
        };
        let at = instant(mail.at);
        for ticket in tickets {
            left.entry(ticket).or_default().push(at);
            if outgoing.state == "sent" {
                recorded.insert(ticket);
            }
        }
    }
    for dossier in seen.all.values() {
        let Some(snapshot) = &dossier.snapshot else {
            continue;
        };
        let own = left.get(dossier.id.as_str());
        let own = own.map_or(&[][..], Vec::as_slice);
        if recorded.contains(dossier.id.as_str()) && snapshot.acknowledged_at.is_none() {
            let id = &dossier.id;
            wrong.push(format!(
                "ticket {id}: its number has left by mail, and it is not acknowledged"
            ));
        }
        let events = dossier.events.iter();
        let events = events.filter(|it| it.event == Event::Acknowledged);
        for (times, event) in events.enumerate() {
            let (id, at) = (&dossier.id, event.at);
            if times > 0 {
                wrong.push(format!("ticket {id} was acknowledged twice"));
            }
            let about = |left: &Timestamp| (*left - SENDING..=*left + ROUNDED).contains(&at);
            if !own.iter().any(about) {
                wrong.push(format!(
                    "ticket {id}: acknowledged at {at}; its mails left at {own:?}"
                ));
            }
        }
    }
}
