//! Ticks, and the advance that runs everything due in virtual order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use crate::activity::{Activity, wait};
use crate::clock::Clock;
use crate::lambda::asynchronous::{Events, TickAnswer};
use crate::services::dynamodb::Watcher;
use crate::services::sqs::Queues;
use crate::stop::{Doing, Stop};
use crate::template::{EventSource, Schedule};
use crate::ticks;

/// Everything that happens because time passes.
#[derive(Debug)]
pub(crate) struct Timeline {
    schedules: Vec<Schedule>,
    sources: Vec<EventSource>,
    states: Mutex<BTreeMap<String, State>>,
    watcher: Mutex<Watcher>,
    every_tick: bool,
    one_at_a_time: tokio::sync::Mutex<()>,
    clock: Arc<Clock>,
    activity: Activity,
    events: Arc<Events>,
    queues: Arc<Queues>,
}

#[derive(Debug, Clone)]
struct State {
    next: Timestamp,
    proof: Option<Proof>,
}

/// The last tick's word that nothing is due before an instant, and how the world stood then.
#[derive(Debug, Clone)]
struct Proof {
    until: Option<Timestamp>,
    worked: u64,
    commits: i64,
}

/// What an advance did.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Advanced {
    pub(crate) ticks_run: u64,
    pub(crate) ticks_skipped: u64,
}

/// The parts of a timeline.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) schedules: Vec<Schedule>,
    pub(crate) sources: Vec<EventSource>,
    pub(crate) watcher: Watcher,
    pub(crate) every_tick: bool,
    pub(crate) clock: Arc<Clock>,
    pub(crate) activity: Activity,
    pub(crate) events: Arc<Events>,
    pub(crate) queues: Arc<Queues>,
}

impl Timeline {
    /// Every schedule's next tick is the first one after now: those missed while the runner was off are gone.
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let now = parts.clock.now();
        let states = parts.schedules.iter().map(|schedule| {
            let next = schedule.tick_from(now);
            (schedule.id.clone(), State { next, proof: None })
        });
        Arc::new(Self {
            states: Mutex::new(states.collect()),
            schedules: parts.schedules,
            sources: parts.sources,
            watcher: Mutex::new(parts.watcher),
            every_tick: parts.every_tick,
            one_at_a_time: tokio::sync::Mutex::new(()),
            clock: parts.clock,
            activity: parts.activity,
            events: parts.events,
            queues: parts.queues,
        })
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<String, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commits(&self) -> i64 {
        let watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        watcher.mark()
    }

