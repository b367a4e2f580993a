//! `troth ticket list`, `show` and `history`.

use jiff::{SignedDuration, Timestamp};
use policy::{Channel, Lang, Priority, Status, TicketType};
use serde_json::{Value, json};
use store::{Instants, Request};
use ticket::{
    Actor, AddressHash, Command, Contact, ContentDigest, Order, OrderLine, Pepper, TicketId, Words,
};

use crate::stack::{Stack, policy_dir};

/// A Monday in Sydney, 11:00.
pub(crate) const MONDAY: &str = "2026-11-23T00:00:00Z";

/// So many minutes after the opening.
fn minutes(minutes: i64) -> Instants {
    let at: Timestamp = MONDAY.parse().unwrap();
    let at = at + SignedDuration::from_mins(minutes);
    Instants::new(at, at)
}

pub(crate) async fn publish(stack: &Stack) {
    let dir = policy_dir();
    stack
        .says(&[
            "policy",
            "publish",
            &dir,
            "--now",
            MONDAY,
            "--approved-by",
            "tests",
        ])
        .await;
}

/// Opens a ticket whose subject tries to clear the screen.
pub(crate) async fn open(stack: &Stack, key: &str) -> TicketId {
    let pepper = Pepper::new("pepper for tests");
    let address = "customer@example.com";
    let hash = AddressHash::of(&pepper, address);
    let policy = stack
        .store
        .current_policy(minutes(0).now)
        .await
        .unwrap()
        .unwrap();
    let request = Request {
        source: "form",
        key: key.to_owned(),
        body: ContentDigest::of(&[key.as_bytes()]),
        channel: Channel::Form,
        ticket_type: TicketType::Request,
        department: Some("technical".parse().unwrap()),
        priority: None,
        lang: Lang::new("en").unwrap(),
        zone: None,
        requester: Contact {
            hash,
            address: address.to_owned(),
            name: "A customer".to_owned(),
        },
        proved: false,
        words: Words {
            subject: "\u{1b}[2JSite down".to_owned(),
            text: "nothing works\nsince noon".to_owned(),
            ..Words::default()
        },
        shown: true,
        acknowledge: true,
        related: None,
        to: Vec::new(),
        service: None,
        escalates: None,
        copy: None,
    };
    let opened = stack
        .store
        .open(&pepper, request, minutes(0), &policy)
        .await;
    opened.unwrap().ticket.id
}

async fn order(stack: &Stack, id: TicketId, order: Order) {
    let orders = Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "as ordered".to_owned(),
            order: Ok(order),
        }],
    };
    stack
        .store
        .execute(id, &orders, minutes(1), None)
        .await
        .unwrap();
}

pub(crate) async fn reply(stack: &Stack, id: TicketId) {
    let reply = Command::AgentReply {
        agent: "tech-1".parse().unwrap(),
        words: Words::text("restarted"),
        orders: Vec::new(),
    };
    stack
        .store
        .execute(id, &reply, minutes(90), None)
        .await
        .unwrap();
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn the_list_begins_with_the_ticket_that_is_due_first() {
    let stack = Stack::new().await;
    publish(&stack).await;
    assert_eq!(stack.says(&["ticket", "list"]).await, "no tickets\n");
    assert_eq!(
        json_of(&stack.says(&["ticket", "list", "--json"]).await),
        json!([])
    );
    let [usual, urgent] = [open(&stack, "usual").await, open(&stack, "urgent").await];
    order(&stack, urgent, Order::Priority(Priority::Urgent)).await;
    let (usual, urgent) = (usual.number("EH"), urgent.number("EH"));
    let text = stack.says(&["ticket", "list"]).await;
    let heading = "NUMBER        STATUS  DEPARTMENT  PRIORITY  ASSIGNEE  NEXT DUE (Australia/Sydney)  SUBJECT";
    assert_eq!(
        text,
        format!(
            "{heading}\n\
             {urgent}  new     technical   urgent    -         Mon 2026-11-23 11:30:00      [2JSite down\n\
             {usual}  new     technical   normal    -         Tue 2026-11-24 11:00:00      [2JSite down\n"
        )
    );
    let list = json_of(&stack.says(&["ticket", "list", "--json"]).await);
    let numbers: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["number"].as_str().unwrap())
        .collect();
    assert_eq!(numbers, [urgent, usual]);
    assert_eq!(list[0]["next_promise"], "interruption-response");
    assert_eq!(list[1]["next_due"], "2026-11-24T00:00:00Z");
}

