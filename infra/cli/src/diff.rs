//! `troth policy diff`: what changes from one version to another, and what it would do to open tickets.

use crate::say::say;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use ::policy::{Policy, PolicyHash, Zone};
use jiff::Timestamp;
use store::StoreError;
use ticket::{Compared, Kept, compare};

use crate::connection::{self, Flags, Stack};
use crate::{policy, text};

/// Say in words what changes from one policy to another
///
/// Each is a directory, or the identifier of a version that was published on the stack.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is in force
    old: String,
    /// What is to be
    new: String,
    /// Say also which open tickets of the stack would follow the new one, and their deadlines under both
    #[arg(long)]
    tickets: bool,
}

/// Why nothing can be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Sources(#[from] policy::Error),
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("the policy in {0} has errors: they stand above")]
    Faulty(String),
    #[error("{0} is neither a directory nor the identifier of a version")]
    Neither(String),
    #[error("no version {0} was published on this stack")]
    NotPublished(PolicyHash),
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let is_remote = |source: &String| !Path::new(source).is_dir();
    let needs_stack = args.tickets || is_remote(&args.old) || is_remote(&args.new);
    let stack = if needs_stack {
        Some(Stack::find(flags)?)
    } else {
        None
    };
    let now = match &stack {
        Some(stack) => stack.now()?,
        None => flags.now.unwrap_or_else(Timestamp::now),
    };
    let said = connection::wait(answer(args, stack.as_ref(), now))??;
    say(said);
    Ok(())
}

async fn answer(args: &Args, stack: Option<&Stack>, now: Timestamp) -> Result<String, Error> {
    let old = load(&args.old, stack, now).await?;
    let new = load(&args.new, stack, now).await?;
    let mut out = String::new();
    for change in old.changes(&new) {
        let _ = writeln!(out, "{}", text::line(&change));
    }
    if out.is_empty() {
        out.push_str("nothing changes\n");
    }
    if let Some(stack) = stack.filter(|_| args.tickets) {
        let zone = &new.terms().zone;
        let tickets = tickets(stack, &new, now).await?;
        let heading = format!("Open tickets, in {} time", zone.name());
        let said = if tickets.is_empty() {
            "none\n".to_owned()
        } else {
            tickets
        };
        out.push_str(&text::section(&heading, &said));
    }
    Ok(out)
}

/// A policy from a directory, or from the stack by its identifier.
pub(crate) async fn load(
    source: &str,
    stack: Option<&Stack>,
    now: Timestamp,
) -> Result<Arc<Policy>, Error> {
    if Path::new(source).is_dir() {
        let checked = policy::checked(Path::new(source), now)?;
        let checked = checked.ok_or_else(|| Error::Faulty(source.to_owned()))?;
        return Ok(checked.policy.into());
    }
    let neither = || Error::Neither(source.to_owned());
    let version: PolicyHash = source.parse().map_err(|_| neither())?;
    let store = &stack.ok_or_else(neither)?.store;
    let policy = store.find_policy(&version).await?;
    Ok(store
        .with_pages(policy.ok_or(Error::NotPublished(version))?)
        .await?)
}

async fn tickets(stack: &Stack, new: &Policy, now: Timestamp) -> Result<String, StoreError> {
    let store = &stack.store;
    let mut out = String::new();
    let Some(current) = store.nearest_policy(now).await? else {
        return Ok(out);
    };
    for listed in store.tickets(&current).await? {
        let ticket = &listed.ticket;
        if ticket.is_settled() || ticket.policy == *new.hash() {
            continue;
        }
        let own = store.policy(&ticket.policy).await?;
        let (kept, deadlines) = compare(ticket, &own, new, now);
        let number = ticket.id.number(&own.terms().prefix);
        let _ = writeln!(out, "{number} {}", outcome(kept));
        for compared in deadlines.iter().filter(|one| one.due != one.new_due) {
            let _ = writeln!(out, "    {}", moved(compared, &new.terms().zone));
        }
    }
    Ok(out)
}

fn outcome(kept: Option<Kept>) -> &'static str {
    match kept {
        None => "follows",
        Some(Kept::Worse) => "stays: something would be owed to the customer later",
        Some(Kept::MissedAlready) => "stays: what was missed is promised otherwise",
        Some(Kept::OtherPrefix) => "stays: its number would begin otherwise",
        Some(Kept::NoDepartment) => "stays: its department is gone",
        Some(Kept::NoAssignee) => "stays: the agent who has it is gone",
    }
}

fn moved(compared: &Compared, zone: &Zone) -> String {
    let due = |at: Option<Timestamp>| text::time_or(at, zone, "no promise");
    let metric = compared.metric.as_str().replace('_', " ");
    format!(
        "{metric}: {} -> {}",
        due(compared.due),
        due(compared.new_due)
    )
}
