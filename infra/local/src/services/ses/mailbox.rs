//! Every mail that left, on disk: the raw bytes, and a JSON file that says who and when.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use mail_parser::{MessageParser, MimeHeaders as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::message;
use super::orders::Behaviour;
use crate::data_dir::write_whole;
use crate::stop::{Doing, Stop};

/// One mail that SES accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// Position in the order of sending.
    pub(super) number: u64,
    #[serde(default)]
    pub(crate) bounced: bool,
    /// The configuration set that it was sent under.
    #[serde(default)]
    pub(crate) configuration_set: Option<String>,
    /// The tags that the sender gave it.
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

impl Sent {
    /// What happens to it, as far as its record tells after a restart.
    pub(crate) fn behaviour(&self) -> Behaviour {
        if self.bounced {
            Behaviour::Bounce
        } else {
            Behaviour::Ok
        }
    }
}

/// A kept mail with its content.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) sent: Sent,
    pub(crate) raw: Vec<u8>,
}

/// A mail's readable parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readable {
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    /// Lower-case name to value; repeated fields are joined by a line break.
    pub(crate) headers: Map<String, Value>,
    /// Name and bytes of each file.
    pub(crate) files: Vec<Value>,
}

/// The mails of this data directory, in the order of sending.
#[derive(Debug)]
pub(crate) struct Mailbox {
    folder: PathBuf,
    sent: Mutex<Vec<Sent>>,
}

impl Mailbox {
    /// Reads what earlier runs kept. A raw file without its JSON was never answered and does not count.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, Stop> {
        let mut sent = Vec::new();
        for entry in std::fs::read_dir(&folder).doing(format!("read {}", folder.display()))? {
            let path = entry.doing("read the mailbox")?.path();
            if path.extension().is_some_and(|ext| ext == "json") {
                let text = std::fs::read(&path).doing(format!("read {}", path.display()))?;
                sent.push(
                    serde_json::from_slice::<Sent>(&text)
                        .doing(format!("read {}", path.display()))?,
                );
            }
        }
        sent.sort_by_key(|mail| mail.number);
        Ok(Self {
            folder,
            sent: Mutex::new(sent),
        })
    }

    /// Keeps a mail and gives it its place in the order; when this returns, a killed runner does not lose it.
    pub(crate) fn keep(&self, mut sent: Sent, raw: &[u8]) -> std::io::Result<()> {
        let mut all = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.number = all.last().map_or(0, |last| last.number + 1);
        write_whole(&self.file(&sent.id, "eml"), raw)?;
        let text = serde_json::to_vec_pretty(&sent)?;
        write_whole(&self.file(&sent.id, "json"), &text)?;
        all.push(sent);
        Ok(())
    }

    fn file(&self, id: &str, extension: &str) -> PathBuf {
        self.folder.join(format!("{id}.{extension}"))
    }

    /// What was sent, in order.
    pub(crate) fn list(&self) -> Vec<Sent> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// One mail by its SES id.
    pub(crate) fn get(&self, id: &str) -> Option<Mail> {
        let sent = self.list().into_iter().find(|mail| mail.id == id)?;
        let raw = std::fs::read(self.file(&sent.id, "eml")).ok()?;
        Some(Mail { sent, raw })
    }
}

/// The parts of a mail that a person or a test reads.
pub(crate) fn readable(raw: &[u8]) -> Readable {
    let mut headers = Map::new();
    for field in message::fields(message::split(raw).0) {
        if let Some((name, value)) = message::name_and_value(field) {
            let entry = headers.entry(name.to_lowercase()).or_insert(json!(""));
            let known = entry.as_str().unwrap_or_default();
            let joined = if known.is_empty() {
                value
            } else {
                format!("{known}\n{value}")
            };
            *entry = Value::String(joined);
        }
    }
    let Some(parsed) = MessageParser::default().parse(raw) else {
        return Readable {
            headers,
            ..Readable::default()
        };
    };
    // body_html would make HTML from a text part; only show what was sent.
    let has_html = parsed
        .parts
        .iter()
        .any(mail_parser::MessagePart::is_text_html);
    let files = parsed.attachments();
    let files =
        files.map(|file| json!({ "name": file.attachment_name(), "bytes": file.contents().len() }));
    Readable {
        files: files.collect(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: parsed.body_text(0).map(std::borrow::Cow::into_owned),
        html: has_html
            .then(|| parsed.body_html(0).map(std::borrow::Cow::into_owned))
            .flatten(),
        headers,
    }
}
