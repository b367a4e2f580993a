//! `troth ticket`: what the table says about tickets, for people and for programs.

mod deadlines;
pub(crate) mod evidence;
mod files;
mod history;
mod list;
mod notices;
mod order;
mod reveal;
pub(crate) mod show;
use crate::say::say;
pub(crate) use jiff::Timestamp;
use store::{Store, Stored};
use ticket::TicketId;

use crate::connection::{self, Flags, Stack};
use crate::text;

/// Look at tickets, and give them orders
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List all tickets, those due first first
    List {
        /// One JSON array instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Show a ticket: its deadlines with the promises that set them, its notices, its people
    Show {
        /// The ticket's number, such as EH-7K3Q-9M2X
        number: String,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
    /// Show everything that happened to a ticket, and whether the record is intact
    History {
        /// The ticket's number, such as EH-7K3Q-9M2X
        number: String,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
    /// Give a ticket orders with the lines that agents use, all of them or none
    Order {
        /// The ticket's number, such as EH-7K3Q-9M2X
        number: String,
        /// Slash lines, such as "/solve" or "/assign tech-1"
        #[arg(required = true)]
        lines: Vec<String>,
        /// The instant at which it counts as given; now if left out
        #[arg(long)]
        at: Option<Timestamp>,
    },
    Reveal(reveal::Args),
}

/// Why nothing can be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("{0} is not a ticket number; check it for a typing mistake")]
    NotANumber(String),
    #[error("there is no ticket {0}")]
    NoTicket(String),
    #[error(transparent)]
    Reveal(Box<reveal::Error>),
    #[error("\"{0}\" is not an order; one begins with a slash, such as \"/solve\"")]
    NotAnOrder(String),
}

connection::takes_store_errors!(Error);

/// Prints what was asked for.
pub(crate) fn run(command: &Command, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let text = connection::wait(answer(command, &stack))??;
    say(text);
    Ok(())
}

async fn answer(command: &Command, stack: &Stack) -> Result<String, Error> {
    let store = &stack.store;
    Ok(match command {
        Command::List { json } => list::Listing::read(store).await?.print(*json),
        Command::Show { number, json } => {
            let stored = find(store, number).await?;
            show::Page::read(store, stored).await?.print(*json)
        }
        Command::History { number, json } => {
            let stored = find(store, number).await?;
            history::Log::read(store, stored).await?.print(*json)
        }
        Command::Order { number, lines, at } => {
            let stored = find(store, number).await?;
            // Only a line that names somebody needs the pepper, so only it needs the right to read it.
            let names = lines.iter().any(|line| line.contains('@'));
            let pepper = if names {
                Some(stack.pepper().await?)
            } else {
                None
            };
            let now = at.map_or_else(|| stack.now(), Ok)?;
            order::give(store, stored, lines, pepper.as_ref(), now).await?
        }
        Command::Reveal(args) => {
            let shown = reveal::show(args, stack).await;
            shown.map_err(|error| Error::Reveal(Box::new(error)))?
        }
    })
}

/// The ticket of a number as a person typed it.
pub(crate) async fn find(store: &Store, number: &str) -> Result<Stored, Error> {
    let policy = store.nearest_policy(Timestamp::now()).await?;
    let policy = policy.ok_or(connection::Error::NoPolicy)?;
    let id = TicketId::from_number(&policy.terms().prefix, number);
    let id = id.ok_or_else(|| Error::NotANumber(number.to_owned()))?;
    let stored = store.load(id).await?;
    stored.ok_or_else(|| Error::NoTicket(number.to_owned()))
}
