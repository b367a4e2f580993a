//! `DynamoDB` as far as the store uses it: items, conditions, transactions, and indexes that lag behind.

mod expression;
mod index;
mod write;

pub(crate) use write::canceled;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Reply, only, text};
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
}

/// A request token is remembered so long.
const TOKEN_MICROS: u64 = 10 * 60 * 1_000_000;

/// A page holds this much.
const PAGE_BYTES: usize = 1_000_000;

#[derive(Debug)]
pub(crate) struct Table {
    items: BTreeMap<(String, String), Item>,
    indexes: Vec<Index>,
    tokens: BTreeMap<String, (u64, u64)>,
    lies: Lies,
    dice: Dice,
    writes: u64,
    /// The due keys of the items themselves, in order.
    due: std::collections::BTreeSet<(String, (String, String))>,
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
            indexes: INDEXES.iter().map(Index::new).collect(),
            tokens: BTreeMap::new(),
            lies,
            dice,
            writes: 0,
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

    /// Keeps the due keys in step with an item.
    fn schedule(&mut self, key: &(String, String), after: Option<&Item>) {
        let due = |item: Option<&Item>| Some(item?.get("due_at")?["S"].as_str()?.to_owned());
        if let Some(before) = due(self.items.get(key)) {
            self.due.remove(&(before, key.clone()));
        }
        if let Some(due) = due(after) {
            self.due.insert((due, key.clone()));
        }
    }

    pub(crate) fn answer(&mut self, operation: &str, body: &Value, now: u64) -> Reply {
        let answer = match operation {
            "GetItem" => self.get(body),
            "PutItem" => self.put(body, now),
            "UpdateItem" => self.update(body, now),
            "DeleteItem" => self.delete(body, now),
            "Query" => self.query(body, now),
            "TransactWriteItems" => return self.transact(body, now),
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

    fn get(&self, body: &Value) -> Result<Value, Refused> {
        only(body, &["TableName", "Key", "ConsistentRead"]);
        assert_eq!(
            body["ConsistentRead"], true,
            "the simulation knows consistent reads only: {body}"
        );
        let item = self.items.get(&key_of(&body["Key"])?);
        Ok(item.map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    fn query(&mut self, body: &Value, now: u64) -> Result<Value, Refused> {
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
        let mut rows: Vec<Item> = match body["IndexName"].as_str() {
            Some(name) => {
                assert!(
                    body["ConsistentRead"] != true,
                    "an index has no consistent reads"
                );
                let index = self.indexes.iter_mut().find(|index| index.name() == name);
                let index = index.unwrap_or_else(|| panic!("no index {name}"));
                index.rows(named(condition, index.hash(), &names), now)
            }
            None => self.partition(named(condition, "PK", &names)),
        };
        let condition = Condition::read(condition).map_err(Refused::Validation)?;
        let mut refused = None;
        rows.retain(|row| match condition.holds(row, &names) {
            Ok(holds) => holds,
            Err(why) => {
                refused = Some(why);
                false
            }
        });
        if let Some(why) = refused {
            return Err(Refused::Validation(why));
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
    fn partition(&self, pk: &str) -> Vec<Item> {
        let from = (pk.to_owned(), String::new());
        let own = self
            .items
            .range(from..)
            .take_while(|((own, _), _)| own == pk);
        own.map(|(_, item)| item.clone()).collect()
    }

    /// One page; the bound of this run stands in for the megabyte that real pages end at.
    fn page(&self, rows: Vec<Item>, body: &Value) -> Value {
        let asked = body["Limit"]
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok());
        let own = Some(self.lies.page).filter(|page| *page > 0 && asked.is_none());
        let limit = asked.or(own).unwrap_or(usize::MAX);
        let (mut page, mut bytes) = (Vec::new(), 0);
        let all = rows.len();
        for row in rows {
            bytes += Value::Object(row.clone()).to_string().len();
            page.push(row);
            if page.len() >= limit || bytes >= PAGE_BYTES {
                break;
            }
        }
        let mut answer = json!({ "Count": page.len(), "ScannedCount": page.len() });
        if page.len() < all || page.len() == limit {
            let last = page
                .last()
                .map(|row| keys_of(row, body["IndexName"].as_str()));
            answer["LastEvaluatedKey"] = last.map_or(Value::Null, Value::Object);
        }
        answer["Items"] = page.into_iter().map(Value::Object).collect();
        answer
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
fn after(rows: Vec<Item>, start: &Item) -> Vec<Item> {
    let is_start = |row: &Item| {
        start
            .iter()
            .all(|(name, value)| row.get(name) == Some(value))
    };
    if let Some(place) = rows.iter().position(is_start) {
        return rows.into_iter().skip(place + 1).collect();
    }
    // The entry has moved meanwhile: what sorts behind it is found by the keys themselves.
    let names = ["due_at", "queue_due", "agent_due", "person_created", "SK"];
    let is_behind = |row: &Item| {
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
