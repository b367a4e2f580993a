use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Depth, Queues, api};
use crate::activity::Activity;
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::template::{QueueSpec, Redrive};

struct World {
    dir: tempfile::TempDir,
    clock: Arc<Clock>,
    queues: Queues,
}

fn queues(dir: &tempfile::TempDir, clock: &Arc<Clock>) -> Queues {
    let spec = |name: &str, redrive| QueueSpec {
        name: name.to_owned(),
        visibility: Duration::from_mins(1),
        delay: Duration::ZERO,
        max_bytes: 1_048_576,
        redrive,
    };
    let redrive = Redrive {
        queue: "dead".to_owned(),
        max_receives: 2,
    };
    let specs = [spec("work", Some(redrive)), spec("dead", None)];
    let ledger = Arc::new(Ledger::open(&dir.path().join("ledger.sqlite")).unwrap());
    Queues::new(&specs, ledger, clock.clone(), Activity::new())
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Clock::open(dir.path().join("clock.json"), 1.0, None).unwrap());
    clock.hold();
    let queues = queues(&dir, &clock);
    World { dir, clock, queues }
}

impl World {
    fn pass(&self, seconds: i64) {
        let to = self.clock.now() + SignedDuration::from_secs(seconds);
        self.clock.move_to(to).unwrap();
    }

    fn send(&self, body: &str) {
        self.queues.send("work", body, &Value::Null, None).unwrap();
    }

    fn bodies(&self, queue: &str) -> Vec<String> {
        let messages = self.queues.receive(queue, 10, None).unwrap();
        messages.into_iter().map(|message| message.body).collect()
    }

    async fn call(&self, operation: &str, mut body: Value) -> (u16, Value) {
        body["QueueUrl"] = json!("http://127.0.0.1:1/123456789012/work");
        let response = api::serve(&self.queues, "http://127.0.0.1:1", operation, &body).await;
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }
}

#[test]
fn a_received_message_is_hidden_for_exactly_its_visibility_timeout() {
    let world = world();
    world.send("a");
    assert_eq!(world.bodies("work"), ["a"]);
    world.pass(59);
    assert!(world.bodies("work").is_empty());
    world.pass(1);
    assert_eq!(world.bodies("work"), ["a"]);
}

#[test]
fn a_message_received_too_often_moves_to_the_dead_letters() {
    let world = world();
    world.send("a");
    for _ in 0..2 {
        assert_eq!(world.bodies("work"), ["a"]);
        world.pass(60);
    }
    assert!(world.bodies("work").is_empty());
    assert_eq!(world.bodies("dead"), ["a"]);
}

#[test]
fn a_deleted_message_is_gone_and_an_old_receipt_deletes_nothing() {
    let world = world();
    world.send("a");
    let first = world.queues.receive("work", 1, None).unwrap();
    world.pass(60);
    let second = world.queues.receive("work", 1, None).unwrap();
    world.queues.delete("work", &first[0].receipt).unwrap();
    let depth = |visible, in_flight, delayed| Depth {
        visible,
        in_flight,
        delayed,
    };
    assert_eq!(world.queues.depth("work").unwrap(), depth(0, 1, 0));
    world.queues.delete("work", &second[0].receipt).unwrap();
    assert_eq!(world.queues.depth("work").unwrap(), depth(0, 0, 0));
}

#[test]
fn messages_and_receive_counts_outlive_the_process() {
    let world = world();
    world.send("a");
    world.send("b");
    let received = world.queues.receive("work", 1, None).unwrap();
    let World { dir, clock, queues } = world;
    drop(queues);
    let again = self::queues(&dir, &clock);
    assert_eq!(again.depth("work").unwrap().in_flight, 1);
    clock
        .move_to(clock.now() + SignedDuration::from_mins(1))
        .unwrap();
    let all = again.receive("work", 10, None).unwrap();
    let counts: Vec<_> = all.iter().map(|m| (m.body.as_str(), m.receives)).collect();
    assert_eq!(received[0].body, "a");
    assert_eq!(counts, [("b", 1), ("a", 2)]);
}

