//! Secrets that people write although they should not: found, masked, counted (clause ON.4).
//!
//! [`mask`] is called where a decision records words ([`crate::Words::masked`]), so that no way into the log goes round it.
//! It reads the text once for each kind, and again where it found something: time and memory grow with the text and with nothing else. What it cannot
//! recognise it leaves: a password that stands in a sentence like any other word, a number in a picture.

mod card;
mod password;
mod private_key;
#[cfg(test)]
mod tests;
mod text;
mod token;

pub use text::masked_text;

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What stands where a secret stood; the same in every language.
const GAP: &str = "[****]";

/// A kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// The number of a payment card; its last four digits stay readable, as on a receipt.
    Card,
    /// A private key in PEM armour.
    PrivateKey,
    /// A key of a well-known service, by its prefix.
    AccessKey,
    /// A bearer token or a JSON web token (RFC 7519).
    Token,
    /// What stands behind "password:" or a word like it.
    Password,
}

/// How many secrets of a kind were masked; never what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// The kind.
    pub kind: SecretKind,
    /// How many.
    pub count: u32,
}

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    at: Range<usize>,
    kind: SecretKind,
}

/// So often a text is gone through: what stood against a secret begins a word of its own once that is masked, and may be
/// one too.
const ROUNDS: usize = 8;

/// The text with every recognised secret masked, and what was masked, by kind; masking the result again changes nothing.
pub fn mask(text: &str) -> (String, Vec<Masked>) {
    let (mut out, mut masked) = once(text);
    for _ in 1..ROUNDS {
        let (again, more) = once(&out);
        if more.is_empty() {
            break;
        }
        out = again;
        add_all(&mut masked, &more);
    }
    (out, masked)
}

fn once(text: &str) -> (String, Vec<Masked>) {
    let mut found = private_key::find(text);
    found.extend(token::find(text));
    found.extend(password::find(text));
    found.extend(card::find(text));
    found.sort_by_key(|it| (it.at.start, std::cmp::Reverse(it.at.end)));
    let mut out = String::with_capacity(text.len());
    let mut masked = Vec::new();
    let mut end = 0;
    for it in found {
        if it.at.start < end {
            // It overlaps one that is masked already: what sticks out goes with that one.
            end = end.max(it.at.end);
            continue;
        }
        out.push_str(text.get(end..it.at.start).unwrap_or_default());
        match it.kind {
            SecretKind::Card => {
                out.push_str(&card::mask(text.get(it.at.clone()).unwrap_or_default()));
            }
            _ => out.push_str(GAP),
        }
        end = it.at.end;
        add(&mut masked, it.kind, 1);
    }
    out.push_str(text.get(end..).unwrap_or_default());
    (out, masked)
}

/// Adds to the count of a kind; kinds stay in their order.
fn add(masked: &mut Vec<Masked>, kind: SecretKind, count: u32) {
    match masked.binary_search_by_key(&kind, |it| it.kind) {
        Ok(place) => {
            if let Some(it) = masked.get_mut(place) {
                it.count = it.count.saturating_add(count);
            }
        }
        Err(place) => masked.insert(place, Masked { kind, count }),
    }
}

/// Adds the counts of `more` to `masked`.
pub(crate) fn add_all(masked: &mut Vec<Masked>, more: &[Masked]) {
    for it in more {
        add(masked, it.kind, it.count);
    }
}

/// The greater count of each kind: for two texts of which one holds the other, or says the same otherwise.
pub fn at_least(masked: &mut Vec<Masked>, other: &[Masked]) {
    for it in other {
        let known = masked.iter().find(|known| known.kind == it.kind);
        let known = known.map_or(0, |known| known.count);
        add(masked, it.kind, it.count.saturating_sub(known));
    }
    masked.retain(|it| it.count > 0);
}

/// Whether `c` belongs to a word or a key: a secret begins and ends where these do.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// At most `bytes` of the text from `at` on: whoever looks ahead looks no further, whatever stands there.
fn window(text: &str, at: usize, bytes: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.floor_char_boundary(bytes);
    rest.get(..end).unwrap_or_default()
}
