//! Numbers that wait to be told to one address in one mail: `C#<address hash>` / `digest`, in the due index while there are any.
//!
//! A request is added in the transaction that opens its ticket, and the tick makes the notice in the transaction that
//! empties the list, so that a number is told once whoever is killed.

use aws_sdk_dynamodb::types::Update;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use jiff::{SignedDuration, Timestamp};
use ticket::{
    AddressHash, Command, Context, Decision, FIRST_SCHEMA, Open, SCHEMA, TicketId, Waiting,
};

use crate::due::{DueEntry, DueKind};
use crate::error::StoreError;
use crate::item::{Item, Reader, instant, json, key, number, text};
use crate::open::{add_rows, notice_refs};
use crate::parked::done;
use crate::transaction::{Commit, Label, Transaction};
use crate::{Instants, NoticeRef, Store, keys, rows};

/// How often a digest is decided anew because others keep changing what it is about.
const MAX_ATTEMPTS: u32 = 12;

/// While acknowledgements are switched off, a digest that is due is looked at again after this.
const OFF: SignedDuration = SignedDuration::from_mins(10);

/// An item with nothing to tell is kept so long: it says when the address was last told.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What waits for an address, as it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gathered {
    pub(crate) waiting: Waiting,
    /// How often it was written; the condition of the next write.
    rev: Option<u64>,
    /// Whether a restore holds it back: nobody arms it but a person.
    held: bool,
}

impl Store {
    /// What waits for the requester of a request that is held, if a digest is to tell of it.
    pub(crate) async fn gathering(&self, command: &Open) -> Result<Option<Gathered>, StoreError> {
        if !command.held.is_some_and(ticket::is_gathered) {
            return Ok(None);
        }
        self.gathered(&command.requester.hash).await.map(Some)
    }

    /// What waits for an address.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn waiting(&self, who: &AddressHash) -> Result<Waiting, StoreError> {
        Ok(self.gathered(who).await?.waiting)
    }

    pub(crate) async fn gathered(&self, who: &AddressHash) -> Result<Gathered, StoreError> {
        let item = self.get(&keys::contact(who), keys::DIGEST).await?;
        item.as_ref().map_or_else(|| Ok(Gathered::default()), read)
    }

    /// Counts a request whose number has no room in the digest. A lost count loses no ticket: the mail names fewer.
    pub(crate) async fn count_more(&self, who: &AddressHash) {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::contact(who), keys::DIGEST)))
            .condition_expression("attribute_exists(PK)")
            .update_expression("ADD more :one")
            .expression_attribute_values(":one", number(1));
        // Neither told nor tried again, for this reason.
        drop(done(update.send().await, "counting a request"));
    }

    /// Makes the notice of a digest that is due, and empties the list; while acknowledgements are switched off, it waits.
    /// Answers what is to be put on the queues: nothing if the entry was stale.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: what was committed has left the list.
    pub async fn tell_numbers(
        &self,
        entry: &DueEntry,
        who: &AddressHash,
        now: Timestamp,
    ) -> Result<Vec<NoticeRef>, StoreError> {
        if !self.acknowledging_known(now).await? {
            let later = now.checked_add(OFF).unwrap_or(now);
            self.requeued(entry, later).await?;
            return Ok(Vec::new());
        }
        for attempt in 0..MAX_ATTEMPTS {
            let gathered = self.gathered(who).await?;
            let is_due = gathered.waiting.at.is_some_and(|at| at <= now);
            let Some(&first) = gathered.waiting.tickets.first().filter(|_| is_due) else {
                return Ok(Vec::new());
            };
            match self.tell_on(first, who, &gathered, now).await {
                Ok((Commit::Done, notices)) => return Ok(notices),
                Ok(_) | Err(StoreError::Busy(_)) => self.pause(attempt, who.as_str()).await,
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Busy("others keep changing this digest"))
    }

    /// One transaction over the first of the tickets, whose log and outbox hold the mail, and the list.
    async fn tell_on(
        &self,
        first: TicketId,
        who: &AddressHash,
        gathered: &Gathered,
        now: Timestamp,
    ) -> Result<(Commit, Vec<NoticeRef>), StoreError> {
        let stored = self.load(first).await?;
        let stored = stored.ok_or(StoreError::NoSuchTicket(first))?;
        let context = Context {
            at: now,
            now,
            policy: &stored.policy,
        };
        let Waiting { tickets, more, .. } = gathered.waiting.clone();
        let command = Command::TellNumbers { tickets, more };
        let decision = ticket::decide(&stored.ticket, &command, &context)?;
        let mut transaction = Transaction::new(&self.table);
        let snapshot = rows::snapshot(&decision.ticket, &stored.subject, decision.next_due);
        transaction.put_snapshot(snapshot, stored.ticket.seq);
        add_rows(&mut transaction, &decision, Instants::new(now, now));
        transaction.update(Label::Counter, gathered.told(who, now));
        let commit = transaction.commit(&self.client).await?;
        Ok((commit, notice_refs(&decision)))
    }
}

