//! What a tick with nothing due asks of the table, with few open tickets and with many.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use ticket::TicketId;

use crate::Fallible;
use crate::binaries::{INTAKE, SLA_TICK};
use crate::desk::Desk;
use crate::events::{self, By};
use crate::process::Process;
use crate::report::{Report, Target};
use crate::units::{self, Item};
use crate::wire::Call;

const FEW: usize = 10;
const MANY: usize = 100_000;

/// Items put into the table at once.
const PORTION: usize = 10_000;

pub(crate) async fn measure(folder: &Path, report: &mut Report) -> Fallible<()> {
    let pattern = opened(folder).await?;
    let desk = Desk::open(String::new()).await?;
    let mut tick = Process::start(&folder.join(SLA_TICK), &desk.environment).await?;
    let mut asked = Vec::new();
    let mut open = 0;
    for tickets in [FEW, MANY] {
        while open < tickets {
            let next = tickets.min(open + PORTION);
            desk.import((open..next).map(|n| copy(&pattern, n)).collect())?;
            open = next;
        }
        desk.wire.watch();
        let answer = tick.invoke(&events::tick(desk.now), desk.now).await?;
        if answer["next"].is_null() || answer["fired"] != 0 {
            return Err(format!("with {tickets} open tickets a tick answered {answer}").into());
        }
        asked.push(Asked::of(&desk.wire.seen()));
    }
    let [few, many] = &asked[..] else {
        return Err("two ticks were to be counted".into());
    };
    for (asked, tickets) in [(few, "10"), (many, "100,000")] {
        let target = Target::of(
            "one query a shard, no write; the same with 10 and 100,000",
            few == many && many.only_queries(),
        );
        let figure =
            format!("a tick with nothing due, {tickets} open tickets: calls and read units");
        report.row(figure, asked.to_string(), &target, "");
    }
    Ok(())
}

/// The snapshot of a ticket that was really opened.
pub(crate) async fn opened(folder: &Path) -> Fallible<Item> {
    let desk = Desk::open(String::new()).await?;
    let mut intake = Process::start(&folder.join(INTAKE), &desk.environment).await?;
    intake
        .invoke(
            &events::opening(By::Form, "pattern", "The site is down.", desk.now),
            desk.now,
        )
        .await?;
    let snapshot = desk
        .items()?
        .into_iter()
        .find(|item| item["SK"]["S"] == "ticket");
    Ok(snapshot.ok_or("no ticket was opened")?)
}

/// The same ticket under another id, in the shard of that id's turn.
pub(crate) fn copy(pattern: &Item, n: usize) -> Item {
    let own = pattern["PK"]["S"]
        .as_str()
        .unwrap_or_default()
        .trim_start_matches("T#");
    let id = id(n);
    let rename =
        |value: &Value| json!({ "S": value["S"].as_str().unwrap_or_default().replace(own, &id) });
    let mut item = pattern.clone();
    for name in ["PK", "due_at", "queue_due", "agent_due", "state"] {
        if let Some(value) = item.get(name).map(rename) {
            item.insert(name.to_owned(), value);
        }
    }
    item.insert(
        "due_shard".to_owned(),
        json!({ "S": format!("due#{}", n % 10) }),
    );
    item
}

/// The nth id: seven digits and the check symbol that belongs to them.
fn id(n: usize) -> String {
    let symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars();
    let mut ids = symbols.map(|check| format!("{n:07}{check}"));
    ids.find(|id| id.parse::<TicketId>().is_ok())
        .unwrap_or_default()
}

/// The calls of one tick.
#[derive(PartialEq, Eq)]
struct Asked {
    calls: BTreeMap<String, usize>,
    half_units: usize,
}

impl Asked {
    fn of(calls: &[Call]) -> Self {
        let mut asked = Self {
            calls: BTreeMap::new(),
            half_units: 0,
        };
        for call in calls {
            *asked.calls.entry(call.target.clone()).or_default() += 1;
            let items = call.answer["Items"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            asked.half_units += units::half_read_units(items.iter().filter_map(Value::as_object));
        }
        asked
    }

    fn only_queries(&self) -> bool {
        self.calls.len() == 1 && self.calls.contains_key("Query")
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let calls: Vec<String> = self
            .calls
            .iter()
            .map(|(target, count)| format!("{count} {target}"))
            .collect();
        write!(
            f,
            "{}; {}.{} units",
            calls.join(", "),
            self.half_units / 2,
            self.half_units % 2 * 5
        )
    }
}
