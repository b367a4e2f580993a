//! A ticket that nobody can read, as after a repair by hand that went wrong: whatever a tick does to it fails, so it must be
//! parked, and keep nothing else from being done.

use std::time::Duration;

use serde_json::{Value, json};
use ticket::{Pepper, TicketId};

use crate::aws::dynamodb::Table;
use crate::dice::Dice;
use crate::time::instant;

/// A tick gives an entry up that failed so often.
const TRIES: u64 = 5;

fn id() -> TicketId {
    TicketId::derive(&Pepper::new("broken"), "form", "none", 0)
}

/// Whether a row belongs to the ticket that nobody can read.
pub(crate) fn is_broken(pk: &str) -> bool {
    pk.strip_prefix("T#") == Some(id().as_str())
}

/// Its row, due within the first hours, in two of three seeds; `start` is in microseconds.
pub(crate) fn row(dice: Dice, start: u64) -> Option<Value> {
    let mut rng = dice.of("broken");
    let after = Duration::from_mins(rng.u64(1..300));
    let micros = u64::try_from(after.as_micros()).unwrap_or_default();
    let minute = instant(start + micros).strftime("%Y-%m-%dT%H:%M:00Z");
    let (id, shard) = (id(), rng.u32(0..10));
    (rng.u32(0..3) > 0).then(|| {
        json!({
            "PK": { "S": format!("T#{id}") }, "SK": { "S": "ticket" }, "v": { "N": "1" }, "state": { "S": "{" },
            "due_shard": { "S": format!("due#{shard}") }, "due_at": { "S": format!("{minute}#{id}") },
        })
    })
}

/// Whether it is anything but parked, with a reason.
pub(crate) fn lies_about(table: &Table) -> Option<String> {
    let item = table.item(&format!("T#{}", id()), "ticket")?;
    let failures = item.get("failures").and_then(|it| it["N"].as_str());
    let failures: u64 = failures.and_then(|it| it.parse().ok()).unwrap_or_default();
    let parked = item.contains_key("parked") && item.contains_key("park_why");
    let shown = item.contains_key("due_at") || item.contains_key("due_shard");
    let right = parked && !shown && failures >= TRIES;
    (!right).then(|| format!("a ticket that nobody can read is not parked: {item:?}"))
}
