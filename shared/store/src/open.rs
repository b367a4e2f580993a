//! Opening a ticket: one transaction, conditioned on the ticket not being there.

use std::sync::Arc;

use policy::{Channel, DepartmentId, Lang, Policy, Priority, ServiceId, Span, TicketType};
use ticket::{
    AddressHash, Contact, ContentDigest, Context, Decision, Open, Pepper, Ticket, TicketId, Words,
};

use crate::error::StoreError;
use crate::once::put_copy;
use crate::transaction::{Commit, Label, Transaction};
use crate::{Busy, Instants, NoticeRef, Store, rows};

/// Ids are 35 bits, so two sources may meet on one; each then takes its next.
const MAX_COLLISIONS: u8 = 8;

/// How often an opening is tried again because something else writes the same items.
const MAX_CONFLICTS: u32 = 10;

/// A request from outside, before it has a number.
#[derive(Debug, Clone)]
pub struct Request {
    /// The kind of source: `form`, `api` or `email`.
    pub source: &'static str,
    /// What makes the input unique there: nonce, `Idempotency-Key`, SES message id.
    pub key: String,
    /// Digest of the input, to tell a repeat from another input under the same key.
    pub body: ContentDigest,
    /// The way it came in.
    pub channel: Channel,
    /// Request, complaint or feedback.
    pub ticket_type: TicketType,
    /// The department chosen or addressed; none means triage.
    pub department: Option<DepartmentId>,
    /// The priority asked for; none means the policy's default.
    pub priority: Option<Priority>,
    /// The customer's language; one the policy lists.
    pub lang: Lang,
    /// The customer's IANA time zone.
    pub zone: Option<String>,
    /// Who asks.
    pub requester: Contact,
    /// Whether the address is proved.
    pub proved: bool,
    /// Subject and text.
    pub words: Words,
    /// Whether the answer to the caller shows the number.
    pub shown: bool,
    /// Whether an acknowledgement is mailed.
    pub acknowledge: bool,
    /// A ticket it may belong to.
    pub related: Option<TicketId>,
    /// The addresses of ours that it was sent to; none for the form.
    pub to: Vec<String>,
    /// The service that the customer chose.
    pub service: Option<ServiceId>,
    /// What a mail is, whichever of our addresses it came to; see [`crate::Once::copy`].
    pub copy: Option<ContentDigest>,
    /// Whether it asks for the review of a complaint, and which of the sender's it may be about.
    pub escalates: Option<Vec<TicketId>>,
}

/// How an opening ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The ticket is new.
    New,
    /// The same input was taken before: this is its ticket.
    Repeated,
    /// Another input was taken before under the same key; nothing was done with this one.
    OtherBody,
}

/// A ticket that was opened, now or before.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The ticket.
    pub ticket: Ticket,
    /// The policy version it is held to.
    pub policy: Arc<Policy>,
    /// How it ended.
    pub outcome: Outcome,
    /// Notices to put on their queues; none for a repeat.
    pub notices: Vec<NoticeRef>,
}

impl Store {
    /// Opens the ticket of a request, once however often it is called with the same source and key.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable` with the same source and key: the record tells what had been committed.
    pub async fn open(
        &self,
        pepper: &Pepper,
        request: Request,
        instants: Instants,
        policy: &Arc<Policy>,
    ) -> Result<Opened, StoreError> {
        self.open_from(None, pepper, request, instants, policy)
            .await
    }

