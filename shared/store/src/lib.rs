#![doc = include_str!("../README.md")]

mod busy;
mod caps;
mod copied;
mod counters;
mod delivery;
mod digest;
mod due;
mod error;
mod execute;
mod item;
mod keys;
mod list;
mod mail_map;
mod merge;
mod once;
mod open;
mod outbox;
mod parked;
mod policies;
mod publications;
mod read;
mod rollouts;
mod rows;
mod scan;
mod standing;
mod transaction;
mod verify;
mod waiting;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use jiff::Timestamp;
use ticket::{Lane, NoticeId, TicketId};

pub use busy::{Busy, BusyUntil};
pub use caps::{Acknowledging, HeldToday};
pub use copied::{Copied, NotACopy};
pub use delivery::{Delivery, Reach, Report};
pub use due::{Behind, Due, DueEntry, DueKind, PutOff, SHARDS};
pub use error::StoreError;
pub use execute::Executed;
pub use list::Listed;
pub use mail_map::{EMAIL, Filed, MailDecision, MailKey};
pub use once::Once;
pub use open::{Opened, Outcome, Request};
pub use outbox::{Claim, OutboxEntry, State};
pub use parked::Parked;
pub use policies::{Published, Release};
pub use publications::{Publication, SCHEDULE_AGE, in_force};
pub use read::{Participant, Stored, masked_mails};
pub use rollouts::{BETWEEN_PASSES, Found, Moved, Rollout, RolloutId, Step, Work};
pub use scan::Progress;
pub use standing::{Standing, TakenBack};
pub use verify::{Examined, FiledRaw, Finding, Mend, Problem, Survey};

/// The table and what has been learnt from it. Cloning is cheap and shares both.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    table: Arc<str>,
    policies: Arc<policies::Cache>,
    busy: Arc<busy::Cache>,
    switch: Arc<caps::Cache>,
}

impl Store {
    /// Uses `table` through `client`; asks nothing yet.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into().into(),
            policies: Arc::default(),
            busy: Arc::default(),
            switch: Arc::default(),
        }
    }
}

/// The two instants of an input (`at` starts clocks, `now` decides what is due), in whole milliseconds, which
/// is what events and the table keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instants {
    /// When the input reached us.
    pub at: Timestamp,
    /// When this invocation started.
    pub now: Timestamp,
}

impl Instants {
    /// Takes both, cut to milliseconds.
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        let cut = |instant: Timestamp| {
            Timestamp::from_millisecond(instant.as_millisecond()).unwrap_or(instant)
        };
        Self {
            at: cut(at),
            now: cut(now),
        }
    }
}

/// Names a notice in the outbox; what travels through SQS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRef {
    /// The ticket it belongs to.
    pub ticket: TicketId,
    /// The notice.
    pub notice: NoticeId,
    /// The queue it travels in.
    pub lane: Lane,
}
