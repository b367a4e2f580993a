//! One SQS record: claim, write, send, record.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use runtime::batch::{SqsMessage, Verdict};
use runtime::telemetry::Chain;
use runtime::{Clients, Config, Files, FilesError, Secrets, SecretsError, outbox};
use serde::Deserialize;
use store::{Claim, OutboxEntry, Store, StoreError};
use ticket::{Addressee, Lane, NoticeId, TicketId};

use crate::answer::{Answer, Wait};
use crate::letter::{self, Prepared, Ready};
use crate::{sending, settle};

/// A lease is this much longer than an invocation can live: it never runs out under a living sender, and when a sender
/// was killed, SES's own event of the mail has this long to arrive before another sends it.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_mins(3);

/// A notice that was claimed this often is given up: either it makes this binary fail, or SES has put it off for days.
const MOST_CLAIMS: u32 = 100;

/// A notice whose sending ended without an answer this often is given up: each time may have sent a mail.
const MOST_UNKNOWN: u32 = 10;

/// At its rate SES takes one mail and refuses whoever else asks in that second. How often a notice asks in one invocation,
/// and how long it rests in between. What is urgent asks sooner and longer than what travels in bulk, so that most of the
/// seconds are the urgent ones'; bulk asks more than once, so that none of the others is wasted. Ten bulk notices after one
/// another must end within the invocation.
const fn patience(lane: Lane) -> (u32, Duration) {
    match lane {
        Lane::Urgent => (40, Duration::from_millis(400)),
        Lane::Bulk => (4, Duration::from_secs(1)),
    }
}

/// What the function works with.
#[derive(Debug)]
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) ses: aws_sdk_sesv2::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) queues: outbox::Queues,
    pub(crate) secrets: Secrets,
    pub(crate) files: Files,
    /// Where the form and the customers' pages are.
    pub(crate) site: String,
    /// The domain that mail is sent from.
    pub(crate) domain: String,
    /// The configuration set that mail is sent under.
    pub(crate) configuration_set: String,
    pub(crate) timeout: Duration,
}

impl Desk {
    /// Builds the clients; asks nothing yet.
    pub fn new(config: &Config, clients: &Clients) -> Self {
        Self {
            store: Store::new(clients.dynamodb(), config.table.as_str()),
            ses: sending::client(&clients.ses()),
            sqs: clients.sqs(),
            queues: outbox::Queues::of(config),
            secrets: Secrets::new(clients.secrets_manager(), config),
            files: Files::new(&clients.s3(), config.mail_bucket.as_str()),
            site: config.form_url.clone(),
            domain: config.mail_domain.clone(),
            configuration_set: config.configuration_set.clone(),
            timeout: config.timeout,
        }
    }
}

/// Why a record could not be dealt with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the table")]
    Store(#[from] StoreError),
    #[error("the secrets")]
    Secrets(#[from] SecretsError),
    #[error("the files")]
    Files(#[from] FilesError),
    /// Another sender has the notice. Whoever is killed behind recording that it was sent leaves to a later delivery what
    /// follows from that, so this one stays on its queue until it finds the notice settled.
    #[error("another sender has it until {0}")]
    Taken(Timestamp),
}

impl Failure {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Secrets(SecretsError::Unavailable { .. }) | Self::Files(_) | Self::Taken(_) => {
                true
            }
            Self::Secrets(SecretsError::Malformed { .. }) => false,
        }
    }
}

/// A record's notice.
pub(crate) struct Named {
    pub(crate) ticket: TicketId,
    pub(crate) notice: NoticeId,
}

#[derive(Deserialize)]
struct Body {
    ticket: TicketId,
    notice: String,
}

fn named(record: &SqsMessage) -> Option<Named> {
    let body: Body = serde_json::from_str(record.body.as_deref()?).ok()?;
    Some(Named {
        ticket: body.ticket,
        notice: NoticeId::from_stored(&body.notice)?,
    })
}

