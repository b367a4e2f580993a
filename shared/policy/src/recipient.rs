//! Whom a level tells.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{OnCallId, PersonId};

/// Whom a level tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Recipient {
    /// The agent who has the ticket; nobody if nobody has it.
    Assignee,
    /// Every agent of the department.
    Department,
    /// The department's lead.
    Lead,
    /// The policy's management.
    Management,
    /// This person: `person:quality`.
    Person(PersonId),
    /// A mail address that is nobody's of the staff: `address:noc@example.com`.
    Address(String),
    /// Whoever is on call by this roster: `on_call:night`.
    OnCall(OnCallId),
}

/// A text that is not a recipient; the message says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not one of `assignee`, `department`, `lead`, `management`, `person:ID`, `address:name@example.com`, `on_call:ID`"
)]
pub struct UnknownRecipient(String);

impl FromStr for Recipient {
    type Err = UnknownRecipient;

    fn from_str(text: &str) -> Result<Self, UnknownRecipient> {
        let unknown = || UnknownRecipient(text.to_owned());
        match text.split_once(':') {
            None => match text {
                "assignee" => Ok(Self::Assignee),
                "department" => Ok(Self::Department),
                "lead" => Ok(Self::Lead),
                "management" => Ok(Self::Management),
                _ => Err(unknown()),
            },
            Some(("person", id)) => id.parse().map(Self::Person).map_err(|_| unknown()),
            Some(("on_call", id)) => id.parse().map(Self::OnCall).map_err(|_| unknown()),
            Some(("address", address)) => crate::pattern::plain_address(address)
                .map(Self::Address)
                .ok_or_else(unknown),
            Some(_) => Err(unknown()),
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assignee => f.write_str("assignee"),
            Self::Department => f.write_str("department"),
            Self::Lead => f.write_str("lead"),
            Self::Management => f.write_str("management"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Address(address) => write!(f, "address:{address}"),
            Self::OnCall(id) => write!(f, "on_call:{id}"),
        }
    }
}

impl TryFrom<String> for Recipient {
    type Error = UnknownRecipient;
    fn try_from(text: String) -> Result<Self, UnknownRecipient> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> String {
        recipient.to_string()
    }
}
