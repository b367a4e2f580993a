//! Two clocks that one advance moves together.
//!
//! *Virtual* time stamps every event and deadline and may run faster than real
//! time. *Infrastructure* time runs visibility timeouts and retries at real
//! speed. While the clock is advanced both stand still between the instants
//! that the advance jumps to, so timers of either kind fire in one order.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::data_dir::write_whole;
use crate::stop::{Doing, Stop};

/// The clock; all of its instants survive a restart and never decrease.
#[derive(Debug)]
pub(crate) struct Clock {
    state: Mutex<State>,
    /// Held from reading the state to writing it: two keepers must neither meet on the file nor write out of order.
    keeping: Mutex<()>,
    speed: f64,
    file: PathBuf,
}

#[derive(Debug, Clone, Copy)]
struct State {
    anchor: Instant,
    at: Timestamp,
    infra: Timestamp,
    held: bool,
}

/// What the file keeps: both clocks at one real instant.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    real: Timestamp,
    at: Timestamp,
    infra: Timestamp,
}

/// How often a clock that does not run at real speed must be kept again.
pub(crate) const KEEP_EVERY: Duration = Duration::from_secs(1);

impl Clock {
    /// Continues where the file says, plus the time that passed since; without a file starts at `start`, or now.
    pub(crate) fn open(file: PathBuf, speed: f64, start: Option<Timestamp>) -> Result<Self, Stop> {
        let real = Timestamp::now();
        let kept = match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text).doing(format!("read {}", file.display()))?,
            Err(_) => Kept {
                real,
                at: start.unwrap_or(real),
                infra: real,
            },
        };
        let passed = real.duration_since(kept.real).max(SignedDuration::ZERO);
        let clock = Self {
            state: Mutex::new(State {
                anchor: Instant::now(),
                at: later(kept.at, passed),
                infra: later(kept.infra, passed),
                held: false,
            }),
            keeping: Mutex::new(()),
            speed,
            file,
        };
        clock.keep()?;
        Ok(clock)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Virtual now.
    pub(crate) fn now(&self) -> Timestamp {
        self.current().at
    }

    /// Infrastructure now.
    pub(crate) fn infra_now(&self) -> Timestamp {
        self.current().infra
    }

    /// Whether an advance is under way.
    pub(crate) fn held(&self) -> bool {
        self.state().held
    }

    /// Virtual seconds in one real second.
    pub(crate) fn speed(&self) -> f64 {
        self.speed
    }

    fn current(&self) -> State {
        let mut state = *self.state();
        if !state.held {
            let passed = state.anchor.elapsed();
            state.at = later(state.at, signed(passed.mul_f64(self.speed)));
            state.infra = later(state.infra, signed(passed));
        }
        state
    }

    /// Real time until virtual `at`, unless the clock stands.
    pub(crate) fn real_until(&self, at: Timestamp) -> Option<Duration> {
        let state = self.current();
        let ahead = at.duration_since(state.at).max(SignedDuration::ZERO);
        (!state.held).then(|| ahead.unsigned_abs().div_f64(self.speed))
    }

    /// Real time until infrastructure instant `at`, unless the clock stands.
    pub(crate) fn real_until_infra(&self, at: Timestamp) -> Option<Duration> {
        let state = self.current();
        let ahead = at.duration_since(state.infra).max(SignedDuration::ZERO);
        (!state.held).then(|| ahead.unsigned_abs())
    }

    /// The virtual instant at which an infrastructure timer fires during an advance.
    pub(crate) fn when_infra(&self, at: Timestamp) -> Timestamp {
        let state = self.current();
        later(
            state.at,
            at.duration_since(state.infra).max(SignedDuration::ZERO),
        )
    }

    /// Stops both clocks.
    pub(crate) fn hold(&self) {
        let now = self.current();
        *self.state() = State { held: true, ..now };
    }

    /// Moves both held clocks forward until virtual `to`; never backwards.
    pub(crate) fn move_to(&self, to: Timestamp) -> Result<(), Stop> {
        {
            let mut state = self.state();
            let step = to.duration_since(state.at).max(SignedDuration::ZERO);
            state.at = later(state.at, step);
            state.infra = later(state.infra, step);
        }
        self.keep()
    }

    /// Lets both clocks run again from where they stand.
    pub(crate) fn release(&self) -> Result<(), Stop> {
        {
            let mut state = self.state();
            state.held = false;
            state.anchor = Instant::now();
        }
        self.keep()
    }

    /// Writes the file. At other than real speed it keeps an instant that will
    /// not be passed before the next keeping, so that a killed runner never
    /// comes back earlier than it was.
    pub(crate) fn keep(&self) -> Result<(), Stop> {
        let _only_one = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let state = self.current();
        let ahead = if (self.speed - 1.0).abs() < f64::EPSILON || state.held {
            SignedDuration::ZERO
        } else {
            signed((KEEP_EVERY * 2).mul_f64(self.speed))
        };
        let kept = Kept {
            real: Timestamp::now(),
            at: later(state.at, ahead),
            infra: state.infra,
        };
        let text = serde_json::to_vec(&kept).doing("write the clock")?;
        write_whole(&self.file, &text).doing(format!("write {}", self.file.display()))
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(dir: &tempfile::TempDir, speed: f64) -> Clock {
        Clock::open(dir.path().join("clock.json"), speed, None).unwrap()
    }

    #[test]
    fn a_held_clock_stands_until_it_is_moved_and_never_goes_back() {
        let dir = tempfile::tempdir().unwrap();
        let clock = clock(&dir, 60.0);
        clock.hold();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        let infra = clock.infra_now();
        let hour = SignedDuration::from_hours(1);
        clock.move_to(start + hour).unwrap();
        clock.move_to(start).unwrap();
        assert_eq!(clock.now(), start + hour);
        assert_eq!(clock.infra_now(), infra + hour);
    }

    #[test]
    fn a_start_in_the_past_counts_for_a_new_clock_only() {
        let dir = tempfile::tempdir().unwrap();
        let open = |at: &str| {
            let start = Some(at.parse().unwrap());
            Clock::open(dir.path().join("clock.json"), 1.0, start).unwrap()
        };
        let first = open("2001-02-03T04:05:06Z").now();
        let hour = SignedDuration::from_hours(1);
        assert!(first.duration_since("2001-02-03T04:05:06Z".parse().unwrap()) < hour);
        assert!(open("2020-02-03T04:05:06Z").now().duration_since(first) < hour);
    }

    #[test]
    fn an_advance_outlives_the_process() {
        let dir = tempfile::tempdir().unwrap();
        let first = clock(&dir, 1.0);
        let target = first.now() + SignedDuration::from_hours(100);
        first.hold();
        first.move_to(target).unwrap();
        drop(first);
        assert!(clock(&dir, 1.0).now() >= target);
    }

    #[test]
    fn many_may_keep_the_clock_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let clock = clock(&dir, 60.0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..200).for_each(|_| clock.keep().unwrap()));
            }
        });
    }

    #[test]
    fn a_fast_clock_does_not_come_back_earlier_after_a_kill() {
        let dir = tempfile::tempdir().unwrap();
        let first = clock(&dir, 10_000.0);
        let seen = first.now();
        drop(first);
        assert!(clock(&dir, 1.0).now() >= seen);
    }

    #[test]
    fn an_infrastructure_timer_fires_at_its_distance_from_virtual_now() {
        let dir = tempfile::tempdir().unwrap();
        let clock = clock(&dir, 60.0);
        clock.hold();
        let minute = SignedDuration::from_mins(1);
        let timer = clock.infra_now() + minute;
        assert_eq!(clock.when_infra(timer), clock.now() + minute);
    }
}
