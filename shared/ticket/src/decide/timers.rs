//! Firing timers: whatever the ticket's clocks have reached is told, once, and misses are recorded.

use policy::{Level, Metric, Tier};

use super::{Draft, ENOUGH, orders};
use crate::clocks::{Clock, clocks, expected_after_miss, next_tiers, tier_of, was_missed};
use crate::command::Actor;
use crate::event::Event;
use crate::ladder::{Step, does_something};
use crate::notice::{Deadline, Happening, Text, audience, staff};

/// Levels that change the ticket, each of which may bring other promises with other ladders, in one firing; whatever is
/// beyond that stays due.
const ROUNDS: usize = 10;

/// Decided on the ticket, not on the timer: a clock that has stopped is not told of, however late the tick is.
///
/// Levels that are past at once, after an outage or for mail that came late, are told combined: each person hears of
/// the highest level only.
///
/// A transaction has room for so many rows; clocks beyond [`ENOUGH`] notices stay due and follow with the next firing.
pub(super) fn fire(draft: &mut Draft<'_>) {
    for _ in 0..ROUNDS {
        if !round(draft) {
            break;
        }
    }
}

/// One look at all clocks; whether the ticket has changed so that others may run now.
fn round(draft: &mut Draft<'_>) -> bool {
    let clocks = clocks(&draft.ticket, draft.policy());
    for clock in clocks.iter().filter(|clock| clock.running) {
        if draft.notices.len() >= ENOUGH {
            return false;
        }
        miss(draft, clock);
        let reached = reached(draft, clock);
        tell(draft, clock);
        if act(draft, clock, &reached) {
            return true;
        }
    }
    let now = draft.context.now;
    let tiers = next_tiers(&draft.ticket, draft.policy(), &clocks);
    let tier = tiers.into_iter().rfind(|(_, at)| *at <= now);
    tier.is_some_and(|(tier, _)| hand_on(draft, tier))
}

/// The levels that are reached now and have something to do.
fn reached<'p>(draft: &Draft<'_>, clock: &Clock<'p>) -> Vec<&'p Level> {
    let now = draft.context.now;
    let steps = clock.steps.iter();
    steps
        .filter(|step| step.acts && step.at <= now && does_something(step.level))
        .map(|step| step.level)
        .collect()
}

/// Does what the levels do; one whose people are told later is noted, so that it does it once. Whether anything changed.
fn act(draft: &mut Draft<'_>, clock: &Clock<'_>, levels: &[&Level]) -> bool {
    let mut changed = false;
    for level in levels {
        let told = draft.ticket.told.iter().any(|told| {
            told.promise == clock.promise.id && told.cycle == clock.cycle && told.level == level.id
        });
        if !told {
            let event = Event::LevelReached {
                promise: clock.promise.id.clone(),
                metric: clock.promise.metric,
                cycle: clock.cycle,
                level: level.id.clone(),
            };
            draft.record(Actor::System, event, None);
        }
        changed |= one_level(draft, level);
    }
    changed
}

fn one_level(draft: &mut Draft<'_>, level: &Level) -> bool {
    let by = Actor::System;
    let raise = level.raise.filter(|to| *to > draft.ticket.priority);
    let raised = raise.is_some_and(|to| orders::priority(draft, &by, to).is_ok());
    let move_to = level.move_to.as_ref();
    let moved = move_to.is_some_and(|to| orders::department(draft, &by, to).is_ok());
    let tier = level.tier.filter(|tier| *tier > draft.ticket.tier);
    let handed = tier.is_some_and(|tier| hand_on(draft, tier));
    raised || moved || handed
}

/// The clock hands the ticket to a tier, without words of anybody.
fn hand_on(draft: &mut Draft<'_>, tier: Tier) -> bool {
    let event = Event::HandedOver { to: tier };
    let seq = draft.record(Actor::System, event, None);
    orders::tell_tier(draft, &Actor::System, tier, seq);
    true
}

fn tell(draft: &mut Draft<'_>, clock: &Clock<'_>) {
    let now = draft.context.now;
    let policy = draft.policy();
    let is_now = |step: &&Step<'_>| step.tells(policy, now).is_some_and(|at| at <= now);
    let past: Vec<&Step<'_>> = clock.steps.iter().filter(is_now).collect();
    let (Some(highest), Some(due)) = (past.last(), clock.due) else {
        return;
    };
    let repetition = (highest.times > 0).then_some(highest.times);
    let deadline = Deadline {
        promise: clock.promise.id.clone(),
        cycle: clock.cycle,
        level: Some(highest.level.id.clone()),
        due,
        repetition,
        tier: tier_of(&draft.ticket, policy),
    };
    draft.record(
        Actor::System,
        Event::LevelTold {
            promise: clock.promise.id.clone(),
            metric: clock.promise.metric,
            cycle: clock.cycle,
            levels: past.iter().map(|step| step.level.id.clone()).collect(),
            due,
            repetition,
        },
        None,
    );
    let (cycle, again) = (clock.cycle.to_string(), highest.times.to_string());
    let mut reason = vec![
        "level",
        clock.promise.id.as_ref(),
        &cycle,
        highest.level.id.as_ref(),
    ];
    if repetition.is_some() {
        reason.push(&again);
    }
    let text = if due <= now {
        Text::Breach(deadline)
    } else {
        Text::Warning(deadline)
    };
    for recipient in past.iter().flat_map(|step| step.level.to.iter()) {
        for to in staff(recipient, &draft.ticket, policy, now) {
            draft.notify(to, text.clone(), &reason);
        }
    }
}

/// Records and tells every miss that no tick has seen yet: the clocks end here, and not because what was owed is done.
pub(super) fn misses(draft: &mut Draft<'_>) {
    let clocks = clocks(&draft.ticket, draft.policy());
    for clock in clocks.iter().filter(|clock| clock.running) {
        miss(draft, clock);
    }
}

/// Records a miss and tells the customer of a published one, with the time they can expect now.
fn miss(draft: &mut Draft<'_>, clock: &Clock<'_>) {
    let now = draft.context.now;
    let Some(due) = clock.due.filter(|due| *due <= now) else {
        return;
    };
    if was_missed(&draft.ticket, draft.policy(), clock.promise, clock.cycle) {
        return;
    }
    let promise = clock.promise.id.clone();
    let cycle = clock.cycle;
    let tier = tier_of(&draft.ticket, draft.policy());
    let event = Event::PromiseMissed {
        promise: promise.clone(),
        cycle,
        due,
        tier,
    };
    draft.record(Actor::System, event, None);
    // An acknowledgement that is late says so by arriving; a second mail about it would be noise.
    if !clock.promise.published || clock.promise.metric == Metric::Acknowledge {
        return;
    }
    let expected = expected_after_miss(clock, draft.policy(), now);
    let cycle_text = cycle.to_string();
    for to in audience(Happening::PromiseMissed, &draft.ticket, draft.policy(), now) {
        let deadline = Deadline {
            promise: promise.clone(),
            cycle,
            level: None,
            due,
            repetition: None,
            tier,
        };
        let text = Text::PromiseMissed { deadline, expected };
        draft.notify(
            to,
            text,
            &["level", promise.as_ref(), &cycle_text, "missed"],
        );
    }
}
