//! SQS standard queues: visibility, delay, redrive and limits over the ledger.
//!
//! Timers stand on the infrastructure clock. Messages do not expire: losing
//! one to a long advance would hide a fault (listed in the README).

pub(crate) mod api;
mod message;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Transaction, params};
use serde_json::Value;

use crate::activity::Activity;
use crate::clock::Clock;
use crate::ledger::{Ledger, instant, millis};
use crate::template::QueueSpec;

pub(crate) use message::{Message, digest};
use message::{check_body, visible};

/// Messages that one call may send, receive or delete.
pub(crate) const BATCH_LIMIT: usize = 10;

/// Why SQS refuses a call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SqsError {
    #[error("The specified queue does not exist.")]
    NoSuchQueue,
    #[error("There should be at least one SendMessageBatchRequestEntry in the request.")]
    EmptyBatch,
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntries(usize),
    #[error("Two or more batch entries in the request have the same Id.")]
    IdsNotDistinct,
    #[error("Batch requests cannot be longer than {0} bytes.")]
    BatchTooLong(usize),
    #[error("One or more parameters are invalid. Reason: {0}")]
    Invalid(String),
    #[error("The input receipt handle is invalid.")]
    BadReceipt,
    #[error("The ledger failed: {0}")]
    Ledger(#[from] rusqlite::Error),
}

/// All queues of the stack.
#[derive(Debug)]
pub(crate) struct Queues {
    specs: BTreeMap<String, QueueSpec>,
    ledger: Arc<Ledger>,
    clock: Arc<Clock>,
    activity: Activity,
}

/// How many messages a queue holds, by what may happen to them now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) visible: u64,
    pub(crate) in_flight: u64,
    pub(crate) delayed: u64,
}

impl Queues {
    pub(crate) fn new(
        specs: &[QueueSpec],
        ledger: Arc<Ledger>,
        clock: Arc<Clock>,
        activity: Activity,
    ) -> Self {
        let specs = specs.iter().map(|s| (s.name.clone(), s.clone())).collect();
        Self {
            specs,
            ledger,
            clock,
            activity,
        }
    }

