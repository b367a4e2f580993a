//! Who is busy, and a bell that rings whenever anything changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::sync::watch;

/// Counts running work and lets waiters look again after every change.
///
/// Waiting works on state, not on progress: subscribe, look, and only then
/// wait for the bell, so a change between looking and waiting is not missed.
#[derive(Debug, Clone)]
pub(crate) struct Activity {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    bell: watch::Sender<u64>,
    busy: AtomicUsize,
    happened: AtomicU64,
    ticked: AtomicU64,
}

/// Work in progress; dropping it ends the work and rings the bell.
#[derive(Debug)]
pub(crate) struct Busy(Activity);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.inner.busy.fetch_sub(1, Ordering::SeqCst);
        self.0.ring();
    }
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                bell: watch::channel(0).0,
                busy: AtomicUsize::new(0),
                happened: AtomicU64::new(0),
                ticked: AtomicU64::new(0),
            }),
        }
    }

    /// Marks the start of work that an advance must wait for.
    pub(crate) fn busy(&self) -> Busy {
        self.inner.busy.fetch_add(1, Ordering::SeqCst);
        Busy(self.clone())
    }

    /// Whether no work is in progress.
    pub(crate) fn idle(&self) -> bool {
        self.inner.busy.load(Ordering::SeqCst) == 0
    }

    /// Tells every waiter to look again.
    pub(crate) fn ring(&self) {
        self.inner.bell.send_modify(|count| *count += 1);
    }

    /// A listener for the bell.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.inner.bell.subscribe()
    }

    /// Counts one event that may have changed what a tick would find; returns the count.
    pub(crate) fn happen(&self) -> u64 {
        self.inner.happened.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The events counted so far.
    pub(crate) fn happened(&self) -> u64 {
        self.inner.happened.load(Ordering::SeqCst)
    }

    /// Says that so many of the events counted were a tick's own.
    pub(crate) fn ticked(&self, events: u64) {
        self.inner.ticked.fetch_add(events, Ordering::SeqCst);
    }

    /// The events counted so far without those of ticks: what a tick does to another schedule's tick shows in what it
    /// commits, and otherwise two schedules would keep each other awake for ever.
    pub(crate) fn worked(&self) -> u64 {
        let ticked = self.inner.ticked.load(Ordering::SeqCst);
        self.happened().saturating_sub(ticked)
    }
}

/// Waits for the bell, or at most `limit` where there is one.
pub(crate) async fn wait(bell: &mut watch::Receiver<u64>, limit: Option<std::time::Duration>) {
    match limit {
        // The sender lives as long as the runner; a closed bell means the end.
        Some(limit) => {
            let _ = tokio::time::timeout(limit, bell.changed()).await;
        }
        None => {
            let _ = bell.changed().await;
        }
    }
}
