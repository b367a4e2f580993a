//! The one loop that changes a ticket: load, decide, commit; again if somebody else was faster.

use std::sync::Arc;

use jiff::Timestamp;
use policy::Policy;
use ticket::{
    Command, Context, Counter, Decision, Event, Held, Offer, Refusal, Ticket, TicketId,
    counters_of_stranger, decide_merging,
};

use crate::counters::Counted;
use crate::error::StoreError;
use crate::merge::Partner;
use crate::once::{Once, put_copy, record};
use crate::open::{add_rows, notice_refs};
use crate::transaction::{Commit, Label, Transaction};
use crate::{Instants, NoticeRef, Store, Stored, keys, rows};

/// How often a command is decided anew because others keep changing the ticket.
const MAX_ATTEMPTS: u32 = 12;

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
    /// Carries out a command on a ticket, once for each `once`; where the ticket was merged and the command is meant for
    /// whatever it goes on with, there. The answer names the ticket on which it was carried out.
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
        let decide = |aim: &Aim, context: &Context<'_>, held: Option<Held>| {
            let command = if held.is_some() { &unanswered } else { command };
            let other = aim.partner.as_ref().map(Partner::other);
            let ticket = &aim.stored.ticket;
            let Some(named) = &aim.moved_from else {
                return decide_merging(ticket, command, context, other.as_ref());
            };
            let prefix = &context.policy.terms().prefix;
            let moved = command.clone().moved(named, ticket, prefix);
            decide_merging(ticket, &moved, context, other.as_ref())
        };
        let input = Input {
            once,
            counters,
            follows: command.follows_merges(),
            merges_into: command.merges_into(),
            written: format!("{command:?}"),
        };
        // Boxed: it holds two tickets, and every caller's future would carry the room for them.
        Box::pin(self.change(id, instants, input, decide)).await
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
        let decide = |aim: &Aim, context: &Context<'_>, _| {
            let decision = ticket::offer(&aim.stored.ticket, &offer, context);
            Ok((decision, None))
        };
        let input = Input {
            once: None,
            counters: Vec::new(),
            follows: false,
            merges_into: None,
            written: newer.hash().to_string(),
        };
        Box::pin(self.change(id, instants, input, decide)).await
    }

    async fn change(
        &self,
        id: TicketId,
        instants: Instants,
        input: Input,
        decide: impl Fn(
            &Aim,
            &Context<'_>,
            Option<Held>,
        ) -> Result<(Decision, Option<Decision>), Refusal>,
    ) -> Result<Executed, StoreError> {
        let once = input.once.as_ref();
        for attempt in 0..MAX_ATTEMPTS {
            let aim = self.aim(id, &input).await?;
            let stored = &aim.stored;
            let context = Context {
                at: instants.at,
                now: instants.now,
                policy: &stored.policy,
            };
            let counted = self.counted(input.counters.clone()).await?;
            let (decision, other) = match decide(&aim, &context, counted.held(instants.now)) {
                Ok(decided) => decided,
                Err(refusal) => return self.refused(stored, refusal, once, instants.now).await,
            };
            let due = |instant: Option<Timestamp>| instant.map(keys::sortable);
            let nothing = decision.events.is_empty() && decision.notices.is_empty();
            if nothing && due(decision.next_due) == due(stored.next_due) {
                return Ok(executed(stored, &decision, None));
            }
            let both = Both {
                aim: &aim,
                decision: &decision,
                other: other.as_ref(),
            };
            match self.commit(&both, instants, once, &counted).await {
                Ok(Commit::Done) => return Ok(executed(stored, &decision, other.as_ref())),
                Ok(Commit::Failed(Label::Once)) => {
                    return self.taken_before(stored, once, instants.now).await;
                }
                Ok(Commit::Failed(_)) | Err(StoreError::Busy(_)) => {
                    self.pause(attempt, &input.written).await;
                }
                Err(error) => {
                    return self.unknown_commit(stored, error, once, instants.now).await;
                }
            }
        }
        Err(StoreError::Busy("others keep changing this ticket"))
    }

    /// The ticket that the input is for: where it was merged and the input follows, the end of its chain.
    async fn aim(&self, id: TicketId, input: &Input) -> Result<Aim, StoreError> {
        let stored = self.load(id).await?.ok_or(StoreError::NoSuchTicket(id))?;
        let gone = stored.ticket.merged_into.is_some();
        let (moved_from, stored) = if input.follows && gone {
            let named = stored.ticket.clone();
            let end = self.end_of(stored).await?;
            (Some(named).filter(|named| named.id != end.ticket.id), end)
        } else {
            (None, stored)
        };
        let partner = match input.merges_into {
            Some(into) => self.partner(&stored, into).await?,
            None => None,
        };
        Ok(Aim {
            moved_from,
            stored,
            partner,
        })
    }

    /// One transaction, over both tickets of a merge: each under the condition that nobody changed it meanwhile.
    async fn commit(
        &self,
        both: &Both<'_>,
        instants: Instants,
        once: Option<&Once>,
        counted: &Counted,
    ) -> Result<Commit, StoreError> {
        let (stored, decision) = (&both.aim.stored, both.decision);
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
        if let (Some(other), Some(partner)) = (both.other, &both.aim.partner) {
            let end = &partner.end;
            let snapshot = rows::snapshot(&other.ticket, &end.subject, other.next_due);
            transaction.put_snapshot(snapshot, end.ticket.seq);
            add_rows(&mut transaction, other, instants);
        }
        transaction.commit(&self.client).await
    }

    /// A refusal may only mean that the first delivery of this very input, or of its copy, has changed the ticket already.
    async fn refused(
        &self,
        stored: &Stored,
        refusal: Refusal,
        once: Option<&Once>,
        now: Timestamp,
    ) -> Result<Executed, StoreError> {
        match once {
            Some(once)
                if self.taken(once).await?.is_some()
                    || self.note_copy(once, now).await?.is_some() =>
            {
                self.taken_before(stored, Some(once), now).await
            }
            _ => Err(refusal.into()),
        }
    }

    /// The answer to an input that was taken before: about the ticket that took it, which a merge since then may have
    /// taken out of its way.
    async fn taken_before(
        &self,
        stored: &Stored,
        once: Option<&Once>,
        now: Timestamp,
    ) -> Result<Executed, StoreError> {
        let taken = match once {
            Some(once) => self.taken(once).await?,
            None => None,
        };
        let took = match (&taken, once) {
            (None, Some(once)) => self.note_copy(once, now).await?,
            _ => taken.as_ref().map(|(id, _)| *id),
        };
        let elsewhere = match took.filter(|id| *id != stored.ticket.id) {
            Some(id) => self.load(id).await?,
            None => None,
        };
        let stored = elsewhere.unwrap_or_else(|| stored.clone());
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
        stored: &Stored,
        error: StoreError,
        once: Option<&Once>,
        now: Timestamp,
    ) -> Result<Executed, StoreError> {
        match once {
            Some(once) if self.taken(once).await?.is_some() => {
                let fresh = self.load(stored.ticket.id).await?;
                self.taken_before(fresh.as_ref().unwrap_or(stored), Some(once), now)
                    .await
            }
            _ => Err(error),
        }
    }
}

/// The tickets that an input is about, as they are now.
struct Aim {
    /// The ticket that the input names, where that was merged and the input goes on elsewhere.
    moved_from: Option<Ticket>,
    /// The ticket that it is for.
    stored: Stored,
    /// The ticket that it merges that one into.
    partner: Option<Partner>,
}

/// What is committed together.
struct Both<'a> {
    aim: &'a Aim,
    decision: &'a Decision,
    /// What becomes of the partner.
    other: Option<&'a Decision>,
}

/// What is to be done once, and what it is counted in.
struct Input {
    once: Option<Once>,
    counters: Vec<(Held, Counter)>,
    /// Whether it follows a ticket that was merged.
    follows: bool,
    /// The ticket that it asks to merge into.
    merges_into: Option<TicketId>,
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

fn executed(stored: &Stored, decision: &Decision, other: Option<&Decision>) -> Executed {
    let mut notices = notice_refs(decision);
    notices.extend(other.into_iter().flat_map(notice_refs));
    Executed {
        ticket: decision.ticket.clone(),
        policy: stored.policy.clone(),
        notices,
        changed: !decision.events.is_empty(),
        repeated: false,
        other_body: false,
        next_due: decision.next_due,
    }
}
