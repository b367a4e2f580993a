//! `SESv2` sending: keeps every mail before it answers, and can be told to misbehave.

pub(crate) mod api;
pub(crate) mod bounce;
pub(crate) mod events;
pub(crate) mod mailbox;
pub(crate) mod message;
pub(crate) mod orders;

use jiff::Timestamp;

use crate::template::REGION;

/// An id as SES gives them: time, randomness, a counter.
pub(crate) fn new_message_id(at: Timestamp) -> String {
    let random = uuid::Uuid::new_v4();
    format!("0107{:012x}-{}-000000", at.as_millisecond(), random)
}

/// The domain of the Message-ID header that SES writes.
pub(crate) fn message_id_domain() -> String {
    format!("{REGION}.amazonses.com")
}