    /// The same for a request that came over the web: `place` is the pseudonym of the network address it came from, whose
    /// acknowledgements to typed addresses are capped.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_from(
        &self,
        place: Option<&AddressHash>,
        pepper: &Pepper,
        request: Request,
        instants: Instants,
        policy: &Arc<Policy>,
    ) -> Result<Opened, StoreError> {
        let source = ContentDigest::of(&[request.source.as_bytes(), request.key.as_bytes()]);
        let busy = self.busy_known(instants.now).await?;
        let busy: Vec<Span> = busy.iter().map(Busy::span).collect();
        for attempt in 0..MAX_COLLISIONS {
            let id = TicketId::derive(pepper, request.source, &request.key, attempt);
            let context = Context {
                at: instants.at,
                now: instants.now,
                policy,
            };
            let command = command(id, &source, &request, busy.clone());
            let error = match self
                .commit_opening(command, place, request.copy.as_ref(), &context)
                .await
            {
                Ok(Some(decision)) => {
                    return Ok(Opened {
                        notices: notice_refs(&decision),
                        ticket: decision.ticket,
                        policy: policy.clone(),
                        outcome: Outcome::New,
                    });
                }
                Ok(None) => None,
                Err(error) => Some(error),
            };
            if let Some(copy) = self.taken_as_copy(&request, instants.now).await? {
                return Ok(repeated(copy, &request));
            }
            // Taken already, or the answer was lost: the record says which.
            match (self.load(id).await?, error) {
                (Some(stored), _) if stored.ticket.source == source => {
                    return Ok(repeated(stored, &request));
                }
                (_, Some(error)) => return Err(error),
                (Some(_), None) => {}
                (None, None) => return Err(StoreError::Busy("a ticket appeared and vanished")),
            }
        }
        Err(StoreError::corrupt("ticket numbers", "too many collisions"))
    }

    /// The ticket that took the same mail at another of our addresses.
    async fn taken_as_copy(
        &self,
        request: &Request,
        now: jiff::Timestamp,
    ) -> Result<Option<crate::Stored>, StoreError> {
        let once = crate::Once {
            source: request.source,
            key: request.key.clone(),
            body: request.body.clone(),
            copy: request.copy.clone(),
        };
        match self.note_copy(&once, now).await? {
            Some(id) => self.load(id).await,
            None => Ok(None),
        }
    }

    /// The ticket that a source's key has opened, if any.
    pub(crate) async fn opened_by(
        &self,
        pepper: &Pepper,
        source: &str,
        key: &str,
    ) -> Result<Option<TicketId>, StoreError> {
        let digest = ContentDigest::of(&[source.as_bytes(), key.as_bytes()]);
        for attempt in 0..MAX_COLLISIONS {
            let id = TicketId::derive(pepper, source, key, attempt);
            match self.load(id).await? {
                None => return Ok(None),
                Some(stored) if stored.ticket.source == digest => return Ok(Some(id)),
                Some(_) => {}
            }
        }
        Ok(None)
    }

    /// Decides and commits an opening with the counters of its acknowledgement, anew as long as others raise them; none if
    /// the ticket exists already.
    async fn commit_opening(
        &self,
        mut command: Open,
        place: Option<&AddressHash>,
        copy: Option<&ContentDigest>,
        context: &Context<'_>,
    ) -> Result<Option<Decision>, StoreError> {
        let mut attempt = 0;
        let verified = ticket::is_typed(&command)
            && self
                .reach(&command.requester.hash, context.now)
                .await?
                .is_verified();
        // Asked once: it counts.
        let mut gate = None;
        loop {
            let counted = if command.acknowledge {
                Some(self.counted(ticket::counters(&command, verified)).await?)
            } else {
                None
            };
            command.held = counted.as_ref().and_then(|it| it.held(context.now));
            if command.acknowledge && command.held.is_none() {
                if gate.is_none() {
                    let typed = ticket::is_typed(&command);
                    gate = Some(self.gate(place, typed, context.now).await?);
                }
                command.held = gate.flatten();
            }
            let gathered = self.gathering(&command).await?;
            command.waiting = gathered.as_ref().map(|it| it.waiting.clone());
            let decision = ticket::open(&command, context);
            let mut transaction = Transaction::new(&self.table);
            // Masked by the decision, as everything that is stored.
            let subject = decision
                .events
                .first()
                .and_then(|opening| opening.words.as_ref());
            let subject = subject.map_or("", |words| words.subject.as_str());
            let snapshot = rows::snapshot(&decision.ticket, subject, decision.next_due);
            transaction.put_new(Label::Existence, snapshot);
            let instants = Instants::new(context.at, context.now);
            if let Some(copy) = copy {
                put_copy(&mut transaction, copy, decision.ticket.id, instants.now);
            }
            add_rows(&mut transaction, &decision, instants);
            if let Some(counted) = counted.filter(|_| command.held.is_none()) {
                counted.raise(&mut transaction, context.now);
            }
            let full = gathered.is_some_and(|it| !it.add(&mut transaction, &decision, context));
            // Two deliveries at the same instant conflict; the loser waits to meet the winner's record.
            match transaction.commit(&self.client).await {
                Ok(Commit::Done) => {
                    if let Some(held) = decision.ticket.held {
                        self.note_held(held, context.now).await;
                    }
                    if full {
                        self.count_more(&decision.ticket.requester).await;
                    }
                    return Ok(Some(decision));
                }
                Ok(Commit::Failed(Label::Counter)) | Err(StoreError::Busy(_))
                    if attempt < MAX_CONFLICTS =>
                {
                    self.pause(attempt, command.id.as_str()).await;
                    attempt += 1;
                }
                Ok(Commit::Failed(Label::Counter)) => {
                    return Err(StoreError::Busy(
                        "others are acknowledged at the same address",
                    ));
                }
                Ok(Commit::Failed(_)) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Adds everything but the snapshot: events, participants, notices.
pub(crate) fn add_rows(transaction: &mut Transaction<'_>, decision: &Decision, instants: Instants) {
    let id = decision.ticket.id;
    for recorded in &decision.events {
        transaction.put(rows::event(id, recorded));
    }
    for contact in &decision.contacts {
        transaction.put(rows::participant(id, contact, instants.at));
    }
    for notice in &decision.notices {
        transaction.put(rows::notice(id, notice, instants.now));
    }
}

/// The notices of a decision as their queues name them.
pub(crate) fn notice_refs(decision: &Decision) -> Vec<NoticeRef> {
    let reference = |notice: &ticket::Notice| NoticeRef {
        ticket: decision.ticket.id,
        notice: notice.id.clone(),
        lane: notice.lane,
    };
    decision.notices.iter().map(reference).collect()
}

fn repeated(stored: crate::Stored, request: &Request) -> Opened {
    let outcome = if stored.ticket.body == request.body {
        Outcome::Repeated
    } else {
        Outcome::OtherBody
    };
    Opened {
        ticket: stored.ticket,
        policy: stored.policy,
        outcome,
        notices: Vec::new(),
    }
}

fn command(id: TicketId, source: &ContentDigest, request: &Request, busy: Vec<Span>) -> Open {
    Open {
        id,
        source: source.clone(),
        body: request.body.clone(),
        channel: request.channel,
        ticket_type: request.ticket_type,
        department: request.department.clone(),
        priority: request.priority,
        lang: request.lang.clone(),
        zone: request.zone.clone(),
        requester: request.requester.clone(),
        proved: request.proved,
        words: request.words.clone(),
        shown: request.shown,
        acknowledge: request.acknowledge,
        held: None,
        waiting: None,
        related: request.related,
        to: request.to.clone(),
        service: request.service.clone(),
        busy,
        escalates: request.escalates.clone(),
    }
}
