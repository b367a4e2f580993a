//! The table as it lies there, read past all code of ours: a second opinion on what the desk says of itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::Desk;

/// One item: attribute to value; texts and numbers are both texts here.
pub type Item = BTreeMap<String, String>;

/// Every item of the table.
///
/// # Panics
/// The table does not answer.
pub fn items(desk: &Desk) -> Vec<Item> {
    let variables = desk.client().json("GET", "/_local/env.json", &Value::Null);
    let variables = variables.expect("the runner tells its variables");
    let mut items = Vec::new();
    let mut from = Value::Null;
    loop {
        let mut body = json!({ "TableName": variables["TABLE_NAME"], "ConsistentRead": true });
        if !from.is_null() {
            body["ExclusiveStartKey"] = from;
        }
        let answer = desk.aws("dynamodb", "DynamoDB_20120810.Scan", &body);
        let page = answer["Items"].as_array().expect("a page of items");
        items.extend(page.iter().map(item));
        from = answer["LastEvaluatedKey"].clone();
        if from.is_null() {
            return items;
        }
    }
}

fn item(item: &Value) -> Item {
    let attributes = item.as_object().into_iter().flatten();
    attributes
        .map(|(name, value)| {
            let (_, value) = value
                .as_object()
                .and_then(|typed| typed.iter().next())
                .expect("a typed value");
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect()
}
