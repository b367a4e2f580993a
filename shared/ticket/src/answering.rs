//! Whether a request is acknowledged by mail: what is answered at once, and what is held so that nothing loops and nobody's
//! mailbox is flooded in our name (design: mail; security bar 25 and 26).
//!
//! Counters are given and taken as values: [`counters`] names those that a request is counted in and how much each allows,
//! [`held`] decides on what they hold. Whoever commits the opening raises them in the same transaction.

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use serde::{Deserialize, Serialize};

use crate::command::Open;
use crate::identity::{AddressHash, ContentDigest, TicketId};

/// Counters look back so far; the day slides, so that no midnight doubles it.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Automatic answers to the mail of one address a day, unless each answers a request of its own from a proved address.
pub const A_DAY: usize = 5;

/// So many of them are told at once; the last is the digest of what was held (see [`crate::Waiting`]).
pub const AT_ONCE_A_DAY: usize = A_DAY - 1;

/// Acknowledgements a day to an address that somebody typed into the form: its owner may never have heard of us. The page
/// has shown the number already. Where the owner is known to read what we send, it is [`AT_ONCE_A_DAY`].
pub const TYPED_A_DAY: usize = 1;

/// Acknowledgements a day to addresses that were typed into requests from one place, the network address that the gateway
/// saw. Mobile networks put thousands of subscribers behind one, so it is no smaller; the page shows the number anyway.
pub const SOURCE_A_DAY: u32 = 250;

/// Acknowledgements an hour to typed addresses, wherever they were typed: what a flood from many places may send in our name.
pub const TYPED_AN_HOUR: u32 = 1_000;

/// Requests by form or API from one place within [`REQUEST_WINDOW`]; whoever sends more is asked to wait.
pub const SOURCE_REQUESTS: u32 = 300;

/// See [`SOURCE_REQUESTS`].
pub const REQUEST_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// One counter of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Its key; a digest stands for what people wrote.
    pub key: String,
    /// So many a day; none if it only counts.
    pub most: Option<usize>,
}

/// Why a request is not acknowledged by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The address had its acknowledgements of the day.
    Address,
    /// The mail answers our mail, and that thread had its answers of the day.
    Thread,
    /// As many requests with this subject were acknowledged today: a machine repeats itself.
    Subject,
    /// As many requests from the same place, each with an address typed into it, were acknowledged today.
    Source,
    /// As many requests with a typed address were acknowledged within the hour, wherever they came from.
    Everybody,
    /// Somebody has switched acknowledgements off.
    Off,
}

impl Held {
    /// Every reason.
    pub const ALL: &[Self] = &[
        Self::Address,
        Self::Thread,
        Self::Subject,
        Self::Source,
        Self::Everybody,
        Self::Off,
    ];

    /// Its name in keys and lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Thread => "thread",
            Self::Subject => "subject",
            Self::Source => "source",
            Self::Everybody => "everybody",
            Self::Off => "off",
        }
    }
}

/// Whether the requester's address was typed into a form or a program's request, and proved by nothing.
pub fn is_typed(open: &Open) -> bool {
    !open.proved && matches!(open.channel, Channel::Form | Channel::Api)
}

/// The counters that an acknowledgement of this request is counted in.
///
/// A proved address gets one for each request. What looks like an answer to our own mail counts as one, whoever wrote
/// it: a machine without automatic headers that answers each of our mails would else never stop. An address that was
/// typed has so few that nothing else need be counted; `verified` says whether its owner was heard lately, whoever typed
/// it now, by a mail that DMARC passed or by a used mailed link.
pub fn counters(open: &Open, verified: bool) -> Vec<(Held, Counter)> {
    let who = open.requester.hash.as_str();
    let answers_ours = open.related.is_some() || looks_like_an_answer(&open.words.subject);
    let most = if is_typed(open) && !verified {
        Some(TYPED_A_DAY)
    } else if open.proved && !answers_ours {
        None
    } else {
        Some(AT_ONCE_A_DAY)
    };
    let counter = |what: &str, key: String, most| Counter {
        key: format!("{what}#{key}"),
        most,
    };
    let mut counters = vec![(Held::Address, counter("address", who.to_owned(), most))];
    if is_typed(open) {
        return counters;
    }
    if let Some(related) = open.related {
        let key = format!("{who}#{related}");
        counters.push((Held::Thread, counter("thread", key, Some(AT_ONCE_A_DAY))));
    }
    let subject = ContentDigest::of(&[who.as_bytes(), same(&open.words.subject).as_bytes()]);
    let subject = subject.as_str().to_owned();
    counters.push((
        Held::Subject,
        counter("subject", subject, Some(AT_ONCE_A_DAY)),
    ));
    counters
}

