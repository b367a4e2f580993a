//! `troth mail filed` and `troth mail ticket`: mail that was filed without a ticket, and a ticket made of one.

use crate::say::say;
use std::fmt::Write as _;

use aws_sdk_s3::operation::get_object::GetObjectError;
use mail::InboundMail;
use policy::{Channel, Policy, TicketType, Zone};
use runtime::{Files, FilesError};
use serde_json::{Value, json};
use store::{EMAIL, Filed, Instants, Request};
use ticket::{AddressHash, AttachmentNote, Contact, ContentDigest, Pepper, TicketId};

use crate::connection::{self, Flags, Stack};
use crate::text;

/// List the mail that was filed without a ticket and without an answer, or show one
///
/// Automatic answers, returned mail, newsletters, spam: with what each was taken for and why. Oldest first; kept for 90
/// days. What is a request after all becomes a ticket with `troth mail ticket`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The SES id of one mail: show its sender, subject and words
    id: Option<String>,
    /// JSON instead of text
    #[arg(long)]
    json: bool,
}

/// Make a ticket of a mail that was filed without one
///
/// Its clocks start when the mail reached the desk. Doing it again gives the same ticket.
#[derive(Debug, clap::Args)]
pub(crate) struct TicketArgs {
    /// The mail's SES id, as `troth mail filed` lists it
    id: String,
}

/// Why nothing can be shown or made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("no mail {0} was filed without a ticket; list those that were with `troth mail filed`")]
    NotFiled(String),
    #[error("the raw mail {0} is not in the bucket any more")]
    NoRaw(String),
    #[error("nobody can be answered: the mail names no sender")]
    NoSender,
    #[error("the raw mail could not be {0}: {1}")]
    Bucket(&'static str, String),
    #[error(transparent)]
    Files(#[from] FilesError),
}

connection::takes_store_errors!(Error);

/// Prints the list, or one mail.
pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let text = match &args.id {
        None => connection::wait(list(&stack, args.json))??,
        Some(id) => connection::wait(one(&stack, id, args.json))??,
    };
    say(text);
    Ok(())
}

async fn list(stack: &Stack, as_json: bool) -> Result<String, Error> {
    let filed = stack.store.all_filed().await?;
    let policy = policy(stack).await?;
    if as_json {
        return Ok(text::json(
            &filed.iter().map(|it| facts(it, &policy)).collect(),
        ));
    }
    if filed.is_empty() {
        return Ok("no filed mail\n".to_owned());
    }
    let heading = ["SES ID", "REACHED US", "KIND", "ABOUT", "WHY"];
    let mut lines = vec![heading.map(str::to_owned)];
    lines.extend(filed.iter().map(|it| line(it, &policy)));
    Ok(text::columns(&lines))
}

async fn one(stack: &Stack, id: &str, as_json: bool) -> Result<String, Error> {
    let filed = stack.store.filed(id).await?;
    let filed = filed.ok_or_else(|| Error::NotFiled(id.to_owned()))?;
    let (policy, (_, parsed)) = (policy(stack).await?, read(stack, &filed).await?);
    let from = parsed.from.first().cloned().unwrap_or_default();
    if as_json {
        let mut facts = facts(&filed, &policy);
        facts["from"] = json!(from.address);
        facts["subject"] = json!(parsed.subject);
        facts["text"] = json!(parsed.reply_text);
        return Ok(text::json(&facts));
    }
    let [id, at, kind, about, why] = line(&filed, &policy);
    let rows = [
        ["mail", &id],
        ["reached us", &at],
        ["kind", &kind],
        ["why", &why],
        ["about", &about],
        ["from", &text::line(&from.address)],
        ["subject", &text::subject(&parsed.subject)],
    ];
    let mut out = text::columns(&rows.map(|row| row.map(str::to_owned)));
    for words in parsed.reply_text.lines() {
        let _ = writeln!(out, "  {}", text::line(words));
    }
    Ok(out)
}

/// Makes a ticket of a filed mail and prints its number.
pub(crate) fn ticket(args: &TicketArgs, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let number = connection::wait(make(&stack, &args.id))??;
    say(format_args!("{number}\n"));
    Ok(())
}

