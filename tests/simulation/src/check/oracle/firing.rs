//! What the clock may do of itself, and must.

use jiff::Timestamp;
use policy::Level;
use ticket::{Actor, Event, Recorded};

use super::case::Case;
use super::clocks::Clock;
use super::terms;

/// Whether the clock did this, nobody else.
pub(super) fn is_of_the_clock(first: &Recorded) -> bool {
    let kind = matches!(
        first.event,
        Event::LevelTold { .. }
            | Event::LevelReached { .. }
            | Event::PromiseMissed { .. }
            | Event::PriorityChanged { .. }
            | Event::DepartmentChanged { .. }
            | Event::HandedOver { .. }
    );
    kind && first.actor == Actor::System
}

/// What is wrong with something that the clock did to the ticket as it was.
pub(super) fn wrong<'p>(
    case: &Case<'p>,
    clocks: &[Clock<'p>],
    recorded: &Recorded,
) -> Option<String> {
    let now = recorded.at;
    let of = |promise: &policy::PromiseId, cycle: u32| {
        let mut running = clocks.iter().filter(|clock| clock.runs);
        running.find(|clock| clock.promise.id == *promise && clock.cycle == cycle)
    };
    let reached = |does: &dyn Fn(&Level) -> bool| {
        clocks.iter().filter(|clock| clock.runs).any(|clock| {
            let mut levels = clock.promise.levels.iter().filter(|level| does(level));
            levels.any(|level| clock.reaches(case, &level.at).is_some_and(|at| at <= now))
        })
    };
    match &recorded.event {
        Event::LevelTold {
            promise,
            cycle,
            levels,
            due,
            repetition,
            ..
        } => {
            let Some(clock) = of(promise, *cycle) else {
                return Some(format!("told of {promise}, which does not run"));
            };
            if clock.due != Some(*due) {
                return Some(format!(
                    "told that {promise} is due at {due}; it is due at {:?}",
                    clock.due
                ));
            }
            let past = past(case, clock, now);
            let ids: Vec<_> = past.iter().map(|(_, level)| level.id.clone()).collect();
            if ids != *levels {
                return Some(format!(
                    "told of {levels:?} of {promise} at {now}; past are {ids:?}"
                ));
            }
            let rung = |level: &Level| (promise.clone(), *cycle, level.id.clone());
            let last = past
                .last()
                .and_then(|(_, level)| case.said.get(&rung(level)));
            let times = last.map(|said| said.times).filter(|times| *times > 0);
            (times != *repetition)
                .then(|| format!("told of {promise} as telling {repetition:?}; it is {times:?}"))
        }
        Event::PromiseMissed {
            promise,
            cycle,
            due,
            tier,
        } => {
            let Some(clock) = of(promise, *cycle) else {
                return Some(format!("a miss of {promise}, which does not run"));
            };
            let right =
                clock.due == Some(*due) && *due <= now && !case.knows_miss(clock.promise, *cycle);
            let told = right && *tier == case.own_tier();
            (!told).then(|| {
                format!(
                    "a miss of {promise} at {now}, due at {due}: it is due at {:?}",
                    clock.due
                )
            })
        }
        Event::LevelReached {
            promise,
            cycle,
            level,
            ..
        } => {
            let clock = of(promise, *cycle);
            let ladder =
                clock.and_then(|clock| clock.promise.levels.iter().find(|it| it.id == *level));
            let at = clock
                .zip(ladder)
                .and_then(|(clock, level)| clock.reaches(case, &level.at));
            (at.is_none_or(|at| at > now))
                .then(|| format!("level {level} of {promise} is not reached"))
        }
        Event::PriorityChanged { to, .. } => {
            let rightly = *to > case.priority && reached(&|level| level.raise == Some(*to));
            (!rightly).then(|| format!("raised to {to:?} by no level"))
        }
        Event::DepartmentChanged { to, .. } => {
            let rightly = reached(&|level| level.move_to.as_ref() == Some(to));
            (!rightly).then(|| format!("moved to {to} by no level"))
        }
        Event::HandedOver { to } => {
            let by_share = case
                .tiers(clocks)
                .into_iter()
                .any(|(tier, at)| tier == *to && at <= now);
            let rightly =
                by_share || (*to > case.tier && reached(&|level| level.tier == Some(*to)));
            (!rightly).then(|| format!("handed over to {to:?} by no level"))
        }
        other => Some(format!("the clock does not do this: {other:?}")),
    }
}

/// The levels of a clock whose people are to be told now, in the order in which they were reached.
fn past<'p>(case: &Case<'p>, clock: &Clock<'p>, now: Timestamp) -> Vec<(Timestamp, &'p Level)> {
    let mut past: Vec<(Timestamp, &Level)> = Vec::new();
    for level in &clock.promise.levels {
        let Some(reached) = clock.reaches(case, &level.at) else {
            continue;
        };
        let open = |at| {
            level
                .quiet
                .as_ref()
                .map_or(at, |calendar| terms::next_open(case.policy, calendar, at))
        };
        // Late, its people's hours may be over again.
        if case
            .tells(clock, level, reached)
            .is_some_and(|at| at <= now && open(now) <= now)
        {
            past.push((reached, level));
        }
    }
    past.sort_by_key(|(at, _)| *at);
    past
}

/// What the clock has left undone although it was at it.
pub(super) fn left<'p>(case: &Case<'p>, clocks: &[Clock<'p>], now: Timestamp) -> Vec<String> {
    let mut left = Vec::new();
    for clock in clocks.iter().filter(|clock| clock.runs) {
        let levels = past(case, clock, now);
        left.extend(
            levels
                .into_iter()
                .map(|(_, level)| format!("level {} of {}", level.id, clock.promise.id)),
        );
        if clock.due.is_some_and(|due| due <= now) && !case.knows_miss(clock.promise, clock.cycle) {
            left.push(format!("the miss of {}", clock.promise.id));
        }
    }
    let tiers = case.tiers(clocks).into_iter().filter(|(_, at)| *at <= now);
    left.extend(tiers.map(|(tier, _)| format!("the hand-over to {tier:?}")));
    left
}
