//! The compiled version item: what is stored of a policy version and read by every function.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::CalendarError;
use crate::id::{Lang, PolicyHash};
use crate::letters::Letters;
use crate::policy::Policy;
use crate::terms::Terms;

/// The form of the item that this code writes.
const SCHEMA: u32 = 1;

/// What an item may weigh, so that reading the policy stays cheap.
pub(crate) const MAX_BYTES: usize = 64 * 1024;

/// Why a stored policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A newer release wrote it: try again with that release, and do not overwrite it.
    #[error("the stored policy has schema {found}; this release reads up to {SCHEMA}")]
    NewerSchema {
        /// The schema of the item.
        found: u32,
    },
    /// It is not a policy version at all.
    #[error("the stored policy is not readable")]
    Malformed(#[from] serde_json::Error),
    /// A calendar of it does not work, so it was never checked.
    #[error("a calendar of the stored policy cannot be counted on")]
    Calendar(#[from] CalendarError),
}

#[derive(Serialize, Deserialize)]
struct Item {
    schema: u32,
    hash: PolicyHash,
    terms: Terms,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pages: BTreeMap<Lang, String>,
    /// Kept with the terms whatever they weigh: every mail is written from them.
    #[serde(default, skip_serializing_if = "Letters::is_empty")]
    letters: Letters,
}

#[derive(Deserialize)]
struct Envelope {
    schema: u32,
}

impl Policy {
    /// Reads a version item back.
    ///
    /// The hash is taken from the item: it names what was published, also when a later release would write the same
    /// terms in other words.
    ///
    /// # Errors
    /// [`ReadError::NewerSchema`] asks for a retry by a newer release; the others are faults of the item.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        let Envelope { schema } = serde_json::from_str(json)?;
        if schema > SCHEMA {
            return Err(ReadError::NewerSchema { found: schema });
        }
        let item: Item = serde_json::from_str(json)?;
        Ok(Self::new(
            item.terms,
            item.pages,
            item.letters,
            Some(item.hash),
        )?)
    }

    /// Writes the version item: terms and hash, and the pages too if all of it fits into 64 KB.
    pub fn to_json(&self) -> String {
        let whole = self.item(self.pages().clone());
        if whole.len() <= MAX_BYTES {
            whole
        } else {
            self.item(BTreeMap::new())
        }
    }

    fn item(&self, pages: BTreeMap<Lang, String>) -> String {
        let item = Item {
            schema: SCHEMA,
            hash: self.hash().clone(),
            terms: self.terms().clone(),
            pages,
            letters: self.letters().clone(),
        };
        json(&item)
    }
}

/// The canonical text of the terms: what is hashed.
pub(crate) fn terms_json(terms: &Terms) -> String {
    json(terms)
}

/// Our types have string keys and no failing serializer, so writing them cannot fail.
fn json<T: Serialize>(value: &T) -> String {
    #[expect(
        clippy::expect_used,
        reason = "a serializer without failing parts cannot fail; an empty text would be worse"
    )]
    serde_json::to_string(value).expect("policy types serialize")
}
