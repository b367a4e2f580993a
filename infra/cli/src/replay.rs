//! `troth policy replay`: what a text would have meant for the tickets that there were.

mod figures;
mod svg;

use crate::say::say;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use ::policy::Policy;
use jiff::Timestamp;

use self::figures::Figures;
use crate::connection::{self, Flags, Stack};
use crate::diff;
use crate::export::{Time, lines};
use crate::log_lines::Line;
use crate::text;

/// Play the tickets of a month under another text: misses gained and lost, alarms at night
///
/// What customers and staff did is taken as it was; what the desk did of itself is decided anew, under the text that
/// each ticket was opened under and under the new one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The new text: a directory, or the identifier of a version
    new: String,
    /// Tickets from a file that `troth export` wrote, instead of the stack's
    #[arg(long, value_name = "FILE", requires = "old")]
    file: Option<PathBuf>,
    /// The text to compare with; what each ticket was opened under if left out
    #[arg(long, value_name = "POLICY")]
    old: Option<String>,
    /// Also write the figures as a picture
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    time: Time,
}

/// Why nothing was played.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Policy(#[from] diff::Error),
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("{path} cannot be read or written")]
    File {
        path: PathBuf,
        #[source]
        err: io::Error,
    },
    #[error("line {line} of {path} is not a ticket of an export")]
    Line {
        path: PathBuf,
        line: usize,
        #[source]
        err: serde_json::Error,
    },
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let local = |source: &str| std::path::Path::new(source).is_dir();
    let without_stack =
        args.file.is_some() && local(&args.new) && args.old.as_deref().is_some_and(local);
    let stack = if without_stack {
        None
    } else {
        Some(Stack::find(flags)?)
    };
    let now = stack
        .as_ref()
        .map_or_else(|| Ok(Timestamp::now()), Stack::now)?;
    let figures = connection::wait(played(args, stack.as_ref(), now))??;
    say(figures.table());
    if let Some(path) = &args.svg {
        fs::write(path, svg::picture(&figures)).map_err(|err| Error::File {
            path: path.clone(),
            err,
        })?;
    }
    Ok(())
}

async fn played(args: &Args, stack: Option<&Stack>, now: Timestamp) -> Result<Figures, Error> {
    let (since, until) = args.time.span(now);
    let new = diff::load(&args.new, stack, now).await?;
    let old = match &args.old {
        Some(old) => Some(diff::load(old, stack, now).await?),
        None => None,
    };
    let tickets = match (&args.file, stack) {
        (Some(path), _) => read(path)?,
        (None, Some(stack)) => lines(&stack.store, since, until).await?,
        (None, None) => Vec::new(),
    };
    // An exported month ends with its last event, unless the end is named.
    let until = match (&args.file, args.time.until) {
        (Some(_), None) => now,
        _ => until,
    };
    let mut figures = Figures::new(&new);
    for line in tickets {
        let own = own(&line, old.as_ref(), stack).await?;
        let number = text::line(&line.number);
        figures.add(&number, &line.log(), &own, &new, until);
    }
    Ok(figures)
}

/// The text that a ticket is compared with.
async fn own(
    line: &Line,
    old: Option<&Arc<Policy>>,
    stack: Option<&Stack>,
) -> Result<Arc<Policy>, Error> {
    match (old, stack) {
        (Some(old), _) => Ok(old.clone()),
        (None, Some(stack)) => Ok(stack.store.policy(&line.policy).await?),
        (None, None) => Err(diff::Error::NotPublished(line.policy.clone()).into()),
    }
}

fn read(path: &PathBuf) -> Result<Vec<Line>, Error> {
    let text = fs::read_to_string(path).map_err(|err| Error::File {
        path: path.clone(),
        err,
    })?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|err| Error::Line {
                path: path.clone(),
                line: index + 1,
                err,
            })
        })
        .collect()
}
