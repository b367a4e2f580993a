//! `troth policy check`.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::stack::{Stack, policy_dir};

/// A policy of the policy crate's tests that breaks one rule.
fn broken(rule: &str) -> String {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/policy/tests/broken");
    tests.join(rule).to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_check_for_machines_tells_each_problem_with_its_place_and_succeeds_if_none_is_an_error() {
    let stack = Stack::new().await;
    let check = async |dir: &str| {
        let at = "2026-11-23T00:00:00Z";
        let output = stack
            .troth(&["policy", "check", dir, "--json", "--at", at])
            .await;
        let problems: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.success(), problems)
    };
    assert_eq!(check(&policy_dir()).await, (true, json!([])));

    let folder = broken("unit-left-out");
    let (published, problems) = check(&folder).await;
    assert!(!published);
    let expected = std::fs::read_to_string(format!("{folder}/expected.txt")).unwrap();
    let one = problems.as_array().unwrap().first().unwrap();
    let sentence = expected.lines().next().unwrap();
    let (place, _) = sentence.split_once(": ").unwrap();
    let [line, column] = ["line", "column"].map(|it| one[it].as_u64().unwrap());
    assert_eq!(place, format!("policy.toml:{line}:{column}"));
    assert_eq!(one["severity"], "error");
    assert_eq!(one["file"], format!("{folder}/policy.toml"));
    for part in ["sentence", "suggestion"] {
        let text = one[part].as_str().unwrap();
        assert!(
            sentence.contains(text),
            "{part}: {text} is not of {sentence}"
        );
    }

    let (published, problems) = check(&broken("warning-person-who-does-nothing")).await;
    assert!(published);
    assert_eq!(problems[0]["severity"], "warning");
}
