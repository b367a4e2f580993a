//! One function: a queue of invocations in front of a few processes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};

use super::Host;
use super::process::Slot;
use crate::template::FunctionSpec;

/// Processes per function. AWS would start more; one machine gains nothing from it.
pub(crate) const PROCESSES: usize = 4;
/// Log lines that the pages show.
const LOG_LINES: usize = 200;

/// How an invocation failed, as AWS tells the caller.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// The error object: `errorType`, `errorMessage`.
    pub(crate) payload: Value,
}

impl Failure {
    pub(crate) fn new(kind: &str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self {
            payload: json!({ "errorType": kind, "errorMessage": message }),
        }
    }
}

/// An invocation that waits for a process.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) id: String,
    pub(crate) payload: Bytes,
    /// Whether nothing is to go wrong on purpose.
    pub(crate) spared: bool,
    pub(crate) answer: oneshot::Sender<Result<Bytes, Failure>>,
}

/// Figures for the pages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stats {
    pub(crate) invocations: u64,
    pub(crate) errors: u64,
    pub(crate) timeouts: u64,
    pub(crate) processes_started: u64,
    /// Highest resident set of any process at an answer.
    pub(crate) peak_memory_kib: u64,
    pub(crate) logs: VecDeque<String>,
}

/// A function of the template.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) spec: FunctionSpec,
    pub(crate) host: Host,
    waiting: Mutex<VecDeque<Invocation>>,
    arrived: Notify,
    slots: Mutex<Vec<Arc<Slot>>>,
    stats: Mutex<Stats>,
}

impl Function {
    pub(super) fn new(spec: FunctionSpec, host: Host) -> Arc<Self> {
        Arc::new(Self {
            spec,
            host,
            waiting: Mutex::default(),
            arrived: Notify::new(),
            slots: Mutex::default(),
            stats: Mutex::default(),
        })
    }

    /// Runs one invocation to its end. Every start and end is counted: each may
    /// have given the next tick something to do. `spared` is an event's last try: no fault on purpose meets it.
    pub(crate) async fn invoke(
        self: &Arc<Self>,
        id: String,
        payload: Bytes,
        spared: bool,
    ) -> Result<Bytes, Failure> {
        let _busy = self.host.activity.busy();
        self.host.activity.happen();
        self.stats().invocations += 1;
        let (answer, outcome) = oneshot::channel();
        self.waiting().push_back(Invocation {
            id,
            payload,
            spared,
            answer,
        });
        self.arrived.notify_one();
        self.grow();
        let outcome = outcome
            .await
            .unwrap_or_else(|_| Err(Failure::new("Runtime.Gone", "the runner is stopping")));
        if outcome.is_err() {
            self.stats().errors += 1;
        }
        self.host.activity.happen();
        outcome
    }

    /// Starts the first process, so that a binary that cannot start shows at once.
    pub(super) fn warm(self: &Arc<Self>) {
        if self.slots().is_empty() {
            self.add_slot();
        }
    }

    /// Starts another process if more invocations wait than processes.
    fn grow(self: &Arc<Self>) {
        let most = self.spec.reserved.unwrap_or(PROCESSES).clamp(1, PROCESSES);
        let waiting = self.waiting().len();
        let (all, free) = {
            let slots = self.slots();
            (slots.len(), slots.iter().filter(|s| s.is_free()).count())
        };
        if waiting > free && all < most {
            self.add_slot();
        }
    }

    fn add_slot(self: &Arc<Self>) {
        let mut slots = self.slots();
        let slot = Slot::new(slots.len());
        slots.push(slot.clone());
        drop(slots);
        tokio::spawn(slot.supervise(self.clone()));
    }

    /// The slot that a Runtime API path names.
    pub(crate) fn slot(&self, index: usize) -> Option<Arc<Slot>> {
        self.slots().get(index).cloned()
    }

    /// The oldest waiting invocation, when there is one.
    pub(super) async fn next(&self) -> Invocation {
        loop {
            let arrived = self.arrived.notified();
            if let Some(invocation) = self.take() {
                return invocation;
            }
            arrived.await;
        }
    }

    /// Takes the oldest waiting invocation if there is one.
    pub(super) fn take(&self) -> Option<Invocation> {
        self.waiting().pop_front()
    }

    /// Puts back an invocation that no process saw.
    pub(super) fn put_back(&self, invocation: Invocation) {
        self.waiting().push_front(invocation);
        self.arrived.notify_one();
    }

    /// Whether a process would find work.
    pub(super) fn has_work(&self) -> bool {
        !self.waiting().is_empty()
    }

    /// Waits until an invocation arrives or `limit` has passed.
    pub(super) async fn work_or(&self, limit: std::time::Duration) {
        if !self.has_work() {
            let _ = tokio::time::timeout(limit, self.arrived.notified()).await;
            // The wake-up belongs to whoever asks for the next invocation.
            self.arrived.notify_one();
        }
    }

    /// Keeps one line that a process wrote.
    pub(super) fn log(&self, line: String) {
        let mut stats = self.stats();
        if stats.logs.len() == LOG_LINES {
            stats.logs.pop_front();
        }
        stats.logs.push_back(line);
    }

    pub(super) fn stats(&self) -> MutexGuard<'_, Stats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the figures.
    pub(crate) fn figures(&self) -> Stats {
        self.stats().clone()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Invocation>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slots(&self) -> MutexGuard<'_, Vec<Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
