//! `troth policy publish`.

use crate::stack::{Stack, policy_dir};

const AT: [&str; 2] = ["--at", "2026-11-23T00:00:00Z"];

#[tokio::test]
async fn a_policy_is_published_with_its_sources_and_publishing_again_says_so() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    let publish = ["policy", "publish", &dir, AT[0], AT[1]];
    let said = stack.says(&publish).await;
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let policy = stack.store.current_policy(now).await.unwrap().unwrap();
    let version = policy.hash();
    assert_eq!(
        said,
        format!("web-host-au version {version}: new, in force since 2026-11-23T00:00:00Z\n")
    );
    let puts = stack.puts.lock().unwrap().clone();
    let folder = format!("/files/policies/{version}");
    let read = |file: &str| std::fs::read_to_string(format!("{dir}/{file}")).unwrap();
    assert_eq!(
        puts,
        [
            (format!("{folder}/policy.toml"), read("policy.toml")),
            (format!("{folder}/page.en.md"), read("page.en.md")),
        ]
    );
    let said = stack.says(&publish).await;
    assert_eq!(
        said,
        format!("web-host-au version {version}: unchanged, it is in force already\n")
    );
}

#[tokio::test]
async fn a_policy_whose_sources_cannot_be_kept_is_not_published() {
    let stack = Stack::with_bucket("403 Forbidden").await;
    let complaint = stack
        .complains(&["policy", "publish", &policy_dir(), AT[0], AT[1]])
        .await;
    assert!(
        complaint.starts_with("troth: the source policies/"),
        "{complaint}"
    );
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    assert!(stack.store.current_policy(now).await.unwrap().is_none());
}

#[tokio::test]
async fn a_directory_without_a_policy_reaches_no_stack() {
    let stack = Stack::new().await;
    let complaint = stack
        .complains(&["policy", "publish", "no/such/policy"])
        .await;
    assert!(
        complaint.starts_with("troth: no/such/policy/policy.toml cannot be read"),
        "{complaint}"
    );
    assert_eq!(stack.puts.lock().unwrap().len(), 0);
}
