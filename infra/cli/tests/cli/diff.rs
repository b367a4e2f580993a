//! `troth policy diff`.

use crate::publishing::{NOW, publishing};
use crate::stack::{Stack, policy_dir};
use crate::tickets::open;

/// The shipped policy with changes, in a folder of its own.
pub(crate) fn changed(changes: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["policy.toml", "page.en.md"] {
        let mut text = std::fs::read_to_string(format!("{}/{file}", policy_dir())).unwrap();
        for (from, to) in changes {
            text = text.replace(from, to);
        }
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

const SOONER: (&str, &str) = (
    "metric = \"first_response\"\nwithin = \"24 weekday hours\"",
    "metric = \"first_response\"\nwithin = \"12 weekday hours\"",
);

#[tokio::test]
async fn two_directories_are_compared_without_a_stack() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    let newer = changed(&[
        SOONER,
        ("mon-fri = [\"09:00-17:30\"]", "mon-sat = [\"09:00-17:30\"]"),
    ]);
    let newer = newer.path().to_str().unwrap();
    assert_eq!(
        stack.says(&["policy", "diff", &dir, newer]).await,
        "tickets: first response 24 weekday hours (office) -> 12 weekday hours (office)\n\
         technical, billing, sales, management opens on Saturday 09:00-17:30\n"
    );
    assert_eq!(
        stack.says(&["policy", "diff", &dir, &dir]).await,
        "nothing changes\n"
    );
    let complaint = stack.complains(&["policy", "diff", &dir, "no/such"]).await;
    assert_eq!(
        complaint,
        "troth: no/such is neither a directory nor the identifier of a version\n"
    );
}

#[tokio::test]
async fn open_tickets_are_shown_with_their_deadlines_under_both_versions() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    stack.says(&publishing(&dir, NOW)).await;
    let version = stack.store.publications().await.unwrap()[0]
        .version
        .to_string();
    let number = open(&stack, "usual").await.number("EH");
    let newer = changed(&[SOONER]);
    let newer = newer.path().to_str().unwrap();
    let said = stack
        .says(&["policy", "diff", &version, newer, "--tickets", "--now", NOW])
        .await;
    let tickets = said
        .split("Open tickets, in Australia/Sydney time\n")
        .nth(1)
        .unwrap();
    assert_eq!(
        tickets,
        format!(
            "  {number} follows\n      first response: Tue 2026-11-24 11:00:00 -> Mon 2026-11-23 23:00:00\n"
        )
    );
    let back = stack
        .says(&["policy", "diff", newer, &version, "--tickets", "--now", NOW])
        .await;
    assert!(
        back.contains("12 weekday hours (office) -> 24 weekday hours (office)"),
        "{back}"
    );
    assert!(
        back.ends_with("  none\n"),
        "the ticket is under that version: {back}"
    );
}
