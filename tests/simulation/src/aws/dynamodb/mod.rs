//! `DynamoDB` as far as the store uses it: items, conditions, transactions, and indexes that lag behind.

mod expression;
mod index;
mod read;
mod write;

pub(crate) use write::canceled;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Call, Reply, only};
use crate::dice::Dice;
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
    /// How many transactions there were, and in which of them an item was written last.
    transactions: u64,
    written_in: BTreeMap<(String, String), u64>,
    /// When a notice was written first, in microseconds.
    born: BTreeMap<(String, String), u64>,
    /// When items are to be deleted, in seconds: `DynamoDB` does it some time after that, and here at once.
    ends: std::collections::BTreeSet<(u64, (String, String))>,
    /// What was deleted so, as it was in the end: checkers ask for it when no function can any more.
    ended: BTreeMap<(String, String), Item>,
    /// The due keys of the items themselves, in order.
    due: std::collections::BTreeSet<Due>,
}

/// The due key of an item, and the item's own.
pub(crate) type Due = (String, (String, String));

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
            transactions: 0,
            written_in: BTreeMap::new(),
            born: BTreeMap::new(),
            ends: std::collections::BTreeSet::new(),
            ended: BTreeMap::new(),
            due: std::collections::BTreeSet::new(),
        }
    }

    /// Every item there is, by its keys: what checkers read.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&(String, String), &Item)> {
        self.items.iter()
    }

    /// One item, as it is.
    pub(crate) fn item(&self, pk: &str, sk: &str) -> Option<&Item> {
        self.items.get(&(pk.to_owned(), sk.to_owned()))
    }

    /// An item that somebody has put there by hand.
    pub(crate) fn lay(&mut self, item: &Value, now: u64) {
        let put = json!({ "TableName": "troth", "Item": item });
        let laid = self.put(&put, now);
        assert!(laid.is_ok(), "an item that the table does not take: {item}");
    }

    /// The transaction that wrote an item last; 0 for what none has written.
    pub(crate) fn written_in(&self, key: &(String, String)) -> u64 {
        self.written_in.get(key).copied().unwrap_or_default()
    }

    /// When a notice was written first, in microseconds.
    pub(crate) fn born(&self, key: &(String, String)) -> Option<u64> {
        self.born.get(key).copied()
    }

    /// One item, as it is or was when its time came.
    pub(crate) fn item_or_ended(&self, pk: &str, sk: &str) -> Option<&Item> {
        let key = (pk.to_owned(), sk.to_owned());
        self.items.get(&key).or_else(|| self.ended.get(&key))
    }

    /// The earliest due key of all items, whatever the index shows of it.
    pub(crate) fn earliest_due(&self) -> Option<String> {
        self.due.first().map(|(due, _)| due.clone())
    }

    /// What is due at an instant, in microseconds, by the items themselves and by what the index shows of them.
    pub(crate) fn due_and_shown(&mut self, now: u64) -> Vec<Due> {
        let index = self.indexes.iter_mut().find(|index| index.name() == "due");
        let Some(index) = index else {
            return Vec::new();
        };
        index.learn(now);
        let second = crate::time::instant(now / 1_000_000 * 1_000_000);
        // Behind every key of that second.
        let until = format!("{second}~");
        let due = self.due.iter().take_while(|(due, _)| *due < until);
        let shown = |(due, key): &&Due| index.shows(key, due, now);
        due.filter(shown).cloned().collect()
    }

    /// The tickets at which ticks failed, and the due keys to which they are put off.
    pub(crate) fn put_off(&self) -> impl Iterator<Item = (&str, &str)> {
        self.due.iter().filter_map(|(due, key)| {
            let ticket = key.0.strip_prefix("T#").filter(|_| key.1 == "ticket")?;
            let item = self.items.get(key)?;
            item.contains_key("failures").then_some((ticket, &**due))
        })
    }

    /// Whether it is due still, as it was.
    pub(crate) fn is_due(&self, due: &Due) -> bool {
        self.due.contains(due)
    }

    /// Deletes what has come to its end.
    fn expire(&mut self, now: u64) {
        while let Some((end, key)) = self.ends.first().cloned() {
            if end * 1_000_000 > now {
                break;
            }
            self.ends.pop_first();
            if ends_at(self.items.get(&key)) == Some(end) {
                let item = self.items.remove(&key);
                self.ended.extend(item.map(|item| (key, item)));
            }
        }
    }

    /// The due key of an item.
    pub(crate) fn due_of(&self, pk: &str, sk: &str) -> Option<String> {
        Some(self.item(pk, sk)?.get("due_at")?["S"].as_str()?.to_owned())
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
            "TransactWriteItems" => return self.transact(body, call.digest, now),
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

pub(crate) fn key_of(key: &Value) -> Result<(String, String), Refused> {
    let part = |name: &str| key[name]["S"].as_str().map(str::to_owned);
    part("PK")
        .zip(part("SK"))
        .ok_or_else(|| Refused::Validation(format!("no key in {key}")))
}
