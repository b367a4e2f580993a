//! Rollouts: what a publication means for open tickets, some tickets at a time.

use std::time::Instant;

use jiff::Timestamp;
use runtime::telemetry::Chain;
use runtime::{Seen, outbox};
use store::{Executed, Found, Instants, Moved, Rollout, RolloutId, StoreError, Work};
use ticket::{Command, TicketId};

use crate::handler::{Answer, Tick};

/// Works at a rollout until it is done or the budget is used up; the next run goes on from there.
///
/// # Errors
/// The rollout cannot be read or moved: its entry is put off, and parked in the end.
pub(crate) async fn run(
    tick: &Tick,
    id: &RolloutId,
    now: Timestamp,
    started: Instant,
    answer: &mut Answer,
) -> Result<(), StoreError> {
    loop {
        let Some(rollout) = tick.store.rollout(id, now).await? else {
            return Ok(());
        };
        if started.elapsed() >= tick.budget {
            answer.unfinished = true;
            return Ok(());
        }
        match step(tick, &rollout, now, answer).await? {
            Moved::On => {}
            Moved::Done => {
                tracing::info!(policy.version = %rollout.version, work = ?rollout.work, "a rollout is done");
                return Ok(());
            }
            Moved::Parked => {
                tracing::error!(seen = Seen::EntryParked.name(), rollout = %id, "a rollout failed for some tickets in every pass and is parked");
                answer.parked += 1;
                return Ok(());
            }
            Moved::Later | Moved::ByAnother => return Ok(()),
        }
    }
}

/// One step: a few tickets, then the place behind them. A ticket that fails is met again in the next pass, and keeps no
/// other from its turn.
async fn step(
    tick: &Tick,
    rollout: &Rollout,
    now: Timestamp,
    answer: &mut Answer,
) -> Result<Moved, StoreError> {
    let step = tick.store.rollout_step(rollout).await?;
    let mut found = Found::default();
    for &id in &step.tickets {
        match ticket(tick, rollout, id, now).await {
            Ok(done) => {
                outbox::enqueue(&tick.sqs, &tick.queues, &done.notices).await;
                found.changed |= done.changed;
                answer.rolled += usize::from(done.changed);
            }
            // An index may be late: the ticket is gone.
            Err(StoreError::NoSuchTicket(_)) => {}
            Err(error) => {
                tracing::error!(ticket.id = %id, error = %Chain(&error), "a ticket could not be rolled out to");
                found.failed = true;
            }
        }
    }
    tick.store.rollout_done(rollout, step, found, now).await
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
