//! Ticket ids and the numbers that customers see.

use std::fmt;
use std::str::FromStr;

use hmac::Mac;
use serde::{Deserialize, Serialize};

use super::{Pepper, keyed_hash};
use crate::base32;

/// Identifies a ticket; written with the policy's prefix it is the number that customers see.
///
/// Seven Crockford base-32 symbols (35 bits) and a check symbol. It is never sequential and never enough to read a ticket.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketId([u8; 8]);

impl TicketId {
    /// Derives the id of the ticket that `key` of `source` opens (`form` and its nonce, `email` and the SES message id).
    ///
    /// `attempt` counts up from 0 when the id is taken by another source; a replay walks the same attempts and so
    /// meets its own ticket.
    pub fn derive(pepper: &Pepper, source: &str, key: &str, attempt: u8) -> Self {
        let attempt = attempt.to_string();
        let hash = keyed_hash(&pepper.0, &["ticket", source, key, &attempt]).finalize();
        let text = base32::encode_lower(&hash.into_bytes(), 7).to_ascii_uppercase();
        let mut symbols = [b'0'; 8];
        symbols[..7].copy_from_slice(&text.as_bytes()[..7]);
        symbols[7] = Self::check_symbol(&symbols[..7]);
        Self(symbols)
    }

    /// Sum of the values with odd weights, modulo 32: odd weights are invertible there, so every single wrong symbol shows.
    fn check_symbol(data: &[u8]) -> u8 {
        let sum: usize = data
            .iter()
            .enumerate()
            .map(|(place, &symbol)| {
                (2 * place + 1) * usize::from(base32::value_of(char::from(symbol)).unwrap_or(0))
            })
            .sum();
        base32::ALPHABET[sum % 32]
    }

    /// The eight symbols, upper case, without prefix and hyphens.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The number as customers see it: `EH-7K3Q-9M2X`.
    pub fn number(&self, prefix: &str) -> String {
        let text = self.as_str();
        format!("{prefix}-{}-{}", &text[..4], &text[4..])
    }

    /// Reads a number with any prefix, because an older policy may have had another, or without one.
    pub fn with_any_prefix(number: &str) -> Option<Self> {
        let without_prefix = number.split_once('-');
        let without_prefix = without_prefix.and_then(|(_, rest)| rest.parse().ok());
        number.parse().ok().or(without_prefix)
    }

    /// Reads a number that a person typed: the prefix, hyphens, spaces and case do not matter.
    pub fn from_number(prefix: &str, number: &str) -> Option<Self> {
        let text = number.trim();
        let bare = match text.get(..prefix.len()) {
            Some(start) if start.eq_ignore_ascii_case(prefix) && text.len() > 8 => {
                &text[prefix.len()..]
            }
            _ => text,
        };
        bare.parse().ok()
    }
}

/// The text is not a ticket number: wrong length, a symbol outside Crockford base 32, or a wrong check symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket number; check it for a typing mistake")]
pub struct NotATicketId;

impl FromStr for TicketId {
    type Err = NotATicketId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut symbols = [0u8; 8];
        let mut count = 0;
        for symbol in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let value = base32::value_of(symbol).ok_or(NotATicketId)?;
            *symbols.get_mut(count).ok_or(NotATicketId)? = base32::ALPHABET[usize::from(value)];
            count += 1;
        }
        if count == 8 && Self::check_symbol(&symbols[..7]) == symbols[7] {
            Ok(Self(symbols))
        } else {
            Err(NotATicketId)
        }
    }
}

impl TryFrom<String> for TicketId {
    type Error = NotATicketId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TicketId> for String {
    fn from(id: TicketId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
