//! `troth export`: the tickets of a time as JSON lines.

use crate::say::say;
use jiff::{SignedDuration, Timestamp};
use store::Store;

use crate::connection::{self, Error, Flags, Stack};
use crate::log_lines::Line;

/// Export tickets' logs as JSON lines, without anybody's words or addresses
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    time: Time,
}

/// Which tickets: those opened in this time.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Time {
    /// Tickets opened from this instant on; 31 days before the end if left out
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// Tickets opened before this instant; now if left out
    #[arg(long, value_name = "INSTANT")]
    pub(crate) until: Option<Timestamp>,
}

impl Time {
    /// From when to when, for a stack on which it is `now`.
    pub(crate) fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let until = self.until.unwrap_or(now);
        let month = SignedDuration::from_hours(24 * 31);
        let since = self.since.or_else(|| until.checked_sub(month).ok());
        (since.unwrap_or(Timestamp::MIN), until)
    }
}

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    let (since, until) = args.time.span(stack.now()?);
    for line in connection::wait(lines(&stack.store, since, until))?? {
        say(format_args!("{}\n", serde_json::json!(line)));
    }
    Ok(())
}

/// The tickets opened in a time, oldest first.
pub(crate) async fn lines(
    store: &Store,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<Line>, Error> {
    let current = store.nearest_policy(until).await?.ok_or(Error::NoPolicy)?;
    let mut listed = store.tickets(&current).await?;
    listed.retain(|one| since <= one.ticket.opened_at && one.ticket.opened_at < until);
    listed.sort_by_key(|one| one.ticket.opened_at);
    let mut lines = Vec::new();
    for one in listed {
        let policy = store.policy(&one.ticket.policy).await?;
        let number = one.ticket.id.number(&policy.terms().prefix);
        let log = store.history(one.ticket.id).await?;
        lines.extend(Line::new(number, one.ticket.id, &log));
    }
    Ok(lines)
}
