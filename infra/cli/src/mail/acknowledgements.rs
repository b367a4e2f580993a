//! `troth mail acknowledgements`: whether requests are acknowledged by mail, and what was held today.

use crate::say::say;
use std::fmt::Write as _;

use jiff::Timestamp;
use policy::Zone;
use store::{Acknowledging, HeldToday, Store};

use crate::busy;
use crate::connection::{self, Flags, Stack};
use crate::text;

/// Show whether requests are acknowledged by mail and how many were held today, or switch acknowledgements off or on
///
/// Requests become tickets either way, and form and API show the number. Functions know of it within a minute.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Stop all acknowledgements by mail, such as while a flood lasts
    Off(Word),
    /// Acknowledge requests again; what was held stays held
    On(Word),
}

#[derive(Debug, clap::Args)]
struct Word {
    /// Why, for whoever looks later
    #[arg(long)]
    reason: String,
    /// Who says so; the name of this account if left out
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
}

/// Why nothing was switched or shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error(transparent)]
    Nobody(#[from] busy::Error),
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    let said = connection::wait(answer(args, &stack.store, now))??;
    say(said);
    Ok(())
}

async fn answer(args: &Args, store: &Store, now: Timestamp) -> Result<String, Error> {
    let (on, word) = match &args.command {
        None => {
            let policy = store
                .nearest_policy(now)
                .await?
                .ok_or(connection::Error::NoPolicy)?;
            let (set, held) = (store.acknowledging().await?, store.held_today(now).await?);
            return Ok(shown(&set, &held, &policy.terms().zone));
        }
        Some(Command::Off(word)) => (false, word),
        Some(Command::On(word)) => (true, word),
    };
    let by = busy::who(word.by.as_deref())?;
    store
        .acknowledge_by_mail(on, now, &by, word.reason.trim())
        .await?;
    let state = if on { "on" } else { "off" };
    Ok(format!(
        "acknowledgements are {state}; every function knows within a minute\n"
    ))
}

fn shown(acknowledging: &Acknowledging, held: &[HeldToday], zone: &Zone) -> String {
    let state = if acknowledging.on { "on" } else { "off" };
    let mut out = format!("acknowledgements are {state}");
    if let Some((at, by, reason)) = &acknowledging.set {
        let (by, reason) = (text::line(by), text::line(reason));
        let _ = write!(out, " since {} by {by}: {reason}", text::time(*at, zone));
    }
    out.push('\n');
    let lines: Vec<[String; 2]> = held
        .iter()
        .map(|it| [it.held.as_str().to_owned(), it.count.to_string()])
        .collect();
    if !lines.is_empty() {
        let heading = "Held today (UTC), by reason; each ticket says so itself";
        out.push_str(&text::section(heading, &text::columns(&lines)));
    }
    out
}
