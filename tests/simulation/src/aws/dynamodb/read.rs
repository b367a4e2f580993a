//! Reads: items, and pages of a partition or of an index.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Reply, only, text};
use super::expression::{Condition, Names, equal_to, is_known};
use super::index::INDEXES;
use super::{Item, Refused, Table, key_of, size};

/// A page holds this much.
const PAGE_BYTES: usize = 1_000_000;

/// The answer to a read of an item.
#[derive(Serialize)]
struct Got<'t> {
    #[serde(rename = "Item")]
    item: &'t Item,
}

/// The answer to a query.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Page<'t> {
    count: usize,
    #[serde(rename = "ScannedCount")]
    scanned: usize,
    #[serde(rename = "LastEvaluatedKey", skip_serializing_if = "Option::is_none")]
    last: Option<Item>,
    items: Vec<&'t Item>,
}

impl Table {
    pub(super) fn get(&self, body: &Value, now: u64) -> Reply {
        only(body, &["TableName", "Key", "ConsistentRead"]);
        let Ok(key) = key_of(&body["Key"]) else {
            panic!("DynamoDB would refuse this: no key in {body}");
        };
        let item = self.seen(&key, self.items.get(&key), body, now);
        match item {
            Some(item) => Reply::json(200, &Got { item }),
            None => Reply::json(200, &json!({})),
        }
    }

    /// What a read sees of an item: as it was a moment ago, unless the read asks for more.
    fn seen<'t>(
        &'t self,
        key: &(String, String),
        item: Option<&'t Item>,
        body: &Value,
        now: u64,
    ) -> Option<&'t Item> {
        let older = self.older.get(key).filter(|(until, _)| *until > now);
        match older {
            Some((_, older)) if body["ConsistentRead"] != true => older.as_ref(),
            _ => item,
        }
    }

    pub(super) fn query(&mut self, body: &Value, now: u64) -> Result<Reply, Refused> {
        only(
            body,
            &[
                "TableName",
                "IndexName",
                "KeyConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                "Limit",
                "ExclusiveStartKey",
                "ScanIndexForward",
                "ConsistentRead",
                "Select",
            ],
        );
        let names = Names::of(body);
        let condition = text(body, "KeyConditionExpression");
        is_known(condition, None, &names).map_err(Refused::Validation)?;
        let asked = Condition::read(condition).map_err(Refused::Validation)?;
        let index = body["IndexName"].as_str();
        let index = index.map(|name| {
            let place = self.indexes.iter().position(|index| index.name() == name);
            place.unwrap_or_else(|| panic!("no index {name}"))
        });
        if let Some(index) = index {
            self.indexes[index].learn(now);
        }
        let all: Vec<&Item> = match index {
            Some(index) => {
                assert!(
                    body["ConsistentRead"] != true,
                    "an index has no consistent reads"
                );
                let index = &self.indexes[index];
                index.rows(named(condition, index.hash(), &names)).collect()
            }
            None => self.partition(named(condition, "PK", &names), body, now),
        };
        let mut all = all;
        if body["ScanIndexForward"] == false {
            all.reverse();
        }
        if let Some(start) = body["ExclusiveStartKey"].as_object() {
            all = after(all, start);
        }
        let most = limit(body).unwrap_or(usize::MAX);
        let mut rows = Vec::new();
        for row in all {
            if rows.len() < most && asked.holds(row, &names).map_err(Refused::Validation)? {
                rows.push(row);
            }
        }
        Ok(self.page(rows, body))
    }

    /// The items of the one partition that a query names.
    fn partition(&self, pk: &str, body: &Value, now: u64) -> Vec<&Item> {
        let from = (pk.to_owned(), String::new());
        let own = self
            .items
            .range(from..)
            .take_while(|((own, _), _)| own == pk);
        own.filter_map(|(key, item)| self.seen(key, Some(item), body, now))
            .collect()
    }

    /// One page; the bound of this run stands in for the megabyte that real pages end at.
    fn page(&self, mut rows: Vec<&Item>, body: &Value) -> Reply {
        // A page may end before its limit, and it is the start key of the next that tells.
        let own = Some(self.lies.page).filter(|page| *page > 0);
        let bounds = [limit(body), own].into_iter().flatten();
        let limit = bounds.min().unwrap_or(usize::MAX);
        let (mut taken, mut bytes) = (0, 0);
        let all = rows.len();
        for row in &rows {
            bytes += size(row);
            taken += 1;
            if taken >= limit || bytes >= PAGE_BYTES {
                break;
            }
        }
        rows.truncate(taken);
        let more = taken < all || taken == limit;
        let last = rows
            .last()
            .filter(|_| more)
            .map(|row| keys_of(row, body["IndexName"].as_str()));
        let page = Page {
            count: taken,
            scanned: taken,
            last,
            items: rows,
        };
        Reply::json(200, &page)
    }
}

/// How many items a request asks for at most.
fn limit(body: &Value) -> Option<usize> {
    usize::try_from(body["Limit"].as_u64()?).ok()
}

/// The partition that a key condition names, which every query must.
fn named<'b>(condition: &str, hash: &str, names: &Names<'b>) -> &'b str {
    let value = equal_to(condition, hash, names);
    value.unwrap_or_else(|| panic!("a query that names no partition by {hash}: {condition}"))
}

/// The rows behind a start key.
fn after<'t>(rows: Vec<&'t Item>, start: &Item) -> Vec<&'t Item> {
    let is_start = |row: &&Item| {
        start
            .iter()
            .all(|(name, value)| row.get(name) == Some(value))
    };
    if let Some(place) = rows.iter().position(is_start) {
        return rows.into_iter().skip(place + 1).collect();
    }
    // The entry has moved meanwhile: what sorts behind it is found by the keys themselves.
    let names = ["due_at", "queue_due", "agent_due", "person_created", "SK"];
    let is_behind = |row: &&Item| {
        let both = |name: &&str| {
            Some((
                start.get(*name)?["S"].as_str()?,
                row.get(*name)?["S"].as_str()?,
            ))
        };
        names
            .iter()
            .find_map(both)
            .is_some_and(|(from, own)| own > from)
    };
    rows.into_iter().filter(is_behind).collect()
}

fn keys_of(row: &Item, index: Option<&str>) -> Item {
    let own: Vec<&str> = INDEXES
        .iter()
        .filter(|(name, _, _)| index == Some(*name))
        .flat_map(|(_, hash, range)| [*hash, *range])
        .chain(["PK", "SK"])
        .collect();
    row.iter()
        .filter(|(name, _)| own.contains(&name.as_str()))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}
