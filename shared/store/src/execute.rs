//! The one loop that changes a ticket: load, decide, commit; again if somebody else was faster.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::AsyncSleep as _;
use jiff::Timestamp;
use policy::Policy;
use ticket::{
    Command, ContentDigest, Context, Counter, Decision, Event, Held, Offer, Refusal, Ticket,
    TicketId, counters_of_stranger, decide,
};

use crate::counters::Counted;
use crate::error::StoreError;
use crate::item::{self, Reader, number, text, with};
use crate::open::{add_rows, notice_refs};
use crate::transaction::{Commit, Label, Transaction};
use crate::{Instants, NoticeRef, Store, Stored, keys, rows};

/// How often a command is decided anew because others keep changing the ticket.
const MAX_ATTEMPTS: u32 = 12;

/// An idempotency record outlives every way an input can be delivered again (SQS keeps 14 days).
const ONCE_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// What makes a command's input unique, so that its second delivery changes nothing.
#[derive(Debug, Clone)]
pub struct Once {
    /// The kind of source.
    pub source: &'static str,
    /// The input's key there.
    pub key: String,
    /// Digest of the input.
    pub body: ContentDigest,
    /// What the input is, whichever way it came: the same mail comes once for each of our addresses. Taken once too.
    pub copy: Option<ContentDigest>,
}

impl Once {
    /// The record of the copy, as an input of its own.
    pub(crate) fn of_copy(copy: &ContentDigest) -> Self {
        Self {
            source: "copy",
            key: copy.as_str().to_owned(),
            body: copy.clone(),
            copy: None,
        }
    }
}

/// A command that was carried out, now or before.
#[derive(Debug, Clone)]
pub struct Executed {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// The policy version it is held to.
    pub policy: Arc<Policy>,
    /// Notices to put on their queues; none for a repeat.
    pub notices: Vec<NoticeRef>,
    /// Whether anything was recorded.
    pub changed: bool,
    /// Whether the same input had been taken before.
    pub repeated: bool,
    /// Whether another input had been taken under the same key; then nothing was done with this one.
    pub other_body: bool,
    /// When the ticket is to be looked at next.
    pub next_due: Option<Timestamp>,
}

impl Store {
    /// Carries out a command on a ticket, once for each `once`.
    ///
    /// # Errors
    /// `Refused` and `NoSuchTicket` are answers. Retry on `Busy` and `Unavailable` with the same `once`.
    pub async fn execute(
        &self,
        id: TicketId,
        command: &Command,
        instants: Instants,
        once: Option<Once>,
    ) -> Result<Executed, StoreError> {
        let counters = counters(id, command);
        let unanswered = without_answer(command);
        let decide = |ticket: &Ticket, context: &Context<'_>, held: Option<Held>| {
            let command = if held.is_some() { &unanswered } else { command };
            decide(ticket, command, context)
        };
        let input = Input {
            once,
            counters,
            written: format!("{command:?}"),
        };
        self.change(id, instants, input, decide).await
    }

    /// Compares a ticket with a version that has come into force, and holds it to that where it is not worse.
    ///
    /// # Errors
    /// `NoSuchTicket` is an answer. Retry on `Busy` and `Unavailable`: a ticket is compared with a version once.
    pub async fn offer(
        &self,
        id: TicketId,
        newer: &Policy,
        effective: Timestamp,
        instants: Instants,
    ) -> Result<Executed, StoreError> {
        let offer = Offer { newer, effective };
        let decide =
            |ticket: &Ticket, context: &Context<'_>, _| Ok(ticket::offer(ticket, &offer, context));
        let input = Input {
            once: None,
            counters: Vec::new(),
            written: newer.hash().to_string(),
        };
        self.change(id, instants, input, decide).await
    }

    async fn change(
        &self,
        id: TicketId,
        instants: Instants,
        input: Input,
        decide: impl Fn(&Ticket, &Context<'_>, Option<Held>) -> Result<Decision, Refusal>,
    ) -> Result<Executed, StoreError> {
        let once = input.once.as_ref();
        for attempt in 0..MAX_ATTEMPTS {
            let stored = self.load(id).await?.ok_or(StoreError::NoSuchTicket(id))?;
            let context = Context {
                at: instants.at,
                now: instants.now,
                policy: &stored.policy,
            };
            let counted = self.counted(input.counters.clone()).await?;
            let decision = match decide(&stored.ticket, &context, counted.held(instants.now)) {
                Ok(decision) => decision,
                Err(refusal) => return self.refused(&stored, refusal, once).await,
            };
            let due = |instant: Option<Timestamp>| instant.map(keys::sortable);
            let nothing = decision.events.is_empty() && decision.notices.is_empty();
            if nothing && due(decision.next_due) == due(stored.next_due) {
                return Ok(executed(stored, &decision));
            }
            match self
                .commit(&stored, &decision, instants, once, &counted)
                .await
            {
                Ok(Commit::Done) => return Ok(executed(stored, &decision)),
                Ok(Commit::Failed(Label::Once)) => {
                    return self.taken_before(stored, once).await;
                }
                Ok(Commit::Failed(_)) | Err(StoreError::Busy(_)) => {
                    self.pause(attempt, &input.written).await;
                }
                Err(error) => return self.unknown_commit(stored, error, once).await,
            }
        }
        Err(StoreError::Busy("others keep changing this ticket"))
    }

    async fn commit(
        &self,
        stored: &Stored,
        decision: &Decision,
        instants: Instants,
        once: Option<&Once>,
        counted: &Counted,
    ) -> Result<Commit, StoreError> {
        let mut transaction = Transaction::new(&self.table);
        let snapshot = rows::snapshot(&decision.ticket, &stored.subject, decision.next_due);
        transaction.put_snapshot(snapshot, stored.ticket.seq);
        if let Some(once) = once {
            let item = record(once, decision.ticket.id, instants.now);
            transaction.put_new(Label::Once, item);
        }
        if let Some(copy) = once.and_then(|once| once.copy.as_ref()) {
            put_copy(&mut transaction, copy, decision.ticket.id, instants.now);
        }
        let told = |it: &ticket::Recorded| matches!(it.event, Event::StrangerTold { .. });
        if decision.events.iter().any(told) {
            counted.raise(&mut transaction, instants.now);
        }
        add_rows(&mut transaction, decision, instants);
        transaction.commit(&self.client).await
    }

    /// A refusal may only mean that the first delivery of this very input has changed the ticket already.
    async fn refused(
        &self,
        stored: &Stored,
        refusal: Refusal,
        once: Option<&Once>,
    ) -> Result<Executed, StoreError> {
        match once {
            Some(once) if self.taken(once).await?.is_some() => {
                self.taken_before(stored.clone(), Some(once)).await
            }
            _ => Err(refusal.into()),
        }
    }

    async fn taken_before(
        &self,
        stored: Stored,
        once: Option<&Once>,
    ) -> Result<Executed, StoreError> {
        let taken = match once {
            Some(once) => self.taken(once).await?,
            None => None,
        };
        let same_body = match (&taken, once) {
            (Some((_, body)), Some(once)) => *body == once.body,
            _ => true,
        };
        Ok(Executed {
            next_due: stored.next_due,
            ticket: stored.ticket,
            policy: stored.policy,
            notices: Vec::new(),
            changed: false,
            repeated: true,
            other_body: !same_body,
        })
    }

    /// The answer to a commit was lost: with a record, the record tells; without one, the caller asks again.
    async fn unknown_commit(
        &self,
        stored: Stored,
        error: StoreError,
        once: Option<&Once>,
    ) -> Result<Executed, StoreError> {
        match once {
            Some(once) if self.taken(once).await?.is_some() => {
                let fresh = self.load(stored.ticket.id).await?.unwrap_or(stored);
                self.taken_before(fresh, Some(once)).await
            }
            _ => Err(error),
        }
    }

    /// Which ticket took an input, and the digest of what it was.
    pub async fn taken(
        &self,
        once: &Once,
    ) -> Result<Option<(TicketId, ContentDigest)>, StoreError> {
        let pk = keys::once(once.source, &once.key);
        let Some(item) = self.get(&pk, keys::ONCE).await? else {
            return Ok(None);
        };
        let reader = Reader::new(&item)?;
        let id = reader.text("ticket")?.parse();
        let id = id.map_err(|error| StoreError::corrupt(reader.name(), error))?;
        let body = ContentDigest::from_stored(reader.text("body")?)
            .ok_or_else(|| StoreError::corrupt(reader.name(), "no digest"))?;
        Ok(Some((id, body)))
    }
}

