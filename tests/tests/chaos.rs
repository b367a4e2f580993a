//! The check at the end of a chaos run: what is broken behind the desk's back is seen.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]

use serde_json::{Value, json};
use tests::chaos::play_then;
use tests::chaos::table::{Item, items};
use tests::desk::Desk;

/// Calls the table past all code of ours.
fn table(desk: &Desk, operation: &str, mut body: Value) -> Value {
    let variables = desk.client().json("GET", "/_local/env.json", &Value::Null);
    body["TableName"] = variables.unwrap()["TABLE_NAME"].clone();
    desk.aws("dynamodb", &format!("DynamoDB_20120810.{operation}"), &body)
}

fn key(item: &Item) -> Value {
    json!({ "PK": { "S": item["PK"] }, "SK": { "S": item["SK"] } })
}

fn set(desk: &Desk, item: &Item, attribute: &str, value: &str) {
    let update = json!({
        "Key": key(item),
        "UpdateExpression": "SET #a = :v",
        "ExpressionAttributeNames": { "#a": attribute },
        "ExpressionAttributeValues": { ":v": { "S": value } },
    });
    table(desk, "UpdateItem", update);
}

fn remove(desk: &Desk, item: &Item, attribute: &str) {
    let update = json!({
        "Key": key(item),
        "UpdateExpression": "REMOVE #a",
        "ExpressionAttributeNames": { "#a": attribute },
    });
    table(desk, "UpdateItem", update);
}

/// A copy of an item under another key.
fn copy(desk: &Desk, item: &Item, pk: &str, sk: &str) {
    let got = table(
        desk,
        "GetItem",
        json!({ "Key": key(item), "ConsistentRead": true }),
    );
    let mut copy = got["Item"].clone();
    (copy["PK"], copy["SK"]) = (json!({ "S": pk }), json!({ "S": sk }));
    table(desk, "PutItem", json!({ "Item": copy }));
}

#[test]
fn whatever_was_lost_doubled_or_left_lying_at_a_desk_is_seen() {
    let outcome = play_then(1, None, |desk| {
        let items = items(desk);
        let of = |sk: &'static str| items.iter().filter(move |it| it["SK"].starts_with(sk));
        let events: Vec<&Item> = of("e#")
            .filter(|event| {
                event
                    .get("words")
                    .is_some_and(|said| said.contains("lantern"))
            })
            .collect();
        // Those that came back are damaged in a way of their own: an update of a deleted item would make it again.
        let sent = of("n#").filter(|notice| notice["st"] == "sent");
        let sent: Vec<&Item> = sent.filter(|it| !it.contains_key("d_bounce")).collect();
        let ticket = of("ticket").next().unwrap();
        let refused: Vec<&Item> = of("n#").filter(|it| it.contains_key("d_bounce")).collect();
        let shown = of("e#").find(|it| it["event"].contains("not_reached"));
        table(desk, "DeleteItem", json!({ "Key": key(events[0]) }));
        set(desk, sent[0], "st", "pending");
        table(desk, "DeleteItem", json!({ "Key": key(sent[1]) }));
        copy(desk, sent[2], &sent[2]["PK"], "n#invented");
        set(desk, sent[3], "parked", "2026-11-24T00:00:00Z");
        set(desk, sent[4], "due_at", "2026-11-24T00:00:00Z#x");
        copy(desk, ticket, "T#invented", &ticket["SK"]);
        for notice in refused {
            remove(desk, notice, "d_bounce");
        }
        let shown = shown.unwrap();
        copy(desk, shown, &shown["PK"], "e#900001");
    });
    assert_eq!(outcome.falls, 2);
    let seen = |words: [&str; 2]| {
        let mut wrong = outcome.wrong.iter();
        let all = |it: &&String| words.iter().all(|word| it.contains(word));
        assert!(wrong.any(|it| all(&it)), "{words:?}: {:#?}", outcome.wrong);
    };
    seen(["\"lantern", "stands in []"]);
    seen(["is at", " and has "]);
    seen(["(pending)", "is not settled"]);
    seen(["nobody asked for", ""]);
    seen(["notice invented", "never left"]);
    seen(["is parked", ""]);
    seen(["has been due since", ""]);
    seen(["9 tickets for 8 openings", ""]);
    seen(["nothing is noted of what SES said of", "bounce+"]);
    seen(["shows 2 times that notice", "is not received"]);
    seen(["troth verify", ""]);
}
