//! `troth export` and `troth policy replay`.

use crate::diff::changed;
use crate::publishing::{NOW, publishing};
use crate::stack::{Stack, policy_dir};
use crate::tickets::{open, reply};

const SOONER: (&str, &str) = (
    "metric = \"first_response\"\nwithin = \"24 weekday hours\"",
    "metric = \"first_response\"\nwithin = \"1 open hour\"",
);
const UNTIL: [&str; 4] = [
    "--since",
    "2026-11-01T00:00:00Z",
    "--until",
    "2026-11-23T04:00:00Z",
];

#[tokio::test]
async fn last_months_tickets_are_played_under_a_new_text_from_the_stack_or_from_a_file() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    stack.says(&publishing(&dir, NOW)).await;
    // Answered after an hour and a half.
    let id = open(&stack, "usual").await;
    reply(&stack, id).await;
    let newer = changed(&[SOONER, (", from midnight to midnight,", "")]);
    let newer = newer.path().to_str().unwrap();
    let svg = tempfile::NamedTempFile::new().unwrap();
    let picture = svg.path().to_str().unwrap();
    let replay = [&["policy", "replay", newer, "--svg", picture][..], &UNTIL].concat();
    let said = stack.says(&replay).await;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "1 tickets, hours in Australia/Sydney time");
    let row = |name: &str| {
        let row = lines
            .iter()
            .find(|line| line.trim_start().starts_with(name))
            .unwrap();
        row.split_whitespace().rev().take(3).collect::<Vec<_>>()
    };
    assert_eq!(row("misses"), ["+1", "1", "0"]);
    assert_eq!(row("first-response"), ["+1", "1", "0"]);
    let number = id.number("EH");
    assert!(
        said.ends_with(&format!(
            "Published promises missed only under the new text: {number}\n"
        )),
        "{said}"
    );
    let drawn = std::fs::read_to_string(picture).unwrap();
    assert!(
        drawn.contains("<svg xmlns=\"http://www.w3.org/2000/svg\"")
            && drawn.contains("Alarms by the hour")
    );

    let exported = stack.says(&[&["export"][..], &UNTIL].concat()).await;
    assert_eq!(exported.lines().count(), 1);
    for personal in [
        "customer@example.com",
        "A customer",
        "nothing works",
        "Site down",
    ] {
        assert!(!exported.contains(personal), "{personal}");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), exported).unwrap();
    let path = file.path().to_str().unwrap();
    let offline = [
        &["policy", "replay", newer, "--file", path, "--old", &dir][..],
        &UNTIL,
    ]
    .concat();
    assert_eq!(stack.says(&offline).await, said);
    std::fs::write(file.path(), "{}\n").unwrap();
    let complaint = stack.complains(&offline).await;
    assert!(
        complaint.contains("line 1 of") && complaint.contains("is not a ticket of an export"),
        "{complaint}"
    );
}
