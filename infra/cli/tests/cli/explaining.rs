//! `troth explain` and `troth ticket order`.

use serde_json::Value;

use crate::stack::Stack;
use crate::tickets::{MONDAY, open, publish};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_deadline_is_explained_in_words_in_html_and_as_data() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let number = open(&stack, "nonce").await.number("EH");
    let ask = |more: &[&str]| {
        let args = ["explain", &number, "first_response", "--at", MONDAY];
        args.iter()
            .chain(more)
            .map(|arg| (*arg).to_owned())
            .collect::<Vec<String>>()
    };
    let said = |args: Vec<String>| {
        let stack = &stack;
        async move {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            stack.says(&args).await
        }
    };
    // A line that is too long is wrapped, and a number stays with its unit.
    let text = said(ask(&[]))
        .await
        .replace("\n  ", " ")
        .replace('\u{a0}', " ");
    for line in [
        "Clause: AU.2",
        "The clock starts: Monday, 23 November 2026, 11:00 (Australia/Sydney, UTC+11)",
        "Monday, 23 November 2026, 11:00 – Tuesday, 24 November 2026, 11:00: counts: 24 h, 24 h so far",
        "Due: Tuesday, 24 November 2026, 11:00 (Australia/Sydney, UTC+11)",
        "Tuesday, 24 November 2026, 05:00 (Australia/Sydney, UTC+11): First answer: level warning; mail to Technical agent 1, Technical agent 2",
    ] {
        assert!(
            text.lines().any(|said| said == line),
            "no {line:?} in\n{text}"
        );
    }
    let html = said(ask(&["--html", "--lang", "de"])).await;
    assert!(
        html.contains("<html lang=\"de\" dir=\"ltr\">") && html.contains("zählt: 24\u{a0}Std."),
        "{html}"
    );
    let data = json_of(&said(ask(&["--json"])).await);
    assert_eq!(data["deadlines"].as_array().unwrap().len(), 1);
    assert_eq!(data["deadlines"][0]["stretches"][0]["why"], "counted");
    assert_eq!(data["deadlines"][0]["counted"], 24 * 3600);
    assert_eq!(data["next"][0]["at"], "2026-11-23T18:00:00Z");
}

#[tokio::test]
async fn the_whole_desk_is_looked_ahead_in_order_of_time() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let [first, second] = [open(&stack, "first").await, open(&stack, "second").await];
    let order = [
        "ticket",
        "order",
        &second.number("EH"),
        "/priority urgent",
        "--at",
        MONDAY,
    ];
    stack.says(&order).await;
    let steps = json_of(
        &stack
            .says(&["explain", "--desk", "--json", "--at", MONDAY])
            .await,
    );
    let numbers: Vec<&str> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["number"].as_str().unwrap())
        .collect();
    assert_eq!(numbers[0], second.number("EH"));
    assert!(numbers.contains(&first.number("EH").as_str()));
    let times: Vec<&str> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["step"]["at"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    let text = stack
        .says(&["explain", "--desk", "--lang", "vi", "--at", MONDAY])
        .await;
    assert!(
        text.contains("Những gì sẽ diễn ra nếu không ai xử lý"),
        "{text}"
    );
}

#[tokio::test]
async fn an_operator_gives_orders_all_of_them_or_none() {
    let stack = Stack::new().await;
    publish(&stack).await;
    let id = open(&stack, "nonce").await;
    let number = id.number("EH");
    let refused = stack
        .complains(&[
            "ticket",
            "order",
            &number,
            "/assign tech-1",
            "/solve",
            "/solve",
        ])
        .await;
    assert!(
        refused.contains("nothing to change; it is so already"),
        "{refused}"
    );
    assert_eq!(stack.store.load(id).await.unwrap().unwrap().ticket.seq, 1);
    let refused = stack
        .complains(&["ticket", "order", &number, "solve it"])
        .await;
    assert!(refused.contains("begins with a slash"), "{refused}");
    let done = stack
        .says(&["ticket", "order", &number, "/assign tech-1", "/solve"])
        .await;
    assert_eq!(done, format!("{number}: done; 2 notices\n"));
    let ticket = stack.store.load(id).await.unwrap().unwrap().ticket;
    assert_eq!(ticket.status, policy::Status::Solved);
}
