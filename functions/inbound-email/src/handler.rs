//! One mail: decided before? whose is it? commit, hurry the notices along, move the raw mail.

use jiff::Timestamp;
use mail::{InboundMail, Limits};
use runtime::telemetry::Chain;
use runtime::{Clients, Config, Diagnostic, Files, Invocation, Secrets, Seen, Unlocked, outbox};
use store::{Instants, MailDecision, Store};
use ticket::{AttachmentNote, ContentDigest, Words};

use crate::bucket::{Bucket, Raw};
use crate::copy;
use crate::decide::decide;
use crate::event::{Record, Ses, SesEvent};

/// What the function works with.
#[derive(Debug)]
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) bucket: Bucket,
    pub(crate) files: Files,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) queues: outbox::Queues,
    pub(crate) secrets: Secrets,
    pub(crate) domain: String,
}

impl Desk {
    /// Builds the clients; asks nothing yet.
    pub fn new(config: &Config, clients: &Clients) -> Self {
        Self {
            store: Store::new(clients.dynamodb(), config.table.as_str()),
            bucket: Bucket::new(clients.s3(), config.mail_bucket.as_str()),
            files: Files::new(&clients.s3(), config.mail_bucket.as_str()),
            sqs: clients.sqs(),
            queues: outbox::Queues::of(config),
            secrets: Secrets::new(clients.secrets_manager(), config),
            domain: config.mail_domain.clone(),
        }
    }
}

/// A mail being handled.
pub(crate) struct Mail<'a> {
    pub(crate) parsed: InboundMail,
    /// What it was parsed from.
    pub(crate) raw: &'a [u8],
    pub(crate) ses: &'a Ses,
    pub(crate) keys: &'a Unlocked,
    pub(crate) instants: Instants,
    /// What it is, whichever of our addresses it came to.
    pub(crate) copy: Option<ContentDigest>,
    /// What is recorded of its files.
    notes: Vec<AttachmentNote>,
}

impl<'a> Mail<'a> {
    /// Copies of a mail at several of our addresses have their files in common, so that one that becomes no ticket of its
    /// own leaves none behind.
    fn new(
        parsed: InboundMail,
        raw: &'a [u8],
        ses: &'a Ses,
        keys: &'a Unlocked,
        instants: Instants,
    ) -> Self {
        let copy = copy::of(&parsed, &ses.receipt, instants.at);
        let ses_id = ses.mail.message_id.as_str();
        let origin = copy.as_ref().map_or(ses_id, |copy| copy.as_str());
        let notes = parsed.notes(&keys.pepper, origin);
        Self {
            parsed,
            raw,
            ses,
            keys,
            instants,
            copy,
            notes,
        }
    }

    /// The mail as words on a ticket.
    pub(crate) fn words(&self) -> Words {
        let ses_id = &self.ses.mail.message_id;
        self.parsed.words(ses_id, self.notes.clone())
    }

    /// Puts its files where the ticket will say that they are. To be done before the ticket is committed.
    pub(crate) async fn keep_files(&self, desk: &Desk) -> Result<(), Failure> {
        desk.files.keep(self.raw, &self.parsed, &self.notes).await?;
        Ok(())
    }
}

/// Handles the mails of an event; in practice one.
///
/// # Errors
/// Anything that may succeed later: Lambda tries twice more, then the event lies in the on-failure queue and the mail
/// still under `inbox/`.
pub async fn run(desk: &Desk, event: SesEvent, invocation: &Invocation) -> Result<(), Diagnostic> {
    for record in &event.records {
        one(desk, record, invocation.now).await.map_err(|cause| {
            tracing::error!(seen = Seen::EventFailed.name(), mail.message_id = %record.ses.mail.message_id, error = %Chain(cause.as_ref()), "a mail was not filed");
            Diagnostic {
                error_type: "MailNotFiled".to_owned(),
                error_message: Chain(cause.as_ref()).to_string(),
            }
        })?;
    }
    Ok(())
}

