//! A service that nobody reaches for a while, and what must be true afterwards without anybody's hands.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use play::{Mail, Player};
use serde_json::json;

use super::story::{self, Story};
use super::{Outcome, check};
use crate::desk::{Desk, Setup};

/// What may be away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of services")]
pub enum Away {
    Dynamodb,
    S3,
    Sqs,
    Ses,
    Secrets,
}

impl Away {
    fn name(self) -> &'static str {
        match self {
            Self::Dynamodb => "dynamodb",
            Self::S3 => "s3",
            Self::Sqs => "sqs",
            Self::Ses => "ses",
            Self::Secrets => "secrets",
        }
    }
}

/// How long, as an ISO 8601 duration; in the long one no tick comes either, as when a whole region suffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "what they say")]
pub enum Long {
    FiveMinutes,
    FourteenHours,
}

/// Customers write before and while a service is away, and a promise comes due meanwhile; then it is back.
///
/// # Panics
/// The desk does not start, or answers what it must never answer.
pub fn away(service: Away, long: Long) -> Outcome {
    let desk = Desk::start(Setup {
        chaos: Some(1),
        ..Setup::under("web-host-au", story::BEGIN.parse().expect("an instant"))
    });
    desk.chaos(&json!({ "faults": false }));
    desk.advance("PT2M");
    let mut player = Player::new(desk.client());
    let mut story = Story::default();
    story.json(&desk, 0);
    story.mail(&mut player, 1);
    // The first warnings come 18 hours after the request, the first miss after 24.
    desk.advance("PT13H");
    let (span, mut gone) = match long {
        Long::FiveMinutes => ("PT5M", vec![service.name()]),
        Long::FourteenHours => ("PT14H", vec![service.name(), "schedule"]),
    };
    desk.chaos(&json!({ "away": gone }));
    if service == Away::Dynamodb {
        turned_away(&desk);
    } else {
        story.json(&desk, 2);
    }
    story.mail(&mut player, 3);
    desk.advance(span);
    gone.clear();
    let back = desk.now();
    desk.chaos(&json!({ "away": gone }));
    if service == Away::Dynamodb {
        story.json(&desk, 2);
    }
    // The longest wait between two tries is twenty minutes.
    desk.advance("PT1H");
    let burst = burst(&desk.mails(), back);
    super::redrive(&desk);
    desk.advance("P2D");
    story.unanswered = story::customer(0);
    let mut outcome = check::all(&desk, 1, &story);
    outcome.wrong.extend(burst);
    desk.end();
    outcome
}

/// Without the table nothing is taken, and whoever asks is told to come back.
fn turned_away(desk: &Desk) {
    let (headers, body) = story::request(2);
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = desk.ask("POST", "/tickets", &headers, body.as_bytes());
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.header("retry-after").is_some(), "{}", answer.head);
}

/// Once it is back, nobody is told of one ticket's lateness more than once: levels that passed meanwhile are told together.
fn burst(mails: &[Mail], back: Timestamp) -> Vec<String> {
    let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
    let soon = back + SignedDuration::from_mins(50);
    for mail in mails
        .iter()
        .filter(|mail| mail.at >= back && mail.at <= soon)
    {
        let late = ["Due soon", "Overdue"]
            .iter()
            .any(|word| mail.subject.contains(word));
        if late {
            *told
                .entry((mail.to.join(","), mail.subject.clone()))
                .or_default() += 1;
        }
    }
    let more = told.into_iter().filter(|(_, times)| *times > 1);
    more.map(|((to, subject), times)| format!("{to} was told {times} times: {subject}"))
        .collect()
}
