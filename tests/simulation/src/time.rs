//! Virtual time: it stands still while anything can run, and jumps to the next timer when nothing can.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use jiff::Timestamp;

/// The one clock of a run; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Clock(Arc<Mutex<Timers>>);

#[derive(Debug)]
struct Timers {
    /// Microseconds since the epoch.
    now: u64,
    next: u64,
    waiting: BTreeMap<(u64, u64), Waker>,
}

impl Clock {
    pub(crate) fn starting(at: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Timers {
            now: u64::try_from(at.as_microsecond()).unwrap_or_default(),
            next: 0,
            waiting: BTreeMap::new(),
        })))
    }

    fn timers(&self) -> std::sync::MutexGuard<'_, Timers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn micros(&self) -> u64 {
        self.timers().now
    }

    pub(crate) fn now(&self) -> Timestamp {
        instant(self.micros())
    }

    pub(crate) fn wait(&self, time: Duration) -> Timer {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        Timer {
            at: self.micros().saturating_add(micros),
            clock: self.clone(),
            key: None,
        }
    }

    /// Jumps to the next timer and wakes whoever waits for it. The executor calls it when nothing can run.
    pub(crate) fn jump(&self) {
        let mut timers = self.timers();
        let Some(((at, _), waker)) = timers.waiting.pop_first() else {
            panic!("the simulation stands still: nothing runs and nothing is waited for");
        };
        timers.now = timers.now.max(at);
        drop(timers);
        waker.wake();
    }
}

/// A wait for an instant of the virtual clock.
#[derive(Debug)]
pub(crate) struct Timer {
    at: u64,
    clock: Clock,
    key: Option<(u64, u64)>,
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut timers = clock.timers();
        if let Some(key) = self.key.take() {
            timers.waiting.remove(&key);
        }
        if timers.now >= self.at {
            return Poll::Ready(());
        }
        let key = (self.at, timers.next);
        timers.next += 1;
        timers.waiting.insert(key, context.waker().clone());
        self.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.timers().waiting.remove(&key);
        }
    }
}

impl AsyncSleep for Clock {
    fn sleep(&self, duration: Duration) -> Sleep {
        Sleep::new(self.wait(duration))
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_micros(self.micros())
    }
}

/// Runs a world to its end on this thread, in virtual time.
pub(crate) fn run<T>(clock: &Clock, world: impl Future<Output = T>) -> T {
    let jumping = clock.clone();
    // Neither IO nor timers of the executor's own: whoever asks for the machine's time fails loudly.
    let executor = tokio::runtime::Builder::new_current_thread()
        .on_thread_park(move || jumping.jump())
        .build();
    let executor = executor.unwrap_or_else(|error| panic!("no executor: {error}"));
    let local = tokio::task::LocalSet::new();
    local.block_on(&executor, world)
}

/// The instant of a clock's microseconds.
pub(crate) fn instant(micros: u64) -> Timestamp {
    let micros = i64::try_from(micros).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_jumps_from_timer_to_timer_in_order_and_a_dropped_timer_moves_nothing() {
        let clock = Clock::starting(Timestamp::UNIX_EPOCH);
        let order = run(&clock, async {
            let mut tasks = tokio::task::JoinSet::new();
            for seconds in [30, 10, 20] {
                let clock = clock.clone();
                tasks.spawn(async move {
                    clock.wait(Duration::from_secs(seconds)).await;
                    (seconds, clock.now().as_second())
                });
            }
            drop(clock.wait(Duration::from_secs(5)));
            let mut order = Vec::new();
            while let Some(Ok(done)) = tasks.join_next().await {
                order.push(done);
            }
            order
        });
        assert_eq!(order, [(10, 10), (20, 20), (30, 30)]);
    }
}