/// Why a mail was not filed: whatever it is, the mail stays under `inbox/` and is tried again.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Files one mail.
pub(crate) async fn one(desk: &Desk, record: &Record, now: Timestamp) -> Result<(), Failure> {
    let ses = &record.ses;
    let id = &ses.mail.message_id;
    let keys = desk.secrets.get().await?;
    let decision = desk.store.mail_decision(&keys.pepper, id).await?;
    let decision = if let Some(before) = decision {
        before
    } else {
        let Some((raw, too_many)) = read(desk, ses).await? else {
            return Err("the mail is neither under inbox/ nor filed".into());
        };
        let instants = Instants::new(ses.mail.timestamp, now);
        let parsed = parsed(&raw, too_many, ses);
        let tags = mail::signed_tags(&parsed, &ses.receipt.recipients, &desk.domain);
        let keys = desk.secrets.for_tags(tags, now).await?;
        let mut mail = Mail::new(parsed, &raw, ses, &keys, instants);
        // Boxed: a decision holds a mail and a ticket, and the task would carry it through every await.
        Box::pin(decide(desk, &mut mail)).await?
    };
    let target = target(&decision, id);
    let held = match decision {
        MailDecision::Ticket(ticket) => desk.store.held_secrets(ticket, id).await?,
        MailDecision::Filed => None,
    };
    match held {
        Some(policy) => {
            let keep = policy.terms().secrets.keep_for_lead;
            let kept = keep.then(|| format!("sealed/{target}"));
            replace(desk, ses, &target, kept.as_deref()).await?;
        }
        None => desk.bucket.file(id, &target).await?,
    }
    tracing::info!(mail.message_id = %id, "filed a mail");
    Ok(())
}

/// Puts a masked copy where the raw mail would have gone, then deletes the raw mail with every version of it (clause ON.4);
/// before that it is copied to `kept`, for a lead, if the policy says so.
///
/// Killed in between, it is begun again: the raw mail is still under `inbox/`, and the copy is the same each time.
async fn replace(desk: &Desk, ses: &Ses, target: &str, kept: Option<&str>) -> Result<(), Failure> {
    if let Some((raw, too_many)) = read(desk, ses).await? {
        let mail = parsed(&raw, too_many, ses);
        desk.bucket
            .put(target, mail::masked_copy(&mail, &raw, ses.mail.timestamp))
            .await?;
        if let Some(kept) = kept {
            desk.bucket.copy(&ses.mail.message_id, kept).await?;
        }
        desk.bucket.destroy(&ses.mail.message_id).await?;
        tracing::info!(seen = Seen::SecretsMasked.name(), mail.message_id = %ses.mail.message_id, "a raw mail that held secrets was replaced by a masked copy");
    }
    Ok(())
}

/// Where the raw mail belongs once it was decided.
pub(crate) fn target(decision: &MailDecision, ses_id: &str) -> String {
    match decision {
        MailDecision::Ticket(ticket) => format!("tickets/{ticket}/{ses_id}"),
        MailDecision::Filed => format!("filed/{ses_id}"),
    }
}

/// Reads the raw mail, or its beginning and how many bytes it has if it is too large to be read; none if it was filed.
async fn read(desk: &Desk, ses: &Ses) -> Result<Option<(Vec<u8>, Option<usize>)>, Failure> {
    let limit = Limits::DEFAULT.total_bytes;
    Ok(match desk.bucket.read(&ses.mail.message_id, limit).await? {
        Raw::Mail(raw) => Some((raw, None)),
        Raw::Gone => None,
        // SES takes 40 MB and adds its own lines on top.
        Raw::TooLarge(bytes, top) => Some((top, Some(bytes))),
    })
}

/// Parses the raw mail. One that is over a bound is taken by its top headers, with a sentence as its text.
fn parsed(raw: &[u8], too_many: Option<usize>, ses: &Ses) -> InboundMail {
    let source = ses.mail.source.as_deref();
    match too_many {
        Some(bytes) => mail::top_of(raw, bytes, source).into(),
        None => mail::parse(raw, source).unwrap_or_else(Into::into),
    }
}
