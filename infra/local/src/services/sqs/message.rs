//! One message: its row, its limits, its digest.

use jiff::Timestamp;
use md5::{Digest, Md5};
use rusqlite::{Row, params};
use serde_json::Value;

use super::SqsError;
use crate::ledger::instant;
use crate::template::QueueSpec;

/// One message as a receiver sees it.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(super) seq: i64,
    pub(crate) id: String,
    pub(crate) body: String,
    /// Message attributes as they were sent.
    pub(crate) attributes: Value,
    pub(crate) sent_at: Timestamp,
    pub(crate) receives: u32,
    pub(crate) first_receive: Timestamp,
    pub(crate) receipt: String,
}

/// Messages that are visible at `now`, oldest first.
pub(super) fn visible(
    connection: &rusqlite::Connection,
    queue: &str,
    now: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Message>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, id, body, attributes, sent_at, receives, first_receive, receipt
         FROM messages WHERE queue = ?1 AND visible_at <= ?2 ORDER BY visible_at, seq LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![queue, now, limit], message)?;
    rows.collect()
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let attributes: String = row.get(3)?;
    Ok(Message {
        seq: row.get(0)?,
        id: row.get(1)?,
        body: row.get(2)?,
        attributes: serde_json::from_str(&attributes).unwrap_or(Value::Null),
        sent_at: instant(row.get(4)?),
        receives: row.get(5)?,
        first_receive: instant(row.get(6)?),
        receipt: row.get(7)?,
    })
}

/// SQS refuses empty bodies, bodies over the queue's limit and characters that XML cannot carry.
pub(super) fn check_body(spec: &QueueSpec, body: &str) -> Result<(), SqsError> {
    if body.is_empty() {
        return Err(SqsError::Invalid("Message body must not be empty.".into()));
    }
    if body.len() > spec.max_bytes {
        return Err(SqsError::Invalid(format!(
            "Message must be shorter than {} bytes.",
            spec.max_bytes
        )));
    }
    let allowed = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r') || c >= '\u{7f}';
    if !body.chars().all(allowed) {
        return Err(SqsError::Invalid("Message has invalid characters.".into()));
    }
    Ok(())
}

/// The digest that SQS answers for a body.
pub(crate) fn digest(body: &str) -> String {
    use std::fmt::Write;
    Md5::digest(body)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
