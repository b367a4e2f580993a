//! Reading and writing attributes of items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ticket::{FIRST_SCHEMA, SCHEMA};

use crate::error::StoreError;

/// An item as `DynamoDB` has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// An instant as epoch milliseconds.
pub(crate) fn instant(value: Timestamp) -> AttributeValue {
    number(value.as_millisecond())
}

/// A value as JSON text. Serialising our own plain types cannot fail.
pub(crate) fn json(value: &impl Serialize) -> AttributeValue {
    text(serde_json::to_string(value).unwrap_or_default())
}

/// Starts an item that every binary understands: its keys and the schema version.
pub(crate) fn new(pk: &str, sk: &str) -> Item {
    asking(FIRST_SCHEMA, pk, sk)
}

/// Starts an item that binaries below a schema version would misread.
pub(crate) fn asking(schema: u16, pk: &str, sk: &str) -> Item {
    HashMap::from([
        ("PK".to_owned(), text(pk)),
        ("SK".to_owned(), text(sk)),
        ("v".to_owned(), number(schema)),
    ])
}

/// The two key attributes.
pub(crate) fn key(pk: &str, sk: &str) -> Item {
    HashMap::from([("PK".to_owned(), text(pk)), ("SK".to_owned(), text(sk))])
}

/// Adds attributes to an item.
pub(crate) fn with<const N: usize>(mut item: Item, more: [(&str, AttributeValue); N]) -> Item {
    for (name, value) in more {
        item.insert(name.to_owned(), value);
    }
    item
}

/// An item being read, with its name for error messages.
pub(crate) struct Reader<'a> {
    item: &'a Item,
}

impl<'a> Reader<'a> {
    /// Refuses an item that a newer binary wrote.
    pub(crate) fn new(item: &'a Item) -> Result<Self, StoreError> {
        let reader = Self { item };
        let found: u16 = reader.number("v")?;
        if found > SCHEMA {
            return Err(StoreError::NewerSchema {
                what: reader.name(),
                found,
            });
        }
        Ok(reader)
    }

    /// The keys, for error messages; they hold no personal data.
    pub(crate) fn name(&self) -> String {
        let part = |name| self.optional(name).unwrap_or("?");
        format!("item {} {}", part("PK"), part("SK"))
    }

    pub(crate) fn optional(&self, name: &str) -> Option<&'a str> {
        self.item.get(name)?.as_s().ok().map(String::as_str)
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str, StoreError> {
        self.optional(name)
            .ok_or_else(|| StoreError::corrupt(self.name(), format!("no text `{name}`")))
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.item
            .get(name)
            .and_then(|value| value.as_n().ok()?.parse().ok())
            .ok_or_else(|| StoreError::corrupt(self.name(), format!("no number `{name}`")))
    }

    pub(crate) fn instant(&self, name: &str) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(self.number(name)?)
            .map_err(|error| StoreError::corrupt(self.name(), error))
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        // serde's own message may quote what a customer wrote, and errors reach the log.
        serde_json::from_str(self.text(name)?).map_err(|error| {
            let why = format!(
                "`{name}`: {:?} at byte {}",
                error.classify(),
                error.column()
            );
            StoreError::corrupt(self.name(), why)
        })
    }
}
