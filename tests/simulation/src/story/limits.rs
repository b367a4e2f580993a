//! Somebody threatens, and it is decided what is still possible for them: a while without new requests, or without any words
//! but on the ticket on which it happened.

use std::time::Duration;

use policy::{Conduct, Policy};

use super::merges::Planned;
use super::{HOUR, MINUTE, What};

/// A decision on the conduct of a ticket's customer.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pub(crate) ticket: usize,
    pub(crate) level: String,
    pub(crate) by: String,
    pub(crate) from: Duration,
    pub(crate) until: Duration,
    /// When it is taken back, if it is before it ends.
    pub(crate) lifted: Option<Duration>,
}

/// A decision in a story whose policy has any, and what its customer writes before, meanwhile and after.
pub(super) fn plot(
    rng: &mut fastrand::Rng,
    policy: &Policy,
    opened: &[u64],
) -> (Option<Limit>, Vec<Planned>) {
    let conduct = policy.terms().conduct.as_ref();
    let Some(Conduct {
        decides, levels, ..
    }) = conduct.filter(|_| rng.u32(0..3) == 0)
    else {
        return (None, Vec::new());
    };
    // The first two customers have two tickets each.
    let ticket = rng.usize(0..3);
    let from = opened[ticket] + rng.u64(HOUR..4 * HOUR);
    let lasts = [6 * HOUR, 30 * HOUR][rng.usize(0..2)];
    let limit = Limit {
        ticket,
        level: levels[rng.usize(0..levels.len())].id.to_string(),
        by: decides[rng.usize(0..decides.len())].to_string(),
        from: Duration::from_secs(from),
        until: Duration::from_secs(from + lasts),
        lifted: (rng.u32(0..4) == 0).then(|| Duration::from_secs(from + lasts / 2)),
    };
    let mut planned = Vec::new();
    let tickets: Vec<usize> = (0..opened.len()).filter(|it| it % 6 == ticket).collect();
    let mut at = from + rng.u64(10 * MINUTE..HOUR);
    for _ in 0..rng.usize(3..=5) {
        let about = tickets[rng.usize(0..tickets.len())];
        let proved = rng.u32(0..3) > 0;
        let what = match rng.u32(0..6) {
            0 | 1 => What::Request { proved },
            2 => What::Page,
            _ => What::Answer { proved },
        };
        planned.push((at, about, false, what));
        at += rng.u64(20 * MINUTE..lasts / 3);
    }
    // After its end everything is taken again, and a day after it was told it is told again.
    planned.push((
        from + lasts + 10 * MINUTE,
        ticket,
        false,
        What::Request { proved: true },
    ));
    // Then it matters who wrote: somebody else in their name is told nothing, or the owner is.
    if lasts > 25 * HOUR {
        for (minutes, proved) in [(0, false), (30, true)] {
            let at = from + 25 * HOUR + minutes * MINUTE;
            planned.push((at, ticket, false, What::Request { proved }));
        }
    }
    (Some(limit), planned)
}
