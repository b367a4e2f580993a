//! The due index: what is to be looked at and when. Entries may be late, stale or missing; the base item decides.

use std::fmt;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use jiff::{SignedDuration, Timestamp};
use ticket::{AddressHash, NoticeId, TicketId};

use crate::error::{StoreError, is_failed_condition};
use crate::item::{Item, key, number, text};
use crate::rollouts::RolloutId;
use crate::{Store, keys};

/// The due index is spread over this many partitions, so that no single one carries all writes.
pub const SHARDS: u32 = 10;

/// An entry that fails this often is parked.
const MAX_TRIES: u32 = 5;

/// What fails because something is away or busy is tried so often: at sixteen minutes each, longer than a day, and so
/// longer than any outage that AWS has had.
const MAX_TRIES_OUTSIDE: u32 = 100;

/// The longest wait between two tries doubles this often from a minute.
const MOST_DOUBLINGS: u32 = 4;

/// What is parked has left the index.
const PARK: &str =
    "SET failures = :tries, parked = due_at, park_why = :why REMOVE due_shard, due_at";

/// What a shard of the index says.
#[derive(Debug, Clone)]
pub struct Due {
    /// Entries due by now, earliest first, at most as many as were asked for.
    pub entries: Vec<DueEntry>,
    /// The instant of the earliest entry that is not due yet, where the answer reached it.
    pub next: Option<Timestamp>,
    /// Where to go on if there may be more that is due.
    pub more: Option<Behind>,
}

/// A place in a shard of the index: behind the last key of an answer, whether or not it could be read.
#[derive(Debug, Clone)]
pub struct Behind(String);

/// Something to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DueEntry {
    /// What it stands for.
    pub kind: DueKind,
    /// When it was due.
    pub at: Timestamp,
    key: String,
}

/// What an entry of the due index stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DueKind {
    /// A ticket whose clocks reach something.
    Ticket(TicketId),
    /// A notice of a ticket that was not sent.
    Notice(TicketId, NoticeId),
    /// A rollout that has begun or goes on.
    Rollout(RolloutId),
    /// Numbers that wait to be told to an address.
    Digest(AddressHash),
}

impl fmt::Display for DueKind {
    /// How logs name it: by ids alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ticket(ticket) => write!(f, "ticket {ticket}"),
            Self::Notice(ticket, notice) => write!(f, "notice {notice} of ticket {ticket}"),
            Self::Rollout(rollout) => write!(f, "rollout {rollout}"),
            Self::Digest(who) => write!(f, "digest for {who}"),
        }
    }
}

/// What became of an entry that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOff {
    /// It will be tried again at this instant.
    Until(Timestamp),
    /// It is parked: it has left the index, and a person has to look at it.
    Parked,
}

impl Store {
    /// The entries of one shard that are due at `now`, from the far past or behind the place of an earlier answer,
    /// and the instant of the next one.
    ///
    /// One query, whatever the number of tickets: it reads at most `limit` keys.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: the next tick asks again.
    pub async fn due(
        &self,
        shard: u32,
        now: Timestamp,
        limit: i32,
        behind: Option<&Behind>,
    ) -> Result<Due, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name("due")
            .expression_attribute_values(":shard", text(keys::shard(shard)))
            .limit(limit);
        let query = match behind {
            None => query.key_condition_expression("due_shard = :shard"),
            Some(Behind(key)) => query
                .key_condition_expression("due_shard = :shard AND due_at > :behind")
                .expression_attribute_values(":behind", text(key)),
        };
        let answer = query
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("asking the due index", error))?;
        let mut due = Due {
            entries: Vec::new(),
            next: None,
            more: None,
        };
        for item in answer.items() {
            let Some(entry) = read_entry(item) else {
                continue;
            };
            if entry.at > now {
                due.next = Some(entry.at);
                break;
            }
            due.entries.push(entry);
        }
        // A page may end before its limit; only its last key tells whether there is more
        // (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html>).
        if answer.last_evaluated_key().is_some() && due.next.is_none() {
            let last = answer.items().last().and_then(|item| item.get("due_at"));
            due.more = last.and_then(|key| Some(Behind(key.as_s().ok()?.clone())));
        }
        Ok(due)
    }

    /// Moves an entry that failed forward, later each time; parks it after five failures, or after a hundred if it
    /// failed because something was away or busy. It can then no longer stand in the way of others.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: the next tick finds the entry again.
    pub async fn put_off(
        &self,
        entry: &DueEntry,
        now: Timestamp,
        cause: &StoreError,
    ) -> Result<PutOff, StoreError> {
        let tries = 1 + self.failures(entry).await?;
        let most = if cause.is_retryable() {
            MAX_TRIES_OUTSIDE
        } else {
            MAX_TRIES
        };
        let update = self
            .moving(entry)
            .expression_attribute_values(":tries", number(tries));
        if tries >= most {
            let why = chain(cause);
            let update = update
                .update_expression(PARK)
                .expression_attribute_values(":why", text(why));
            moved(update).await?;
            return Ok(PutOff::Parked);
        }
        let wait = SignedDuration::from_mins(1 << tries.min(MOST_DOUBLINGS));
        let until = now.checked_add(wait).unwrap_or(now);
        let update = update
            .update_expression("SET failures = :tries, due_at = :to")
            .expression_attribute_values(":to", text(keys::due_at(until, entry.what())));
        moved(update).await?;
        Ok(PutOff::Until(until))
    }

    /// Moves an entry that was seen to for now, such as a notice's that was put back on its queue, so that the next ticks leave it
    /// alone for a while.
    pub async fn requeued(&self, entry: &DueEntry, until: Timestamp) -> Result<(), StoreError> {
        let update = self
            .moving(entry)
            .update_expression("SET due_at = :to")
            .expression_attribute_values(":to", text(keys::due_at(until, entry.what())));
        moved(update).await
    }

    /// How often an entry has failed so far: never, if nobody can tell; the count that is written next is right again.
    async fn failures(&self, entry: &DueEntry) -> Result<u32, StoreError> {
        let (pk, sk) = entry.kind.keys();
        let item = self.get(&pk, &sk).await?;
        let failures = item.as_ref().and_then(|item| item.get("failures"));
        Ok(failures
            .and_then(|value| value.as_n().ok()?.parse().ok())
            .unwrap_or_default())
    }

    /// An update of an entry that still stands where it was found; whoever moved it meanwhile knows better. The condition
    /// also keeps one failure from being counted again with each repetition of a call whose answer was lost.
    fn moving(&self, entry: &DueEntry) -> UpdateItemFluentBuilder {
        let (pk, sk) = entry.kind.keys();
        self.client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression("due_at = :was")
            .expression_attribute_values(":was", text(&entry.key))
    }
}

