//! Keys that sign links, reply addresses and reference ids.

use std::fmt;

use hmac::Mac;

use super::keyed_hash;
use crate::base32;

/// A signature as it stands in links and addresses: one symbol of key id and 26 of HMAC-SHA-256 (130 bits), lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// The text of the tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The keys that sign links, reply addresses and reference ids: one that signs, and older ones that still verify.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<(char, Vec<u8>)>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(..)")
    }
}

impl Keyring {
    /// Makes a ring from (key id, secret) pairs, the signing key first. A key id is one base-32 symbol.
    pub fn new<'a>(keys: impl IntoIterator<Item = (char, &'a str)>) -> Self {
        Self {
            keys: keys
                .into_iter()
                .map(|(kid, secret)| (kid.to_ascii_lowercase(), secret.as_bytes().to_vec()))
                .collect(),
        }
    }

    /// Signs the parts for one purpose; a tag for one purpose never verifies for another.
    pub fn sign(&self, purpose: &str, parts: &[&str]) -> Tag {
        match self.keys.first() {
            Some((kid, key)) => Tag(format!("{kid}{}", signature(key, purpose, parts))),
            None => Tag(String::new()),
        }
    }

    /// Whether `tag` is ours for these parts. Case does not matter; an unknown key id, an empty ring or any other
    /// defect is a plain no. The comparison takes the same time wherever the tags differ.
    pub fn verify(&self, purpose: &str, parts: &[&str], tag: &str) -> bool {
        let tag = tag.to_ascii_lowercase();
        let mut symbols = tag.chars();
        let Some(kid) = symbols.next() else {
            return false;
        };
        let Some((_, key)) = self.keys.iter().find(|(known, _)| *known == kid) else {
            return false;
        };
        let expected = signature(key, purpose, parts);
        let given = symbols.as_str().as_bytes();
        given.len() == expected.len()
            && given
                .iter()
                .zip(expected.as_bytes())
                .fold(0u8, |differing, (a, b)| differing | (a ^ b))
                == 0
    }
}

fn signature(key: &[u8], purpose: &str, parts: &[&str]) -> String {
    let mut all = vec![purpose];
    all.extend_from_slice(parts);
    base32::encode_lower(&keyed_hash(key, &all).finalize().into_bytes(), 26)
}
