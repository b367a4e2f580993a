//! The runner as a process: real functions, real ports, killed and started again.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

mod harness;

use std::time::Duration;

use harness::Runner;
use serde_json::{Value, json};

#[test]
fn a_request_reaches_the_function_and_failures_look_as_api_gateway_shows_them() {
    let runner = Runner::start(&[]);
    let (status, answer) = runner.get("/things/a%20b?x=1");
    assert_eq!(status, 200);
    assert_eq!(answer["event"]["pathParameters"]["id"], "a b");
    let at = answer["event"]["requestContext"]["timeEpoch"]
        .as_i64()
        .unwrap();
    assert!(
        answer["now"].as_i64().unwrap() >= at,
        "work starts after the request arrived"
    );
    let error = json!({ "message": "Internal Server Error" });
    assert_eq!(runner.get("/things/1?do=fail"), (500, error.clone()));
    assert_eq!(runner.get("/things/1?do=exit"), (500, error.clone()));
    assert_eq!(runner.get("/things/1?do=hang"), (500, error));
    assert_eq!(
        runner.get("/nowhere"),
        (404, json!({ "message": "Not Found" }))
    );
    assert_eq!(runner.get("/things/1").0, 200, "the process is restarted");
    let web = &runner.state()["functions"]["WebFunction"];
    assert_eq!((&web["errors"], &web["timeouts"]), (&json!(3), &json!(1)));
    assert!(web["peak_memory_kib"].as_u64().unwrap() > 0);
}

#[test]
fn concurrent_requests_are_all_answered() {
    let runner = Runner::start(&[]);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..20)
            .map(|id| {
                let runner = &runner;
                scope.spawn(move || runner.get(&format!("/things/{id}")))
            })
            .collect();
        for (id, worker) in workers.into_iter().enumerate() {
            let (status, answer) = worker.join().unwrap();
            assert_eq!(status, 200);
            assert_eq!(answer["event"]["pathParameters"]["id"], id.to_string());
        }
    });
}

#[test]
fn retries_visibility_and_ticks_fire_in_virtual_order() {
    let runner = Runner::start(&[]);
    let start = runner.now();
    runner.mail("fail mail");
    runner.queue("fail work");
    let done = runner.advance("PT10M");
    assert_eq!(done["advancing"], false);
    assert!(runner.now().duration_since(start) >= jiff::SignedDuration::from_mins(10));
    let tries = runner.log_instants("MailFunction", "mail fail mail");
    // The first try runs in real time; from then on the clock only jumps.
    assert_eq!(
        gaps(&tries)[1..],
        [120],
        "the second retry, two minutes after the first"
    );
    let tries = runner.log_instants("WorkFunction", "message fail work");
    assert_eq!(
        gaps(&tries)[1..],
        [60],
        "the visibility timeout, from receive to receive"
    );
    let letters = runner.state()["dead_letters"].clone();
    let queues: Vec<_> = letters
        .as_array()
        .unwrap()
        .iter()
        .map(|l| &l["queue"])
        .collect();
    assert_eq!(queues, ["Dead", "Failed"]);
    let record: Value = serde_json::from_str(letters[1]["body"].as_str().unwrap()).unwrap();
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 3);
    let ticks = runner.log_instants("TickFunction", "tick");
    assert!(ticks.iter().all(|tick| tick % 60_000 == 0), "{ticks:?}");
}

#[test]
fn idle_ticks_are_skipped_until_something_happens_and_every_tick_runs_them_all() {
    let lazy = Runner::start(&[]);
    lazy.advance("PT1H");
    let once = lazy.log_instants("TickFunction", "tick").len();
    assert!(
        (1..=2).contains(&once),
        "one tick proves the hour idle, {once} ran"
    );
    lazy.get("/things/1");
    lazy.advance("PT1H");
    let twice = lazy.log_instants("TickFunction", "tick").len();
    assert!(
        twice > once,
        "a request after the answer makes the next tick run"
    );

    let eager = Runner::start(&["--every-tick"]);
    eager.advance("PT1H");
    let ticks = eager.log_instants("TickFunction", "tick");
    assert!((60..=61).contains(&ticks.len()), "{}", ticks.len());
    assert!(gaps(&ticks).iter().all(|gap| *gap == 60));
}

#[test]
fn a_killed_runner_loses_nothing_it_accepted_and_takes_its_functions_with_it() {
    let mut runner = Runner::start(&[]);
    runner.advance("PT5H");
    let before = runner.now();
    runner.mail("fail once more");
    runner.queue("fail kept");
    runner.send_mail(&json!({}), "kept");
    runner.wait_for("the first tries", |runner| {
        let mail = runner.log_instants("MailFunction", "mail").len();
        let work = runner.log_instants("WorkFunction", "message").len();
        mail == 1 && work == 1
    });
    let children = runner.children();
    assert!(!children.is_empty());
    runner.kill_and_restart();
    runner.wait_for("the functions' end", |_| {
        children.iter().all(|pid| !harness::runs(*pid))
    });
    assert!(runner.now() >= before, "the clock does not go back");
    assert_eq!(runner.mails().as_array().unwrap().len(), 1);
    assert_eq!(runner.state()["asynchronous_events"], 1);
    runner.advance("PT10M");
    let state = runner.state();
    assert_eq!(
        state["dead_letters"].as_array().unwrap().len(),
        2,
        "{state}"
    );
}

