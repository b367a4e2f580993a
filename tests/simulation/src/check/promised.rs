//! Which times customers are told, in mails and on pages: those of the published promises that are still to be kept, each of
//! them and on pages no others, and what staff said to expect.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use policy::Metric;
use ticket::{Text, TicketId};

use super::oracle::{Owes, Walked};
use crate::actors::Looked;
use crate::desk::Desk;
use crate::records::{Dossier, sent};
use crate::time::instant;
use crate::world::State;

pub(super) fn check(
    desk: &Desk,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    walked: &BTreeMap<String, Walked<'_>>,
    wrong: &mut Vec<String>,
) {
    let zone = |id: &str| zone(desk, all.get(id));
    for (mail, dossier, outgoing) in sent(state, all) {
        let (said, zone) = (mail.text(), zone(&dossier.id));
        let sent = instant(mail.at);
        let right = |owes: &Owes| match &outgoing.notice.text {
            // The mail itself keeps the promise to send one.
            Text::Acknowledgement => {
                let mut others = owes.due.iter().filter(|it| it.0 != Metric::Acknowledge);
                others.all(|(_, due)| says(said, *due, &zone))
            }
            Text::Reply { .. } => {
                let ahead = owes.expected.filter(|at| *at > sent);
                ahead.is_none_or(|at| says(said, at, &zone))
            }
            _ => true,
        };
        let says_when = matches!(
            outgoing.notice.text,
            Text::Acknowledgement | Text::Reply { .. }
        );
        let own = walked.get(&dossier.id).filter(|_| says_when);
        let owes = own.map(|it| it.owes(sent)).unwrap_or_default();
        if !owes.is_empty() && !owes.iter().any(right) {
            let (id, text) = (&dossier.id, &outgoing.notice.text);
            wrong.push(format!(
                "ticket {id}: {text:?} does not say what is owed: {owes:?}"
            ));
        }
    }
    for page in &desk.way().looked {
        let id = TicketId::with_any_prefix(&page.number);
        let walked = id.and_then(|id| Some((id, walked.get(id.as_str())?)));
        if let Some((id, walked)) = walked {
            let owes = if page.thanks {
                walked.owes_at_first().into_iter().collect()
            } else {
                walked.owes(page.at)
            };
            let why = shown(page, &owes, &zone(id.as_str()));
            wrong.extend(why.map(|why| format!("ticket {id}: a page at {} {why}", page.at)));
        }
    }
}

/// The zone in which a customer reads times.
fn zone(desk: &Desk, dossier: Option<&Dossier>) -> TimeZone {
    let own = dossier.and_then(|it| it.snapshot.as_ref()?.zone.as_deref());
    let own = own.and_then(|name| TimeZone::get(name).ok());
    own.unwrap_or_else(|| desk.policy.terms().zone.rules().clone())
}

/// What is wrong with the times of a page, if they fit none of the states in which it may have found the ticket.
fn shown(page: &Looked, owes: &[Owes], zone: &TimeZone) -> Option<String> {
    let promises = page.html.split("<article").next()?;
    let times: Vec<(Timestamp, &str)> = promises
        .split("<time datetime=\"")
        .skip(1)
        .filter_map(|it| {
            let (at, rest) = it.split_once("\">")?;
            Some((at.parse().ok()?, rest.split("</time>").next()?))
        })
        .collect();
    if let Some((at, said)) = times.iter().find(|(at, said)| !says(said, *at, zone)) {
        return Some(format!("says {said} for {at}"));
    }
    let expected = promises.split("id=\"expected\">").nth(1);
    let right = |owes: &Owes| {
        let is_shown = |(_, due): &(Metric, Timestamp)| times.iter().any(|(at, _)| at == due);
        let is_known =
            |at: &Timestamp| owes.due.iter().any(|(_, due)| due == at) || owes.done.contains(at);
        owes.due.iter().all(is_shown)
            && times.iter().all(|(at, _)| is_known(at))
            && match (owes.expected.filter(|at| *at > page.at), expected) {
                (Some(at), Some(said)) => says(said.split('<').next().unwrap_or(said), at, zone),
                (None, None) => true,
                _ => false,
            }
    };
    let fits = owes.is_empty() || owes.iter().any(right);
    (!fits).then(|| format!("shows {times:?} and expects {expected:?}, not {owes:?}"))
}

/// Whether a text says this instant: the time of the day, and its date beside it.
fn says(text: &str, at: Timestamp, zone: &TimeZone) -> bool {
    let wall = at.to_zoned(zone.clone());
    let clock = format!("{:02}:{:02}", wall.hour(), wall.minute());
    let words: Vec<&str> = text.split_whitespace().collect();
    words.iter().enumerate().any(|(place, word)| {
        let near = &words[place.saturating_sub(BESIDE)..words.len().min(place + BESIDE)];
        word.starts_with(&clock) && near.iter().any(|word| is_day(word, &wall))
    })
}

/// A date stands within so many words of its time: `Dienstag, 24. November 2026, 17:00`, `17:00 Thứ ba, 24/11/2026`.
const BESIDE: usize = 5;

fn is_day(word: &str, wall: &Zoned) -> bool {
    let whole = format!("{:02}/{:02}/{}", wall.day(), wall.month(), wall.year());
    word.trim_matches('.') == wall.day().to_string() || word.starts_with(&whole)
}
