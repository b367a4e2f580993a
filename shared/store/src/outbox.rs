//! Notices on their way out: claimed by one sender at a time, then sent, superseded, failed or put off.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure, Update};
use jiff::Timestamp;
use ticket::{Notice, NoticeId, SCHEMA, TicketId};

use crate::delivery::Delivery;
use crate::error::{StoreError, is_failed_condition};
use crate::item::{self, Item, Reader, instant, key, number, text, with};
use crate::transaction::{Commit, Label, Transaction};
use crate::{Store, keys};

/// How long a sent mail can still be answered by its SES id.
pub(crate) const SENT_MAIL_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 400);

/// A notice with what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The notice.
    pub notice: Notice,
    /// What has become of it.
    pub state: State,
    /// How often a sender has claimed it.
    pub tries: u32,
    /// What SES and mail servers said of it afterwards.
    pub delivery: Delivery,
}

/// What has become of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not sent yet; not before `not_before`, if SES asked to wait.
    Pending {
        /// When to try next.
        not_before: Option<Timestamp>,
    },
    /// A sender has it until this instant; if it is killed, the next may take over then.
    Claimed {
        /// End of the lease.
        until: Timestamp,
    },
    /// SES accepted it under this message id.
    Sent {
        /// The id, without a domain.
        ses_id: String,
        /// When.
        at: Timestamp,
    },
    /// What it was about had ended before it was sent.
    Superseded,
    /// It cannot be sent, ever.
    Failed {
        /// What SES said, without the address.
        reason: String,
    },
}

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is yours until the lease ends.
    Yes(OutboxEntry),
    /// Another sender has it; its lease ends at this instant.
    Taken(Timestamp),
    /// It must wait, as SES asked; not before this instant.
    NotBefore(Timestamp),
    /// Nothing is left to do but what follows a sent notice.
    Done(OutboxEntry),
    /// There is no such notice.
    Unknown,
}

