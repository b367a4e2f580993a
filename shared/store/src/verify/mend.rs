//! Repairs: each under the condition that nothing changed since it was looked at, so that a desk at work loses nothing.

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use jiff::{SignedDuration, Timestamp};
use ticket::{NoticeId, TicketId};

use super::kept::judged;
use super::partition::{participant_keys, rewritten};
use super::{Mend, Problem};
use crate::due::DueKind;
use crate::error::StoreError;
use crate::item::{key, number, text};
use crate::once::{Once, record};
use crate::outbox::{SENT_MAIL_KEPT, map_entry};
use crate::parked::done;
use crate::transaction::{Commit, Label, Transaction};
use crate::{Store, keys};

impl Store {
    /// Mends one thing; answers whether it was done. What changed meanwhile, or cannot be mended for what is wrong with
    /// another item, is left alone, and found again if it is still wrong.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: mending twice is the same as once.
    pub async fn mend(&self, mend: &Mend, now: Timestamp) -> Result<bool, StoreError> {
        match self.mended(mend, now).await {
            Err(error) if !error.is_outage() => Ok(false),
            mended => mended,
        }
    }

    async fn mended(&self, mend: &Mend, now: Timestamp) -> Result<bool, StoreError> {
        match mend {
            Mend::Snapshot(id) => self.rewrite(*id, now).await,
            Mend::Entry(kind) => self.arm(kind, now).await,
            Mend::Settled(id, notice) => self.settled(*id, notice).await,
            Mend::Superseded(id, notice) => {
                self.superseded(*id, notice, now).await?;
                Ok(true)
            }
            Mend::Map(id, notice, ses_id) => self.map(*id, notice, ses_id, now).await,
            Mend::Person(id, hash) => self.person(*id, hash, now).await,
            Mend::Record(id, ses_id) => self.note_taken(*id, ses_id, now).await,
            Mend::Counter(pk) => self.begin_anew(pk, now).await,
            Mend::End(pk, sk, kept) => self.end(pk, sk, *kept, now).await,
        }
    }

    async fn rewrite(&self, id: TicketId, now: Timestamp) -> Result<bool, StoreError> {
        let partition = self.partition_of(id).await?;
        let (log, _) = partition.log();
        let Some(ticket) = ticket::fold(&log) else {
            return Ok(false);
        };
        let policy = self.policy(&ticket.policy).await?;
        let Some((item, seq)) = rewritten(&partition, now, |_| Some(policy)) else {
            return Ok(false);
        };
        let mut transaction = Transaction::new(&self.table);
        match seq {
            Some(seq) => transaction.put_snapshot(item, seq),
            None => transaction.put_new(Label::Existence, item),
        }
        Ok(transaction.commit(&self.client).await? == Commit::Done)
    }

    /// Due now: whoever finds the entry reads the item and decides.
    async fn arm(&self, kind: &DueKind, now: Timestamp) -> Result<bool, StoreError> {
        let (pk, sk) = kind.keys();
        let (shard, due) = kind.due_keys(now);
        let condition = match kind {
            DueKind::Notice(..) => "st IN (:pending, :claimed) AND attribute_not_exists(held)",
            _ => "attribute_exists(PK) AND attribute_not_exists(held)",
        };
        let mut update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression(condition)
            .update_expression("SET due_shard = :shard, due_at = :due")
            .expression_attribute_values(":shard", text(shard))
            .expression_attribute_values(":due", text(due));
        if matches!(kind, DueKind::Notice(..)) {
            update = update
                .expression_attribute_values(":pending", text("pending"))
                .expression_attribute_values(":claimed", text("claimed"));
        }
        done(update.send().await, "arming a timer")
    }

    async fn settled(&self, id: TicketId, notice: &NoticeId) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::ticket(id), &keys::notice(notice))))
            .condition_expression("NOT st IN (:pending, :claimed)")
            .update_expression("REMOVE due_shard, due_at")
            .expression_attribute_values(":pending", text("pending"))
            .expression_attribute_values(":claimed", text("claimed"));
        done(update.send().await, "taking a notice off the index")
    }

    async fn map(
        &self,
        id: TicketId,
        notice: &NoticeId,
        ses_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let until = now.checked_add(SENT_MAIL_KEPT).unwrap_or(now);
        let mut transaction = Transaction::new(&self.table);
        transaction.put_new(Label::Existence, map_entry(id, notice, ses_id, until));
        Ok(transaction.commit(&self.client).await? == Commit::Done)
    }

    async fn person(&self, id: TicketId, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let (pk, sk) = participant_keys(id, hash);
        let created = match self.load(id).await? {
            Some(stored) => stored.ticket.opened_at,
            None => now,
        };
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, &sk)))
            .condition_expression("attribute_exists(PK)")
            .update_expression("SET person = :person, person_created = :created")
            .expression_attribute_values(":person", text(hash))
            .expression_attribute_values(":created", text(keys::due_at(created, id.as_str())));
        done(update.send().await, "indexing a participant")
    }

    /// Notes that a ticket has taken a mail, unless that is noted by now.
    async fn note_taken(
        &self,
        id: TicketId,
        ses_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = Transaction::new(&self.table);
        transaction.put_new(Label::Once, record(&Once::of_mail(ses_id), id, now));
        Ok(transaction.commit(&self.client).await? == Commit::Done)
    }

    /// Takes a counter away, so that the next who is counted begins it anew, unless it has changed since it was judged.
    async fn begin_anew(&self, pk: &str, now: Timestamp) -> Result<bool, StoreError> {
        let Some(item) = self.get(pk, keys::COUNTER).await? else {
            return Ok(false);
        };
        if judged(&item, now).is_none_or(|found| found.problem != Problem::Counter) {
            return Ok(false);
        }
        let mut delete = self
            .client
            .delete_item()
            .table_name(&*self.table)
            .set_key(Some(key(pk, keys::COUNTER)));
        let mut same = vec!["attribute_exists(PK)".to_owned()];
        for name in ["times", "rev", "n"] {
            delete = delete.expression_attribute_names(format!("#{name}"), name);
            same.push(match item.get(name) {
                Some(value) => {
                    delete = delete.expression_attribute_values(format!(":{name}"), value.clone());
                    format!("#{name} = :{name}")
                }
                None => format!("attribute_not_exists(#{name})"),
            });
        }
        match delete.condition_expression(same.join(" AND ")).send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(StoreError::of_sdk("taking a counter away", error)),
        }
    }

    /// Gives an item the end that it would have, were it written now.
    async fn end(
        &self,
        pk: &str,
        sk: &str,
        kept: SignedDuration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let end = now.checked_add(kept).unwrap_or(now);
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(pk, sk)))
            .condition_expression("attribute_exists(PK)")
            .update_expression("SET #ttl = :end")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":end", number(end.as_second()));
        done(update.send().await, "giving an item its end")
    }
}
