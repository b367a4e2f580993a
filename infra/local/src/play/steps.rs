//! What the steps say that people take.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::script::{Moment, Texts, yes};

/// A person fills the form in a browser and sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Form {
    /// Their address.
    pub email: String,
    /// The name they give; may be empty.
    pub name: String,
    /// The subject; empty if none.
    pub subject: String,
    /// What they write.
    pub message: String,
    /// The id of the department they choose; empty for "not sure".
    pub department: String,
    /// Such as `complaint`; empty for the form's own choice.
    pub r#type: String,
    /// The browser's language.
    pub lang: String,
    /// The browser's time zone.
    pub zone: String,
    /// Fields that the form does not have.
    pub extra: BTreeMap<String, String>,
    /// The page is reloaded: the very same form is sent once more.
    pub again: bool,
}

/// A customer opens the page that the newest mail to them links to, or the answer that they have just got, and may write
/// on it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Whose mail has the link; none for the link that the last answer showed.
    pub from_mail_to: Option<String>,
    /// A part of that mail's subject.
    #[serde(default)]
    pub subject: String,
    /// What they write.
    pub write: Option<String>,
}

/// A file that goes along with a mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Along {
    /// Its name, as it stands in the header.
    pub name: String,
    /// A line of it.
    pub content: String,
    /// How many such lines it has.
    #[serde(default = "once")]
    pub lines: usize,
}

fn once() -> usize {
    1
}

/// Somebody opens a file: by its link in the newest mail to them or, where that has none, on the page it links to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Who opens it.
    pub from_mail_to: String,
    /// The file's name.
    pub name: String,
}

/// Somebody writes a mail.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    /// The address in From.
    pub from: String,
    /// The name they give; may be empty.
    pub name: String,
    /// Where it goes.
    pub to: String,
    /// The envelope sender; as `from` if left out.
    pub envelope_from: Option<String>,
    /// The subject; empty if none.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The Message-ID, without angle brackets.
    pub id: Option<String>,
    /// Header name to value.
    pub headers: BTreeMap<String, String>,
    /// What SES finds out, such as `dmarc=FAIL`.
    pub verdict: Option<String>,
    /// The whole mail instead of subject, text and headers.
    pub raw: Option<String>,
    /// What goes along.
    pub files: Vec<Along>,
}

/// Somebody answers a mail that the desk sent, in their mail program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Whose mail is answered: the newest to this address.
    pub to_mail_to: String,
    /// A part of its subject.
    #[serde(default)]
    pub subject: String,
    /// Who answers, if it is not whoever got the mail.
    pub from: Option<String>,
    /// The words.
    pub text: String,
    /// Whether the mail program quotes the mail below the answer, our marker line with it.
    #[serde(default = "yes")]
    pub quote: bool,
    /// What the mail program keeps of what leads back to the ticket.
    #[serde(default)]
    pub keeps: Keeps,
    /// Where the answer goes if it does not keep the reply address.
    #[serde(default)]
    pub to: String,
    /// What goes along.
    #[serde(default)]
    pub files: Vec<Along>,
    /// Header name to value.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What SES finds out, such as `dmarc=FAIL`.
    pub verdict: Option<String>,
}

/// What of a mail an answer still carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeps {
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
pub struct Advance {
    /// An ISO 8601 duration.
    pub by: Option<String>,
    /// Where it goes.
    pub to: Option<Moment>,
}

/// Somebody at the company runs `troth`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Troth {
    /// Its arguments.
    pub run: Vec<String>,
    /// Parts of what it prints.
    #[serde(default)]
    pub contains: Texts,
    /// What it must not print.
    #[serde(default)]
    pub lacks: Texts,
    /// Whether it is to refuse; what it says is then looked for in its complaint.
    #[serde(default)]
    pub refused: bool,
}