#[test]
fn sent_mail_is_rewritten_kept_and_shown() {
    let runner = Runner::start(&[]);
    let (status, answer) = runner.send_mail(&json!({}), "Hello");
    assert_eq!(status, 200);
    let id = answer["MessageId"].as_str().unwrap();
    let mail = &runner.mails()[0];
    assert_eq!(mail["id"], id);
    assert_eq!(mail["subject"], "Hello");
    assert_eq!(mail["to"], json!(["c@customer.example"]));
    assert_eq!(mail["text"], "Hi\r\n");
    assert_eq!(mail["html"], Value::Null);
    let message_id = format!("<{id}@eu-central-1.amazonses.com>");
    assert_eq!(mail["headers"]["message-id"], message_id);
    let (status, page) = runner.text("/_local/mail");
    assert_eq!(status, 200);
    assert!(page.contains("Hello") && page.contains("c@customer.example"));
    let (_, source) = runner.text(mail["raw_url"].as_str().unwrap());
    assert!(source.contains(&message_id) && !source.contains("own@desk.example"));
}

#[test]
fn ses_throttles_rejects_and_bounces_when_told() {
    let runner = Runner::start(&[]);
    runner.post("/_local/ses", &json!({ "answer": "throttle", "next": 1 }));
    let (status, answer) = runner.send_mail(&json!({}), "one");
    assert_eq!(
        (status, &answer["message"]),
        (429, &json!("Maximum sending rate exceeded."))
    );
    let order = json!({ "answer": "reject", "address": "bad@customer.example" });
    runner.post("/_local/ses", &order);
    let to = |address: &str| json!({ "Destination": { "ToAddresses": [address] } });
    assert_eq!(runner.send_mail(&to("bad@customer.example"), "two").0, 400);
    let order = json!({ "answer": "bounce", "address": "gone@customer.example" });
    runner.post("/_local/ses", &order);
    assert_eq!(
        runner.send_mail(&to("gone@customer.example"), "three").0,
        200
    );
    runner.wait_for("the bounce", |runner| {
        let log = runner.log_instants("MailFunction", "mail Delivery Status Notification");
        log.len() == 1
    });
    assert_eq!(
        runner.mails().as_array().unwrap().len(),
        1,
        "refused mail is not kept"
    );
}

#[test]
fn time_runs_as_fast_as_told() {
    let runner = Runner::start(&["--speed", "6000"]);
    let start = runner.now();
    runner.wait_for("ten virtual minutes and their ticks", |runner| {
        let passed = runner.now().duration_since(start) >= jiff::SignedDuration::from_mins(10);
        passed && !runner.log_instants("TickFunction", "tick").is_empty()
    });
}

#[test]
fn what_cannot_start_says_so_in_one_sentence() {
    let runner = Runner::start(&[]);
    let port = runner.port("http").to_string();
    let missing = harness::fixture("missing.yaml");
    for (flags, says) in [
        (
            vec!["--port", &port],
            "is taken; choose another with --port",
        ),
        (vec!["--template", &missing], "cannot read the template"),
        (
            vec!["--bin-dir", env!("CARGO_MANIFEST_DIR")],
            "is missing; start without --no-build",
        ),
        (vec!["--policy", "nowhere"], "troth"),
    ] {
        let said = harness::refused(&flags);
        assert!(said.contains(says), "{flags:?}: {said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    }
}

#[test]
fn foreign_pages_cannot_move_the_clock() {
    let runner = Runner::start(&[]);
    let headers = "Origin: http://evil.example\r\n";
    let (status, _) = runner.raw("POST", "/_local/clock", headers, r#"{"advance":"PT4H"}"#);
    assert_eq!(status, 403);
}

#[test]
fn an_interrupt_ends_everything() {
    let mut runner = Runner::start(&[]);
    let children = runner.children();
    runner.interrupt();
    runner.wait_for("the end", |_| {
        children.iter().all(|pid| !harness::runs(*pid))
    });
}

fn gaps(instants: &[i64]) -> Vec<i64> {
    let pairs = instants.windows(2);
    pairs
        .map(|pair| Duration::from_millis(u64::try_from(pair[1] - pair[0]).unwrap()))
        .map(|gap| i64::try_from(gap.as_secs()).unwrap())
        .collect()
}