impl Store {
    /// Claims a notice for sending until `lease`.
    ///
    /// The claim is the send guard: of two deliveries of one SQS message only one gets it. A lease that has run out
    /// means its sender was killed, perhaps after SES accepted the mail; that is the one window in which a notice may
    /// be sent twice.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn claim(
        &self,
        id: TicketId,
        notice: &NoticeId,
        now: Timestamp,
        lease: Timestamp,
    ) -> Result<Claim, StoreError> {
        let (pk, sk) = (keys::ticket(id), keys::notice(notice));
        let claimed = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression(
                "v <= :schema AND ((st = :pending AND (attribute_not_exists(nb) OR nb <= :now)) \
                 OR (st = :claimed AND lease <= :now))",
            )
            // The shard is set too: a parked notice that somebody queued again is found again.
            .update_expression(
                "SET st = :claimed, lease = :lease, due_shard = :shard, due_at = :due REMOVE nb ADD tries :one",
            )
            .expression_attribute_values(":schema", number(SCHEMA))
            .expression_attribute_values(":shard", text(keys::due_shard(id)))
            .expression_attribute_values(":pending", text("pending"))
            .expression_attribute_values(":claimed", text("claimed"))
            .expression_attribute_values(":now", instant(now))
            .expression_attribute_values(":lease", instant(lease))
            .expression_attribute_values(":due", text(keys::due_at(lease, &format!("{id}#{sk}"))))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match claimed {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                Ok(Claim::Yes(read_entry(&item)?))
            }
            Err(error) => refused_claim(error),
        }
    }

    /// Records that SES accepted a notice, and under which id an answer to it will refer to it.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; a notice recorded as sent before is left as it is.
    pub async fn sent(
        &self,
        id: TicketId,
        notice: &NoticeId,
        ses_id: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let until = now.checked_add(SENT_MAIL_KEPT).unwrap_or(now);
        let map = map_entry(id, notice, ses_id, until);
        // Whatever became of the claim meanwhile: SES has the mail, and that is what counts.
        let update = Update::builder()
            .set_key(Some(key(&keys::ticket(id), &keys::notice(notice))))
            .condition_expression("attribute_exists(PK) AND st <> :sent")
            .update_expression(
                "SET st = :sent, ses = :ses, done = :now REMOVE due_shard, due_at, lease",
            )
            .expression_attribute_values(":sent", text("sent"))
            .expression_attribute_values(":ses", text(ses_id))
            .expression_attribute_values(":now", instant(now));
        let mut transaction = Transaction::new(&self.table);
        transaction.update(Label::NoticeState, update);
        transaction.put(map);
        match transaction.commit(&self.client).await? {
            Commit::Done | Commit::Failed(_) => Ok(()),
        }
    }

    /// Records that a notice has lost its point.
    pub async fn superseded(
        &self,
        id: TicketId,
        notice: &NoticeId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle(id, notice, "superseded", "", now).await
    }

    /// Records that a notice can never be sent.
    pub async fn failed(
        &self,
        id: TicketId,
        notice: &NoticeId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle(id, notice, "failed", reason, now).await
    }

    async fn settle(
        &self,
        id: TicketId,
        notice: &NoticeId,
        state: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .update_expression(
                "SET st = :state, why = :why, done = :now REMOVE due_shard, due_at, lease",
            )
            .expression_attribute_values(":state", text(state))
            .expression_attribute_values(":why", text(reason))
            .expression_attribute_values(":now", instant(now));
        self.unless_settled(id, notice, update).await
    }

    /// Updates a notice that is still on its way; a sender that comes late changes nothing.
    async fn unless_settled(
        &self,
        id: TicketId,
        notice: &NoticeId,
        update: UpdateItemFluentBuilder,
    ) -> Result<(), StoreError> {
        let updated = update
            .table_name(&*self.table)
            .set_key(Some(key(&keys::ticket(id), &keys::notice(notice))))
            .condition_expression("st IN (:is_pending, :is_claimed)")
            .expression_attribute_values(":is_pending", text("pending"))
            .expression_attribute_values(":is_claimed", text("claimed"))
            .send()
            .await;
        match updated {
            Err(error) if !is_failed_condition(&error) => {
                Err(StoreError::of_sdk("settling a notice", error))
            }
            _ => Ok(()),
        }
    }

    /// Gives a claimed notice back, not to be tried before `next_try`: a rate or quota error of SES.
    pub async fn later(
        &self,
        id: TicketId,
        notice: &NoticeId,
        next_try: Timestamp,
    ) -> Result<(), StoreError> {
        let due = keys::due_at(next_try, &format!("{id}#{}", keys::notice(notice)));
        let update = self
            .client
            .update_item()
            .update_expression(
                "SET st = :is_pending, nb = :next, due_shard = :shard, due_at = :due REMOVE lease",
            )
            .expression_attribute_values(":next", instant(next_try))
            .expression_attribute_values(":shard", text(keys::due_shard(id)))
            .expression_attribute_values(":due", text(due));
        self.unless_settled(id, notice, update).await
    }

    /// All notices of a ticket with what has become of them.
    pub async fn notices(&self, id: TicketId) -> Result<Vec<OutboxEntry>, StoreError> {
        let items = self.partition(&keys::ticket(id), keys::NOTICES).await?;
        items.iter().map(read_entry).collect()
    }

    /// One notice with what has become of it.
    pub async fn notice(
        &self,
        id: TicketId,
        notice: &NoticeId,
    ) -> Result<Option<OutboxEntry>, StoreError> {
        let item = self.get(&keys::ticket(id), &keys::notice(notice)).await?;
        item.as_ref().map(read_entry).transpose()
    }
}

/// The entry by which an answer to a sent mail finds its ticket.
pub(crate) fn map_entry(id: TicketId, notice: &NoticeId, ses_id: &str, until: Timestamp) -> Item {
    with(
        item::new(&keys::mail(ses_id), keys::MAIL_SENT),
        [
            ("ticket", text(id.as_str())),
            ("notice", text(notice.as_str())),
            ("ttl", number(until.as_second())),
        ],
    )
}

fn refused_claim(error: SdkError<UpdateItemError>) -> Result<Claim, StoreError> {
    let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error()
    else {
        return Err(StoreError::of_sdk("claiming a notice", error));
    };
    let Some(item) = failed.item() else {
        return Ok(Claim::Unknown);
    };
    let entry = read_entry(item)?;
    Ok(match entry.state {
        State::Claimed { until } => Claim::Taken(until),
        State::Pending {
            not_before: Some(until),
        } => Claim::NotBefore(until),
        _ => Claim::Done(entry),
    })
}

pub(crate) fn read_entry(item: &Item) -> Result<OutboxEntry, StoreError> {
    let reader = Reader::new(item)?;
    let state = match reader.text("st")? {
        "pending" => State::Pending {
            not_before: reader.instant("nb").ok(),
        },
        "claimed" => State::Claimed {
            until: reader.instant("lease")?,
        },
        "sent" => State::Sent {
            ses_id: reader.text("ses")?.to_owned(),
            at: reader.instant("done")?,
        },
        "superseded" => State::Superseded,
        "failed" => State::Failed {
            reason: reader.text("why")?.to_owned(),
        },
        other => return Err(StoreError::corrupt(reader.name(), format!("state {other}"))),
    };
    Ok(OutboxEntry {
        notice: reader.json("notice")?,
        state,
        tries: reader.number("tries").unwrap_or(0),
        delivery: Delivery::read(&reader),
    })
}
