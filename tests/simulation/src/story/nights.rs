//! Solved in the evening and opened again when the next day's hours are over: an hour of work lies between, and no clock may
//! have run.

use jiff::civil::Date;
use policy::Policy;

use super::arcs::answers;
use super::merges::Planned;
use super::{DAY, What};
use crate::time::instant;

/// In one story of so many half of the tickets have such a night.
const RARE: u32 = 5;

/// What is done to tickets besides; `start` is when the story begins, in microseconds.
pub(super) fn plot(
    rng: &mut fastrand::Rng,
    policy: &Policy,
    start: u64,
    opened: &[u64],
) -> Vec<Planned> {
    if rng.u32(0..RARE) > 0 {
        return Vec::new();
    }
    let zone = policy.terms().zone.rules();
    let since_start = |date: Date, minute: i8| {
        let wall = date.at(19 + minute / 60, minute % 60, 0, 0);
        let at = wall.to_zoned(zone.clone()).ok()?.timestamp().as_second();
        u64::try_from(at).ok()?.checked_sub(start / 1_000_000)
    };
    let mut planned = Vec::new();
    for (ticket, opened) in opened.iter().enumerate() {
        let days = rng.u64(0..4);
        let evening = instant(start + (opened + days * DAY) * 1_000_000);
        let evening = evening.to_zoned(zone.clone()).date();
        let times = [0, 1].map(|_| rng.i8(0..120));
        let next = evening.tomorrow().ok();
        let solved = since_start(evening, times[0]).filter(|at| at > opened);
        let again = next.and_then(|next| since_start(next, times[1]));
        if let (Some(solved), Some(again), true) = (solved, again, rng.bool()) {
            planned.push((solved, ticket, false, answers(&["/solve"])));
            planned.push((again, ticket, false, What::Answer { proved: true }));
        }
    }
    planned
}
