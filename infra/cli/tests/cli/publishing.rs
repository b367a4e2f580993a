//! `troth policy publish`.

use crate::stack::{Stack, policy_dir};

/// A publication at this instant of the stack's own clock.
pub(crate) fn publishing<'a>(dir: &'a str, now: &'a str) -> Vec<&'a str> {
    let approved = ["--approved-by", "director of customer service"];
    [&["policy", "publish", dir, "--now", now][..], &approved].concat()
}

pub(crate) const NOW: &str = "2026-11-23T00:00:00Z";

#[tokio::test]
async fn a_policy_is_published_with_its_sources_and_publishing_again_says_so() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    let publish = publishing(&dir, NOW);
    let said = stack.says(&publish).await;
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let policy = stack.store.current_policy(now).await.unwrap().unwrap();
    let version = policy.hash();
    assert_eq!(
        said,
        format!("web-host-au version {version}: new, in force from 2026-11-23T00:00:00Z\n")
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
    let complaint = stack.complains(&publishing(&policy_dir(), NOW)).await;
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
    let complaint = stack.complains(&publishing("no/such/policy", NOW)).await;
    assert!(
        complaint.starts_with("troth: no/such/policy/policy.toml cannot be read"),
        "{complaint}"
    );
    assert_eq!(stack.puts.lock().unwrap().len(), 0);
}

/// The shipped policy with another prefix, in a folder of its own.
fn changed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["policy.toml", "page.en.md"] {
        let text = std::fs::read_to_string(format!("{}/{file}", policy_dir())).unwrap();
        let text = text.replace("prefix = \"EH\"", "prefix = \"XX\"");
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

#[tokio::test]
async fn a_newer_version_waits_for_its_instant_and_is_refused_where_functions_would_miss_it() {
    let stack = Stack::new().await;
    stack.says(&publishing(&policy_dir(), NOW)).await;
    let folder = changed();
    let newer = publishing(folder.path().to_str().unwrap(), NOW);
    let too_soon = [&newer[..], &["--at", "2026-11-23T00:00:59Z"]].concat();
    let complaint = stack.complains(&too_soon).await;
    assert!(
        complaint.contains("give --at 2026-11-23T00:01:00Z or later"),
        "{complaint}"
    );
    let scheduled = [&newer[..], &["--at", "2026-12-01T00:00:00Z"]].concat();
    let said = stack.says(&scheduled).await;
    assert!(
        said.ends_with(": new, in force from 2026-12-01T00:00:00Z\n"),
        "{said}"
    );
    let publications = stack.store.publications().await.unwrap();
    let approved = publications[1].approved_by.as_deref();
    assert_eq!(approved, Some("director of customer service"));
}

#[tokio::test]
async fn nothing_is_published_that_nobody_has_approved() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    for approved in [&[][..], &["--approved-by", " "]] {
        let complaint = stack
            .complains(&[&["policy", "publish", &dir][..], approved].concat())
            .await;
        assert!(complaint.contains("--approved-by"), "{complaint}");
    }
    assert_eq!(stack.store.publications().await.unwrap(), []);
}
