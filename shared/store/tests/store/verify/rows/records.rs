//! What stands outside of tickets and names them, and what cannot be read wherever it stands.

use store::Problem;

use super::{Row, copied, count, counter, drop_of, left, mended, ms, nobody, pk, set};
use crate::desk::instant;

pub(super) const ROWS: &[Row] = &[
    left(
        "a mail that was sent names no ticket",
        Problem::Orphan,
        |table| {
            let from = pk(table, "M#");
            let mut stray = copied(table, &from, "m", ("M#stray", "m"));
            set(&mut stray, "ticket", nobody().as_str());
            table.insert(stray);
        },
    ),
    left(
        "an idempotency record names no ticket",
        Problem::Orphan,
        |table| {
            let from = pk(table, "I#email#");
            let mut stray = copied(table, &from, "i", ("I#form#stray", "i"));
            set(&mut stray, "ticket", nobody().as_str());
            table.insert(stray);
        },
    ),
    left("a notice of no ticket", Problem::Orphan, |table| {
        let from = format!("T#{}", table.ticket);
        let of_nobody = format!("T#{}", nobody());
        let stray = copied(table, &from, "c#", (&of_nobody, "c#x"));
        let mut stray = stray;
        set(&mut stray, "person", "x");
        table.insert(stray);
    }),
    mended(
        "a mail stands on the ticket and no record says so",
        Problem::Record,
        |table| {
            table.remove(|pk, _| pk.starts_with("I#email#"));
        },
    ),
    left(
        "a mail stands on another ticket than its record says",
        Problem::Taken,
        |table| {
            let other = table.merged.to_string();
            set(table.beginning("I#email#"), "ticket", &other);
        },
    ),
    left(
        "a record is older than its ticket",
        Problem::Taken,
        |table| {
            let taken = instant("2026-11-22T20:00:00Z").as_second();
            count(table.beginning("I#email#"), "ttl", taken + 30 * 86_400);
        },
    ),
    mended("a counter cannot be read", Problem::Counter, |table| {
        set(counter(table), "times", "yesterday");
    }),
    mended(
        "a counter of a window cannot be read",
        Problem::Counter,
        |table| {
            let of = ("R#typed#1795392000", "r");
            let from = pk(table, "R#address#");
            let mut window = copied(table, &from, "r", of);
            drop_of(&mut window, &["times", "rev"]);
            set(&mut window, "n", "many");
            table.insert(window);
        },
    ),
    mended(
        "a counter has counted what is to come",
        Problem::Counter,
        |table| {
            let ahead = ms("2026-11-30T00:00:00Z");
            set(counter(table), "times", &format!("[{ahead}]"));
        },
    ),
    mended("a counter has no end", Problem::Endless, |table| {
        drop_of(counter(table), &["ttl"]);
    }),
    mended("a record has no end", Problem::Endless, |table| {
        drop_of(table.beginning("I#email#"), &["ttl"]);
    }),
    mended(
        "the entry of a mail has its end in milliseconds",
        Problem::Endless,
        |table| {
            count(table.beginning("M#"), "ttl", ms("2027-11-23T00:00:00Z"));
        },
    ),
    left(
        "the policy version is gone",
        Problem::PolicyMissing,
        |table| {
            table.remove(|pk, sk| pk.starts_with("P#") && sk == "p");
        },
    ),
    left("an event cannot be read", Problem::Unreadable, |table| {
        set(table.own("e#000002"), "event", "{");
    }),
    left("a notice cannot be read", Problem::Unreadable, |table| {
        set(table.own("n#"), "notice", "{");
    }),
    left(
        "a participant has no version",
        Problem::Unreadable,
        |table| {
            drop_of(table.own("c#"), &["v"]);
        },
    ),
    left(
        "an idempotency record says no digest",
        Problem::Unreadable,
        |table| {
            drop_of(table.beginning("I#email#"), &["body"]);
        },
    ),
    left(
        "an idempotency record names what is no ticket",
        Problem::Unreadable,
        |table| {
            set(table.beginning("I#email#"), "ticket", "7");
        },
    ),
    left(
        "the entry of a sent mail names no notice",
        Problem::Unreadable,
        |table| {
            drop_of(table.beginning("M#"), &["notice"]);
        },
    ),
    left(
        "a publication cannot be read",
        Problem::Unreadable,
        |table| {
            drop_of(table.item("P", "v#"), &["hash"]);
        },
    ),
    left(
        "a newer binary has written the snapshot",
        Problem::Newer,
        |table| {
            count(table.own("ticket"), "v", 99);
        },
    ),
    left(
        "a newer binary has written an event",
        Problem::Newer,
        |table| {
            count(table.own("e#000002"), "v", 99);
        },
    ),
    left(
        "a newer binary has written a counter",
        Problem::Newer,
        |table| {
            count(counter(table), "v", 99);
        },
    ),
];