/// Sends such an update: a condition that does not hold is no error.
async fn moved(update: UpdateItemFluentBuilder) -> Result<(), StoreError> {
    match update.send().await {
        Ok(_) => Ok(()),
        Err(error) if is_failed_condition(&error) => Ok(()),
        Err(error) => Err(StoreError::of_sdk("moving a due entry", error)),
    }
}

impl DueKind {
    /// The due keys of an entry that is due at an instant.
    pub(crate) fn due_keys(&self, at: Timestamp) -> (String, String) {
        let (shard, what) = match self {
            Self::Ticket(ticket) => (keys::due_shard(*ticket), ticket.to_string()),
            Self::Notice(ticket, notice) => (
                keys::due_shard(*ticket),
                format!("{ticket}#{}", keys::notice(notice)),
            ),
            Self::Rollout(rollout) => (keys::shard(keys::ROLLOUT_SHARD), rollout.to_string()),
            Self::Digest(who) => (
                keys::shard_of(who.as_str()),
                format!("{}{who}", keys::DIGESTS),
            ),
        };
        (shard, keys::due_at(at, &what))
    }

    pub(crate) fn keys(&self) -> (String, String) {
        match self {
            Self::Ticket(ticket) => (keys::ticket(*ticket), keys::SNAPSHOT.to_owned()),
            Self::Notice(ticket, notice) => (keys::ticket(*ticket), keys::notice(notice)),
            Self::Rollout(rollout) => {
                let (pk, _) = keys::PUBLICATIONS;
                (pk.to_owned(), rollout.to_string())
            }
            Self::Digest(who) => (keys::contact(who), keys::DIGEST.to_owned()),
        }
    }
}

impl DueEntry {
    /// The part of the index key behind the instant.
    fn what(&self) -> &str {
        self.key.split_once('#').map_or("", |(_, what)| what)
    }
}

/// A failure with its causes, as much of it as a person reads; errors of the store name ids only.
fn chain(error: &StoreError) -> String {
    let mut why = error.to_string();
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    for cause in causes {
        why = format!("{why}: {cause}");
    }
    why.chars().take(300).collect()
}

/// Reads `<instant>#<ticket>`, `<instant>#<ticket>#n#<notice>`, `<instant>#r#<rollout>` or `<instant>#d#<address hash>`;
/// anything else is not ours to touch.
fn read_entry(item: &Item) -> Option<DueEntry> {
    let key = item.get("due_at")?.as_s().ok()?;
    let at = keys::instant_of(key)?;
    let (_, what) = key.split_once('#')?;
    let kind = match what.split_once('#') {
        None => DueKind::Ticket(what.parse().ok()?),
        Some(_) if what.starts_with(keys::ROLLOUTS) => {
            DueKind::Rollout(RolloutId::from_stored(what))
        }
        Some(_) if what.starts_with(keys::DIGESTS) => {
            let who = what.strip_prefix(keys::DIGESTS)?;
            DueKind::Digest(AddressHash::from_stored(who)?)
        }
        Some((ticket, notice)) => {
            let notice = notice.strip_prefix(keys::NOTICES)?;
            DueKind::Notice(ticket.parse().ok()?, NoticeId::from_stored(notice)?)
        }
    };
    Some(DueEntry {
        kind,
        at,
        key: key.clone(),
    })
}
