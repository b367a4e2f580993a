//! What is on its way besides queues, and what a run remembers for its checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use crate::actors::{Followed, Limited, Looked, Wrote};
use crate::desk::Desk;
use crate::faults::Function;
use crate::undone::Over;

/// The state of what is on its way, besides queues.
#[derive(Debug, Default)]
pub(crate) struct OnTheWay {
    /// Deliveries that have still to come or are being worked at.
    pub(crate) open: usize,
    /// Events whose tries are used up: the on-failure queue.
    pub(crate) failed: Vec<(Function, Value)>,
    /// How many deliveries there have been.
    pub(crate) deliveries: usize,
    /// When the desk had first taken note of a mail's send event, by SES id.
    pub(crate) told: BTreeMap<String, u64>,
    pub(crate) mails_told: usize,
    pub(crate) ticks: usize,
    /// How many of them are at work.
    pub(crate) ticking: usize,
    /// What a function said was done, and was not.
    pub(crate) undone: Vec<String>,
    /// Rollouts that have ended.
    pub(crate) over: Vec<Over>,
    /// Until when tickets were put off at which ticks failed, and since when.
    pub(crate) put_off: BTreeMap<(String, Timestamp), Timestamp>,
    /// The minutes whose tick did not come, in microseconds.
    pub(crate) missed: Vec<u64>,
    /// From when to when the desk was declared to be busy.
    pub(crate) busy: Option<(Timestamp, Timestamp)>,
    /// Mails that lay in the inbox still when their event had been answered with success.
    pub(crate) unfiled: Vec<String>,
    /// From when to when acknowledgements were switched off.
    pub(crate) silent: Option<(Timestamp, Timestamp)>,
    /// Addresses to which mail stops, by what SES told.
    pub(crate) stopped: BTreeSet<String>,
    /// What SES reported of a mail: its ticket, its notice and what.
    pub(crate) reported: Vec<(String, String, &'static str)>,
    /// The tickets that the story's tickets have become.
    pub(crate) tickets: BTreeMap<usize, String>,
    /// What people wrote by mail, by the number of their input.
    pub(crate) wrote: BTreeMap<usize, Wrote>,
    /// When somebody tried to write on a page, and who.
    pub(crate) on_pages: Vec<(String, Timestamp)>,
    /// When somebody pressed the button that says that they have it.
    pub(crate) pressed: Vec<Timestamp>,
    /// When they were thanked for it, and on which ticket.
    pub(crate) took: Vec<(String, Timestamp)>,
    /// The link to its page, number and key, that the form showed when a ticket was opened.
    pub(crate) shown: BTreeMap<usize, (String, String)>,
    /// When a page refused what somebody wrote, by the number of their input.
    pub(crate) refused: BTreeMap<usize, Timestamp>,
    /// When somebody was told that too many ask, and after how many seconds they may again.
    pub(crate) turned_away: Vec<(Timestamp, u64)>,
    /// What was decided on the conduct of a customer.
    pub(crate) limited: Option<Limited>,
    /// The pages that people looked at.
    pub(crate) looked: Vec<Looked>,
    /// The links to files that people followed.
    pub(crate) followed: Vec<Followed>,
}

impl Desk {
    pub(crate) fn way(&self) -> MutexGuard<'_, OnTheWay> {
        self.way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
