//! Who and what things are: ticket ids, hashed addresses, notice ids, and the keys that sign links and addresses.
//!
//! Identity comes from the source (a keyed hash of where an input came from), so that the second delivery of an
//! input meets its own ticket instead of making another.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base32;

mod keyring;
#[cfg(test)]
mod tests;
mod ticket_id;

pub use keyring::{Keyring, Tag};
pub use ticket_id::{NotATicketId, TicketId};

type HmacSha256 = Hmac<Sha256>;

/// HMAC-SHA-256 over the parts, each preceded by its length so that no two lists of parts read the same.
#[expect(
    clippy::expect_used,
    reason = "HMAC takes a key of any length (RFC 2104 section 3); a made-up key would be worse than a panic"
)]
fn keyed_hash(key: &[u8], parts: &[&str]) -> HmacSha256 {
    let mut mac = HmacSha256::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac
}

/// The secret that turns addresses and sources into stable pseudonyms.
///
/// It is never rotated: a person's tickets and a replay's ticket are found by it.
#[derive(Clone)]
pub struct Pepper(Vec<u8>);

impl Pepper {
    /// Takes the secret as it stands in Secrets Manager.
    pub fn new(secret: &str) -> Self {
        Self(secret.as_bytes().to_vec())
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(..)")
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text of the id, lower-case Crockford base 32.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The first ten symbols (50 bits): enough to tell the people of one ticket apart inside a signed address.
            pub fn short(&self) -> &str {
                self.0.get(..10).unwrap_or(&self.0)
            }

            /// Takes an id read back from the table or a queue; anything but 10 to 26 base-32 symbols is refused.
            pub fn from_stored(text: &str) -> Option<Self> {
                let fits = (10..=26).contains(&text.len())
                    && text.chars().all(|c| !c.is_ascii_uppercase() && base32::value_of(c).is_some());
                fits.then(|| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// The pseudonym of an e-mail address: 128 bits of a keyed hash of the address in lower case.
    AddressHash
}
text_id! {
    /// Identifies one outgoing message to one person: the hash of ticket, reason and recipient, so that the same
    /// reason never makes two.
    NoticeId
}
text_id! {
    /// SHA-256 of some content, 128 bits of it.
    ContentDigest
}

text_id! {
    /// Names the object that holds a file: 130 bits that nobody can guess and that say nothing of the file.
    FileKey
}

impl FileKey {
    /// Derives the key from where the file came from, its place there and its content.
    ///
    /// Keyed, so that no sender can choose it; and the same for every delivery of the same mail, so that a second one
    /// writes the same bytes to the same object. Other bytes make another key: nothing can be written over.
    pub fn of(pepper: &Pepper, origin: &str, place: usize, sha256: &str) -> Self {
        let parts = ["file", origin, &place.to_string(), sha256];
        let hash = keyed_hash(&pepper.0, &parts).finalize();
        Self(base32::encode_lower(&hash.into_bytes(), 26))
    }
}

impl AddressHash {
    /// Hashes an address; case and surrounding space do not matter.
    pub fn of(pepper: &Pepper, address: &str) -> Self {
        let address = address.trim().to_lowercase();
        let hash = keyed_hash(&pepper.0, &["address", &address]).finalize();
        Self(base32::encode_lower(&hash.into_bytes(), 26))
    }
}

impl NoticeId {
    /// Derives the id from what makes the notice unique on its ticket.
    pub fn of(ticket: TicketId, parts: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(ticket.as_str());
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(base32::encode_lower(&hasher.finalize(), 16))
    }
}

impl ContentDigest {
    /// Digests the parts, each preceded by its length.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(base32::encode_lower(&hasher.finalize(), 26))
    }
}
