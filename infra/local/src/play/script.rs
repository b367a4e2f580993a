//! The language of stories and scenarios: each `[[step]]` of a file is one thing that happens, in file order.

use jiff::Timestamp;
use jiff::fmt::strtime::BrokenDownTime;
use serde::{Deserialize, Deserializer, de};

/// One step and where it stands.
#[derive(Debug)]
pub struct Step<A> {
    /// Its line in the file.
    pub line: usize,
    /// What it does.
    pub action: A,
}

/// Makes the types of a language: its actions, and a file with its head and its steps.
///
/// `serde` reads the tables of one kind together; where each stands in the text gives the order back. Flattening would
/// lose that, and so a language lists all of its steps in one place.
#[macro_export]
macro_rules! language {
    ($action:ident, $file:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? } $($key:ident: $kind:ident),* $(,)?) => {
        /// What a step does.
        #[derive(Debug)]
        pub(crate) enum $action { $($kind($kind)),* }

        impl $action {
            /// How the file calls it.
            pub(crate) fn name(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($key)),* }
            }
        }

        /// A file as it is read: tables of one kind together.
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $file {
            $($(#[$meta])* pub(crate) $field: $type,)*
            $(#[serde(default)] $key: Vec<toml::Spanned<$kind>>,)*
        }

        impl $file {
            /// Reads a file's text; an error names line and column.
            pub(crate) fn read(text: &str) -> Result<(Self, Vec<$crate::Step<$action>>), String> {
                let mut file: Self = toml::from_str(text).map_err(|error| error.to_string())?;
                let mut found = Vec::new();
                $(for step in std::mem::take(&mut file.$key) {
                    found.push((step.span().start, $action::$kind(step.into_inner())));
                })*
                Ok((file, $crate::in_order(found, text)))
            }
        }
    };
}

/// Actions by where they start in the text, as steps in the order of the file.
pub fn in_order<A>(mut found: Vec<(usize, A)>, text: &str) -> Vec<Step<A>> {
    found.sort_by_key(|(start, _)| *start);
    let line = |start: usize| text[..start].matches('\n').count() + 1;
    found
        .into_iter()
        .map(|(start, action)| Step {
            line: line(start),
            action,
        })
        .collect()
}

/// What a switch is that a file leaves out.
pub fn yes() -> bool {
    true
}

/// An instant: `Mon 2026-11-23 09:00 Australia/Sydney`, or RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl Moment {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = text.parse() {
            return Some(Self(instant));
        }
        let read = BrokenDownTime::parse("%a %Y-%m-%d %H:%M %Q", text).ok()?;
        let zoned = read.to_zoned().ok()?;
        Some(Self(zoned.timestamp()))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong =
            || format!("\"{text}\" is no instant; write Mon 2026-11-23 09:00 Australia/Sydney");
        Self::parse(&text).ok_or_else(|| de::Error::custom(wrong()))
    }
}

/// One text or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Texts(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Texts {
    fn from(texts: OneOrMany) -> Self {
        Self(match texts {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        })
    }
}
