//! The items of one ticket, and what its snapshot is written anew from.

use jiff::Timestamp;
use policy::Policy;
use ticket::{Recorded, Ticket, TicketId, first_break, fold, next_due};

use super::{Finding, Problem};
use crate::error::StoreError;
use crate::item::{Item, Reader};
use crate::scan::text_of;
use crate::{Store, keys, rows};

/// The items of a ticket.
#[derive(Debug, Default)]
pub(super) struct Partition {
    pub(super) snapshot: Option<Item>,
    events: Vec<Item>,
    pub(super) notices: Vec<Item>,
    pub(super) people: Vec<Item>,
}

impl Partition {
    fn of(items: Vec<Item>) -> Self {
        let mut partition = Self::default();
        for item in items {
            let sk = text_of(&item, "SK").unwrap_or_default().to_owned();
            match sk.as_str() {
                keys::SNAPSHOT => partition.snapshot = Some(item),
                sk if sk.starts_with(keys::EVENTS) => partition.events.push(item),
                sk if sk.starts_with(keys::NOTICES) => partition.notices.push(item),
                _ => partition.people.push(item),
            }
        }
        partition
    }

    /// The log, as far as it can be read, with what cannot.
    pub(super) fn log(&self) -> (Vec<Recorded>, Vec<Finding>) {
        let mut unread = Vec::new();
        let mut log = Vec::new();
        for item in &self.events {
            match rows::read_event(item) {
                Ok(recorded) => log.push(recorded),
                Err(error) => unread.push(unreadable(item, &error)),
            }
        }
        (log, unread)
    }
}

impl Store {
    pub(super) async fn partition_of(&self, id: TicketId) -> Result<Partition, StoreError> {
        Ok(Partition::of(self.partition(&keys::ticket(id), "").await?))
    }
}

/// What cannot be read, and whether it is this binary that is too old for it.
pub(super) fn unreadable(item: &Item, error: &StoreError) -> Finding {
    let problem = match error {
        StoreError::NewerSchema { .. } => Problem::Newer,
        _ => Problem::Unreadable,
    };
    let part = |name| text_of(item, name).unwrap_or("?");
    Finding::new(problem, format!("{} {}", part("PK"), part("SK")), None)
}

/// What a repaired snapshot is written with; the subject is personal and stands beside the state.
pub(super) fn rewritten(
    partition: &Partition,
    now: Timestamp,
    policy_of: impl FnOnce(&Ticket) -> Option<std::sync::Arc<Policy>>,
) -> Option<(Item, Option<u32>)> {
    let (log, unread) = partition.log();
    let ticket = fold(&log).filter(|_| unread.is_empty() && first_break(&log).is_none())?;
    let policy = policy_of(&ticket)?;
    let stored = partition.snapshot.as_ref();
    let seq: Option<u32> = match stored {
        Some(item) => Some(Reader::new(item).ok()?.number("seq").ok()?),
        None => None,
    };
    if seq.is_some_and(|seq| seq > ticket.seq) {
        return None;
    }
    let opening = log.first().and_then(|it| it.words.as_ref());
    let subject = stored
        .and_then(|item| text_of(item, "subject"))
        .or(opening.map(|words| words.subject.as_str()))
        .unwrap_or_default();
    let due = next_due(&ticket, &policy, now);
    Some((rows::snapshot(&ticket, subject, due), seq))
}

/// The keys of a participant by the hash as text.
pub(super) fn participant_keys(id: TicketId, hash: &str) -> (String, String) {
    (keys::ticket(id), format!("{}{hash}", keys::PARTICIPANTS))
}
