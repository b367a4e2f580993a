//! What a table must be, whatever happened to it: found by reading, mended where that loses nothing.
//!
//! A desk may be at work while this reads. So nothing is reported that was seen once: a ticket is read again before a
//! finding counts, and every repair has the condition that nothing changed meanwhile.

mod examine;
mod mend;
mod merged;
mod survey;

use std::fmt;

use ticket::{FileKey, NoticeId, TicketId};

use crate::due::DueKind;
use crate::rollouts::RolloutId;

pub use survey::{FiledRaw, Survey};

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// Items of a ticket, or records that name it, and no ticket.
    Orphan,
    /// The log is there and the snapshot is not.
    SnapshotMissing,
    /// The snapshot is not what the log adds up to.
    SnapshotDiffers,
    /// A sequence number is missing, or the log ends before its snapshot.
    LogGap,
    /// The digests of the log do not chain: it is not what was recorded.
    LogBroken,
    /// Something is to be done at an instant, and no entry of the due index says so in time.
    Timer,
    /// An entry has been due for an hour: no tick has looked at it.
    Overdue,
    /// An attribute that an index reads contradicts the item.
    Index,
    /// A notice that nobody sent has no entry in the due index.
    NoticeTimer,
    /// A sender took a notice and never came back, and its entry lies too far ahead for another to take it over.
    Lease,
    /// A notice was sent, and an answer to it would not find its ticket.
    Unmapped,
    /// A mail that we sent names a notice that is not there.
    NoticeMissing,
    /// A ticket was merged into one that is not there, or that does not know of it.
    Merge,
    /// A merged ticket has a timer, or a notice of work ahead that nobody has settled.
    MergedWork,
    /// The policy version that a ticket is held to is not there.
    PolicyMissing,
    /// A raw mail of no ticket and no filed mail.
    RawOrphan,
    /// A raw mail that a message or a filed mail names is not in the bucket.
    RawMissing,
    /// A file that no message lists.
    FileOrphan,
    /// A file that a message lists is not in the bucket.
    FileMissing,
    /// A mail has lain in the inbox for a quarter of an hour.
    Unfiled,
    /// An entry failed too often and left the due index.
    Parked,
    /// A notice waits for a person's word after a restore.
    Held,
    /// An item cannot be read.
    Unreadable,
    /// An item was written by a newer binary.
    Newer,
}

impl Problem {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 24] = [
        Self::Orphan,
        Self::SnapshotMissing,
        Self::SnapshotDiffers,
        Self::LogGap,
        Self::LogBroken,
        Self::Timer,
        Self::Overdue,
        Self::Index,
        Self::NoticeTimer,
        Self::Lease,
        Self::Unmapped,
        Self::NoticeMissing,
        Self::Merge,
        Self::MergedWork,
        Self::PolicyMissing,
        Self::RawOrphan,
        Self::RawMissing,
        Self::FileOrphan,
        Self::FileMissing,
        Self::Unfiled,
        Self::Parked,
        Self::Held,
        Self::Unreadable,
        Self::Newer,
    ];

    /// The name in reports and in `docs/OPERATIONS.md`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orphan => "orphan",
            Self::SnapshotMissing => "snapshot-missing",
            Self::SnapshotDiffers => "snapshot-differs",
            Self::LogGap => "log-gap",
            Self::LogBroken => "log-broken",
            Self::Timer => "timer",
            Self::Overdue => "overdue",
            Self::Index => "index",
            Self::NoticeTimer => "notice-timer",
            Self::Lease => "lease",
            Self::Unmapped => "unmapped",
            Self::NoticeMissing => "notice-missing",
            Self::Merge => "merge",
            Self::MergedWork => "merged-work",
            Self::PolicyMissing => "policy-missing",
            Self::RawOrphan => "raw-orphan",
            Self::RawMissing => "raw-missing",
            Self::FileOrphan => "file-orphan",
            Self::FileMissing => "file-missing",
            Self::Unfiled => "unfiled",
            Self::Parked => "parked",
            Self::Held => "held",
            Self::Unreadable => "unreadable",
            Self::Newer => "newer",
        }
    }

    /// What a person does about it, where no repair does.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::SnapshotMissing
            | Self::SnapshotDiffers
            | Self::Timer
            | Self::Index
            | Self::NoticeTimer
            | Self::Lease
            | Self::MergedWork
            | Self::Unmapped => {
                "run `troth verify --repair`; what stays changed meanwhile: run it again"
            }
            Self::Orphan
            | Self::LogGap
            | Self::LogBroken
            | Self::NoticeMissing
            | Self::Merge
            | Self::Unreadable => {
                "compare with a copy of an earlier second (docs/OPERATIONS.md, \"Restoring\"); nothing here may guess it"
            }
            Self::Overdue => "the tick does not reach it: look for sla-tick's alarms and its log",
            Self::PolicyMissing => {
                "publish that version again: its sources are in the bucket under policies/"
            }
            Self::RawOrphan => "look into the mail; if nobody misses it, delete the object",
            Self::RawMissing => {
                "bring the object's older version back in S3; the text on the ticket is untouched"
            }
            Self::FileOrphan => {
                "its mail was never filed on a ticket: delete the object; the raw mail, wherever it lies, still has the file"
            }
            Self::FileMissing => {
                "bring the object's older version back in S3, or take the file from the raw mail under tickets/"
            }
            Self::Unfiled => {
                "the log of inbound-email names the cause under this id; the sweep tries it every 5 minutes"
            }
            Self::Parked => {
                "`troth redrive --dry-run parked` says why; when that is gone, `troth redrive parked`"
            }
            Self::Held => {
                "look at them, then `troth redrive held` sends them and `troth redrive held --drop` does not"
            }
            Self::Newer => "run this command from the newer version",
        }
    }
}

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
    /// Puts the entry of a notice, or of a rollout, back into the due index.
    Entry(DueKind),
    /// Takes a notice that is settled off the due index.
    Settled(TicketId, NoticeId),
    /// Settles a notice that has lost its point.
    Superseded(TicketId, NoticeId),
    /// Writes the map entry of a sent mail.
    Map(TicketId, NoticeId, String),
    /// Writes the index attributes of a participant.
    Person(TicketId, String),
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
    /// Rollouts have no ticket: those that are under way.
    pub rollouts: Vec<RolloutId>,
}
