//! Mails that the desk sent, as `/_local/mail.json` shows them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

/// One mail.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// The id that SES gave.
    pub id: String,
    /// When SES accepted it, on the desk's clock.
    pub at: Timestamp,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// The decoded subject.
    pub subject: String,
    /// The plain text part.
    #[serde(default)]
    pub text: Option<String>,
    /// The HTML part.
    #[serde(default)]
    pub html: Option<String>,
    /// Lower-case name to value.
    pub headers: BTreeMap<String, String>,
    /// What went along.
    #[serde(default)]
    pub files: Vec<Enclosed>,
}

/// A file that went along with a mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Enclosed {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: usize,
}

impl Mail {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The plain text.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Whether it went to this address.
    pub fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }

    /// The ids in a header, each with its angle brackets.
    pub fn ids(&self, header: &str) -> Vec<&str> {
        let value = self.header(header);
        value
            .split_whitespace()
            .filter(|id| id.starts_with('<'))
            .collect()
    }

    /// [`Mail::line`] without the seconds.
    pub fn minute_line(&self) -> String {
        let minute = self.at.strftime("%Y-%m-%dT%H:%MZ");
        format!("{minute}  {}  {}", self.to.join(", "), self.subject)
    }

    /// Who got it, when and about what, in one line.
    pub fn line(&self) -> String {
        format!("{:.0}  {}  {}", self.at, self.to.join(", "), self.subject)
    }
}
