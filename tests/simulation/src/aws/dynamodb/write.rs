//! Writes: each is judged first, so that a transaction writes everything or nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{Reply, only, text};
use super::expression::{Names, changed, holds, is_known};
use super::{Item, Refused, TOKEN_MICROS, Table, key_of, size};

/// A write that was judged and may be done.
pub(crate) struct Write {
    pub(crate) key: (String, String),
    /// The item afterwards; none deletes it.
    item: Option<Item>,
    pub(crate) touched: BTreeSet<String>,
    is_check: bool,
}

/// `DynamoDB` takes so many operations in a transaction.
const MOST: usize = 100;

impl Table {
    /// Judges one write against the table as it is.
    pub(crate) fn judge(&self, kind: &str, body: &Value) -> Result<Write, Refused> {
        let names = Names::of(body);
        let condition = body["ConditionExpression"].as_str();
        let update = body["UpdateExpression"].as_str();
        is_known(condition.unwrap_or_default(), update, &names).map_err(Refused::Validation)?;
        let whole = if kind == "Put" {
            &body["Item"]
        } else {
            &body["Key"]
        };
        let key = key_of(whole)?;
        let before = self.items.get(&key);
        if let Some(condition) = condition {
            let empty = Item::new();
            let met =
                holds(condition, before.unwrap_or(&empty), &names).map_err(Refused::Validation)?;
            if !met {
                let wanted = body["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD";
                return Err(Refused::Condition(before.filter(|_| wanted).cloned()));
            }
        }
        let mut touched = BTreeSet::new();
        let item = match kind {
            "Put" => body["Item"].as_object().cloned(),
            "Delete" => None,
            "ConditionCheck" => before.cloned(),
            _ => {
                let mut item = before
                    .cloned()
                    .unwrap_or_else(|| body["Key"].as_object().cloned().unwrap_or_default());
                touched = changed(update.unwrap_or_default(), &mut item, &names)
                    .map_err(Refused::Validation)?;
                Some(item)
            }
        };
        if let Some(item) = &item {
            let bytes = size(item);
            if bytes > 400 * 1024 {
                return Err(Refused::Validation(format!("an item of {bytes} bytes")));
            }
        }
        Ok(Write {
            key,
            item,
            touched,
            is_check: kind == "ConditionCheck",
        })
    }

    pub(crate) fn write(&mut self, write: Write, now: u64) {
        if write.is_check {
            return;
        }
        self.writes += 1;
        if write.key.1.starts_with("n#") {
            self.born.entry(write.key.clone()).or_insert(now);
        }
        for index in &mut self.indexes {
            index.change(
                &write.key,
                write.item.as_ref(),
                now,
                self.writes,
                self.lies,
                self.dice,
            );
        }
        self.schedule(&write.key, write.item.as_ref());
        let before = match write.item {
            Some(item) => self.items.insert(write.key.clone(), item),
            None => self.items.remove(&write.key),
        };
        if self.lies.stale > 0 {
            let mut rng = self.dice.of(("stale", self.writes));
            let until = now + rng.u64(0..=self.lies.stale) * 1000;
            self.older.insert(write.key, (until, before));
        }
    }

    /// `hash` is a digest of the request as it came, by which one that comes again is known.
    pub(crate) fn transact(&mut self, body: &Value, hash: u64, now: u64) -> Reply {
        only(body, &["TransactItems", "ClientRequestToken"]);
        let operations = body["TransactItems"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        assert!(
            (1..=MOST).contains(&operations.len()),
            "a transaction of {} operations",
            operations.len()
        );
        let token = text(body, "ClientRequestToken").to_owned();
        if let Some((known, until)) = self.tokens.get(&token)
            && *until > now
        {
            if *known == hash {
                return Reply::json(200, &json!({}));
            }
            return Reply::refusal(
                400,
                "IdempotentParameterMismatchException",
                "another request had this token",
            );
        }
        let mut writes = Vec::new();
        let mut reasons = Vec::new();
        let mut keys = BTreeSet::new();
        for operation in operations {
            let Some((kind, inner)) = operation
                .as_object()
                .and_then(|it| it.iter().find(|(_, value)| !value.is_null()))
            else {
                panic!("an empty operation in {body}");
            };
            only(
                inner,
                &[
                    "TableName",
                    "Item",
                    "Key",
                    "ConditionExpression",
                    "UpdateExpression",
                    "ExpressionAttributeNames",
                    "ExpressionAttributeValues",
                ],
            );
            match self.judge(kind, inner) {
                Ok(write) => {
                    assert!(
                        keys.insert(write.key.clone()),
                        "two operations on one item: {body}"
                    );
                    writes.push(write);
                    reasons.push(json!({ "Code": "None" }));
                }
                Err(Refused::Condition(_)) => {
                    reasons.push(json!({ "Code": "ConditionalCheckFailed", "Message": "The conditional request failed" }));
                }
                Err(Refused::Validation(why)) => {
                    panic!("DynamoDB would refuse this: {why}: {inner}")
                }
            }
        }
        if writes.len() < operations.len() {
            return canceled(&reasons);
        }
        if !token.is_empty() {
            self.tokens.insert(token, (hash, now + TOKEN_MICROS));
        }
        self.transactions += 1;
        for write in writes {
            self.written_in.insert(write.key.clone(), self.transactions);
            self.write(write, now);
        }
        Reply::json(200, &json!({}))
    }
}

/// A transaction that wrote nothing, with a reason for each operation in their order.
pub(crate) fn canceled(reasons: &[Value]) -> Reply {
    Reply::json(
        400,
        &json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
            "CancellationReasons": reasons,
        }),
    )
}
