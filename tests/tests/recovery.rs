//! What a person does at 3 a.m.: give back what was given up, and bring a table back from a copy.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use play::Mail;
use serde_json::{Value, json};
use tests::desk::{Desk, Setup};

fn desk() -> Desk {
    let desk = Desk::start(Setup::under(
        "web-host-au",
        "2026-11-23T00:00:00Z".parse().unwrap(),
    ));
    // The policy is in force a minute after it was published.
    desk.advance("PT5M");
    desk
}

/// A request by a program.
fn ask(desk: &Desk, who: &str) {
    let body = format!(
        "{{\"email\":\"{who}@example.com\",\"name\":\"A customer\",\"department\":\"technical\",\"subject\":\"Site down\",\"message\":\"nothing works\"}}"
    );
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", who),
    ];
    let answer = desk.ask("POST", "/tickets", &headers, body.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.body);
    desk.settle();
}

/// Calls SQS as its clients do; answers what it says.
fn sqs(desk: &Desk, operation: &str, queue: &str, mut body: Value) -> Value {
    body["QueueUrl"] = json!(format!("http://127.0.0.1/123456789012/{queue}"));
    desk.aws("services", &format!("AmazonSQS.{operation}"), &body)
}

fn put(desk: &Desk, queue: &str, message: &str) {
    sqs(
        desk,
        "SendMessage",
        queue,
        json!({ "MessageBody": message }),
    );
}

/// How many messages a queue shows.
fn depth(desk: &Desk, queue: &str) -> u64 {
    desk.state()["queues"][queue]["visible"].as_u64().unwrap()
}

/// Lambda's record of a mail that its function failed at three times.
fn given_up(ses_id: &str) -> String {
    let record = json!({
        "ses": {
            "mail": {
                "timestamp": "2026-11-23T00:00:00Z",
                "source": "mailer@example.com",
                "messageId": ses_id,
            },
            "receipt": {
                "recipients": ["technical@support.example.com"],
                "spamVerdict": { "status": "PASS" },
                "virusVerdict": { "status": "PASS" },
                "dmarcVerdict": { "status": "PASS" },
            },
        },
    });
    json!({
        "requestContext": {
            "functionArn": "arn:aws:lambda:eu-central-1:123456789012:function:InboundEmailFunction:$LATEST",
            "condition": "RetriesExhausted",
        },
        "requestPayload": { "Records": [record] },
        "responsePayload": { "errorType": "MailNotFiled", "errorMessage": "the table" },
    })
    .to_string()
}

#[test]
fn what_was_given_up_goes_back_to_its_handler_and_is_done_once() {
    let desk = desk();
    desk.drop_events(1);
    let raw = "From: mailer@example.com\r\nTo: technical@support.example.com\r\n\
               Message-ID: <lost@example.com>\r\nSubject: lost\r\n\r\nplease help\r\n";
    let client = desk.client();
    client
        .deliver("mailer@example.com", "technical@support.example.com", raw)
        .unwrap();
    desk.settle();
    assert_eq!(desk.tickets().len(), 0);
    let inbox = desk.data().join("data/s3/mailbucket/inbox");
    let ses_id = std::fs::read_dir(inbox)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .find(|name| !name.contains('.'))
        .unwrap();
    put(&desk, "OnFailureQueue", &given_up(&ses_id));

    let (status, said) = desk.troth(&["redrive", "--dry-run"]);
    assert_eq!(status, Some(3), "{said}");
    assert!(
        said.contains(&format!("InboundEmailFunction mail {ses_id}")),
        "{said}"
    );
    assert!(
        said.contains("RetriesExhausted MailNotFiled the table"),
        "{said}"
    );
    assert_eq!(depth(&desk, "OnFailureQueue"), 1);

    let (status, said) = desk.troth(&["redrive"]);
    assert_eq!(status, Some(0), "{said}");
    desk.settle();
    assert_eq!(desk.tickets().len(), 1);
    assert_eq!(depth(&desk, "OnFailureQueue"), 0);
    let mails = desk.mails().len();

    // Killed between giving it and deleting it, the command gives it twice.
    put(&desk, "OnFailureQueue", &given_up(&ses_id));
    assert_eq!(desk.troth(&["redrive", "on-failure"]).0, Some(0));
    desk.settle();
    assert_eq!((desk.tickets().len(), desk.mails().len()), (1, mails));

    dead_letters(&desk);
    assert_eq!(desk.mails().len(), mails);
}

/// A notice goes back to its queue and is not sent twice; what names no handler stays, with a sentence what to do.
fn dead_letters(desk: &Desk) {
    let mails = desk.mails();
    let notice = mails[0].header("x-troth-notice").to_owned();
    let ticket = desk.tickets()[0]["id"].as_str().unwrap().to_owned();
    let body = json!({ "ticket": ticket, "notice": notice }).to_string();
    put(desk, "UrgentDeadLetterQueue", &body);
    put(desk, "BulkDeadLetterQueue", "garbage");
    let (status, said) = desk.troth(&["redrive", "dead-letters"]);
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("1 given back, 1 left"), "{said}");
    assert!(said.contains("delete it when nobody needs it"), "{said}");
    desk.settle();
    assert_eq!(depth(desk, "UrgentDeadLetterQueue"), 0);
    assert_eq!(depth(desk, "BulkDeadLetterQueue"), 1);
    sqs(desk, "PurgeQueue", "BulkDeadLetterQueue", json!({}));
}

#[test]
fn a_table_that_is_restored_from_a_copy_keeps_its_promises_and_sends_nothing_old_unasked() {
    let mut desk = desk();
    desk.ses(&json!({ "answer": "quota" }));
    ask(&desk, "early");
    ask(&desk, "second");
    let copy = desk.data().join("table.jsonl");
    let copy = copy.to_str().unwrap();
    let (status, said) = desk.troth(&["table", "save", copy]);
    assert_eq!(status, Some(0), "{said}");
    // The old table goes on and sends what the copy holds as unsent.
    desk.ses(&json!({ "answer": "ok" }));
    desk.advance("PT5H");
    let of = |mails: &[Mail]| mails.len();
    let before = of(&desk.mails());
    assert!(before > 0);

    desk.kill();
    for file in std::fs::read_dir(desk.data().join("data")).unwrap() {
        let file = file.unwrap().path();
        if file
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("dynamodb.sqlite")
        {
            std::fs::remove_file(file).unwrap();
        }
    }
    desk.restart();
    desk.settle();
    let (status, said) = desk.troth(&["table", "load", copy]);
    assert_eq!(status, Some(0), "{said}");
    let (status, said) = desk.troth(&["verify", "--repair", "--restored"]);
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("held back"), "{said}");
    desk.advance("PT30M");
    assert_eq!(of(&desk.mails()), before, "something old was sent unasked");
    let again = desk
        .troth(&["verify", "--repair", "--restored", "--json"])
        .1;
    let again: Value = serde_json::from_str(&again).unwrap();
    let open = again["findings"].as_array().unwrap();
    assert!(open.iter().all(|it| it["problem"] == "held"), "{again:#}");

    let (_, said) = desk.troth(&["redrive", "held", "--dry-run"]);
    assert!(said.contains("held back after a restore"), "{said}");
    let (status, said) = desk.troth(&["redrive", "held"]);
    assert_eq!(status, Some(0), "{said}");
    desk.advance("PT2M");
    assert!(
        of(&desk.mails()) > before,
        "what was given back was not sent"
    );
    // The clocks go on: the promise that nobody keeps is told of.
    let told = of(&desk.mails());
    desk.advance("P3D");
    assert!(of(&desk.mails()) > told, "no timer was armed");
}
