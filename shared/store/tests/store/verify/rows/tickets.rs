//! A ticket's own items: log, snapshot, timers, notices, people, and where it was merged.

use store::Problem;

use super::{Row, count, drop_of, due, left, mended, ms, pk, set, unsent};
use crate::desk::string;

pub(super) const ROWS: &[Row] = &[
    mended("the snapshot is gone", Problem::SnapshotMissing, |table| {
        let gone = format!("T#{}", table.merged);
        table.remove(|pk, sk| pk == gone && sk == "ticket");
    }),
    mended(
        "the snapshot says another status",
        Problem::SnapshotDiffers,
        |table| {
            let item = table.own("ticket");
            let state = item["state"].as_s().unwrap();
            let state = state.replace("\"status\":\"new\"", "\"status\":\"pending\"");
            set(item, "state", &state);
        },
    ),
    mended(
        "the snapshot cannot be read, its log can",
        Problem::SnapshotDiffers,
        |table| {
            set(table.own("ticket"), "state", "{");
        },
    ),
    left("an event in the middle is gone", Problem::LogGap, |table| {
        let of = format!("T#{}", table.ticket);
        table.remove(|pk, sk| pk == of && sk == "e#000002");
    }),
    left("the last event is gone", Problem::LogGap, |table| {
        let of = format!("T#{}", table.merged);
        let last = table
            .items
            .keys()
            .filter(|(pk, sk)| *pk == of && sk.starts_with("e#"));
        let last = last.max().unwrap().1.clone();
        table.remove(|pk, sk| pk == of && sk == last);
    }),
    left(
        "an event says another instant",
        Problem::LogBroken,
        |table| {
            count(table.own("e#000001"), "at", 1);
        },
    ),
    left(
        "somebody has bent the words of an event",
        Problem::LogBroken,
        |table| {
            let item = table.own("e#000001");
            let words = item["words"].as_s().unwrap().replace("down", "up");
            set(item, "words", &words);
        },
    ),
    mended("the ticket has no timer", Problem::Timer, |table| {
        drop_of(table.own("ticket"), &["due_shard", "due_at"]);
    }),
    mended(
        "the ticket has a timer that is too late",
        Problem::Timer,
        |table| {
            due(table, "ticket", "2027-11-23T00:00:00Z");
        },
    ),
    left(
        "the ticket's timer was passed over",
        Problem::Overdue,
        |table| {
            due(table, "ticket", "2026-11-23T00:30:00Z");
        },
    ),
    left(
        "a notice's timer was passed over",
        Problem::Overdue,
        |table| {
            unsent(table.own("n#"), "pending");
            due(table, "n#", "2026-11-23T00:30:00Z");
        },
    ),
    mended(
        "the ticket is in the wrong queue",
        Problem::Index,
        |table| {
            set(table.own("ticket"), "queue", "technical#settled");
        },
    ),
    mended("the ticket is on nobody's list", Problem::Index, |table| {
        drop_of(table.own("ticket"), &["agent", "agent_due"]);
    }),
    mended(
        "a participant is listed as somebody else",
        Problem::Index,
        |table| {
            set(table.own("c#"), "person", "somebody else");
        },
    ),
    mended("a notice that was sent is due", Problem::Index, |table| {
        due(table, "n#", "2026-11-23T03:00:00Z");
    }),
    mended(
        "a notice that nobody sent has no timer",
        Problem::NoticeTimer,
        |table| {
            unsent(table.own("n#"), "pending");
        },
    ),
    mended(
        "a notice that nobody sent is due in the wrong shard",
        Problem::NoticeTimer,
        |table| {
            unsent(table.own("n#"), "pending");
            due(table, "n#", "2026-11-23T03:00:00Z");
            set(table.own("n#"), "due_shard", "due#x");
        },
    ),
    mended("a sender never came back", Problem::Lease, |table| {
        unsent(table.own("n#"), "claimed");
        due(table, "n#", "2026-11-24T00:01:00Z");
        count(table.own("n#"), "lease", ms("2026-11-23T00:10:00Z"));
    }),
    mended(
        "an answer to a mail finds no ticket",
        Problem::Unmapped,
        |table| {
            let gone = pk(table, "M#");
            table.remove(|pk, _| pk == gone);
        },
    ),
    left(
        "a mail was sent by a notice that is gone",
        Problem::NoticeMissing,
        |table| {
            let of = format!("T#{}", table.ticket);
            let gone = string(table.own("n#"), "SK").to_owned();
            table.remove(|pk, sk| pk == of && sk == gone);
        },
    ),
    left(
        "the ticket that a merged one goes on with is gone",
        Problem::Merge,
        |table| {
            let gone = format!("T#{}", table.ticket);
            table.remove(|pk, _| pk == gone);
            table.remove(|pk, _| pk.starts_with("I#"));
            let ticket = table.ticket.to_string();
            table
                .items
                .retain(|_, item| string(item, "ticket") != ticket);
        },
    ),
    mended(
        "a merged ticket has a timer",
        Problem::MergedWork,
        |table| {
            let merged = format!("T#{}", table.merged);
            let item = table.item(&merged, "ticket");
            set(item, "due_shard", "due#0");
            set(item, "due_at", "2026-11-23T01:59:00Z#x");
        },
    ),
    mended(
        "notices of work that goes on elsewhere are unsent",
        Problem::MergedWork,
        |table| {
            let merged = table.merged;
            let of = format!("T#{merged}");
            let shard: u32 = merged.to_string().bytes().map(u32::from).sum();
            let notices = table.items.iter_mut();
            for ((_, sk), item) in notices.filter(|((pk, sk), _)| *pk == of && sk.starts_with("n#"))
            {
                unsent(item, "pending");
                set(item, "due_shard", &format!("due#{}", shard % 10));
                set(
                    item,
                    "due_at",
                    &format!("2026-11-23T03:00:00Z#{merged}#{sk}"),
                );
            }
        },
    ),
    left("the ticket failed too often", Problem::Parked, |table| {
        let item = table.own("ticket");
        drop_of(item, &["due_shard", "due_at"]);
        set(item, "parked", "2026-11-23T01:00:00Z");
    }),
    left("a notice failed too often", Problem::Parked, |table| {
        unsent(table.own("n#"), "pending");
        set(table.own("n#"), "parked", "2026-11-23T01:00:00Z");
    }),
    left("a notice is held back", Problem::Held, |table| {
        unsent(table.own("n#"), "pending");
        set(table.own("n#"), "held", "2026-11-23T01:00:00Z");
    }),
];
