//! Nothing goes another way unseen: each kind of thing that a desk drops, holds back, masks, refuses or gives up is
//! provoked here, and must be counted beside a log line, and explained to whoever is on duty.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use std::path::Path;

use play::send;
use runtime::{NAMESPACE, Seen};
use serde_json::{Value, json};
use tests::desk::{Desk, Setup};

#[test]
fn whatever_takes_another_way_is_counted_beside_a_log_line() {
    let desk = Desk::start(Setup::under(
        "web-host-au",
        "2026-11-23T00:00:00Z".parse().unwrap(),
    ));
    desk.advance("PT5M");
    let mut missed = Vec::new();
    for seen in Seen::ALL {
        let before = counted(&desk, seen);
        provoke(&desk, seen);
        desk.settle();
        let after = counted(&desk, seen);
        if after == before {
            missed.push(seen.name());
        }
    }
    desk.end();
    assert_eq!(missed, [""; 0], "not counted");
}

#[test]
fn every_metric_is_explained_to_whoever_is_on_duty() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/OPERATIONS.md");
    let operations = std::fs::read_to_string(path).unwrap();
    let unexplained: Vec<_> = Seen::ALL
        .map(Seen::name)
        .into_iter()
        .chain(["OldestDueSeconds"])
        .filter(|name| !operations.contains(&format!("| `{name}` |")))
        .collect();
    assert_eq!(unexplained, [""; 0]);
}

/// How often something was counted, as `CloudWatch` would count it; each time the line before it names it too.
fn counted(desk: &Desk, seen: Seen) -> usize {
    let logs = std::fs::read_dir(desk.data().join("data/logs")).unwrap();
    let mut counts = 0;
    for file in logs {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let (mut said, mut counted) = (0, 0);
        for line in lines {
            said += usize::from(line["seen"] == seen.name());
            let metrics = &line["_aws"]["CloudWatchMetrics"][0];
            if metrics["Metrics"][0]["Name"] == seen.name() {
                assert_eq!(metrics["Namespace"], NAMESPACE);
                assert_eq!(line[seen.name()], 1);
                assert_eq!(line["Table"], "TicketTable");
                counted += 1;
            }
        }
        assert_eq!(said, counted, "{}: lines and counts", seen.name());
        counts += counted;
    }
    counts
}

/// Makes it happen. A new variant does not compile without its way.
fn provoke(desk: &Desk, seen: Seen) {
    match seen {
        Seen::MailFiled => mail(
            desk,
            "bot@example.com",
            "Auto-Submitted: auto-replied\r\n",
            "",
        ),
        Seen::MailQuarantined => mail(
            desk,
            "spam@example.com",
            "",
            "X-Local-Verdict: spam=FAIL\r\n",
        ),
        Seen::EventLost => {
            desk.drop_events(1);
            mail(desk, "lost@example.com", "", "");
            desk.advance("PT12M");
        }
        Seen::EventFailed => {
            let event = json!({ "detail": "not one of SES" }).to_string();
            let path = "/2015-03-31/functions/MailEventsFunction/invocations";
            let headers = [("X-Amz-Invocation-Type", "Event")];
            let answer = send(
                desk.port("services"),
                "POST",
                path,
                &headers,
                event.as_bytes(),
            );
            assert_eq!(answer.unwrap().status, 202);
            desk.advance("PT5M");
        }
        Seen::SecretsMasked => ask(desk, "secret", "the password is: hunter2hunter2", 201),
        Seen::AcknowledgementHeld => {
            ask(desk, "again", "one", 201);
            ask(desk, "again", "two", 201);
        }
        Seen::RequestRefused => ask(desk, "", "no address", 422),
        Seen::NoticeThrottled => refused(desk, "throttle"),
        Seen::SendingStopped => refused(desk, "quota"),
        Seen::NoticeRefused => refused(desk, "reject"),
        Seen::MailBounced => {
            refused(desk, "bounce");
        }
        Seen::NoticeSuppressed => {
            // The owner of this address gets nothing more after the first mail came back.
            answered(desk, "gone", "bounce");
            desk.advance("P4D");
        }
        Seen::MailComplained => refused(desk, "complain"),
        Seen::MessageRejected => {
            let body = json!({
                "QueueUrl": "http://127.0.0.1/123456789012/UrgentQueue",
                "MessageBody": "no notice",
            });
            desk.aws("services", "AmazonSQS.SendMessage", &body);
        }
        Seen::EntryParked => {
            break_a_ticket(desk);
            desk.advance("P8D");
        }
    }
}

/// A request by the API.
fn ask(desk: &Desk, who: &str, text: &str, status: u16) {
    let email = match who {
        "" => String::new(),
        who => format!("{who}@example.com"),
    };
    let body = json!({
        "email": email, "name": "A customer", "department": "technical",
        "subject": "Site down", "message": text,
    });
    let key = format!("{who}-{text}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", key.as_str()),
    ];
    let body = body.to_string();
    let answer = desk.ask("POST", "/tickets", &headers, body.as_bytes());
    assert_eq!(answer.status, status, "{}", answer.body);
    desk.settle();
}

/// A mail from outside; `top` are SES's findings, which stand at the very top.
fn mail(desk: &Desk, from: &str, header: &str, top: &str) {
    let raw = format!(
        "{top}From: {from}\r\nTo: technical@support.example.com\r\nMessage-ID: <{}.{from}>\r\n{header}Subject: hello\r\n\r\nplease help\r\n",
        from.len() + header.len() + top.len(),
    );
    let client = desk.client();
    client
        .deliver(from, "technical@support.example.com", &raw)
        .unwrap();
    desk.settle();
}

/// A request whose acknowledgement SES treats so.
fn refused(desk: &Desk, answer: &str) {
    answered(desk, "customer", answer);
    desk.advance("PT3M");
}

fn answered(desk: &Desk, who: &str, answer: &str) {
    let who = format!("{who}-{answer}");
    desk.ses(&json!({ "answer": answer, "address": format!("{who}@example.com") }));
    ask(desk, &who, "something else", 201);
    desk.settle();
    desk.ses(&json!({ "answer": "ok", "address": format!("{who}@example.com") }));
}

/// Writes nonsense into a ticket, past the desk.
fn break_a_ticket(desk: &Desk) {
    let id = desk.tickets()[0]["id"].as_str().unwrap().to_owned();
    let body = json!({
        "TableName": "TicketTable",
        "Key": { "PK": { "S": format!("T#{id}") }, "SK": { "S": "ticket" } },
        "UpdateExpression": "SET #state = :broken, due_shard = :shard, due_at = :due",
        "ExpressionAttributeNames": { "#state": "state" },
        "ExpressionAttributeValues": {
            ":broken": { "S": "{}" },
            ":shard": { "S": "due#0" },
            ":due": { "S": format!("2026-11-23T00:00:00Z#{id}") },
        },
    });
    desk.aws("dynamodb", "DynamoDB_20120810.UpdateItem", &body);
}
