//! What a level and a miss say, and to whom.

use jiff::Timestamp;
use policy::{Metric, Point, Recipient, Run};
use ticket::{Addressee, Deadline, Event, Recorded, Text};

use super::case::Case;
use super::clocks::Clock;
use super::owed::{Owed, shape};
use super::terms;

/// Everybody whom the levels name, once, of the highest of them.
pub(super) fn told(case: &Case<'_>, recorded: &Recorded, now: Timestamp) -> Vec<Owed> {
    let Event::LevelTold {
        promise,
        cycle,
        levels,
        due,
        repetition,
        ..
    } = &recorded.event
    else {
        return Vec::new();
    };
    let deadline = Deadline {
        promise: promise.clone(),
        cycle: *cycle,
        level: levels.last().cloned(),
        due: *due,
        repetition: *repetition,
        tier: case.own_tier(),
    };
    let text = if *due <= now {
        Text::Breach(deadline)
    } else {
        Text::Warning(deadline)
    };
    let ladder = case.policy.promise(promise).map(|it| it.levels.as_slice());
    let named = ladder
        .unwrap_or_default()
        .iter()
        .filter(|level| levels.contains(&level.id));
    let recipients: Vec<Recipient> = named.flat_map(|level| level.to.iter().cloned()).collect();
    all(case.staff(&recipients, now), &text)
}

/// The customer hears of a published promise that was not kept; a late acknowledgement says so by coming.
pub(super) fn missed(
    case: &Case<'_>,
    recorded: &Recorded,
    clocks: &[Clock<'_>],
    now: Timestamp,
) -> Vec<Owed> {
    let Event::PromiseMissed {
        promise,
        cycle,
        due,
        tier,
    } = &recorded.event
    else {
        return Vec::new();
    };
    let named = case.policy.promise(promise);
    if !named.is_some_and(|it| it.published && it.metric != Metric::Acknowledge) {
        return Vec::new();
    }
    let deadline = Deadline {
        promise: promise.clone(),
        cycle: *cycle,
        level: None,
        due: *due,
        repetition: None,
        tier: *tier,
    };
    let expected = expected(case, recorded, clocks, now);
    all(case.customer(), &Text::PromiseMissed { deadline, expected })
}

fn all(people: Vec<Addressee>, text: &Text) -> Vec<Owed> {
    people.into_iter().map(|to| (to, shape(text))).collect()
}

/// When an agent said, if that lies ahead; else the promise's own time once more.
fn expected(
    case: &Case<'_>,
    recorded: &Recorded,
    clocks: &[Clock<'_>],
    now: Timestamp,
) -> Option<Timestamp> {
    let Event::PromiseMissed {
        promise,
        cycle,
        due,
        ..
    } = &recorded.event
    else {
        return None;
    };
    if let Some(expected) = case.expected.filter(|expected| *expected > now) {
        return Some(expected);
    }
    let clock = clocks
        .iter()
        .find(|it| it.promise.id == *promise && it.cycle == *cycle)?;
    let run = Run::since((*due).max(now));
    terms::reached(
        case.policy,
        clock.promise,
        &clock.department,
        &run,
        &Point::DUE,
    )
}