#[tokio::test]
async fn a_ticket_shows_every_deadline_with_the_promise_that_set_it() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let id = open(&stack, "nonce").await;
    let fired = minutes(60 * 24 + 1);
    stack
        .store
        .execute(id, &Command::FireTimers, fired, None)
        .await
        .unwrap();
    let number = id.number("EH");
    let shown = json_of(&stack.says(&["ticket", "show", &number, "--json"]).await);
    let policy = stack
        .store
        .current_policy(fired.now)
        .await
        .unwrap()
        .unwrap();
    let version = json!({ "id": "web-host-au", "version": policy.hash() });
    assert_eq!(shown["policy"], version);
    assert_eq!(shown["people"][0]["address"], "customer@example.com");
    let deadlines = shown["deadlines"].as_array().unwrap();
    let metrics: Vec<&str> = deadlines
        .iter()
        .map(|d| d["metric"].as_str().unwrap())
        .collect();
    assert_eq!(metrics, ["acknowledge", "first_response", "resolution"]);
    assert_eq!(
        (&deadlines[0]["state"], &deadlines[0]["met_at"]),
        (&json!("met"), &json!(MONDAY))
    );
    let first = &deadlines[1];
    assert_eq!(first["promise"], "first-response");
    assert_eq!(first["clause"], "AU.2");
    assert_eq!(first["target"], "24 weekday hours");
    assert_eq!(first["strength"], "target");
    assert_eq!(first["published"], true);
    assert_eq!(first["due"], "2026-11-24T00:00:00Z");
    assert_eq!(first["state"], "running");
    assert_eq!(first["missed"], true);
    assert_eq!(
        first["ladder"][1],
        json!({ "level": "lead", "point": "due", "to": ["lead"], "at": "2026-11-24T00:00:00Z", "told": true })
    );
    assert_eq!(first["ladder"][2]["told"], false);
    let kinds: Vec<&str> = shown["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"breach") && kinds.contains(&"promise_missed"),
        "{kinds:?}"
    );

    let text = stack
        .says(&["ticket", "show", &number.to_lowercase()])
        .await;
    for line in [
        &format!("{number}  [2JSite down"),
        &format!("policy      web-host-au version {}", policy.hash()),
        "All times are Australia/Sydney time.",
        "  first_response: first-response (AU.2), 24 weekday hours, target, published",
        "      due                Tue 2026-11-24 11:00:00  running, missed",
        "      lead (due)         Tue 2026-11-24 11:00:00  told: lead",
        "      management (150%)  Tue 2026-11-24 23:00:00  not told: management",
    ] {
        assert!(
            text.lines().any(|shown| shown == line),
            "no line {line:?} in\n{text}"
        );
    }
}

#[tokio::test]
async fn a_paused_clock_has_no_deadline_and_a_met_one_says_when() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let id = open(&stack, "nonce").await;
    reply(&stack, id).await;
    let text = stack.says(&["ticket", "show", id.as_str()]).await;
    assert!(text.contains("met Mon 2026-11-23 12:30:00\n"), "{text}");
    assert!(
        text.contains("due  open while the clock is paused  paused\n"),
        "{text}"
    );
}

