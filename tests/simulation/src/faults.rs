//! What can happen to a call, and to which it happens in a run.

use std::collections::BTreeSet;
use std::fmt;

use crate::aws::Service;
use crate::dice::Dice;
use crate::run::Point;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Fault {
    /// The service fails; nothing was done.
    Error,
    /// The process is killed before the service does it.
    KilledBefore,
    /// The process is killed after the service has done it.
    KilledAfter,
    /// The service has done it and its answer is lost.
    AnswerLost,
    /// The service is asked too fast.
    Throttle,
    /// Somebody else's transaction holds the item.
    Conflict,
}

impl Fault {
    pub(crate) const ALL: [Self; 6] = [
        Self::Error,
        Self::KilledBefore,
        Self::KilledAfter,
        Self::AnswerLost,
        Self::Throttle,
        Self::Conflict,
    ];

    /// Whether it can happen to an operation of this name.
    pub(crate) fn fits_named(self, operation: &str) -> bool {
        let writes = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"];
        self != Self::Conflict || writes.iter().any(|write| operation.starts_with(write))
    }
}

/// The functions of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Function {
    Intake,
    InboundEmail,
    SlaTick,
    Notifier,
    MailEvents,
}

/// Which delivery of something a function works at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// It was delivered before.
    pub(crate) again: bool,
    /// Its process is killed at this one of its writes, counted from 0.
    pub(crate) dies_at: Option<u32>,
}

impl Delivery {
    /// One that stands alone: the first, or a later one.
    pub(crate) fn alone(again: bool) -> Self {
        Self {
            again,
            dies_at: None,
        }
    }

    /// One of several of the same thing, counted from 0.
    pub(crate) fn of_several(time: u32, doomed: Doomed) -> Self {
        let own = doomed.filter(|(which, _)| *which == time);
        Self {
            again: time > 0,
            dies_at: own.map(|(_, write)| write),
        }
    }
}

/// Which of several deliveries is killed, and at which of its writes.
pub(crate) type Doomed = Option<(u32, u32)>;

/// Of several deliveries of one thing one is killed, half the time: what the others leave to it is then done by nobody.
pub(crate) fn doomed(rng: &mut fastrand::Rng, deliveries: u32) -> Doomed {
    const WRITES: u32 = 6;
    (deliveries > 1 && rng.bool()).then(|| (rng.u32(0..deliveries), rng.u32(0..WRITES)))
}

/// A call of a run: the function, which of its invocations, which of that one's calls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) function: Function,
    pub(crate) invocation: u32,
    pub(crate) call: u32,
    pub(crate) operation: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} {}, call {} ({})",
            self.function, self.invocation, self.call, self.operation
        )
    }
}

/// Which faults a run has.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    pub(crate) dice: Dice,
    /// The kinds of this run; empty for a run without faults.
    pub(crate) kinds: Vec<Fault>,
    /// Of a thousand calls so many are met.
    pub(crate) often: u32,
    /// No fault after this instant, in microseconds.
    pub(crate) until: u64,
    /// A service that is away, from when to when.
    pub(crate) outages: Vec<(Service, u64, u64)>,
    /// Only these, if a failing run is being cut down.
    pub(crate) only: Option<BTreeSet<String>>,
    /// One fault at one place, for crash points; then there is no other.
    pub(crate) forced: Option<Point>,
}

impl Faults {
    /// A world in which nothing fails.
    pub(crate) fn none(dice: Dice) -> Self {
        Self {
            dice,
            kinds: Vec::new(),
            often: 0,
            until: 0,
            outages: Vec::new(),
            only: None,
            forced: None,
        }
    }

    /// What happens to this call at this instant, at which its process may have to die. `attempt` counts the client's own
    /// attempts from 0.
    pub(crate) fn at(
        &self,
        place: &Place,
        dies: bool,
        service: Service,
        attempt: u32,
        now: u64,
    ) -> Option<Fault> {
        if let Some(forced) = &self.forced {
            return Some(forced.fault).filter(|_| forced.place == *place);
        }
        // What operators do by hand is none of a function's calls.
        if now >= self.until || place.invocation == 0 {
            return None;
        }
        if self
            .outages
            .iter()
            .any(|(away, from, until)| *away == service && (*from..*until).contains(&now))
        {
            return Some(Fault::Error);
        }
        let mut rng = self.dice.of(place);
        let fault = if dies {
            let kills = [Fault::KilledBefore, Fault::KilledAfter];
            let kills: Vec<_> = kills.iter().filter(|it| self.kinds.contains(it)).collect();
            *rng.choice(kills)?
        } else {
            if self.kinds.is_empty() || rng.u32(0..1000) >= self.often {
                return None;
            }
            let fault = self.kinds[rng.usize(0..self.kinds.len())];
            // Half of them last through all attempts of the client, so that its caller has to cope.
            let lasts = rng.bool();
            if !fault.fits_named(&place.operation) || (attempt > 0 && !lasts) {
                return None;
            }
            fault
        };
        let cut = self
            .only
            .as_ref()
            .is_some_and(|only| !only.contains(&place.to_string()));
        Some(fault).filter(|_| !cut)
    }
}
