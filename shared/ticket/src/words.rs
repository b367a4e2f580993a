//! Text that people write, bounded.

use serde::{Deserialize, Serialize};

use crate::identity::FileKey;
use crate::secrets::{Masked, add_all, at_least, mask};

/// Text that a person wrote. It is personal: never logged, erasable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// The subject, where there is one.
    #[serde(rename = "s", default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The new words; at most [`Words::MAX_BYTES`].
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The quoted rest of a mail, folded away in views; within the same bound.
    #[serde(rename = "q", default, skip_serializing_if = "String::is_empty")]
    pub quoted: String,
    /// Whether the text was cut at the bound; the whole stands in `raw`.
    #[serde(rename = "c", default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The name of the raw mail under the ticket's prefix in S3: its SES message id.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The mail's own Message-ID without angle brackets: an answer names it, so that the writer's program files the
    /// answer under what they wrote. Strangers chose it: it identifies nothing (security-bar 1.1).
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// What of the mail was too much to be read; then the text only says so, and the whole stands in `raw`.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub too_much: Option<TooMuch>,
    /// What came along, each with the object that holds its bytes.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentNote>,
    /// Secrets in what came along and is not shown, such as the HTML beside a text. They count with those in the words,
    /// whose greater number of a kind counts; they are recorded as masked, not with the words.
    #[serde(skip)]
    pub unseen: Vec<Masked>,
}

/// What of a mail was more than is read; its sender is told what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TooMuch {
    /// Its bytes.
    Size,
    /// Its attachments.
    Attachments,
    /// Its recipients or other header lines.
    Headers,
    /// Its parts, their nesting, or one endless line.
    Structure,
}

/// A file that came with a mail. Its bytes are an object of their own if it has a key, else in the raw mail alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttachmentNote {
    /// The safe file name.
    pub name: String,
    /// Its size in bytes after decoding.
    pub bytes: u64,
    /// The object that holds the bytes; none if they were held back, or recorded before files had objects.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<FileKey>,
    /// The type that its first bytes show, where they show one; what the sender claims is not kept.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// SHA-256 of the bytes in lower-case hexadecimal, as `sha256sum` prints it.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Why there is no object.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
}

/// Why a file has no object and nobody can open it from the ticket. The raw mail still has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// A scanner found a virus in the mail.
    Virus,
    /// It is no file that somebody attached but a text of the mail that came damaged, and the mail held secrets. The copy
    /// that takes the raw mail's place has it masked.
    Secret,
    /// The mail has more files, or more bytes in them, than get objects.
    TooMany,
}

impl Words {
    /// Text and quotation together stay within this; longer mail is cut here and read whole from S3.
    pub const MAX_BYTES: usize = 96 * 1024;

    /// Words with text only.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Cuts text and quotation to [`Words::MAX_BYTES`] at a character boundary, and notes that it did.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let cut_text = cut(&mut self.text, Self::MAX_BYTES);
        let cut_quote = cut(&mut self.quoted, Self::MAX_BYTES - self.text.len());
        self.cut |= cut_text | cut_quote;
        self
    }
}

/// Words as the log may hold them: secrets masked, length bounded. There is no other way to make one, and an event takes
/// nothing else, so that no way in can forget it.
#[derive(Debug, Clone)]
pub(crate) struct Safe(Words);

impl Safe {
    /// Masks first and cuts then: half a key would not be recognised. Also tells what was masked; a quotation that
    /// repeats the new words counts once.
    pub(crate) fn of(mut words: Words) -> (Self, Vec<Masked>) {
        let mut masked = masked_in(&mut words.text);
        at_least(&mut masked, &masked_in(&mut words.quoted));
        add_all(&mut masked, &masked_in(&mut words.subject));
        for attachment in &mut words.attachments {
            add_all(&mut masked, &masked_in(&mut attachment.name));
        }
        at_least(&mut masked, &std::mem::take(&mut words.unseen));
        (Self(words.bounded()), masked)
    }

    pub(crate) fn into_words(self) -> Words {
        self.0
    }
}

fn masked_in(text: &mut String) -> Vec<Masked> {
    let (clean, masked) = mask(text);
    *text = clean;
    masked
}

fn cut(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    let end = (0..=limit)
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0);
    text.truncate(end);
    true
}
