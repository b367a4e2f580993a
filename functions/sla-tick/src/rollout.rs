//! Rollouts: what a publication means for open tickets, some tickets at a time.

use std::time::Instant;

use jiff::Timestamp;
use runtime::outbox;
use runtime::telemetry::Chain;
use store::{Executed, Instants, Rollout, StoreError, Work};
use ticket::{Command, TicketId};

use crate::handler::Tick;

/// What became of the rollouts in one run.
#[derive(Debug, Default)]
pub(crate) struct Rolled {
    /// Tickets that were told of a version or compared with one.
    pub(crate) tickets: usize,
    /// When there is something to do again, if nothing is published before.
    pub(crate) next: Option<Timestamp>,
    /// Whether the time was up before everything due was done.
    pub(crate) unfinished: bool,
}

/// Works at whatever rollouts are due until they are done or the budget is used up; the next run goes on from there.
///
/// # Errors
/// The table cannot be asked: the next run tries again.
pub(crate) async fn run(
    tick: &Tick,
    now: Timestamp,
    started: Instant,
) -> Result<Rolled, StoreError> {
    let mut rolled = Rolled::default();
    loop {
        let rollouts = tick.store.rollouts(now).await?;
        rolled.next = rollouts.next;
        let Some(rollout) = rollouts.due.first() else {
            return Ok(rolled);
        };
        if started.elapsed() >= tick.budget {
            rolled.next = Some(now);
            rolled.unfinished = true;
            return Ok(rolled);
        }
        step(tick, rollout, now, &mut rolled).await?;
    }
}

/// One step: a few tickets, then the place behind them. A ticket that fails is met again in the next pass, and keeps no
/// other from its turn.
async fn step(
    tick: &Tick,
    rollout: &Rollout,
    now: Timestamp,
    rolled: &mut Rolled,
) -> Result<(), StoreError> {
    let step = tick.store.rollout_step(rollout).await?;
    let mut found = false;
    for &id in &step.tickets {
        match ticket(tick, rollout, id, now).await {
            Ok(done) => {
                outbox::enqueue(&tick.sqs, &tick.queues, &done.notices).await;
                found |= done.changed;
                rolled.tickets += usize::from(done.changed);
            }
            // An index may be late: the ticket is gone.
            Err(StoreError::NoSuchTicket(_)) => {}
            Err(error) => {
                tracing::error!(ticket.id = %id, error = %Chain(&error), "a ticket could not be rolled out to");
                found = true;
            }
        }
    }
    let last = step.is_last();
    if tick.store.rollout_done(rollout, step, found).await? && last {
        tracing::info!(policy.version = %rollout.version, work = ?rollout.work, "a pass of a rollout ended");
    }
    Ok(())
}

async fn ticket(
    tick: &Tick,
    rollout: &Rollout,
    id: TicketId,
    now: Timestamp,
) -> Result<Executed, StoreError> {
    let instants = Instants::new(now, now);
    let Rollout {
        version,
        effective,
        published,
        ..
    } = rollout;
    match rollout.work {
        Work::Announce => {
            let announce = Command::AnnounceVersion {
                version: version.clone(),
                published: *published,
                effective: *effective,
            };
            tick.store.execute(id, &announce, instants, None).await
        }
        Work::Follow => {
            let newer = tick.store.policy(version).await?;
            tick.store.offer(id, &newer, *effective, instants).await
        }
    }
}
