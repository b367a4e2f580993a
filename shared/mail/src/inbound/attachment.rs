//! Attachments: what they are, a file name that is safe to show, and their bytes one at a time.

mod name;
mod tnef;
mod uu;

use std::{borrow::Cow, ops::Range};

use mail_parser::ContentType;
use sha2::{Digest as _, Sha256};

use super::{
    decode,
    encoded_word::decode_text,
    mime::{Part, Shape},
};
use name::safe_name;

pub(crate) use tnef::Tnef;
pub(crate) use uu::{take_files as take_uu_files, whole as whole_uu};

/// A file that came with a mail. Its bytes stay in the raw mail until [`Attachment::read`] is called, so
/// that a mail costs no more memory than itself and its largest file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name to show: one path-free line of at most 120 characters, never empty. Never a storage key.
    pub filename: String,
    /// Whether the sender gave a name; else `filename` is ours.
    pub named: bool,
    /// The type the sender claims, `type/subtype` in lower case. A claim: what is served is decided elsewhere.
    pub content_type: String,
    /// The type that the first bytes show, where they show one.
    pub sniffed: Option<&'static str>,
    /// Bytes of the decoded content.
    pub size: u64,
    /// SHA-256 of the decoded content.
    pub digest: [u8; 32],
    /// Its `Content-ID`, by which HTML shows it in place.
    pub content_id: Option<String>,
    /// Whether it is meant to be shown within the text rather than as a file.
    pub inline: bool,
    /// For a file that came inside another (winmail.dat): that one's place in the list.
    pub inside: Option<usize>,
    /// Whether it is a text of the mail itself that came damaged, and no file that somebody attached.
    pub damaged: bool,
    source: Source,
}

/// Where the bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    body: Range<usize>,
    encoding: Option<String>,
    inner: Option<Inner>,
}

/// Where they are within the decoded part.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Inner {
    Plain(Range<usize>),
    Uu(Range<usize>),
}

impl Source {
    fn of(part: &Part<'_>, inner: Option<Inner>) -> Self {
        Self {
            body: part.body.clone(),
            encoding: part.encoding.clone(),
            inner,
        }
    }

    fn bytes<'r>(&self, raw: &'r [u8]) -> Cow<'r, [u8]> {
        let body = raw.get(self.body.clone()).unwrap_or_default();
        let decoded = decode::transfer(body, self.encoding.as_deref());
        match &self.inner {
            None => decoded,
            Some(Inner::Plain(range)) => {
                Cow::Owned(decoded.get(range.clone()).unwrap_or_default().to_vec())
            }
            Some(Inner::Uu(range)) => {
                Cow::Owned(uu::decode(decoded.get(range.clone()).unwrap_or_default()))
            }
        }
    }
}

impl Attachment {
    /// Its content, decoded from the mail it was read from: `raw` is what [`super::parse`] was given.
    pub fn read<'r>(&self, raw: &'r [u8]) -> Cow<'r, [u8]> {
        match super::lines(raw) {
            Cow::Borrowed(raw) => self.source.bytes(raw),
            Cow::Owned(raw) => Cow::Owned(self.source.bytes(&raw).into_owned()),
        }
    }

    fn describe(raw: &[u8], name: Named, content_type: &str, source: Source) -> Self {
        let bytes = source.bytes(raw);
        Self {
            filename: name.text,
            named: name.given,
            content_type: content_type.to_owned(),
            sniffed: infer::Infer::new().get(&bytes).map(|t| t.mime_type()),
            size: bytes.len() as u64,
            digest: Sha256::digest(&bytes).into(),
            content_id: None,
            inline: false,
            inside: None,
            damaged: false,
            source,
        }
    }
}

struct Named {
    text: String,
    given: bool,
}

impl Named {
    fn new(given: Option<&str>, own: impl FnOnce() -> String) -> Self {
        let given = given.map(safe_name).filter(|n| !n.is_empty());
        Self {
            given: given.is_some(),
            text: given.unwrap_or_else(own),
        }
    }
}

fn disposition(part: &Part<'_>) -> Option<ContentType<'static>> {
    part.headers.content_type("content-disposition")
}

/// Whether the sender calls the part an attachment.
pub(crate) fn is_attached(part: &Part<'_>) -> bool {
    disposition(part).is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment"))
}

/// Whether the part has a file name.
pub(crate) fn is_named(part: &Part<'_>) -> bool {
    given_name(part).is_some()
}

fn given_name(part: &Part<'_>) -> Option<String> {
    let named = |ct: Option<ContentType<'static>>, key: &str| {
        ct.and_then(|c| c.attribute(key).map(str::to_owned))
    };
    named(disposition(part), "filename")
        .or_else(|| named(part.headers.content_type("content-type"), "name"))
        .map(|name| {
            if name.contains("=?") {
                decode_text(name.as_bytes())
            } else {
                name
            }
        })
        .filter(|name| !name.trim().is_empty())
}

/// Reads a part as an attachment; `count` numbers those without a name.
pub(crate) fn read(raw: &[u8], parts: &[Part<'_>], index: usize, count: usize) -> Attachment {
    let part = &parts[index];
    let name = Named::new(given_name(part).as_deref(), || {
        own_name(parts, index, count)
    });
    let content_id = part.headers.ids("content-id").into_iter().next();
    let related = part
        .parent
        .is_some_and(|p| parts[p].mime == "multipart/related");
    let shown = content_id.is_some() && related && part.mime.starts_with("image/");
    let declared = disposition(part);
    let says = |what: &str| {
        let is = |d: &ContentType<'_>| d.ctype().eq_ignore_ascii_case(what);
        declared.as_ref().is_some_and(is)
    };
    Attachment {
        inline: says("inline") || shown && !says("attachment"),
        content_id,
        ..Attachment::describe(raw, name, &part.mime, Source::of(part, None))
    }
}

/// Files that stand in the text of a part in uuencode.
pub(crate) fn read_uu(raw: &[u8], part: &Part<'_>, files: Vec<uu::File>) -> Vec<Attachment> {
    let attach = |file: uu::File| {
        let name = Named::new(Some(&file.name), || "attachment".to_owned());
        let source = Source::of(part, Some(Inner::Uu(file.lines)));
        Attachment::describe(raw, name, super::mime::UNREADABLE, source)
    };
    files.into_iter().map(attach).collect()
}

/// The files inside a winmail.dat, which stands at `outer` in the list.
pub(crate) fn read_tnef(raw: &[u8], part: &Part<'_>, tnef: &Tnef, outer: usize) -> Vec<Attachment> {
    let attach = |(n, file): (usize, &tnef::File)| {
        let name = Named::new(Some(&file.name), || format!("file-{}", n + 1));
        let source = Source::of(part, Some(Inner::Plain(file.data.clone())));
        Attachment {
            inside: Some(outer),
            ..Attachment::describe(raw, name, super::mime::UNREADABLE, source)
        }
    };
    tnef.files.iter().enumerate().map(attach).collect()
}

fn own_name(parts: &[Part<'_>], index: usize, count: usize) -> String {
    let part = &parts[index];
    if part.shape == Shape::Message || part.mime.starts_with("message/rfc822") {
        let inner = parts.get(index + 1).filter(|p| p.parent == Some(index));
        let subject = inner
            .and_then(|p| p.headers.text("subject"))
            .map(|s| safe_name(&s))
            .filter(|s| !s.is_empty());
        return format!(
            "{}.eml",
            subject.unwrap_or_else(|| format!("message-{count}"))
        );
    }
    let ending = match part.mime.as_str() {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        _ => return format!("attachment-{count}"),
    };
    format!("attachment-{count}.{ending}")
}
