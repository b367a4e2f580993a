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
        let answer = call(desk, "Scan", &body);
        let page = answer["Items"].as_array().expect("a page of items");
        items.extend(page.iter().map(item));
        from = answer["LastEvaluatedKey"].clone();
        if from.is_null() {
            return items;
        }
    }
}

/// Calls `DynamoDB` as nobody: the local one checks no signature.
///
/// # Panics
/// It refuses.
pub fn call(desk: &Desk, operation: &str, body: &Value) -> Value {
    let target = format!("DynamoDB_20120810.{operation}");
    let headers = [
        ("X-Amz-Target", target.as_str()),
        ("Content-Type", "application/x-amz-json-1.0"),
        ("X-Amz-Date", "20261123T000000Z"),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=nobody/20261123/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        ),
    ];
    let body = body.to_string();
    let answer = play::send(
        desk.port("dynamodb"),
        "POST",
        "/",
        &headers,
        body.as_bytes(),
    );
    let answer = answer.expect("the table answers");
    assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("the table answers in JSON")
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
