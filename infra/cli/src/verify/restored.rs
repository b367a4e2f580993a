//! After a restore: what was on its way when the copy was taken may have left the old table since.

use jiff::Timestamp;
use store::{Instants, StoreError, Survey};
use ticket::{Command, TicketId};

use super::Error;
use crate::connection::Stack;

/// A ticket's clocks reach so many things at most at one instant; more are left to the tick.
const MOST_FIRINGS: usize = 20;

/// Holds every notice that was not sent, then fires what was due before now, which arms the ticket's timer for what lies
/// ahead, and holds what that tells too: it is of before. Answers how many are held.
///
/// Killed in between and run again, it does the rest: what was fired fires nothing again, a held notice stays held.
pub(super) async fn hold(stack: &Stack, survey: &Survey, now: Timestamp) -> Result<usize, Error> {
    let mut held = 0;
    for ticket in &survey.tickets {
        held += unsent(stack, survey, *ticket, now).await?;
        match fire(stack, *ticket, now).await {
            Ok(()) => held += unsent(stack, survey, *ticket, now).await?,
            Err(error) if error.is_outage() => return Err(error.into()),
            // What is wrong with it stands in the report.
            Err(error) => eprintln!("troth: ticket {ticket}: {error}"),
        }
    }
    for kind in stack.store.examine_records(survey, now).await?.entries {
        held += usize::from(stack.store.hold_entry(&kind, now).await?);
    }
    Ok(held)
}

async fn unsent(
    stack: &Stack,
    survey: &Survey,
    ticket: TicketId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut held = 0;
    for notice in stack.store.examine(ticket, survey, now).await?.unsent {
        held += usize::from(stack.store.hold(ticket, &notice, now).await?);
    }
    Ok(held)
}

async fn fire(stack: &Stack, ticket: TicketId, now: Timestamp) -> Result<(), StoreError> {
    for _ in 0..MOST_FIRINGS {
        let instants = Instants::new(now, now);
        let fired = stack
            .store
            .execute(ticket, &Command::FireTimers, instants, None)
            .await?;
        if fired.next_due.is_none_or(|due| due > now) {
            break;
        }
    }
    Ok(())
}
