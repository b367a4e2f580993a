//! `troth ticket order`: one order to a ticket, as an agent would give it with a slash line.

use jiff::Timestamp;
use mail::slash_commands;
use store::{Instants, Store, Stored};
use ticket::{Actor, Command, OrderLine, Pepper};

use super::Error;

/// Carries out slash lines in the operator's name, all of them or none.
pub(super) async fn give(
    store: &Store,
    stored: Stored,
    lines: &[String],
    pepper: Option<&Pepper>,
    now: Timestamp,
) -> Result<String, Error> {
    let written = lines.join("\n");
    let (commands, rest) = slash_commands(&written);
    if commands.is_empty() || !rest.is_empty() {
        return Err(Error::NotAnOrder(written));
    }
    let policy = &stored.policy;
    let orders = commands
        .iter()
        .map(|line| OrderLine::read(&line.name, &line.args, None, policy, pepper))
        .collect();
    let by = Actor::Operator;
    let command = Command::Orders { by, orders };
    let instants = Instants::new(now, now);
    // The notices wait in their rows; the tick puts them on the queues.
    let done = store
        .execute(stored.ticket.id, &command, instants, None)
        .await?;
    let number = done.ticket.id.number(&done.policy.terms().prefix);
    Ok(format!("{number}: done; {} notices\n", done.notices.len()))
}
