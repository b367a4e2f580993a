//! `troth busy`.

use crate::publishing::{NOW, publishing};
use crate::stack::{Stack, policy_dir};

#[tokio::test]
async fn a_busy_time_is_declared_shown_ended_and_kept_on_record() {
    let stack = Stack::new().await;
    stack.says(&publishing(&policy_dir(), NOW)).await;
    let nothing = stack.says(&["busy", "--now", NOW]).await;
    assert_eq!(nothing, "not busy\n");
    let on = [
        "busy",
        "on",
        "--until",
        "2026-11-23T17:00:00+11:00",
        "--reason",
        "A data centre is down.",
        "--by",
        "lead",
        "--now",
        NOW,
    ];
    let said = stack.says(&on).await;
    assert_eq!(
        said,
        "busy until 2026-11-23T06:00:00Z; every function knows within a minute\n"
    );
    let later = "2026-11-23T01:00:00Z";
    assert_eq!(
        stack.says(&["busy", "--now", later]).await,
        "busy until Mon 2026-11-23 17:00:00\n\n\
         Declared, in Australia/Sydney time\n  \
         Mon 2026-11-23 11:00:00  to Mon 2026-11-23 17:00:00  by lead  A data centre is down.\n"
    );
    stack
        .says(&["busy", "off", "--by", "director", "--now", later])
        .await;
    let after = stack.says(&["busy", "--now", later]).await;
    assert!(after.starts_with("not busy\n"), "{after}");
    assert!(
        after.contains("to Mon 2026-11-23 12:00:00 (ended by director)"),
        "{after}"
    );
}

#[tokio::test]
async fn what_cannot_be_declared_is_refused_with_what_to_write_instead() {
    let stack = Stack::new().await;
    for (arguments, said) in [
        (
            &[
                "on",
                "--until",
                "2026-11-22T00:00:00Z",
                "--reason",
                "a",
                "--by",
                "lead",
            ][..],
            "has passed",
        ),
        (
            &[
                "on",
                "--until",
                "2026-11-24T00:00:00Z",
                "--reason",
                " ",
                "--by",
                "lead",
            ],
            "--reason is empty",
        ),
        (
            &["on", "--until", "2026-11-24T00:00:00Z", "--reason", "a"],
            "give --by",
        ),
        (
            &["on", "--until", "2026-11-24T00:00:00Z", "--reason", "de=a"],
            "without a language in front",
        ),
        (&["off", "--by", "lead"], "not busy"),
    ] {
        let complaint = stack
            .complains(&[&["busy", "--now", NOW][..], arguments].concat())
            .await;
        assert!(complaint.contains(said), "{complaint}");
    }
}
