//! What each kind of step says that only scenarios have; the others are the player's.

use std::collections::BTreeMap;

use play::{Moment, Texts};
use serde::Deserialize;

/// A program opens a ticket.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Json {
    pub(super) key: Option<String>,
    pub(super) fields: toml::Table,
    /// So many times at the same moment; all must get the same answer.
    pub(super) at_once: Option<usize>,
    /// A field of this name with this many letters.
    #[serde(default)]
    pub(super) long: BTreeMap<String, usize>,
}

/// Any other request with a body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Post {
    pub(super) path: String,
    pub(super) r#type: String,
    pub(super) body: String,
}

/// Any page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Get {
    pub(super) path: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

/// SES answers otherwise from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ses {
    pub(super) answer: String,
    pub(super) address: Option<String>,
    pub(super) next: Option<u64>,
}

/// SES stores the next mails, and their events get lost.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receiving {
    /// So many.
    pub(super) drop: u64,
}

/// The desk has sent a mail that no step has expected yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectMail {
    pub(super) to: String,
    /// A part of the subject.
    #[serde(default)]
    pub(super) subject: String,
    /// Parts of the text.
    #[serde(default)]
    pub(super) text: Texts,
    /// What text, HTML and subject must not hold.
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Header name to a part of its value.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// Exactly so many such mails; one if left out.
    pub(super) count: Option<usize>,
    /// Exactly these files went along: `name bytes`.
    pub(super) files: Option<Vec<String>>,
    /// The minute in which it left.
    pub(super) at: Option<Moment>,
    /// A part of the subject of an earlier mail to the same person in whose thread it stands.
    pub(super) thread_of: Option<String>,
}

/// Every mail so far was expected by a step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectNoMoreMail {
    /// Only mails to this address.
    pub(super) to: Option<String>,
}

/// The newest HTTP answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectHttp {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) contains: Texts,
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Header name to a part of its value.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

/// A ticket as `troth ticket show` prints it. What is left out is not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ExpectTicket {
    /// The how manieth that was opened; the first if left out.
    pub(super) ticket: Option<usize>,
    pub(super) status: Option<String>,
    pub(super) r#type: Option<String>,
    pub(super) channel: Option<String>,
    /// `triage` while nobody has decided.
    pub(super) department: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) messages: Option<u64>,
    /// The ticket that it may belong to.
    pub(super) related: Option<usize>,
    /// Whether DMARC has proved the requester.
    pub(super) proved: Option<bool>,
    /// Exactly these promises have clocks that run.
    pub(super) running: Option<Vec<String>>,
    /// Exactly these stand still.
    pub(super) paused: Option<Vec<String>>,
    /// Exactly these are met.
    pub(super) met: Option<Vec<String>>,
    /// Exactly these were missed.
    pub(super) missed: Option<Vec<String>>,
    /// When promises are due, to the minute.
    pub(super) due: BTreeMap<String, Moment>,
    /// Exactly these people cannot be reached by mail.
    pub(super) not_reached: Option<Vec<String>>,
}

/// How many tickets there are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectTickets {
    pub(super) count: usize,
}

/// A ticket's log holds an event with these words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectHistory {
    pub(super) ticket: Option<usize>,
    /// Such as `note_added`.
    pub(super) event: String,
    /// Parts of what it holds: the words, or whatever else it says.
    #[serde(default)]
    pub(super) contains: Texts,
    /// What none of these events holds.
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Exactly so many; one if left out.
    pub(super) count: Option<usize>,
}
