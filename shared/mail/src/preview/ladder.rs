//! The levels of the example's ladders, each as its first recipient would read it.

use jiff::Timestamp;
use policy::Level;
use ticket::{Clock, Deadline, Text, clocks};

use super::Preview;
use super::example::{Example, Kind};

/// Every level of every promise that runs on an ordinary request, at the instant at which it is reached.
pub(super) fn levels(example: &Example<'_>) -> Vec<Preview> {
    let ticket = example.ticket(Kind::REQUEST);
    let clocks = clocks(&ticket, example.policy);
    let mut all = Vec::new();
    for clock in &clocks {
        for step in &clock.steps {
            let text = level(clock, step.level);
            let name = format!("{}-{}", clock.promise.id, step.level.id);
            let (kind, text) = text;
            let name = format!("{kind}-{name}");
            all.extend(text.and_then(|text| example.to_staff(&name, &ticket, text, told(step.at))));
        }
    }
    all
}

/// Ticks come each minute.
fn told(reached: Timestamp) -> Timestamp {
    reached
        .checked_add(jiff::SignedDuration::from_secs(30))
        .unwrap_or(reached)
}

fn level(clock: &Clock<'_>, level: &Level) -> (&'static str, Option<Text>) {
    let deadline = clock.due.map(|due| Deadline {
        promise: clock.promise.id.clone(),
        cycle: clock.cycle,
        level: Some(level.id.clone()),
        due,
        repetition: None,
        tier: None,
    });
    if level.is_warning() {
        ("warning", deadline.map(Text::Warning))
    } else {
        ("breach", deadline.map(Text::Breach))
    }
}
