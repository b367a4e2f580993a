//! `DynamoDB` as far as the store uses it: items, conditions, transactions, and indexes that lag behind.

mod expression;
mod index;
mod write;

pub(crate) use write::canceled;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Call, Reply, only, text};
use crate::dice::Dice;
use expression::{Condition, Names, equal_to, is_known};
use index::{INDEXES, Index};

/// An item: attribute names to typed values, as on the wire.
pub(crate) type Item = Map<String, Value>;

/// How the table misleads in this run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lies {
    /// Index entries appear and vanish so many milliseconds late at most.
    pub(crate) lag: u64,
    /// One in so many changes reaches an index minutes late: until then an entry is missing or stale. None if 0.
    pub(crate) lost: u64,
    /// Pages of a query hold so many items at most. No bound if 0.
    pub(crate) page: usize,
    /// A read that does not ask for a consistent one sees what was written so many milliseconds ago at most.
    pub(crate) stale: u64,
}

/// A request token is remembered so long.
const TOKEN_MICROS: u64 = 10 * 60 * 1_000_000;

/// A page holds this much.
const PAGE_BYTES: usize = 1_000_000;

#[derive(Debug)]
pub(crate) struct Table {
    items: BTreeMap<(String, String), Item>,
    /// Items as they were before their newest change, and until when a read may still see them so.
    older: BTreeMap<(String, String), (u64, Option<Item>)>,
    indexes: Vec<Index>,
    tokens: BTreeMap<String, (u64, u64)>,
    lies: Lies,
    dice: Dice,
    writes: u64,
    /// When items are to be deleted, in seconds: `DynamoDB` does it some time after that, and here at once.
    ends: std::collections::BTreeSet<(u64, (String, String))>,
    /// The due keys of the items themselves, in order.
    due: std::collections::BTreeSet<(String, (String, String))>,
}

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

/// When an item is to be deleted, in seconds.
fn ends_at(item: Option<&Item>) -> Option<u64> {
    item?.get("ttl")?["N"].as_str()?.parse().ok()
}

/// About the bytes of an item on the wire.
fn size(item: &Item) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len() + 2,
            Value::Array(list) => list.iter().map(of).sum(),
            Value::Object(map) => size(map),
            _ => 5,
        }
    }
    item.iter()
        .map(|(name, value)| name.len() + 4 + of(value))
        .sum()
}

/// Why a request was not carried out.
pub(crate) enum Refused {
    Condition(Option<Item>),
    Validation(String),
}

impl Table {
    pub(crate) fn new(dice: Dice, lies: Lies) -> Self {
        Self {
            items: BTreeMap::new(),
            older: BTreeMap::new(),
            indexes: INDEXES.iter().map(Index::new).collect(),
            tokens: BTreeMap::new(),
            lies,
            dice,
            writes: 0,
            ends: std::collections::BTreeSet::new(),
            due: std::collections::BTreeSet::new(),
        }
    }

