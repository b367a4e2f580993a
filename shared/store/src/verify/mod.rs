//! What a table must be, whatever happened to it: found by reading, mended where that loses nothing.
//!
//! A desk may be at work while this reads. So nothing is reported that was seen once: a ticket is read again before a
//! finding counts, and every repair has the condition that nothing changed meanwhile.

mod examine;
mod kept;
mod mend;
mod merged;
mod notices;
mod partition;
mod problem;
mod records;
mod snapshot;
mod survey;

use std::fmt;

use jiff::SignedDuration;
use ticket::{FileKey, NoticeId, TicketId};

use crate::due::DueKind;

pub use problem::Problem;
pub use survey::{FiledRaw, Survey};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub problem: Problem,
    /// Which items, by ids alone.
    pub what: String,
    /// How it can be mended without a person's judgement, if it can.
    pub mend: Option<Mend>,
}

impl Finding {
    pub(crate) fn new(problem: Problem, what: impl fmt::Display, mend: Option<Mend>) -> Self {
        Self {
            problem,
            what: what.to_string(),
            mend,
        }
    }

    /// Something that a person has to judge.
    pub fn for_a_person(problem: Problem, what: impl fmt::Display) -> Self {
        Self::new(problem, what, None)
    }
}

/// A repair that loses nothing and that a second run finds done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// Writes the snapshot anew from its log, with all its index attributes and its timer.
    Snapshot(TicketId),
    /// Puts the entry of a notice, of a rollout or of a digest back into the due index.
    Entry(DueKind),
    /// Takes a notice that is settled off the due index.
    Settled(TicketId, NoticeId),
    /// Settles a notice that has lost its point.
    Superseded(TicketId, NoticeId),
    /// Writes the map entry of a sent mail.
    Map(TicketId, NoticeId, String),
    /// Writes the index attributes of a participant.
    Person(TicketId, String),
    /// Notes that the ticket has taken the mail of this SES id.
    Record(TicketId, String),
    /// Takes the counter of this partition away: its count begins anew.
    Counter(String),
    /// Gives the item of these keys an end, so long after now.
    End(String, String, SignedDuration),
}

/// What a look at a ticket gave.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// The SES ids of the raw mails that its messages name.
    pub raw: Vec<String>,
    /// The files that its messages list.
    pub files: Vec<FileKey>,
    /// Its notices that are on their way.
    pub unsent: Vec<NoticeId>,
    /// What has no ticket and is under way: rollouts, and digests of numbers.
    pub entries: Vec<DueKind>,
}