/// Reads what waits for an address.
pub(crate) fn read(item: &Item) -> Result<Gathered, StoreError> {
    let reader = Reader::new(item)?;
    Ok(Gathered {
        waiting: Waiting {
            tickets: reader.json("tickets")?,
            more: reader.number("more").unwrap_or(0),
            at: reader.optional("due_at").and_then(keys::instant_of),
            told: reader.instant("told").ok(),
        },
        rev: Some(reader.number("rev")?),
        held: reader.optional("held").is_some(),
    })
}

impl Gathered {
    /// Adds a request to the list in the transaction that opens its ticket; whether there was room.
    pub(crate) fn add(
        &self,
        transaction: &mut Transaction<'_>,
        decision: &Decision,
        context: &Context<'_>,
    ) -> bool {
        let (ticket, now) = (&decision.ticket, context.now);
        let Some(next) = self.waiting.with(ticket, context.policy, now) else {
            return false;
        };
        let who = &ticket.requester;
        let at = next.at.unwrap_or(now);
        let (shard, due) = DueKind::Digest(who.clone()).due_keys(at);
        // `more` is counted past this list, so that it is never overwritten.
        let armed = if self.held {
            ""
        } else {
            ", due_shard = :shard, due_at = :due"
        };
        let mut update = self
            .write(who, at)
            .update_expression(format!(
                "SET v = :v, tickets = :tickets, rev = :rev, #ttl = :ttl{armed} ADD more :more"
            ))
            .expression_attribute_values(":tickets", json(&next.tickets))
            .expression_attribute_values(":v", number(FIRST_SCHEMA))
            .expression_attribute_values(":more", number(0));
        if !self.held {
            update = update
                .expression_attribute_values(":shard", text(shard))
                .expression_attribute_values(":due", text(due));
        }
        transaction.update(Label::Counter, update);
        true
    }

    /// The list as it is once it was told.
    fn told(&self, who: &AddressHash, now: Timestamp) -> UpdateBuilder {
        self.write(who, now)
            .update_expression(
                "SET tickets = :tickets, told = :told, rev = :rev, #ttl = :ttl \
                 REMOVE due_shard, due_at, failures ADD more :more",
            )
            .expression_attribute_values(":tickets", json(&Vec::<TicketId>::new()))
            .expression_attribute_values(":told", instant(now))
            .expression_attribute_values(":more", number(-i64::from(self.waiting.more)))
    }

    /// A write under the condition that nobody wrote the list since it was read.
    fn write(&self, who: &AddressHash, at: Timestamp) -> UpdateBuilder {
        let expires = at.checked_add(KEPT).unwrap_or(at);
        let update = Update::builder()
            .set_key(Some(key(&keys::contact(who), keys::DIGEST)))
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":ttl", number(expires.as_second()))
            .expression_attribute_values(":rev", number(self.rev.map_or(1, |rev| rev + 1)));
        match self.rev {
            None => update.condition_expression("attribute_not_exists(PK)"),
            Some(seen) => update
                .condition_expression("rev = :seen AND v <= :schema")
                .expression_attribute_values(":seen", number(seen))
                .expression_attribute_values(":schema", number(SCHEMA)),
        }
    }
}