/// The counters that word to a stranger on a reply address is counted in: as an acknowledgement of what answers our mail.
pub fn counters_of_stranger(
    who: &AddressHash,
    ticket: TicketId,
    subject: &str,
) -> Vec<(Held, Counter)> {
    let counter = |what: &str, key: &str| Counter {
        key: format!("{what}#{key}"),
        most: Some(AT_ONCE_A_DAY),
    };
    let thread = format!("{who}#{ticket}");
    let subject = ContentDigest::of(&[who.as_str().as_bytes(), same(subject).as_bytes()]);
    vec![
        (Held::Address, counter("address", who.as_str())),
        (Held::Thread, counter("thread", &thread)),
        (Held::Subject, counter("subject", subject.as_str())),
    ]
}

/// What holds an acknowledgement back at `now`, if anything: the counters with the instants that each has counted.
///
/// A subject that comes again counts with whatever else its address was sent, so that a machine which began with
/// another subject gets no more than one that did not.
pub fn held(counted: &[(Held, Counter, Vec<Timestamp>)], now: Timestamp) -> Option<Held> {
    let times = |kind: Held| {
        let of_kind = counted.iter().filter(move |(held, ..)| *held == kind);
        of_kind
            .flat_map(|(.., times)| within_a_day(times, now))
            .count()
    };
    if times(Held::Subject) > 0 && times(Held::Address) >= AT_ONCE_A_DAY {
        return Some(Held::Subject);
    }
    let full = |(_, counter, times): &&(Held, Counter, Vec<Timestamp>)| {
        counter
            .most
            .is_some_and(|most| within_a_day(times, now).count() >= most)
    };
    counted.iter().find(full).map(|(held, ..)| *held)
}

/// A counter's instants after one more at `now`: those of the last day, and no more of them than any cap asks about.
pub fn raised(times: &[Timestamp], now: Timestamp) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = within_a_day(times, now).copied().collect();
    times.push(now);
    let old = times.len().saturating_sub(A_DAY);
    times.split_off(old)
}

fn within_a_day(times: &[Timestamp], now: Timestamp) -> impl Iterator<Item = &Timestamp> {
    times
        .iter()
        .filter(move |at| now.duration_since(**at) < DAY)
}

/// Words that mail programs put before the subject of what they answer, in the languages of our correspondents.
const ANSWERS: &[&str] = &[
    "re:",
    "aw:",
    "antw:",
    "antwort:",
    "sv:",
    "vs:",
    "rv:",
    "rif:",
    "ref:",
    "res:",
    "odp:",
    "trả lời:",
    "tl:",
    "回复:",
    "回复：",
    "返信:",
];

/// Whether a subject looks as if the mail answered one of ours: a word for "re", or a ticket number.
fn looks_like_an_answer(subject: &str) -> bool {
    let lower = subject.trim().to_lowercase();
    ANSWERS.iter().any(|answer| lower.starts_with(answer)) || holds_a_number(subject)
}

fn holds_a_number(subject: &str) -> bool {
    let words = subject.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words
        .filter_map(|word| word.split_once('-'))
        .any(|(_, id)| id.parse::<TicketId>().is_ok())
}

/// A subject without what machines change from mail to mail: numbers, and the words of answering.
fn same(subject: &str) -> String {
    let lower = subject.to_lowercase();
    let words = lower.split_whitespace();
    let kept = words.filter(|word| !ANSWERS.contains(word) && !word.chars().any(char::is_numeric));
    kept.collect::<Vec<_>>().join(" ")
}
