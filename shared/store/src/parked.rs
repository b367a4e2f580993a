//! What left the due index without being done: entries that failed too often, and notices that a restore holds back.
//!
//! Neither is looked at by a tick until a person gives it back with `troth redrive`.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use ticket::{AddressHash, NoticeId, SCHEMA, TicketId};

use crate::due::DueKind;
use crate::error::{StoreError, is_failed_condition};
use crate::item::{Item, key, number, text};
use crate::rollouts::RolloutId;
use crate::scan::{Asked, Progress, text_of, ticket_of};
use crate::{Store, keys};

/// The instant to which a held notice is put off: no claim comes after it.
const NEVER_MS: i64 = 253_402_207_200_000;

/// Something that no tick looks at any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// What it is.
    pub kind: DueKind,
    /// Since when, as far as it is known: a parked entry keeps the instant at which it was due last.
    pub since: Option<Timestamp>,
    /// Why, by ids alone.
    pub why: String,
    /// Whether it waits for a person's word after a restore, rather than having failed.
    pub held: bool,
}

impl Store {
    /// Everything that is parked or held, in no order.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn parked(&self, progress: Progress<'_>) -> Result<Vec<Parked>, StoreError> {
        let asked = Asked {
            filter: Some("attribute_exists(parked) OR attribute_exists(held)"),
            projection: None,
        };
        let mut found = Vec::new();
        self.scan(asked, progress, |item| found.extend(read(&item)))
            .await?;
        Ok(found)
    }

    /// Gives a parked or held entry back: due at `now`, with its failures forgotten. Answers whether it still was parked.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: giving it back twice is the same as once.
    pub async fn give_back(&self, kind: &DueKind, now: Timestamp) -> Result<bool, StoreError> {
        let (pk, sk) = kind.keys();
        let (shard, due) = kind.due_keys(now);
        let is_notice = matches!(kind, DueKind::Notice(..));
        let condition = if is_notice {
            "(attribute_exists(parked) OR attribute_exists(held)) AND st IN (:pending, :claimed)"
        } else {
            "attribute_exists(parked) OR attribute_exists(held)"
        };
        let mut update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression(condition)
            .update_expression(
                "SET due_shard = :shard, due_at = :due REMOVE parked, park_why, held, failures, nb",
            )
            .expression_attribute_values(":shard", text(shard))
            .expression_attribute_values(":due", text(due));
        if is_notice {
            update = update
                .expression_attribute_values(":pending", text("pending"))
                .expression_attribute_values(":claimed", text("claimed"));
        }
        done(update.send().await, "giving a parked entry back")
    }

    /// Holds back a notice that was on its way when the copy was taken from which this table was restored: no tick finds
    /// it and no sender may claim it, whatever queue still names it. Answers whether it was on its way and not held before.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: holding it twice is the same as once.
    pub async fn hold(
        &self,
        ticket: TicketId,
        notice: &NoticeId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::ticket(ticket), &keys::notice(notice))))
            .condition_expression(
                "v <= :schema AND st IN (:pending, :claimed) AND attribute_not_exists(held)",
            )
            .update_expression(
                "SET st = :pending, nb = :never, held = :now, park_why = :why \
                 REMOVE due_shard, due_at, lease, parked",
            )
            .expression_attribute_values(":schema", number(SCHEMA))
            .expression_attribute_values(":pending", text("pending"))
            .expression_attribute_values(":claimed", text("claimed"))
            .expression_attribute_values(":never", number(NEVER_MS))
            .expression_attribute_values(":now", text(keys::sortable(now)))
            .expression_attribute_values(":why", text(HELD));
        done(update.send().await, "holding a notice back")
    }

    /// Holds back an entry that is no notice: a rollout that was under way when the copy was taken would tell
    /// customers what they may know. Answers whether it was not held before.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn hold_entry(&self, kind: &DueKind, now: Timestamp) -> Result<bool, StoreError> {
        let (pk, sk) = kind.keys();
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(held)")
            .update_expression("SET held = :now, park_why = :why REMOVE due_shard, due_at")
            .expression_attribute_values(":now", text(keys::sortable(now)))
            .expression_attribute_values(":why", text(HELD));
        done(update.send().await, "holding an entry back")
    }

    /// Gives a held notice up: it is never sent. Answers whether it was held.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn drop_held(&self, kind: &DueKind, now: Timestamp) -> Result<bool, StoreError> {
        let (pk, sk) = kind.keys();
        let mut update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression("attribute_exists(held)");
        update = if matches!(kind, DueKind::Notice(..)) {
            update
                .update_expression(
                    "SET st = :ended, why = :why, done = :now REMOVE held, park_why, nb, lease",
                )
                .expression_attribute_values(":ended", text("superseded"))
                .expression_attribute_values(":why", text("held back after a restore and not sent"))
                .expression_attribute_values(
                    ":now",
                    AttributeValue::N(now.as_millisecond().to_string()),
                )
        } else if matches!(kind, DueKind::Digest(_)) {
            update
                .update_expression("SET tickets = :none REMOVE held, park_why, more")
                .expression_attribute_values(":none", text("[]"))
        } else {
            update.update_expression("REMOVE held, park_why")
        };
        done(update.send().await, "giving a held notice up")
    }
}

/// What is said of everything that a restore holds back.
const HELD: &str = "held back after a restore";

/// Whether a conditional write was made: its condition not holding is an answer and no error.
pub(crate) fn done<T>(
    sent: Result<
        T,
        aws_sdk_dynamodb::error::SdkError<
            aws_sdk_dynamodb::operation::update_item::UpdateItemError,
        >,
    >,
    doing: &'static str,
) -> Result<bool, StoreError> {
    match sent {
        Ok(_) => Ok(true),
        Err(error) if is_failed_condition(&error) => Ok(false),
        Err(error) => Err(StoreError::of_sdk(doing, error)),
    }
}

/// What a due entry of an item would stand for; none for items that are never due.
pub(crate) fn kind_of(item: &Item) -> Option<DueKind> {
    let sk = text_of(item, "SK")?;
    if let Some(ticket) = ticket_of(item) {
        if sk == keys::SNAPSHOT {
            return Some(DueKind::Ticket(ticket));
        }
        let notice = sk.strip_prefix(keys::NOTICES)?;
        return Some(DueKind::Notice(ticket, NoticeId::from_stored(notice)?));
    }
    let pk = text_of(item, "PK")?;
    if let Some(who) = pk
        .strip_prefix(keys::CONTACTS)
        .filter(|_| sk == keys::DIGEST)
    {
        return Some(DueKind::Digest(AddressHash::from_stored(who)?));
    }
    let rollout = pk == keys::PUBLICATIONS.0 && sk.starts_with(keys::ROLLOUTS);
    rollout.then(|| DueKind::Rollout(RolloutId::from_stored(sk)))
}

/// A claim leaves `parked` where it is, so that what is due again or settled is not parked any more.
pub(crate) fn read(item: &Item) -> Option<Parked> {
    let held = text_of(item, "held");
    let settled = text_of(item, "st").is_some_and(|st| !matches!(st, "pending" | "claimed"));
    if settled || item.contains_key("due_at") {
        return None;
    }
    let since = held.or_else(|| text_of(item, "parked"))?;
    let why = text_of(item, "park_why").unwrap_or("it failed too often; the tick's log says why");
    Some(Parked {
        kind: kind_of(item)?,
        since: keys::instant_of(since),
        why: why.to_owned(),
        held: held.is_some(),
    })
}
