//! What each kind of step says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::script::{Moment, Texts, yes};

/// A person fills the form in a browser and sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) subject: String,
    pub(super) message: String,
    pub(super) department: String,
    pub(super) r#type: String,
    /// The browser's language.
    pub(super) lang: String,
    pub(super) zone: String,
    /// Fields that the form does not have.
    pub(super) extra: BTreeMap<String, String>,
    /// The page is reloaded: the very same form is sent once more.
    pub(super) again: bool,
}

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

/// A customer opens the page that the newest mail to them links to, and may write on it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) from_mail_to: String,
    pub(super) write: Option<String>,
}

/// Somebody writes a mail.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) name: String,
    pub(super) to: String,
    /// The envelope sender; as `from` if left out.
    pub(super) envelope_from: Option<String>,
    pub(super) subject: String,
    pub(super) text: String,
    /// The Message-ID, without angle brackets.
    pub(super) id: Option<String>,
    pub(super) headers: BTreeMap<String, String>,
    /// What SES finds out, such as `dmarc=FAIL`.
    pub(super) verdict: Option<String>,
    /// The whole mail instead of subject, text and headers.
    pub(super) raw: Option<String>,
}

/// Somebody answers a mail that the desk sent, in their mail program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    /// Whose mail is answered: the newest to this address.
    pub(super) to_mail_to: String,
    /// A part of its subject.
    #[serde(default)]
    pub(super) subject: String,
    /// Who answers, if it is not whoever got the mail.
    pub(super) from: Option<String>,
    pub(super) text: String,
    /// Whether the mail program quotes the mail below the answer, our marker line with it.
    #[serde(default = "yes")]
    pub(super) quote: bool,
    /// What the mail program keeps of what leads back to the ticket.
    #[serde(default)]
    pub(super) keeps: Keeps,
    /// Where the answer goes if it does not keep the reply address.
    #[serde(default)]
    pub(super) to: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) verdict: Option<String>,
}

/// What of a mail an answer still carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Keeps {
    /// Reply address, References, In-Reply-To.
    #[default]
    Everything,
    /// Only the address.
    Address,
    /// Only our ids in References.
    References,
    /// Only the id that SES gave.
    SesId,
}

/// Time passes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    pub(super) by: Option<String>,
    pub(super) to: Option<Moment>,
}

/// SES answers otherwise from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ses {
    pub(super) answer: String,
    pub(super) address: Option<String>,
    pub(super) next: Option<u64>,
}

/// Somebody at the company runs `troth`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Troth {
    /// Its arguments.
    pub(super) run: Vec<String>,
    /// Parts of what it prints.
    #[serde(default)]
    pub(super) contains: Texts,
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Whether it is to refuse; what it says is then looked for in its complaint.
    #[serde(default)]
    pub(super) refused: bool,
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