/// What is to be done once, and what it is counted in.
struct Input {
    once: Option<Once>,
    counters: Vec<(Held, Counter)>,
    /// What it is, for the pauses between attempts.
    written: String,
}

/// The counters of the automatic answer that a command may bring; only a stranger's mail brings one.
fn counters(id: TicketId, command: &Command) -> Vec<(Held, Counter)> {
    match command {
        Command::StrangerMessage {
            from,
            words,
            tell: true,
        } => counters_of_stranger(&from.hash, id, &words.subject),
        _ => Vec::new(),
    }
}

/// The same command without that answer.
fn without_answer(command: &Command) -> Command {
    match command.clone() {
        Command::StrangerMessage { from, words, .. } => Command::StrangerMessage {
            from,
            words,
            tell: false,
        },
        other => other,
    }
}

/// Notes which ticket took a mail, whichever of our addresses it came to.
pub(crate) fn put_copy(
    transaction: &mut Transaction<'_>,
    copy: &ContentDigest,
    id: TicketId,
    now: Timestamp,
) {
    transaction.put_new(Label::Once, record(&Once::of_copy(copy), id, now));
}

fn record(once: &Once, id: TicketId, now: Timestamp) -> item::Item {
    let until = now.checked_add(ONCE_KEPT).unwrap_or(now);
    with(
        item::new(&keys::once(once.source, &once.key), keys::ONCE),
        [
            ("ticket", text(id.as_str())),
            ("body", text(once.body.as_str())),
            ("ttl", number(until.as_second())),
        ],
    )
}

fn executed(stored: Stored, decision: &Decision) -> Executed {
    Executed {
        ticket: decision.ticket.clone(),
        policy: stored.policy,
        notices: notice_refs(decision),
        changed: !decision.events.is_empty(),
        repeated: false,
        other_body: false,
        next_due: decision.next_due,
    }
}

impl Store {
    /// Waits longer each time, as the client's own pauses do. Nothing here is random, so what is written spreads the
    /// writers of one ticket: they would else come back together.
    pub(crate) async fn pause(&self, attempt: u32, written: &str) {
        let spread = written.bytes().fold(u64::from(attempt), |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        let base = 5u64 << attempt.min(6);
        self.wait(Duration::from_millis(base + spread % base)).await;
    }

    /// Waits by the clock of the client, so that whoever replaces the client's world replaces this too; by the
    /// executor's where the client was built without one.
    pub async fn wait(&self, time: Duration) {
        match self.client.config().sleep_impl() {
            Some(sleep) => sleep.sleep(time).await,
            None => tokio::time::sleep(time).await,
        }
    }
}