#[tokio::test]
async fn the_history_tells_every_event_and_that_the_record_is_intact() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let id = open(&stack, "nonce").await;
    reply(&stack, id).await;
    order(&stack, id, Order::Status(Status::Solved)).await;
    let text = stack.says(&["ticket", "history", &id.number("EH")]).await;
    for part in [
        ": opened by form: request, technical, normal, policy ",
        "     | nothing works\n     | since noon\n",
        "  2  Mon 2026-11-23 12:30:00  agent tech-1: agent replied\n     | restarted\n",
        "  3  Mon 2026-11-23 12:30:00  troth: status changed (to pending)\n",
        "  4  Mon 2026-11-23 11:01:00 (recorded Mon 2026-11-23 12:30:00)  operator: status changed (to solved)\n",
        "\nthe digests of all 4 events chain\nthe snapshot is what the log adds up to\n",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let log = json_of(
        &stack
            .says(&["ticket", "history", &id.number("EH"), "--json"])
            .await,
    );
    assert_eq!(log["chain_verifies"], true);
    assert_eq!(log["snapshot_is_fold"], true);
    assert_eq!(log["events"][1]["words"]["text"], "restarted");
    assert_eq!(log["events"][3]["at"], "2026-11-23T00:01:00Z");
    assert_eq!(log["events"][3]["recorded_at"], "2026-11-23T01:30:00Z");
}

#[tokio::test]
async fn an_event_that_was_changed_in_the_table_is_found() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let id = open(&stack, "nonce").await;
    reply(&stack, id).await;
    let change = json!({
        "TableName": "tickets",
        "Key": { "PK": { "S": format!("T#{id}") }, "SK": { "S": "e#000002" } },
        "UpdateExpression": "SET words = :words",
        "ExpressionAttributeValues": { ":words": { "S": r#"{"t":"we never said that"}"# } },
    });
    stack
        .database
        .update_item(serde_json::from_value(change).unwrap())
        .unwrap();
    let number = id.number("EH");
    let text = stack.says(&["ticket", "history", &number]).await;
    assert!(
        text.contains("BROKEN: the log is not what was recorded at event 2\n"),
        "{text}"
    );
    let log = json_of(&stack.says(&["ticket", "history", &number, "--json"]).await);
    assert_eq!(
        (&log["chain_verifies"], &log["chain_broken_at"]),
        (&json!(false), &json!(2))
    );
}

#[tokio::test]
async fn what_cannot_be_shown_is_said_in_one_sentence() {
    let stack = Stack::new().await;
    assert_eq!(
        stack.complains(&["ticket", "list"]).await,
        "troth: no policy is published on this stack; publish one with `troth policy publish DIR`\n"
    );
    publish(&stack).await;
    assert_eq!(
        stack.complains(&["ticket", "show", "EH-7K3Q"]).await,
        "troth: EH-7K3Q is not a ticket number; check it for a typing mistake\n"
    );
    let nobody = TicketId::derive(&Pepper::new("p"), "form", "never sent", 0).number("EH");
    assert_eq!(
        stack.complains(&["ticket", "history", &nobody]).await,
        format!("troth: there is no ticket {nobody}\n")
    );
}

#[tokio::test]
async fn the_evidence_on_a_ticket_is_one_page_and_one_object_with_strangers_words_escaped() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let id = open(&stack, "usual").await;
    let hostile = Command::CustomerMessage {
        from: AddressHash::of(&Pepper::new("pepper for tests"), "customer@example.com"),
        words: Words::text("<script>alert(1)</script>"),
        proved: false,
    };
    let written = stack.store.execute(id, &hostile, minutes(5), None).await;
    written.unwrap();
    reply(&stack, id).await;
    let number = id.number("EH");
    let page = stack.says(&["evidence", &number]).await;
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(
        page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>"),
        "{page}"
    );
    for said in [
        "the digests of all 4 events chain; the snapshot is what the log adds up to",
        "<td>tests</td>",
        "AU.2",
        "restarted",
        "waits to be sent",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let json = json_of(&stack.says(&["evidence", &number, "--json"]).await);
    assert_eq!(json["log"]["chain_verifies"], true);
    assert_eq!(json["versions"][0]["approved_by"], "tests");
    assert_eq!(
        json["ticket"]["policy"]["version"],
        json["versions"][0]["version"]
    );
    assert!(
        json["deadlines"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["metric"] == "first_response")
    );
}
