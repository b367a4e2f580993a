//! A newer version of the policy is published, and people settle and move tickets in the very minutes in which it is
//! rolled out.

use std::time::Duration;

use policy::Policy;

use super::merges::Planned;
use super::{DAY, HOUR, MINUTE, arcs};

/// People begin so much later than the desk.
pub(crate) const HEAD_START: Duration = Duration::from_mins(2);

/// When a newer version is published, and whether customers are told.
pub(super) type Publishes = Option<(Duration, bool)>;

/// How much later than its publication a version is in force.
pub(crate) const IN_FORCE: Duration = Duration::from_mins(30);

/// No version is published so soon after the first.
const EARLIEST: u64 = 10 * MINUTE;

/// Open tickets are compared with it so much later than that: functions that began before have ended by then.
const COMPARED: Duration = Duration::from_mins(2);

/// The publication of a story, if it has one, and the answers that settle tickets, or move them from one list to another,
/// while it is rolled out: customers are told when it is published, and tickets compared when it is in force.
pub(super) fn plot(
    rng: &mut fastrand::Rng,
    policy: &Policy,
    days: u64,
    opened: &[u64],
) -> (Publishes, Vec<Planned>) {
    if rng.u32(0..4) == 0 {
        return (None, Vec::new());
    }
    let at = rng.u64(2 * HOUR..days * DAY / 2);
    // Before anybody has written there is nobody to tell; whoever comes next is still promised what the older one says.
    let first = opened.iter().copied().min().unwrap_or_default();
    let early = rng.u32(0..8) == 0;
    let at = if early { first.max(EARLIEST) } else { at };
    let publishes = Some((Duration::from_secs(at), rng.bool()));
    let open: Vec<usize> = (0..opened.len())
        .filter(|&ticket| opened[ticket] + HOUR < at)
        .collect();
    let answers = match rng.u32(0..3) {
        _ if open.is_empty() => 0,
        0 => 3,
        1 => 6,
        _ => 0,
    };
    let rolled_out = [at, at + (IN_FORCE + COMPARED).as_secs()][rng.usize(0..2)];
    // A rollout begins with the next tick, which comes in the first seconds of a minute, and reads lists that lag behind.
    let tick = rolled_out.next_multiple_of(MINUTE) - HEAD_START.as_secs();
    let answers = (0..answers).map(|_| {
        let ticket = open[rng.usize(0..open.len())];
        let at = tick + rng.u64(0..20) - 15;
        let order = if answers == 3 {
            "/solve".to_owned()
        } else {
            arcs::moves(rng, policy)
        };
        (at, ticket, false, arcs::answers(&[&order]))
    });
    (publishes, answers.collect())
}