/// Each step is the same done twice: the ticket's id is derived from the mail's, and the raw mail may be where it belongs.
async fn make(stack: &Stack, id: &str) -> Result<String, Error> {
    let filed = stack.store.filed(id).await?;
    let filed = filed.ok_or_else(|| Error::NotFiled(id.to_owned()))?;
    let policy = policy(stack).await?;
    if let Some(ticket) = filed.ticket {
        return Ok(ticket.number(&policy.terms().prefix));
    }
    let (raw, parsed) = read(stack, &filed).await?;
    let pepper = stack.pepper().await?;
    let notes = if filed.kind == "virus" {
        parsed.notes_of_infected()
    } else {
        parsed.notes(&pepper, &filed.ses_id)
    };
    let bucket = Files::new(&stack.s3, &stack.bucket);
    bucket.keep(&raw, &parsed, &notes).await?;
    let request = request(&filed, &parsed, notes, &pepper, &policy)?;
    let instants = Instants::new(filed.at, stack.now()?);
    let opened = stack.store.open(&pepper, request, instants, &policy);
    let made = opened.await?.ticket.id;
    file(stack, &filed, made).await?;
    stack.store.made_a_ticket(id, made).await?;
    Ok(made.number(&policy.terms().prefix))
}

fn request(
    filed: &Filed,
    parsed: &InboundMail,
    notes: Vec<AttachmentNote>,
    pepper: &Pepper,
    policy: &Policy,
) -> Result<Request, Error> {
    let from = parsed.from.first().ok_or(Error::NoSender)?;
    Ok(Request {
        source: EMAIL,
        key: filed.ses_id.clone(),
        body: ContentDigest::of(&[filed.ses_id.as_bytes()]),
        channel: Channel::Email,
        ticket_type: TicketType::Request,
        department: parsed.department(&[], policy),
        priority: None,
        lang: policy.terms().prevailing.clone(),
        zone: None,
        requester: Contact {
            hash: AddressHash::of(pepper, &from.address),
            address: from.address.clone(),
            name: from.name.clone(),
        },
        proved: filed.proved,
        words: parsed.words(&filed.ses_id, notes),
        shown: false,
        acknowledge: parsed.verdict.may_be_answered(),
        related: filed.about.as_ref().map(|about| about.ticket),
        to: parsed.addresses(&[]),
        service: None,
        escalates: None,
        copy: None,
    })
}

async fn policy(stack: &Stack) -> Result<std::sync::Arc<Policy>, Error> {
    let policy = stack.store.nearest_policy(stack.now()?).await?;
    Ok(policy.ok_or(connection::Error::NoPolicy)?)
}

/// A filed mail as it came, and as it reads.
async fn read(stack: &Stack, filed: &Filed) -> Result<(Vec<u8>, InboundMail), Error> {
    let object = stack.s3.get_object().bucket(&stack.bucket).key(&filed.raw);
    let object = object.send().await.map_err(|error| {
        let absent = error
            .as_service_error()
            .is_some_and(GetObjectError::is_no_such_key);
        if absent {
            Error::NoRaw(filed.raw.clone())
        } else {
            Error::Bucket("read", error.to_string())
        }
    })?;
    let bytes = object.body.collect().await;
    let bytes = bytes.map_err(|error| Error::Bucket("read", error.to_string()))?;
    let bytes = bytes.to_vec();
    let parsed = mail::parse(&bytes, None).unwrap_or_else(Into::into);
    Ok((bytes, parsed))
}

/// Moves the raw mail to its ticket.
async fn file(stack: &Stack, filed: &Filed, ticket: TicketId) -> Result<(), Error> {
    let (s3, bucket) = (&stack.s3, &stack.bucket);
    let copy = s3
        .copy_object()
        .bucket(bucket)
        .copy_source(format!("{bucket}/{}", filed.raw))
        .key(format!("tickets/{ticket}/{}", filed.ses_id));
    let copied = copy.send().await;
    copied.map_err(|error| Error::Bucket("moved", error.to_string()))?;
    let removed = s3
        .delete_object()
        .bucket(bucket)
        .key(&filed.raw)
        .send()
        .await;
    removed.map_err(|error| Error::Bucket("moved", error.to_string()))?;
    Ok(())
}

fn about(filed: &Filed, policy: &Policy) -> Option<String> {
    let ticket = filed.about.as_ref().map(|about| about.ticket);
    ticket.map(|ticket| ticket.number(&policy.terms().prefix))
}

fn facts(filed: &Filed, policy: &Policy) -> Value {
    json!({
        "ses_id": filed.ses_id,
        "at": filed.at,
        "kind": filed.kind,
        "why": filed.evidence,
        "about": about(filed, policy),
        "proved": filed.proved,
    })
}

fn line(filed: &Filed, policy: &Policy) -> [String; 5] {
    let zone: &Zone = &policy.terms().zone;
    [
        text::line(&filed.ses_id),
        text::time(filed.at, zone),
        filed.kind.clone(),
        about(filed, policy).unwrap_or_else(|| "-".to_owned()),
        text::line(&filed.evidence),
    ]
}