    /// Fires ticks while the clock runs by itself.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut bell = self.activity.listen();
        loop {
            bell.borrow_and_update();
            if !self.clock.held() {
                self.fire(self.clock.now());
            }
            let next = self.states().values().map(|state| state.next).min();
            wait(&mut bell, next.and_then(|at| self.clock.real_until(at))).await;
        }
    }

    /// Keeps the clock's file ahead of a clock that runs fast.
    pub(crate) async fn keep_clock(self: Arc<Self>) {
        loop {
            tokio::time::sleep(crate::clock::KEEP_EVERY).await;
            if let Err(error) = self.clock.keep() {
                eprintln!("local: {error}");
            }
        }
    }

    /// Queues every tick that is due; of several missed ones the last stands for all.
    fn fire(&self, now: Timestamp) -> u64 {
        let mut fired = 0;
        for schedule in &self.schedules {
            let at = {
                let mut states = self.states();
                let Some(state) = states.get_mut(&schedule.id).filter(|s| s.next <= now) else {
                    continue;
                };
                let following = schedule.tick_from(later(now, 1));
                let last = earlier(following, schedule);
                state.next = following;
                state.proof = None;
                last
            };
            fired += 1;
            let input = ticks::event(schedule, at);
            let kept = self
                .events
                .submit(&schedule.function, &input, Some(&schedule.id));
            if let Err(error) = kept {
                eprintln!("local: the ledger failed: {error}");
            }
        }
        fired
    }

    /// Remembers what a tick's answer proves.
    pub(crate) fn answered(&self, answer: &TickAnswer) {
        let proof = answer.alone.then(|| self.proof(&answer.body)).flatten();
        if let Some(state) = self.states().get_mut(&answer.schedule) {
            state.proof = proof;
        }
    }

    fn proof(&self, body: &[u8]) -> Option<Proof> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let until = match body.get("next")? {
            Value::Null => None,
            Value::String(text) => Some(text.parse().ok()?),
            _ => return None,
        };
        Some(Proof {
            until,
            worked: self.activity.worked(),
            commits: self.commits(),
        })
    }

    /// When the schedule must run next: its next tick, or the first that its proof does not cover.
    fn next_needed(&self, schedule: &Schedule, state: &State) -> Option<Timestamp> {
        let Some(proof) = state.proof.as_ref().filter(|_| !self.every_tick) else {
            return Some(state.next);
        };
        if proof.worked != self.activity.worked() || proof.commits != self.commits() {
            return Some(state.next);
        }
        let until = proof.until?;
        Some(schedule.tick_from(until.max(state.next)))
    }

    /// The earliest thing that happens by itself, in virtual time.
    fn next_event(&self) -> Result<Option<Timestamp>, Stop> {
        let states = self.states().clone();
        let ticks = self
            .schedules
            .iter()
            .filter_map(|schedule| self.next_needed(schedule, states.get(&schedule.id)?));
        let mut infra: Vec<Timestamp> = Vec::new();
        infra.extend(self.events.next_due().doing("read the ledger")?);
        for source in &self.sources {
            let next = self.queues.next_visible(&source.queue);
            infra.extend(next.doing("read the queues")?);
        }
        let infra = infra.into_iter().map(|at| self.clock.when_infra(at));
        Ok(ticks.chain(infra).min())
    }

    /// Whether nothing is running or waiting to run at this instant.
    pub(crate) fn quiet(&self) -> bool {
        let waiting = |source: &EventSource| {
            let depth = self.queues.depth(&source.queue);
            depth.is_ok_and(|depth| depth.visible > 0)
        };
        // What runs may queue more work after we looked; then the count has moved.
        let before = self.activity.happened();
        self.activity.idle()
            && !self.sources.iter().any(waiting)
            && self.events.due().is_ok_and(|due| due == 0)
            && self.activity.happened() == before
            && self.activity.idle()
    }

    /// Returns once nothing is running or waiting to run at this instant.
    pub(crate) async fn until_quiet(&self) {
        let mut bell = self.activity.listen();
        loop {
            bell.borrow_and_update();
            if self.quiet() {
                return;
            }
            wait(&mut bell, None).await;
        }
    }

    /// Moves the clock to `target` through every instant at which something is due.
    pub(crate) async fn advance(&self, target: Timestamp) -> Result<Advanced, Stop> {
        let _alone = self.one_at_a_time.lock().await;
        self.clock.hold();
        let result = self.walk(target).await;
        self.clock.release()?;
        self.activity.ring();
        result
    }

    async fn walk(&self, target: Timestamp) -> Result<Advanced, Stop> {
        let mut done = Advanced::default();
        self.until_quiet().await;
        done.ticks_run += self.fire(self.clock.now());
        self.until_quiet().await;
        while let Some(next) = self.next_event()?.filter(|next| *next <= target) {
            done.ticks_skipped += self.skip_before(next);
            self.clock.move_to(next)?;
            done.ticks_run += self.fire(next);
            self.activity.ring();
            self.until_quiet().await;
        }
        done.ticks_skipped += self.skip_before(later(target, 1));
        self.clock.move_to(target)?;
        Ok(done)
    }

    /// Passes over the ticks before `at`; only called when their proofs cover them.
    fn skip_before(&self, at: Timestamp) -> u64 {
        let mut skipped = 0;
        let mut states = self.states();
        for schedule in &self.schedules {
            if let Some(state) = states.get_mut(&schedule.id).filter(|s| s.next < at) {
                let next = schedule.tick_from(at);
                let span = next.duration_since(state.next).as_millis();
                let period = i128::try_from(schedule.period.as_millis())
                    .unwrap_or(1)
                    .max(1);
                skipped += u64::try_from(span / period).unwrap_or(0);
                state.next = next;
            }
        }
        skipped
    }
}

fn later(at: Timestamp, millis: i64) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_millis(millis))
        .unwrap_or(Timestamp::MAX)
}

/// The tick before `at`.
fn earlier(at: Timestamp, schedule: &Schedule) -> Timestamp {
    let period = jiff::SignedDuration::try_from(schedule.period).unwrap_or_default();
    at.checked_sub(period).unwrap_or(at)
}
