//! The kinds of what can be wrong, with what a person does about each.

const REPAIR: &str = "run `troth verify --repair`; what stays changed meanwhile: run it again";
const COMPARE: &str = "compare with a copy of an earlier second (docs/OPERATIONS.md, \"Restoring\"); nothing here may guess it";
const BRING_BACK: &str =
    "bring the object's older version back in S3; the text on the ticket is untouched";

macro_rules! problems {
    (
        table { $($(#[$doc:meta])* $item:ident = $name:literal: $advice:expr,)+ }
        bucket { $($(#[$bucket_doc:meta])* $bucket:ident = $bucket_name:literal: $bucket_advice:expr,)+ }
    ) => {
        /// What can be wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Problem {
            $($(#[$doc])* $item,)+
            $($(#[$bucket_doc])* $bucket,)+
        }

        impl Problem {
            /// What the table alone shows, in the order of the report. Each has a row in the store's tests that breaks a table
            /// in that way.
            pub const TABLE: &[Self] = &[$(Self::$item),+];

            /// What shows only beside the bucket, in the order of the report. Each has a row in `tests/tests/verify.rs`.
            pub const BUCKET: &[Self] = &[$(Self::$bucket),+];

            /// The name in reports and in `docs/OPERATIONS.md`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$item => $name,)+ $(Self::$bucket => $bucket_name,)+ }
            }

            /// What a person does about it, where no repair does.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$item => $advice,)+ $(Self::$bucket => $bucket_advice,)+ }
            }
        }
    };
}

problems! {
    table {
        /// Items of a ticket, or records that name it, and no ticket.
        Orphan = "orphan": COMPARE,
        /// The log is there and the snapshot is not.
        SnapshotMissing = "snapshot-missing": REPAIR,
        /// The snapshot is not what the log adds up to.
        SnapshotDiffers = "snapshot-differs": REPAIR,
        /// A sequence number is missing, or the log ends before its snapshot.
        LogGap = "log-gap": COMPARE,
        /// The digests of the log do not chain: it is not what was recorded.
        LogBroken = "log-broken": COMPARE,
        /// Something is to be done at an instant, and no entry of the due index says so in time.
        Timer = "timer": REPAIR,
        /// An entry has been due for an hour: no tick has looked at it.
        Overdue = "overdue": "the tick does not reach it: look for sla-tick's alarms and its log",
        /// An attribute that an index reads contradicts the item.
        Index = "index": REPAIR,
        /// A notice that nobody sent has no entry in the due index.
        NoticeTimer = "notice-timer": REPAIR,
        /// A sender took a notice and never came back, and its entry lies too far ahead for another to take it over.
        Lease = "lease": REPAIR,
        /// A notice was sent, and an answer to it would not find its ticket.
        Unmapped = "unmapped": REPAIR,
        /// A mail that we sent names a notice that is not there.
        NoticeMissing = "notice-missing": COMPARE,
        /// A mail stands on a ticket, and no record says that it was taken: it would be taken again if it came again.
        Record = "record": REPAIR,
        /// A record contradicts the log: the ticket was opened after it, or the mail that it is of stands on another ticket.
        Taken = "taken": COMPARE,
        /// A counter cannot be read, or counts what lies ahead: whoever it counts would be refused for no reason.
        Counter = "counter": REPAIR,
        /// Something that is kept for a time has no end, or one too far away: it would stay for ever.
        Endless = "endless": REPAIR,
        /// A ticket was merged into one that is not there, or that does not know of it.
        Merge = "merge": COMPARE,
        /// A merged ticket has a timer, or a notice of work ahead that nobody has settled.
        MergedWork = "merged-work": REPAIR,
        /// The policy version that a ticket is held to is not there.
        PolicyMissing = "policy-missing": "publish that version again: its sources are in the bucket under policies/",
        /// An entry failed too often and left the due index.
        Parked = "parked": "`troth redrive --dry-run parked` says why; when that is gone, `troth redrive parked`",
        /// A notice waits for a person's word after a restore.
        Held = "held": "look at them, then `troth redrive held` sends them and `troth redrive held --drop` does not",
        /// An item cannot be read.
        Unreadable = "unreadable": COMPARE,
        /// An item was written by a newer binary.
        Newer = "newer": "run this command from the newer version",
    }
    bucket {
        /// A raw mail of no ticket and no filed mail.
        RawOrphan = "raw-orphan": "look into the mail; if nobody misses it, delete the object",
        /// A raw mail that a message or a filed mail names is not in the bucket.
        RawMissing = "raw-missing": BRING_BACK,
        /// A file that no message lists.
        FileOrphan = "file-orphan": "its mail was never filed on a ticket: delete the object; the raw mail, wherever it lies, still has the file",
        /// A file that a message lists is not in the bucket.
        FileMissing = "file-missing": "bring the object's older version back in S3, or take the file from the raw mail under tickets/",
        /// A mail has lain in the inbox for a quarter of an hour.
        Unfiled = "unfiled": "the log of inbound-email names the cause under this id; the sweep tries it every 5 minutes",
    }
}
