//! How many openings of one address are acknowledged by mail, and why one is not: the design's five automatic mails a day
//! to an address that nobody has proved, of which the fifth is the digest; one a day where it was typed into a form and its
//! owner was never heard; each at once where a proved mail asks, as long as it does not repeat itself.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use ticket::{Held, Opened};

use super::proofs::{Mails, heard, opening, perhaps};
use super::taken::is_by_machine;
use crate::records::Dossier;
use crate::story::{Cap, Crowd};
use crate::way::OnTheWay;

/// The day that caps look back.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Acknowledgements a day to an address that was typed, and whose owner nobody has heard.
const TYPED: usize = 1;

/// Acknowledgements a day to any other; what is held beyond them is told in one more mail.
const OTHERS: usize = 4;

/// Openings at the same moment are counted in the order of their commits, which no instant tells.
const TOGETHER: SignedDuration = SignedDuration::from_mins(2);

/// Functions believe what they have read of the switch for a minute, and take one to commit.
const KNOWN: SignedDuration = SignedDuration::from_mins(3);

/// From when to when acknowledgements were switched off.
pub(super) type Silent = Option<(Timestamp, Timestamp)>;

pub(super) fn check(
    mails: &Mails,
    way: &OnTheWay,
    crowd: Option<&Crowd>,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let openings: Vec<(Timestamp, &Opened)> = all
        .values()
        .filter_map(|dossier| Some((dossier.events.first()?, opening(dossier)?)))
        // Machines are not acknowledged, and count for nothing.
        .filter(|(first, _)| !is_by_machine(first))
        .map(|(first, opened)| (first.recorded_at, opened))
        .collect();
    for (at, opened) in &openings {
        let own = openings
            .iter()
            .filter(|(_, it)| it.requester == opened.requester);
        let answered: Vec<(Timestamp, &Opened)> =
            own.filter(|(_, it)| it.held.is_none()).copied().collect();
        let who = &opened.requester;
        let heard = heard(who, mails, all);
        let surely_heard = heard.iter().any(|it| at.duration_since(*it) > TOGETHER);
        let perhaps = heard
            .into_iter()
            .chain(perhaps(who, mails, &way.on_pages))
            .min();
        let never = perhaps.is_none_or(|it| at.duration_since(it) < -TOGETHER);
        if opened.held.is_none() {
            let most = if typed(opened) && never {
                TYPED
            } else {
                OTHERS
            };
            wrong.extend(too_many(*at, opened, &answered, most));
        }
        let least = if typed(opened) && !surely_heard {
            TYPED
        } else {
            OTHERS
        };
        wrong.extend(switched(*at, opened, way.silent));
        let counted = matches!(
            opened.held,
            Some(Held::Address | Held::Thread | Held::Subject)
        );
        let before = answered.iter().filter(|(other, _)| {
            let since = at.duration_since(*other);
            since < DAY + TOGETHER && since > -TOGETHER
        });
        if counted && before.count() < least {
            wrong.push(format!(
                "ticket {}: not acknowledged, and no cap was reached",
                opened.id
            ));
        }
        wrong.extend(elsewhere(*at, opened, crowd));
    }
    wrong.extend(crowd.and_then(|crowd| too_full(crowd, &openings)));
    wrong.extend(
        way.turned_away
            .iter()
            .filter_map(|away| in_vain(away, crowd)),
    );
}

/// Whether more was done within a window than others had left.
fn too_full(crowd: &Crowd, openings: &[(Timestamp, &Opened)]) -> Option<String> {
    let counts = |opened: &Opened| match crowd.cap {
        Cap::Requests => opened.channel != Channel::Email,
        Cap::Source | Cap::Everybody => typed(opened) && opened.held.is_none(),
    };
    let within = openings.iter().filter(|(at, _)| crowd.is_at(*at));
    let taken = within.filter(|(_, opened)| counts(opened)).count();
    (taken > crowd.left as usize).then(|| format!("{taken} requests where others left {crowd:?}"))
}

/// Whether what others did has held back an acknowledgement where there were none.
fn elsewhere(at: Timestamp, opened: &Opened, crowd: Option<&Crowd>) -> Option<String> {
    let cap = match opened.held {
        Some(Held::Source) => Cap::Source,
        Some(Held::Everybody) => Cap::Everybody,
        _ => return None,
    };
    let rightly = typed(opened) && crowd.is_some_and(|it| it.cap == cap && it.is_at(at));
    (!rightly).then(|| format!("ticket {}: held by {cap:?}, which had room", opened.id))
}

/// Whoever is turned away is told when there is room again, and there was none.
fn in_vain((at, wait): &(Timestamp, u64), crowd: Option<&Crowd>) -> Option<String> {
    let full = crowd.filter(|it| it.cap == Cap::Requests && it.is_at(*at));
    let again = at.as_second() + i64::try_from(*wait).unwrap_or_default();
    let rightly = full.is_some_and(|it| (it.over()..=it.over() + 1).contains(&again));
    (!rightly).then(|| format!("somebody was turned away at {at} for {wait} s, {crowd:?}"))
}

fn typed(opened: &Opened) -> bool {
    !opened.proved && matches!(opened.channel, Channel::Form | Channel::Api)
}

/// Whether an acknowledgement was one too many: by those that surely came before, or by those of its own kind, of which
/// one came last whichever it was.
fn too_many(
    at: Timestamp,
    opened: &Opened,
    answered: &[(Timestamp, &Opened)],
    most: usize,
) -> Option<String> {
    if opened.proved {
        return None;
    }
    let before = |other: Timestamp| at.duration_since(other) < DAY - TOGETHER;
    let surely = answered
        .iter()
        .filter(|(other, _)| before(*other) && at.duration_since(*other) > TOGETHER);
    let alike = answered.iter().filter(|(other, it)| {
        before(*other)
            && at.duration_since(*other) > -TOGETHER
            && !it.proved
            && typed(it) == typed(opened)
    });
    // Of those within the same moment the last one came behind all others.
    let too_many = surely.count() >= most || alike.count() > most;
    too_many.then(|| {
        format!(
            "ticket {}: one acknowledgement too many for an address that nobody has proved",
            opened.id
        )
    })
}

/// Some time later, when everybody knows of the switch.
fn later(at: Timestamp) -> Timestamp {
    at.checked_add(KNOWN).unwrap_or(at)
}

/// Whether acknowledgements were surely switched off.
pub(super) fn is_off(at: Timestamp, silent: Silent) -> bool {
    silent.is_some_and(|(from, until)| later(from) < at && later(at) < until)
}

/// What the switch of the acknowledgements did to a request.
fn switched(at: Timestamp, opened: &Opened, silent: Silent) -> Option<String> {
    let (from, until) = silent.unwrap_or((Timestamp::MAX, Timestamp::MAX));
    let off = is_off(at, silent);
    let perhaps = from <= later(at) && at <= later(until);
    let id = opened.id;
    match opened.held {
        Some(Held::Off) if !perhaps => Some(format!("ticket {id}: held by a switch that was on")),
        None if off => Some(format!(
            "ticket {id}: acknowledged although that was switched off"
        )),
        _ => None,
    }
}
