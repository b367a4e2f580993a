//! What opening a ticket asks of the table, as seen on the wire.

use std::path::Path;

use serde_json::Value;

use crate::binaries::{BARE, INTAKE};
use crate::desk::Desk;
use crate::events::{self, By};
use crate::process::Process;
use crate::report::{Report, Target};
use crate::units::{self, Item};
use crate::{Fallible, answered};

const MOST_CALLS: usize = 2;
const MOST_UNITS: usize = 10;

pub(crate) async fn measure(folder: &Path, report: &mut Report) -> Fallible<()> {
    let desk = Desk::open(String::new()).await?;
    let message = "The site is down. ".repeat(45)[..800].to_owned();
    let form = |key: &str| events::opening(By::Form, key, &message, desk.now);
    let opening = Opening::watch(folder, INTAKE, &desk, form).await?;
    let bare = Opening::watch(folder, BARE, &desk, events::key).await?;
    let within = Target::of("at most 2", opening.calls.len() <= MOST_CALLS);
    let figure = "opening a ticket of 800 bytes: DynamoDB calls after warm-up";
    report.row(figure, opening.calls(), &within, bare.calls());
    let figure = "opening a ticket: SQS calls";
    let queued = |opening: &Opening| opening.queued.to_string();
    report.row(figure, queued(&opening), &Target::none(), queued(&bare));
    units(report, &opening.written, &bare.written);
    Ok(())
}

/// What one invocation of a warm process asked for.
struct Opening {
    /// Calls of the table, by their targets.
    calls: Vec<String>,
    /// Calls of the queues.
    queued: usize,
    written: Vec<Written>,
}

impl Opening {
    async fn watch(
        folder: &Path,
        binary: &str,
        desk: &Desk,
        event: impl Fn(&str) -> Value,
    ) -> Fallible<Self> {
        let mut process = Process::start(&folder.join(binary), &desk.environment).await?;
        process.invoke(&event("warm"), desk.now).await?;
        desk.services.take_queued();
        desk.wire.watch();
        let answer = process.invoke(&event("counted"), desk.now).await?;
        if binary == INTAKE && answer["statusCode"] != 201 {
            return Err(answered(INTAKE, &answer));
        }
        let calls = desk.wire.seen();
        let items = calls.iter().flat_map(|call| puts(&call.request));
        Ok(Self {
            written: items.map(|item| Written::of(&item, desk)).collect(),
            queued: desk.services.take_queued().len(),
            calls: calls.into_iter().map(|call| call.target).collect(),
        })
    }

    fn calls(&self) -> String {
        format!("{} ({})", self.calls.len(), self.calls.join(", "))
    }
}

/// The items that a transaction puts.
fn puts(request: &Value) -> Vec<Item> {
    let operations = request["TransactItems"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    operations
        .iter()
        .filter_map(|operation| operation["Put"]["Item"].as_object().cloned())
        .collect()
}

struct Written {
    what: String,
    to_agent: bool,
    bytes: usize,
    units: usize,
    indexes: Vec<(String, usize)>,
}

impl Written {
    fn of(item: &Item, desk: &Desk) -> Self {
        let bytes = units::item_size(item);
        let notice: Value = item
            .get("notice")
            .and_then(|notice| serde_json::from_str(notice["S"].as_str()?).ok())
            .unwrap_or_default();
        let indexes = desk.indexes.iter().filter_map(|(name, (hash, range))| {
            Some((name.clone(), units::index_units(item, (hash, range))?))
        });
        Self {
            what: what(item, &notice),
            to_agent: notice["to"]["staff"].is_string(),
            bytes,
            units: units::transaction_units(bytes),
            indexes: indexes.collect(),
        }
    }

    fn line(&self) -> String {
        let indexes: Vec<String> = self
            .indexes
            .iter()
            .map(|(name, units)| format!("{name} {units}"))
            .collect();
        format!(
            "| {} | {} | {} | {} |\n",
            self.what,
            self.bytes,
            self.units,
            indexes.join(", ")
        )
    }
}

/// The kind of an item, by the beginning of its sort key.
fn what(item: &Item, notice: &Value) -> String {
    let key = item
        .get("SK")
        .and_then(|key| key["S"].as_str())
        .unwrap_or_default();
    match key.split('#').next().unwrap_or_default() {
        "ticket" => "snapshot".to_owned(),
        "e" => "event".to_owned(),
        "c" => "participant".to_owned(),
        "n" if notice["to"]["staff"].is_string() => "notice to an agent".to_owned(),
        "n" => "acknowledgement".to_owned(),
        other => format!("`{other}`"),
    }
}

fn units(report: &mut Report, written: &[Written], yardstick: &[Written]) {
    let (agents, others): (Vec<&Written>, Vec<&Written>) =
        written.iter().partition(|item| item.to_agent);
    let base = |items: &[&Written]| items.iter().map(|item| item.units).sum::<usize>();
    let indexes = |items: &[&Written]| {
        let units = items.iter().flat_map(|item| &item.indexes);
        units.map(|(_, units)| units).sum::<usize>()
    };
    let yardstick: Vec<&Written> = yardstick.iter().collect();
    let within = Target::of("at most 10", base(&others) <= MOST_UNITS);
    let figure = "opening a ticket: write units of the base table";
    report.row(
        figure,
        base(&others).to_string(),
        &within,
        base(&yardstick).to_string(),
    );
    let figure = "opening a ticket: write units of the indexes";
    let none = Target::none();
    report.row(
        figure,
        indexes(&others).to_string(),
        &none,
        indexes(&yardstick).to_string(),
    );
    let apart = format!("{}, and {} of the indexes", base(&agents), indexes(&agents));
    report.row("opening a ticket: agents' notices, apart", apart, &none, "");
    let mut table = "Items that opening a ticket writes, in one transaction:\n\n\
        | item | bytes | base-table units | index units |\n|---|---|---|---|\n"
        .to_owned();
    table.extend(written.iter().map(Written::line));
    report.detail(table);
}
