//! Names of things in a policy: checked once, compared ever after.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name that is not of the form its kind asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct InvalidId {
    text: String,
    wanted: &'static str,
}

const ID_FORM: &str = "an id: 1 to 32 of the characters a-z, 0-9 and -";

fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_lang(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_hash(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|b| crate::hash::ALPHABET.contains(&b))
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:path, $wanted:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the form and wraps the text.
            ///
            /// # Errors
            /// The text does not have the form; the error says which form is wanted.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                if $check(&text) { Ok(Self(text)) } else { Err(InvalidId { text, wanted: $wanted }) }
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

checked_text!(
    /// Names a policy, such as `web-host-au`.
    PolicyId, is_id, ID_FORM
);
checked_text!(
    /// Names a calendar of the policy, or the built-in [`always`](CalendarId::always).
    CalendarId, is_id, ID_FORM
);
checked_text!(
    /// Names a department.
    DepartmentId, is_id, ID_FORM
);
checked_text!(
    /// Names a promise.
    PromiseId, is_id, ID_FORM
);
checked_text!(
    /// Names an agent or a manager.
    PersonId, is_id, ID_FORM
);
checked_text!(
    /// Names one level of a promise's ladder.
    LevelId, is_id, ID_FORM
);
checked_text!(
    /// Names a roster of who is on call.
    OnCallId, is_id, ID_FORM
);
checked_text!(
    /// Names a level of `[conduct]`.
    ConductId, is_id, ID_FORM
);
checked_text!(
    /// Names a group of customers.
    GroupId, is_id, ID_FORM
);
checked_text!(
    /// Names something that customers use.
    ServiceId, is_id, ID_FORM
);
checked_text!(
    /// Names something that support does not cover.
    ScopeId, is_id, ID_FORM
);
checked_text!(
    /// Names a rule of routing.
    RouteId, is_id, ID_FORM
);
checked_text!(
    /// Names something that customers are asked for.
    AskId, is_id, ID_FORM
);
checked_text!(
    /// A language by its primary BCP 47 tag, such as `en`, `de` or `vi`.
    Lang, is_lang, "a language tag such as `en`"
);
checked_text!(
    /// Identifies one version of a policy by what it says.
    ///
    /// The first 128 bits of SHA-256 over the terms and the page sources, as 26 lower-case Crockford base-32
    /// characters: the same content has the same hash on every machine.
    PolicyHash, is_hash, "a policy hash of 26 base-32 characters"
);

impl CalendarId {
    /// The calendar every policy has: open all the time, in the policy's zone.
    pub fn always() -> Self {
        Self(Self::ALWAYS.to_owned())
    }

    pub(crate) const ALWAYS: &str = "always";
}

impl PolicyHash {
    pub(crate) fn encoded(bits: u128) -> Self {
        Self(crate::hash::base32(bits))
    }
}
