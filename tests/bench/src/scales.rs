//! How much is written to one partition in a second.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::units;

/// Weighs what is written to each partition of the table and its indexes in each second.
pub(crate) struct Scales {
    indexes: BTreeMap<String, (String, String)>,
    second: Instant,
    now: BTreeMap<String, u64>,
    /// The partition that had most to write in a second, and how many units.
    pub(crate) heaviest: (String, u64),
}

impl Scales {
    /// For a table with these indexes: the names of their keys.
    pub(crate) fn new(indexes: BTreeMap<String, (String, String)>) -> Self {
        Self {
            indexes,
            second: Instant::now(),
            now: BTreeMap::new(),
            heaviest: Default::default(),
        }
    }

    /// Adds a request's writes. What is not put whole is weighed as an item of at most 1 KB that is in no index: counters
    /// and conditions, where tickets are opened.
    pub(crate) fn weigh(&mut self, request: &Value) {
        if self.second.elapsed() > Duration::from_secs(1) {
            self.second = Instant::now();
            self.now.clear();
        }
        let operations = request["TransactItems"].as_array();
        let in_transaction = operations.map_or(&[][..], Vec::as_slice).iter();
        let each = in_transaction.filter_map(|it| Some((it.as_object()?.values().next()?, 2)));
        let writes = request.get("Item").or(request.get("UpdateExpression"));
        let alone = writes.map(|_| (request, 1));
        for (operation, times) in each.chain(alone) {
            if let Some(item) = operation["Item"].as_object() {
                let bytes = units::item_size(item);
                let units = times * bytes.div_ceil(1024).max(1) as u64;
                self.add(format!("table {}", text(&item["PK"])), units);
                for (index, (hash, range)) in self.indexes.clone() {
                    if let Some(units) = units::index_units(item, (&hash, &range)) {
                        self.add(format!("{index} {}", text(&item[&hash])), units as u64);
                    }
                }
            } else {
                self.add(format!("table {}", text(&operation["Key"]["PK"])), times);
            }
        }
    }

    fn add(&mut self, partition: String, units: u64) {
        let sum = self.now.entry(partition.clone()).or_default();
        *sum += units;
        if *sum > self.heaviest.1 {
            self.heaviest = (partition, *sum);
        }
    }
}

fn text(value: &Value) -> &str {
    value["S"].as_str().unwrap_or_default()
}
