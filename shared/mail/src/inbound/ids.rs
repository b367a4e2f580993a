//! Message ids.

use std::fmt;

use super::headers::Headers;
use crate::clean;

/// An id of a mail, in its two parts: providers rewrite the domain, so threads are matched by the local part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageId {
    /// Before the last `@`; the whole id if there is none.
    pub local: String,
    /// After it; empty if there is none.
    pub domain: String,
}

impl MessageId {
    /// An id from its text, with or without angle brackets; `None` if nothing is left.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('<').trim_end_matches('>');
        let text: String = text
            .chars()
            .filter(|c| {
                !c.is_whitespace()
                    && !c.is_control()
                    && !clean::is_invisible(*c)
                    && !"<>".contains(*c)
            })
            .take(MAX_LENGTH)
            .collect();
        if text.is_empty() {
            return None;
        }
        let (local, domain) = text.rsplit_once('@').unwrap_or((&text, ""));
        Some(Self {
            local: local.to_owned(),
            domain: domain.to_ascii_lowercase(),
        })
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.local)?;
        if self.domain.is_empty() {
            Ok(())
        } else {
            write!(f, "@{}", self.domain)
        }
    }
}

const MAX_LENGTH: usize = 500;
/// Ids kept of one kind of header. The newest are at the end of References, the first names the thread.
const MAX_IDS: usize = 100;

/// The ids in all fields of a name, in their order; of very many the newest.
pub(crate) fn read(headers: &Headers<'_>, name: &str) -> Vec<MessageId> {
    let all = headers.ids(name);
    let skip = all.len().saturating_sub(MAX_IDS);
    all.iter()
        .skip(skip)
        .flat_map(|id| id.split_whitespace())
        .filter_map(MessageId::parse)
        .collect()
}