    /// Every queue, by name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.specs.keys().map(String::as_str)
    }

    /// The queue's description.
    pub(crate) fn spec(&self, queue: &str) -> Result<&QueueSpec, SqsError> {
        self.specs.get(queue).ok_or(SqsError::NoSuchQueue)
    }

    /// Whether some queue or function gives its failures to this queue.
    pub(crate) fn is_dead_letter(&self, queue: &str) -> bool {
        let redrives = self.specs.values().filter_map(|s| s.redrive.as_ref());
        redrives.into_iter().any(|redrive| redrive.queue == queue)
    }

    /// Stores a message; when this returns, a killed process does not lose it.
    pub(crate) fn send(
        &self,
        queue: &str,
        body: &str,
        attributes: &Value,
        delay: Option<Duration>,
    ) -> Result<String, SqsError> {
        let spec = self.spec(queue)?;
        check_body(spec, body)?;
        let delay = delay.unwrap_or(spec.delay);
        let id = self
            .ledger
            .write(|transaction| self.insert(transaction, queue, body, attributes, delay))?;
        self.activity.ring();
        Ok(id)
    }

    /// Stores a message inside somebody else's transaction.
    pub(crate) fn insert(
        &self,
        transaction: &Transaction<'_>,
        queue: &str,
        body: &str,
        attributes: &Value,
        delay: Duration,
    ) -> rusqlite::Result<String> {
        let id = uuid::Uuid::new_v4().to_string();
        let visible_at = millis(self.clock.infra_now()) + whole_millis(delay);
        transaction.execute(
            "INSERT INTO messages (id, queue, body, attributes, sent_at, visible_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                queue,
                body,
                attributes.to_string(),
                millis(self.clock.now()),
                visible_at
            ],
        )?;
        Ok(id)
    }

    /// Hands out visible messages and hides them; those received too often move to the dead letters.
    pub(crate) fn receive(
        &self,
        queue: &str,
        limit: usize,
        visibility: Option<Duration>,
    ) -> Result<Vec<Message>, SqsError> {
        let spec = self.spec(queue)?;
        let now = millis(self.clock.infra_now());
        let hidden_until = now + whole_millis(visibility.unwrap_or(spec.visibility));
        let (received, moved) = self.ledger.write(|transaction| {
            let mut moved = 0;
            if let Some(redrive) = &spec.redrive {
                moved = transaction.execute(
                    "UPDATE messages SET queue = ?1, visible_at = ?3, receipt = ''
                     WHERE queue = ?2 AND visible_at <= ?3 AND receives >= ?4",
                    params![redrive.queue, queue, now, redrive.max_receives],
                )?;
            }
            let mut received = visible(transaction, queue, now, limit)?;
            for message in &mut received {
                message.receives += 1;
                message.receipt = uuid::Uuid::new_v4().to_string();
                if message.receives == 1 {
                    message.first_receive = self.clock.now();
                }
                transaction.execute(
                    "UPDATE messages SET visible_at = ?1, receives = ?2, receipt = ?3,
                     first_receive = ?4 WHERE seq = ?5",
                    params![
                        hidden_until,
                        message.receives,
                        message.receipt,
                        millis(message.first_receive),
                        message.seq
                    ],
                )?;
            }
            Ok((received, moved))
        })?;
        if moved > 0 || !received.is_empty() {
            self.activity.ring();
        }
        Ok(received)
    }

    /// Deletes by the receipt of the last receive; an outdated receipt deletes nothing, as in SQS.
    pub(crate) fn delete(&self, queue: &str, receipt: &str) -> Result<(), SqsError> {
        self.spec(queue)?;
        if uuid::Uuid::parse_str(receipt).is_err() {
            return Err(SqsError::BadReceipt);
        }
        self.ledger.write(|transaction| {
            transaction.execute(
                "DELETE FROM messages WHERE queue = ?1 AND receipt = ?2",
                params![queue, receipt],
            )
        })?;
        self.activity.ring();
        Ok(())
    }

    /// Hides a received message for another while, counted from now.
    pub(crate) fn change_visibility(
        &self,
        queue: &str,
        receipt: &str,
        visibility: Duration,
    ) -> Result<(), SqsError> {
        self.spec(queue)?;
        let visible_at = millis(self.clock.infra_now()) + whole_millis(visibility);
        let changed = self.ledger.write(|transaction| {
            transaction.execute(
                "UPDATE messages SET visible_at = ?3 WHERE queue = ?1 AND receipt = ?2",
                params![queue, receipt, visible_at],
            )
        })?;
        self.activity.ring();
        match changed {
            0 => Err(SqsError::BadReceipt),
            _ => Ok(()),
        }
    }

    /// Deletes everything in the queue.
    pub(crate) fn purge(&self, queue: &str) -> Result<(), SqsError> {
        self.spec(queue)?;
        self.ledger.write(|transaction| {
            transaction.execute("DELETE FROM messages WHERE queue = ?1", params![queue])
        })?;
        self.activity.ring();
        Ok(())
    }

    /// How many messages are visible, received and not deleted, or delayed.
    pub(crate) fn depth(&self, queue: &str) -> Result<Depth, SqsError> {
        self.spec(queue)?;
        let now = millis(self.clock.infra_now());
        Ok(self.ledger.read(|connection| {
            connection.query_row(
                "SELECT COALESCE(SUM(visible_at <= ?2), 0),
                        COALESCE(SUM(visible_at > ?2 AND receives > 0), 0),
                        COALESCE(SUM(visible_at > ?2 AND receives = 0), 0)
                 FROM messages WHERE queue = ?1",
                params![queue, now],
                |row| {
                    Ok(Depth {
                        visible: row.get(0)?,
                        in_flight: row.get(1)?,
                        delayed: row.get(2)?,
                    })
                },
            )
        })?)
    }

    /// The infrastructure instant at which the next hidden message appears.
    pub(crate) fn next_visible(&self, queue: &str) -> Result<Option<Timestamp>, SqsError> {
        let now = millis(self.clock.infra_now());
        let next: Option<i64> = self.ledger.read(|connection| {
            connection.query_row(
                "SELECT MIN(visible_at) FROM messages WHERE queue = ?1 AND visible_at > ?2",
                params![queue, now],
                |row| row.get(0),
            )
        })?;
        Ok(next.map(instant))
    }

    /// The messages of a queue without receiving them, oldest first.
    pub(crate) fn peek(&self, queue: &str, limit: usize) -> Result<Vec<Message>, SqsError> {
        self.spec(queue)?;
        Ok(self
            .ledger
            .read(|connection| visible(connection, queue, i64::MAX, limit))?)
    }
}

fn whole_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 2)
}
