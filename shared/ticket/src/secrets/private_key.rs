//! Private keys in PEM armour (RFC 7468), quoted or not, with or without their last line.

use super::{Found, SecretKind, window};

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// Fields that may stand in a key's header (RFC 1421, RFC 4880).
const FIELDS: [&str; 4] = ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"];

/// A short last line of base-64 belongs to the key only behind a line of at least this length.
const FULL_LINE: usize = 40;

/// Finds private keys: from the line that begins one to the line that ends it, or to where the key's lines end.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(BEGIN)) {
        let start = from + at;
        from = start + BEGIN.len();
        let label = window(text, from, 60).split_once(DASHES);
        if let Some((label, _)) = label.filter(|(label, _)| label.contains("PRIVATE KEY")) {
            from = end_of_key(text, from + label.len() + DASHES.len());
            found.push(Found {
                at: start..from,
                kind: SecretKind::PrivateKey,
            });
        }
    }
    found
}

/// Where the words of a key end. A word of it is base-64 or a field of its header; a quotation's mark may stand before it.
fn end_of_key(text: &str, body: usize) -> usize {
    let mut end = body;
    let mut at = body;
    let mut last = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let marks = |c: &char| c.is_whitespace() || matches!(c, '>' | '|');
        at += rest
            .chars()
            .take_while(marks)
            .map(char::len_utf8)
            .sum::<usize>();
        let rest = text.get(at..).unwrap_or_default();
        if let Some(label) = window(rest, 0, 80).strip_prefix("-----END ") {
            let label = label
                .find(DASHES)
                .map_or(label.len(), |to| to + DASHES.len());
            return at + "-----END ".len() + label;
        }
        let base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let word = rest.bytes().take_while(base64).count();
        let behind = rest.get(word..).unwrap_or_default().chars().next();
        let whole = behind.is_none_or(char::is_whitespace);
        let ends_line = behind.is_none_or(|c| matches!(c, '\r' | '\n'));
        if whole && (word > 20 || (word > 0 && last >= FULL_LINE && ends_line)) {
            at += word;
            end = at;
            last = word;
        } else if let Some(field) = FIELDS.iter().find(|field| rest.starts_with(*field)) {
            at += field.len();
            at += window(text, at, 120)
                .split('\n')
                .next()
                .unwrap_or_default()
                .len();
            end = at;
        } else {
            return end;
        }
    }
}
