//! Attachments: their bytes, and a file name that is safe to show and to offer for download.

use mail_parser::ContentType;

use super::{
    headers::decode_text,
    mime::{Part, Shape},
};
use crate::clean;

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name to show: one path-free line of at most 120 characters, never empty. Never a storage key.
    pub filename: String,
    /// Whether the sender gave a name; else `filename` is ours.
    pub named: bool,
    /// The type the sender claims, `type/subtype` in lower case. A claim: what is served is decided elsewhere.
    pub content_type: String,
    /// The decoded content.
    pub bytes: Vec<u8>,
    /// Its `Content-ID`, by which HTML shows it in place.
    pub content_id: Option<String>,
    /// Whether it is meant to be shown within the text rather than as a file.
    pub inline: bool,
}

const MAX_NAME: usize = 120;
/// Characters of a name that are looked at; its ending is at the end.
const MAX_READ: usize = 8_000;

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
    let given = given_name(part)
        .map(|n| safe_name(&n))
        .filter(|n| !n.is_empty());
    let named = given.is_some();
    let filename = given.unwrap_or_else(|| own_name(parts, index, count));
    Attachment {
        filename,
        named,
        content_type: part.mime.clone(),
        bytes: part.bytes(raw).into_owned(),
        content_id: part.headers.ids("content-id").into_iter().next(),
        inline: disposition(part).is_some_and(|d| d.ctype().eq_ignore_ascii_case("inline")),
    }
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

/// A name without path, control or invisible characters and without what a file system or a header
/// gives a meaning to. Cleaning comes first and the check for dots last, so that no removed character
/// can hide one. A long name keeps its ending.
pub(crate) fn safe_name(name: &str) -> String {
    let line = clean::single_line(name, MAX_READ);
    let last = line.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .filter(|c| !matches!(c, '\u{200C}' | '\u{200D}'))
        .map(|c| {
            if "<>:\"|?*;`$\u{2215}\u{2044}\u{29F8}\u{FF0F}\u{FF3C}".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let trimmed = cleaned.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let length = trimmed.chars().count();
    if length <= MAX_NAME {
        return trimmed.to_owned();
    }
    let ending = trimmed
        .rsplit_once('.')
        .map(|(_, e)| e)
        .filter(|e| e.len() <= 10);
    let keep = MAX_NAME - ending.map_or(0, |e| e.chars().count() + 1);
    let stem: String = trimmed.chars().take(keep).collect();
    ending.map_or(stem.clone(), |e| format!("{stem}.{e}"))
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_cannot_leave_its_folder_hide_its_ending_or_be_a_dot_file() {
        for (given, want) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.png", "a.png"),
            ("\u{200B}.htaccess", "htaccess"),
            (".\u{200D}.", ""),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("a\r\nb\0.txt", "a b.txt"),
            ("na:me?.txt", "na_me_.txt"),
        ] {
            assert_eq!(safe_name(given), want, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.pdf", "ä".repeat(4000)));
        assert_eq!(name.chars().count(), 120);
        assert_eq!(name, format!("{}.pdf", "ä".repeat(116)));
    }
}
