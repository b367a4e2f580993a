//! `troth ticket reveal`: a mail whose secrets were masked, shown to a lead (clause ON.4).

use aws_sdk_s3::operation::get_object::GetObjectError;
use policy::{PersonId, Policy};
use store::{Instants, Stored, masked_mails};
use ticket::{Command, Ticket, Words};

use crate::connection::{self, Stack};
use crate::text;

/// Show a mail as it was written whose secrets were masked; the ticket's log tells who asked for it and why
///
/// Only where the policy keeps such mails (`[secrets]`), for 30 days, and only for the lead of the ticket's department.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ticket's number, such as EH-7K3Q-9M2X
    number: String,
    /// The number of the entry in `troth ticket history` that holds the masked words
    entry: u32,
    /// Who is to see it: a lead, by the id that the policy gives them
    #[arg(long, value_name = "PERSON")]
    by: PersonId,
    /// Why; it stands in the ticket's log
    #[arg(long)]
    reason: String,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error(transparent)]
    Ticket(#[from] super::Error),
    #[error("`{by}` may not see it; {leads} may")]
    NotALead { by: PersonId, leads: String },
    #[error("--reason is empty: write why it has to be seen")]
    NoReason,
    #[error(
        "entry {0} is no mail with masked secrets; `troth ticket history` names those behind `secrets masked`"
    )]
    NothingMasked(u32),
    #[error(
        "the mail is not kept: the policy that the ticket is held to has no `keep_for_lead`, or 30 days are over"
    )]
    NotKept,
    #[error("the mail could not be read: {0}")]
    Bucket(String),
}

connection::takes_store_errors!(Error);

pub(super) async fn show(args: &Args, stack: &Stack) -> Result<String, Error> {
    let now = stack.now()?;
    let policy = stack.store.nearest_policy(now).await?;
    let policy = policy.ok_or(connection::Error::NoPolicy)?;
    let Stored { ticket, .. } = super::find(&stack.store, &args.number).await?;
    may(&args.by, &ticket, &policy)?;
    if args.reason.trim().is_empty() {
        return Err(Error::NoReason);
    }
    let log = stack.store.history(ticket.id).await?;
    let mail = masked_mails(&log).find(|(seq, _)| *seq == args.entry);
    let (_, name) = mail.ok_or(Error::NothingMasked(args.entry))?;
    // Read before it is recorded, so that the log names nothing that nobody could see; shown after it.
    let raw = read(stack, &format!("sealed/tickets/{}/{name}", ticket.id)).await?;
    let command = Command::RevealSecrets {
        by: args.by.clone(),
        seq: args.entry,
        words: Words::text(args.reason.trim()),
    };
    let instants = Instants::new(now, now);
    stack
        .store
        .execute(ticket.id, &command, instants, None)
        .await?;
    Ok(shown(&raw))
}

/// Only the lead of the ticket's department, as the policy in force names them; any department's lead before one is chosen.
fn may(by: &PersonId, ticket: &Ticket, policy: &Policy) -> Result<(), Error> {
    let of_ticket = ticket.department.as_ref().and_then(|id| policy.lead(id));
    let leads: Vec<&PersonId> = if let Some(lead) = of_ticket {
        vec![&lead.id]
    } else {
        let departments = policy.terms().departments.iter();
        departments.map(|department| &department.lead).collect()
    };
    if leads.contains(&by) {
        return Ok(());
    }
    let mut leads: Vec<&str> = leads.iter().map(|lead| lead.as_str()).collect();
    leads.sort_unstable();
    leads.dedup();
    Err(Error::NotALead {
        by: by.clone(),
        leads: leads.join(", "),
    })
}

async fn read(stack: &Stack, key: &str) -> Result<Vec<u8>, Error> {
    let object = stack.s3.get_object().bucket(&stack.bucket).key(key);
    let object = object.send().await.map_err(|error| {
        let absent = error
            .as_service_error()
            .is_some_and(GetObjectError::is_no_such_key);
        if absent {
            Error::NotKept
        } else {
            Error::Bucket(error.to_string())
        }
    })?;
    let bytes = object.body.collect().await;
    let bytes = bytes.map_err(|error| Error::Bucket(error.to_string()))?;
    Ok(bytes.to_vec())
}

/// Subject and every text of the mail, the HTML beside a plain text too.
fn shown(raw: &[u8]) -> String {
    let mail = mail::parse(raw, None).unwrap_or_else(Into::into);
    let mut out = format!("{}\n", text::subject(&mail.subject));
    for part in mail::texts(raw) {
        out.push('\n');
        out.push_str(&text::indented(&part, ""));
    }
    out
}