#[test]
fn visibility_can_be_changed_and_a_delay_holds_a_message_back() {
    let world = world();
    let delay = Some(Duration::from_secs(30));
    world
        .queues
        .send("work", "late", &Value::Null, delay)
        .unwrap();
    assert_eq!(world.queues.depth("work").unwrap().delayed, 1);
    assert!(world.bodies("work").is_empty());
    world.pass(30);
    let message = world.queues.receive("work", 1, None).unwrap().remove(0);
    let zero = Duration::ZERO;
    world
        .queues
        .change_visibility("work", &message.receipt, zero)
        .unwrap();
    assert_eq!(world.bodies("work"), ["late"]);
}

#[tokio::test]
async fn batches_are_held_to_sqs_rules() {
    let world = world();
    let entry = |id: usize, body: &str| json!({ "Id": id.to_string(), "MessageBody": body });
    let eleven: Vec<_> = (0..11).map(|id| entry(id, "x")).collect();
    let big = "x".repeat(600_000);
    for (entries, error) in [
        (json!([]), "EmptyBatchRequest"),
        (json!(eleven), "TooManyEntriesInBatchRequest"),
        (
            json!([entry(1, "a"), entry(1, "b")]),
            "BatchEntryIdsNotDistinct",
        ),
        (
            json!([entry(1, &big), entry(2, &big)]),
            "BatchRequestTooLong",
        ),
    ] {
        let (status, answer) = world
            .call("SendMessageBatch", json!({ "Entries": entries }))
            .await;
        assert_eq!(status, 400);
        assert_eq!(answer["__type"], format!("com.amazonaws.sqs#{error}"));
    }
    assert_eq!(world.queues.depth("work").unwrap().visible, 0);
}

#[tokio::test]
async fn a_bad_entry_fails_alone() {
    let world = world();
    let entries = json!([{ "Id": "good", "MessageBody": "a" }, { "Id": "bad", "MessageBody": "" }]);
    let (status, answer) = world
        .call("SendMessageBatch", json!({ "Entries": entries }))
        .await;
    assert_eq!(status, 200);
    assert_eq!(answer["Successful"][0]["Id"], "good");
    assert_eq!(answer["Failed"][0]["Id"], "bad");
    assert_eq!(answer["Failed"][0]["SenderFault"], true);
}

#[tokio::test]
async fn oversized_bodies_and_unknown_queues_are_refused() {
    let world = world();
    let body = "x".repeat(1_048_577);
    let (status, answer) = world
        .call("SendMessage", json!({ "MessageBody": body }))
        .await;
    assert_eq!(
        (status, &answer["__type"]),
        (400, &json!("com.amazonaws.sqs#InvalidParameterValue"))
    );
    let nobody = json!({ "QueueName": "nobody" });
    let (status, answer) = world.call("GetQueueUrl", nobody).await;
    assert_eq!(
        (status, &answer["__type"]),
        (400, &json!("com.amazonaws.sqs#QueueDoesNotExist"))
    );
}

#[tokio::test]
async fn the_wire_names_digest_counts_and_receipt() {
    let world = world();
    world
        .call("SendMessage", json!({ "MessageBody": "hello" }))
        .await;
    let (_, answer) = world
        .call("ReceiveMessage", json!({ "MaxNumberOfMessages": 10 }))
        .await;
    let message = &answer["Messages"][0];
    assert_eq!(message["MD5OfBody"], "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(message["Attributes"]["ApproximateReceiveCount"], "1");
    let entries = json!([{ "Id": "1", "ReceiptHandle": message["ReceiptHandle"] }]);
    world
        .call("DeleteMessageBatch", json!({ "Entries": entries }))
        .await;
    let (_, answer) = world.call("GetQueueAttributes", json!({})).await;
    assert_eq!(
        answer["Attributes"]["ApproximateNumberOfMessagesNotVisible"],
        "0"
    );
}