/// Delivers the notice that a record names; `began` is when this invocation did, on the machine's steady clock.
pub async fn deliver(
    desk: Arc<Desk>,
    record: SqsMessage,
    now: Timestamp,
    began: Instant,
) -> Verdict {
    let Some(named) = named(&record) else {
        return Verdict::reject("the record names no ticket and notice");
    };
    match one(&desk, &named, now, began).await {
        Ok(()) => Verdict::Done,
        Err(failure) if failure.is_retryable() => Verdict::retry(Chain(&failure).to_string()),
        Err(failure) => Verdict::reject(Chain(&failure).to_string()),
    }
}

async fn one(desk: &Desk, named: &Named, now: Timestamp, began: Instant) -> Result<(), Failure> {
    let lease = SignedDuration::try_from(desk.timeout).unwrap_or(SignedDuration::from_mins(15));
    let lease = now
        .saturating_add(lease + LEASE_MARGIN)
        .unwrap_or(Timestamp::MAX);
    match desk
        .store
        .claim(named.ticket, &named.notice, now, lease)
        .await?
    {
        Claim::Yes(entry) => claimed(desk, named, &entry, now, began).await,
        Claim::Taken(until) => Err(Failure::Taken(until)),
        Claim::Done(entry) => settle::already(desk, named, &entry, now).await,
        Claim::NotBefore(until) => {
            tracing::info!(ticket.id = %named.ticket, notice.id = %named.notice, %until, "a notice is not to be sent yet");
            Ok(())
        }
        Claim::Unknown => {
            tracing::warn!(ticket.id = %named.ticket, notice.id = %named.notice, "a record names no notice that there is");
            Ok(())
        }
    }
}

async fn claimed(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    now: Timestamp,
    began: Instant,
) -> Result<(), Failure> {
    if entry.tries > MOST_CLAIMS {
        let reason = format!("given up after {MOST_CLAIMS} tries");
        return settle::never(desk, named, entry, &reason, now).await;
    }
    if let Addressee::Customer(who) = &entry.notice.to
        && let Some(reason) = desk.store.reach(who, now).await?.stops(&entry.notice.text)
    {
        return settle::stopped(desk, named, entry, who, reason, now).await;
    }
    match letter::prepare(desk, named.ticket, &entry.notice, now).await? {
        Prepared::Pointless => settle::pointless(desk, named, now).await,
        Prepared::Never(reason) => settle::never(desk, named, entry, &reason, now).await,
        // With less than half of the time left, SES's answer might come too late to be recorded.
        Prepared::Ready(_) if began.elapsed() > desk.timeout / 2 => {
            settle::untouched(desk, named, now).await
        }
        Prepared::Ready(ready) => send(desk, named, entry, ready, now, began).await,
    }
}

async fn send(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    ready: Ready,
    now: Timestamp,
    began: Instant,
) -> Result<(), Failure> {
    let notice = &named.notice;
    let acknowledged = ready.acknowledged;
    match offer(desk, named, entry.notice.lane, &ready, began).await {
        Ok(ses_id) => settle::sent(desk, named, entry, &ses_id, acknowledged, now).await,
        Err(Answer::Later(wait)) => settle::later(desk, named, entry, wait, now).await,
        Err(Answer::Never(reason)) => settle::never(desk, named, entry, &reason, now).await,
        Err(Answer::Unknown) if entry.tries >= MOST_UNKNOWN => {
            let reason = format!("SES gave no answer in {MOST_UNKNOWN} tries");
            settle::never(desk, named, entry, &reason, now).await
        }
        Err(Answer::Unknown) => {
            tracing::warn!(ticket.id = %named.ticket, notice.id = %notice, tries = entry.tries, "SES gave no answer; the notice is tried again when its lease is over");
            Ok(())
        }
    }
}

/// Offers the mail to SES, again and again while others take the rate, as long as its lane's patience and half of the
/// invocation's time last.
async fn offer(
    desk: &Desk,
    named: &Named,
    lane: Lane,
    ready: &Ready,
    began: Instant,
) -> Result<String, Answer> {
    let (tries, pause) = patience(lane);
    for _ in 0..tries {
        let answer = sending::send(&desk.ses, &desk.configuration_set, named, ready).await;
        if !matches!(answer, Err(Answer::Later(Wait::Rate))) {
            return answer;
        }
        desk.store.wait(pause).await;
        if began.elapsed() > desk.timeout / 2 {
            break;
        }
    }
    Err(Answer::Later(Wait::Rate))
}
