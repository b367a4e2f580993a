//! An index is a second view of the table, and late: entries appear and vanish behind the writes that cause them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Item, Lies};
use crate::dice::Dice;

/// Name, partition key, sort key. All are keys only.
pub(crate) const INDEXES: [(&str, &str, &str); 4] = [
    ("due", "due_shard", "due_at"),
    ("queue", "queue", "queue_due"),
    ("agent", "agent", "agent_due"),
    ("person", "person", "person_created"),
];

type Key = (String, String);

#[derive(Debug)]
pub(crate) struct Index {
    is: &'static (&'static str, &'static str, &'static str),
    /// What a query sees: entries by their own keys, then the item's.
    seen: BTreeMap<(String, String, Key), Item>,
    /// Where an item's entry stands in the view.
    places: BTreeMap<Key, (String, String)>,
    /// Changes on their way, by the instant at which they are seen.
    coming: BTreeMap<(u64, u64), (Key, Option<Item>)>,
    /// Changes of one item are seen in their order.
    last: BTreeMap<Key, u64>,
}

impl Index {
    pub(crate) fn new(is: &'static (&'static str, &'static str, &'static str)) -> Self {
        Self {
            is,
            seen: BTreeMap::new(),
            places: BTreeMap::new(),
            coming: BTreeMap::new(),
            last: BTreeMap::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.is.0
    }

    /// An item has changed; the view learns of it when the dice say.
    pub(crate) fn change(
        &mut self,
        key: &Key,
        item: Option<&Item>,
        now: u64,
        number: u64,
        lies: Lies,
        dice: Dice,
    ) {
        let entry = item.and_then(|item| self.entry(item));
        if entry.is_none() && !self.last.contains_key(key) {
            return;
        }
        let mut rng = dice.of(("index", self.is.0, number));
        let lost = lies.lost > 0 && rng.u64(0..lies.lost) == 0;
        let lag = if lost {
            rng.u64(60_000..600_000)
        } else {
            rng.u64(0..=lies.lag)
        } * 1000;
        let newest = self.last.entry(key.clone()).or_default();
        let at = (now + lag).max(*newest + 1);
        *newest = at;
        self.coming.insert((at, number), (key.clone(), entry));
    }

    fn entry(&self, item: &Item) -> Option<Item> {
        let (_, hash, range) = self.is;
        let keys = [*hash, *range, "PK", "SK"];
        let entry: Item = item
            .iter()
            .filter(|(name, _)| keys.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        (entry.contains_key(*hash) && entry.contains_key(*range)).then_some(entry)
    }

    /// Whether an item's entry is seen at this place of its partition, and no change of it is on its way.
    pub(crate) fn shows(&self, key: &Key, range: &str, now: u64) -> bool {
        let place = self.places.get(key);
        let newest = self.last.get(key).copied();
        place.is_some_and(|(_, own)| own == range) && newest.is_none_or(|newest| newest <= now)
    }

    /// The attribute that names the partition.
    pub(crate) fn hash(&self) -> &'static str {
        self.is.1
    }

    /// Takes in the changes that are seen by now.
    pub(crate) fn learn(&mut self, now: u64) {
        while let Some((&(at, number), _)) = self.coming.first_key_value() {
            if at > now {
                break;
            }
            if let Some((key, entry)) = self.coming.remove(&(at, number)) {
                self.see(key, entry);
            }
        }
    }

    /// What is seen of a partition, in order.
    pub(crate) fn rows(&self, partition: &str) -> impl Iterator<Item = &Item> {
        let from = (
            partition.to_owned(),
            String::new(),
            (String::new(), String::new()),
        );
        let own = self.seen.range(from..);
        own.take_while(move |((hash, _, _), _)| hash == partition)
            .map(|(_, entry)| entry)
    }

    fn see(&mut self, key: Key, entry: Option<Item>) {
        if let Some((hash, range)) = self.places.remove(&key) {
            self.seen.remove(&(hash, range, key.clone()));
        }
        let Some(entry) = entry else { return };
        let of = |name: &str| {
            entry
                .get(name)
                .and_then(|it: &Value| it["S"].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let (hash, range) = (of(self.is.1), of(self.is.2));
        self.places
            .insert(key.clone(), (hash.clone(), range.clone()));
        self.seen.insert((hash, range, key), entry);
    }
}
