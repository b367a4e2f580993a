//! The levels of the example's ladders, as they are told when nobody acts.

use jiff::Timestamp;
use ticket::{Command, Context, Deadline, Text, decide};

use super::Preview;
use super::example::{Example, Kind};

/// More levels than any ladder of a policy has.
const MOST: usize = 200;

/// What the desk would tell staff by itself about an ordinary request that nobody touches, each level once.
pub(super) fn levels(example: &Example<'_>) -> Vec<Preview> {
    let mut ticket = example.ticket(Kind::REQUEST);
    let mut next = ticket::next_due(&ticket, example.policy, example.opened);
    let mut all: Vec<Preview> = Vec::new();
    for _ in 0..MOST {
        let Some(at) = next else { break };
        let context = Context {
            at,
            now: at,
            policy: example.policy,
        };
        let Ok(decision) = decide(&ticket, &Command::FireTimers, &context) else {
            break;
        };
        ticket = decision.ticket;
        for notice in decision.notices {
            let Some(name) = name(&notice.text) else {
                continue;
            };
            if !all.iter().any(|preview| preview.name == name) {
                all.extend(example.to_staff(&name, &ticket, notice.text, told(at)));
            }
        }
        next = decision.next_due.filter(|next| *next > at);
    }
    all
}

/// Ticks come each minute.
fn told(reached: Timestamp) -> Timestamp {
    let later = jiff::SignedDuration::from_secs(30);
    reached.checked_add(later).unwrap_or(reached)
}

/// `warning-response-lead`, and `-again` where it was told before.
fn name(text: &Text) -> Option<String> {
    let (kind, deadline) = match text {
        Text::Warning(deadline) => ("warning", deadline),
        Text::Breach(deadline) => ("breach", deadline),
        _ => return None,
    };
    let Deadline {
        promise,
        level,
        repetition,
        ..
    } = deadline;
    let level = level.as_ref()?;
    let again = if repetition.is_some() { "-again" } else { "" };
    Some(format!("{kind}-{promise}-{level}{again}"))
}