    /// Every item there is, by its keys: what checkers read.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&(String, String), &Item)> {
        self.items.iter()
    }

    /// The earliest due key of all items, whatever the index shows of it.
    pub(crate) fn earliest_due(&self) -> Option<String> {
        self.due.first().map(|(due, _)| due.clone())
    }

    /// Deletes what has come to its end.
    fn expire(&mut self, now: u64) {
        while let Some((end, key)) = self.ends.first().cloned() {
            if end * 1_000_000 > now {
                break;
            }
            self.ends.pop_first();
            if ends_at(self.items.get(&key)) == Some(end) {
                self.items.remove(&key);
            }
        }
    }

    /// The due key of an item.
    pub(crate) fn due_of(&self, pk: &str, sk: &str) -> Option<String> {
        let item = self.items.get(&(pk.to_owned(), sk.to_owned()))?;
        Some(item.get("due_at")?["S"].as_str()?.to_owned())
    }

    /// Keeps the due keys in step with an item.
    fn schedule(&mut self, key: &(String, String), after: Option<&Item>) {
        let due = |item: Option<&Item>| Some(item?.get("due_at")?["S"].as_str()?.to_owned());
        if let Some(before) = due(self.items.get(key)) {
            self.due.remove(&(before, key.clone()));
        }
        if let Some(due) = due(after) {
            self.due.insert((due, key.clone()));
        }
        if let Some(end) = ends_at(after) {
            self.ends.insert((end, key.clone()));
        }
    }

    pub(crate) fn answer(&mut self, call: &Call, now: u64) -> Reply {
        self.expire(now);
        let body = &call.body;
        let answer = match call.operation.as_str() {
            "GetItem" => return self.get(body, now),
            "PutItem" => self.put(body, now),
            "UpdateItem" => self.update(body, now),
            "DeleteItem" => self.delete(body, now),
            "Query" => match self.query(body, now) {
                Ok(page) => return page,
                Err(refused) => Err(refused),
            },
            "TransactWriteItems" => return self.transact(body, &call.bytes, now),
            other => panic!("an operation of DynamoDB that the simulation does not know: {other}"),
        };
        match answer {
            Ok(value) => Reply::json(200, &value),
            Err(Refused::Condition(item)) => {
                let mut reply = json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                    "message": "The conditional request failed",
                });
                if let Some(item) = item {
                    reply["Item"] = Value::Object(item);
                }
                Reply::json(400, &reply)
            }
            Err(Refused::Validation(why)) => panic!("DynamoDB would refuse this: {why}: {body}"),
        }
    }

    fn get(&self, body: &Value, now: u64) -> Reply {
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

    fn query(&mut self, body: &Value, now: u64) -> Result<Reply, Refused> {
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
        let mut rows = Vec::new();
        for row in all {
            if asked.holds(row, &names).map_err(Refused::Validation)? {
                rows.push(row);
            }
        }
        if body["ScanIndexForward"] == false {
            rows.reverse();
        }
        if let Some(start) = body["ExclusiveStartKey"].as_object() {
            rows = after(rows, start);
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
        let asked = body["Limit"]
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok());
        let own = Some(self.lies.page).filter(|page| *page > 0 && asked.is_none());
        let limit = asked.or(own).unwrap_or(usize::MAX);
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

    fn put(&mut self, body: &Value, now: u64) -> Result<Value, Refused> {
        only(
            body,
            &[
                "TableName",
                "Item",
                "ConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
            ],
        );
        let write = self.judge("Put", body)?;
        self.write(write, now);
        Ok(json!({}))
    }

    fn delete(&mut self, body: &Value, now: u64) -> Result<Value, Refused> {
        only(
            body,
            &[
                "TableName",
                "Key",
                "ConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
            ],
        );
        let write = self.judge("Delete", body)?;
        self.write(write, now);
        Ok(json!({}))
    }

    fn update(&mut self, body: &Value, now: u64) -> Result<Value, Refused> {
        only(
            body,
            &[
                "TableName",
                "Key",
                "ConditionExpression",
                "UpdateExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                "ReturnValues",
                "ReturnValuesOnConditionCheckFailure",
            ],
        );
        let write = self.judge("Update", body)?;
        let key = write.key.clone();
        let touched = write.touched.clone();
        self.write(write, now);
        let item = self.items.get(&key).cloned().unwrap_or_default();
        Ok(match body["ReturnValues"].as_str() {
            None | Some("NONE") => json!({}),
            Some("ALL_NEW") => json!({ "Attributes": item }),
            Some("UPDATED_NEW") => {
                let new: Item = item
                    .into_iter()
                    .filter(|(name, _)| touched.contains(name))
                    .collect();
                json!({ "Attributes": new })
            }
            Some(other) => return Err(Refused::Validation(format!("ReturnValues {other}"))),
        })
    }
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

pub(crate) fn key_of(key: &Value) -> Result<(String, String), Refused> {
    let part = |name: &str| key[name]["S"].as_str().map(str::to_owned);
    part("PK")
        .zip(part("SK"))
        .ok_or_else(|| Refused::Validation(format!("no key in {key}")))
}
