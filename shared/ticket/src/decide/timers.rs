//! Firing timers: whatever the ticket's clocks have reached is told, once, and misses are recorded.

use policy::{Level, Metric, PromiseId};

use super::{Draft, ENOUGH};
use crate::clocks::{Clock, clocks, expected_after_miss, was_missed};
use crate::command::Actor;
use crate::event::Event;
use crate::notice::{Addressee, Deadline, Happening, Text, audience, staff};

/// Decided on the ticket, not on the timer: a clock that has stopped is not told of, however late the tick is.
///
/// Levels that are past at once, after an outage or for mail that came late, are told combined: each person hears of
/// the highest level only.
///
/// A transaction has room for so many rows; clocks beyond [`ENOUGH`] notices stay due and follow with the next firing.
pub(super) fn fire(draft: &mut Draft<'_>) {
    for clock in clocks(&draft.ticket, draft.policy()) {
        if clock.running && draft.notices.len() < ENOUGH {
            miss(draft, &clock);
            levels(draft, &clock);
        }
    }
}

fn levels(draft: &mut Draft<'_>, clock: &Clock<'_>) {
    let now = draft.context.now;
    let past: Vec<&Level> = clock
        .steps
        .iter()
        .filter(|step| !step.told && step.at <= now)
        .map(|step| step.level)
        .collect();
    let (Some(highest), Some(due)) = (past.last(), clock.due) else {
        return;
    };
    let deadline = Deadline {
        promise: clock.promise.id.clone(),
        cycle: clock.cycle,
        level: Some(highest.id.clone()),
        due,
    };
    draft.record(
        Actor::System,
        Event::LevelTold {
            promise: clock.promise.id.clone(),
            metric: clock.promise.metric,
            cycle: clock.cycle,
            levels: past.iter().map(|level| level.id.clone()).collect(),
            due,
        },
        None,
    );
    let text = if due <= now {
        Text::Breach(deadline)
    } else {
        Text::Warning(deadline)
    };
    let cycle = clock.cycle.to_string();
    for recipient in past.iter().flat_map(|level| level.to.iter()) {
        for person in staff(recipient, &draft.ticket, draft.policy()) {
            let reason = reason(&clock.promise.id, &cycle, highest.id.as_ref());
            draft.notify(Addressee::Staff(person), text.clone(), &reason);
        }
    }
}

fn reason<'r>(promise: &'r PromiseId, cycle: &'r str, level: &'r str) -> [&'r str; 4] {
    ["level", promise.as_ref(), cycle, level]
}

/// Records a miss and tells the customer of a published one, with the time they can expect now.
fn miss(draft: &mut Draft<'_>, clock: &Clock<'_>) {
    let Some(due) = clock.due.filter(|due| *due <= draft.context.now) else {
        return;
    };
    if was_missed(&draft.ticket, clock.promise, clock.cycle).is_some() {
        return;
    }
    let promise = clock.promise.id.clone();
    let cycle = clock.cycle;
    draft.record(
        Actor::System,
        Event::PromiseMissed {
            promise: promise.clone(),
            cycle,
            due,
        },
        None,
    );
    // An acknowledgement that is late says so by arriving; a second mail about it would be noise.
    if !clock.promise.published || clock.promise.metric == Metric::Acknowledge {
        return;
    }
    let expected = expected_after_miss(clock, draft.policy(), draft.context.now);
    let cycle_text = cycle.to_string();
    for to in audience(Happening::PromiseMissed, &draft.ticket, draft.policy()) {
        let deadline = Deadline {
            promise: promise.clone(),
            cycle,
            level: None,
            due,
        };
        let text = Text::PromiseMissed { deadline, expected };
        draft.notify(to, text, &reason(&promise, &cycle_text, "missed"));
    }
}
