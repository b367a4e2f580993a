//! The identity of a policy version: a hash of its content, written in base 32.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::id::{Lang, PolicyHash};
use crate::letters::Letters;

/// Crockford's base 32 in lower case: no i, l, o or u, so that a hash can be read aloud.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Hashes terms, page sources and letters; each part is preceded by its length, so that no two contents run together alike.
pub(crate) fn of_content(
    terms: &str,
    pages: &BTreeMap<Lang, String>,
    letters: &Letters,
) -> PolicyHash {
    let mut hasher = Sha256::new();
    let parts = pages
        .iter()
        .flat_map(|(lang, page)| [lang.as_str(), page.as_str()]);
    let letters = letters.iter().flat_map(|(name, text)| [name, text]);
    for part in std::iter::once(terms).chain(parts).chain(letters) {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let high = digest[..16]
        .iter()
        .fold(0_u128, |number, &byte| number << 8 | u128::from(byte));
    PolicyHash::encoded(high)
}

/// 128 bits as 26 characters; the first carries the upper three bits.
pub(crate) fn base32(number: u128) -> String {
    (0..26)
        .rev()
        .map(|place| char::from(ALPHABET[(number >> (place * 5) & 31) as usize]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_writes_all_128_bits() {
        assert_eq!(base32(0), "0".repeat(26));
        assert_eq!(base32(u128::MAX), format!("7{}", "z".repeat(25)));
        assert_eq!(base32(33), format!("{}11", "0".repeat(24)));
    }

    #[test]
    fn moving_text_between_parts_changes_the_hash() {
        let lang = Lang::new("en").unwrap();
        let hash = |terms: &str, page: &str| {
            let pages = BTreeMap::from([(lang.clone(), page.to_owned())]);
            of_content(terms, &pages, &Letters::default())
        };
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
        assert_eq!(hash("ab", "c"), hash("ab", "c"));
    }
}
