//! What left the due index: parked after too many failures, or held back by a restore.

use std::error::Error;

use store::{DueKind, Parked};

use super::{Args, Came, Outcome};
use crate::connection::Stack;
use crate::text;
use crate::verify::scanned;

pub(super) async fn run(
    stack: &Stack,
    args: &Args,
    held: bool,
    came: &mut Came,
) -> Result<(), Box<dyn Error>> {
    let now = stack.now()?;
    let mut parked = stack.store.parked(&mut scanned()).await?;
    parked.retain(|entry| entry.held == held);
    parked.sort_by_key(|entry| entry.since);
    for entry in parked {
        let outcome = match (args.dry_run, args.drop) {
            (true, _) => Outcome::Waits,
            (_, true) if stack.store.drop_held(&entry.kind, now).await? => Outcome::Dropped,
            (_, false) if stack.store.give_back(&entry.kind, now).await? => Outcome::Back,
            _ => Outcome::Gone,
        };
        came.add(line(&entry), outcome);
    }
    Ok(())
}

fn line(entry: &Parked) -> [String; 4] {
    let place = match (entry.held, &entry.kind) {
        (true, _) => "held",
        (_, DueKind::Ticket(_)) => "parked ticket",
        (_, DueKind::Notice(..)) => "parked notice",
        (_, DueKind::Rollout(_)) => "parked rollout",
        (_, DueKind::Digest(_)) => "parked digest",
    };
    let since = entry
        .since
        .map_or_else(|| "-".to_owned(), |at| at.to_string());
    [
        place.to_owned(),
        text::line(&entry.kind.to_string()),
        since,
        text::line(&entry.why),
    ]
}
