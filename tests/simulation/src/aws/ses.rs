//! SES: accepts mail at one a second and so many a day, and tells of what it accepted.

use std::collections::{BTreeSet, VecDeque};
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{MessageParser, PartType};
use serde_json::{Value, json};

use super::{Call, Reply, only};
use crate::dice::Dice;

const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400 * SECOND;
const A_DAY: usize = 400;

/// A mail that SES accepted.
#[derive(Debug, Clone)]
pub(crate) struct Accepted {
    pub(crate) id: String,
    pub(crate) at: u64,
    pub(crate) to: Vec<String>,
    pub(crate) ticket: String,
    pub(crate) notice: String,
    pub(crate) raw: String,
    read: OnceLock<Read>,
}

/// A mail's words, every part decoded.
#[derive(Debug, Clone, Default)]
struct Read {
    text: String,
    all: String,
}

impl Accepted {
    /// Its text, as its reader sees it.
    pub(crate) fn text(&self) -> &str {
        &self.read().text
    }

    /// The whole mail as it is written and as its reader sees it.
    pub(crate) fn words(&self) -> &str {
        &self.read().all
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| {
            let Some(parsed) = MessageParser::default().parse(self.raw.as_bytes()) else {
                return Read {
                    text: String::new(),
                    all: self.raw.clone(),
                };
            };
            let mut all = self.raw.clone();
            all.push_str(parsed.subject().unwrap_or_default());
            for part in &parsed.parts {
                if let PartType::Text(text) | PartType::Html(text) = &part.body {
                    all.push('\n');
                    all.push_str(text);
                }
            }
            let text = parsed.body_text(0).unwrap_or_default().into_owned();
            Read { text, all }
        })
    }
}

/// Why SES takes nothing for hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// Somebody else of the account has used the quota up.
    Quota,
    /// AWS has paused the account.
    Paused,
    /// The role has lost its permission.
    Forbidden,
}

impl Stopped {
    pub(crate) const ALL: [Self; 3] = [Self::Quota, Self::Paused, Self::Forbidden];

    fn refusal(self) -> Reply {
        let (status, code, words) = match self {
            Self::Quota => (
                429,
                "TooManyRequestsException",
                "Daily message quota exceeded.",
            ),
            Self::Paused => (400, "SendingPausedException", "Sending is paused."),
            Self::Forbidden => (403, "AccessDeniedException", "Not authorized."),
        };
        Reply::refusal(status, code, words)
    }
}

#[derive(Debug)]
pub(crate) struct Sending {
    pub(crate) accepted: Vec<Accepted>,
    /// Addresses that SES refuses.
    pub(crate) refused: BTreeSet<String>,
    recent: VecDeque<u64>,
    /// Whether there are limits: one mail a second, and so many a day.
    pub(crate) limits: bool,
    /// How many mails it takes in a day.
    pub(crate) a_day: usize,
    /// From when to when it takes nothing, and why.
    pub(crate) stopped: (u64, u64, Stopped),
    dice: Dice,
}

impl Sending {
    pub(crate) fn new(dice: Dice) -> Self {
        Self {
            accepted: Vec::new(),
            refused: BTreeSet::new(),
            recent: VecDeque::new(),
            limits: true,
            a_day: A_DAY,
            stopped: (0, 0, Stopped::Quota),
            dice,
        }
    }

    pub(crate) fn answer(&mut self, call: &Call, now: u64) -> Reply {
        assert_eq!(
            call.operation, "SendEmail",
            "an operation of SES that the simulation does not know"
        );
        only(
            &call.body,
            &[
                "FromEmailAddress",
                "Destination",
                "Content",
                "ConfigurationSetName",
                "EmailTags",
                "ConfigurationOverrides",
                "ReplyToAddresses",
            ],
        );
        let to: Vec<String> = strings(&call.body["Destination"]["ToAddresses"]);
        while self.recent.front().is_some_and(|at| *at + DAY <= now) {
            self.recent.pop_front();
        }
        let (from, until, why) = self.stopped;
        if from <= now && now < until {
            return why.refusal();
        }
        if self.limits && self.recent.len() >= self.a_day {
            return Stopped::Quota.refusal();
        }
        if self.limits && self.recent.back().is_some_and(|at| *at + SECOND > now) {
            return Reply::refusal(
                429,
                "TooManyRequestsException",
                "Maximum sending rate exceeded.",
            );
        }
        if to.iter().any(|to| self.refused.contains(to)) {
            return Reply::refusal(400, "MessageRejected", "Email address is not verified.");
        }
        self.recent.push_back(now);
        let raw = call.body["Content"]["Raw"]["Data"]
            .as_str()
            .unwrap_or_default();
        let raw = STANDARD
            .decode(raw)
            .unwrap_or_else(|error| panic!("the mail is not base64: {error}"));
        let tag = |name: &str| {
            let tags = call.body["EmailTags"].as_array().into_iter().flatten();
            let mut values = tags
                .filter(|tag| tag["Name"] == name)
                .map(|tag| tag["Value"].as_str().unwrap_or_default());
            values.next().unwrap_or_default().to_owned()
        };
        let number = self.accepted.len();
        let random = self.dice.of(("ses id", number)).u64(..);
        let id = format!(
            "01070194{random:08x}-{:08x}-4e5f-8a9b-{number:012x}-000000",
            random >> 32
        );
        self.accepted.push(Accepted {
            id: id.clone(),
            at: now,
            to,
            ticket: tag("ticket"),
            notice: tag("nid"),
            raw: String::from_utf8_lossy(&raw).into_owned(),
            read: OnceLock::new(),
        });
        Reply::json(200, &json!({ "MessageId": id }))
    }
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

/// What SES tells the event bus of a mail that it accepted.
pub(crate) fn send_event(mail: &Accepted) -> Value {
    let at = crate::time::instant(mail.at);
    json!({
        "version": "0", "id": mail.id, "detail-type": "Email Sent", "source": "aws.ses", "account": "000000000000",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "region": "eu-central-1", "resources": [],
        "detail": {
            "eventType": "Send",
            "mail": {
                "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(), "source": "desk", "messageId": mail.id, "destination": mail.to,
                "headersTruncated": false, "headers": [], "commonHeaders": {},
                "tags": { "ticket": [mail.ticket], "nid": [mail.notice] },
            },
            "send": {},
        },
    })
}
