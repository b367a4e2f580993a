//! One customer asks again and again within hours, by all ways: more often than requests are acknowledged.

use std::time::Duration;

use super::arcs::Turn;
use super::merges::Planned;
use super::{DAY, HOUR, MINUTE, What};

/// In one story of so many somebody does.
const RARE: u32 = 12;

/// What a customer of one ticket sends besides; the other arcs are short then, so that such a story costs what others do.
pub(super) fn plot(
    rng: &mut fastrand::Rng,
    opened: &[u64],
    arcs: &mut [Vec<Turn>],
) -> Vec<Planned> {
    if rng.u32(0..RARE) > 0 {
        return Vec::new();
    }
    for arc in arcs {
        arc.truncate(3);
    }
    let ticket = rng.usize(2..6);
    let mut at = opened[ticket] + rng.u64(5 * MINUTE..HOUR);
    let mut planned = Vec::new();
    // A person by the form, a person by mail, or a machine that somebody's forms have set off.
    let way = rng.u32(0..3);
    for _ in 0..rng.usize(5..=7) {
        let what = match way {
            0 => What::FormAgain,
            1 => What::Request {
                proved: rng.u32(0..4) == 0,
            },
            _ if rng.bool() => What::FormAgain,
            _ => What::Request { proved: false },
        };
        planned.push((at, ticket, false, what.clone()));
        if rng.u32(0..3) == 0 {
            // The same at the same moment: whoever counts must not count one of the two.
            planned.push((at, ticket, false, what));
        }
        at += rng.u64(3 * MINUTE..2 * HOUR);
    }
    // A day later the caps are as if nothing had been; of two at that instant one is acknowledged.
    let later = at + DAY + rng.u64(5 * MINUTE..HOUR);
    planned.extend([What::FormAgain, What::FormAgain].map(|what| (later, ticket, false, what)));
    planned
}

/// Somebody switches acknowledgements off for hours, in one story of eight.
pub(super) fn silence(rng: &mut fastrand::Rng, days: u64) -> Option<(Duration, Duration)> {
    let from = rng.u64(0..days * DAY / 2);
    let until = from + rng.u64(HOUR..8 * HOUR);
    let times = (Duration::from_secs(from), Duration::from_secs(until));
    (rng.u32(0..8) == 0).then_some(times)
}
