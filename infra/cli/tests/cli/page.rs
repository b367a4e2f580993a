//! `troth policy page`.

use crate::stack::{Stack, policy_dir};

#[tokio::test]
async fn the_page_is_a_printable_document_with_an_anchor_at_every_published_promise() {
    let stack = Stack::new().await;
    let dir = policy_dir();
    let page = stack
        .says(&[
            "policy",
            "page",
            &dir,
            "--effective",
            "2026-12-01T00:00:00Z",
        ])
        .await;
    assert!(
        page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"),
        "{page}"
    );
    assert!(page.contains("@media print"));
    assert!(
        page.contains("<dt>In force from</dt><dd>1 December 2026, 11:00 (Australia/Sydney)</dd>"),
        "{page}"
    );
    let toml = std::fs::read_to_string(format!("{dir}/policy.toml")).unwrap();
    let published = toml
        .split("[[promises]]")
        .skip(1)
        .filter(|promise| promise.contains("published = true"));
    for promise in published {
        let id = promise.split('"').nth(1).unwrap();
        assert_eq!(
            page.matches(&format!("id=\"promise-{id}\"")).count(),
            1,
            "{id}"
        );
    }
    let complaint = stack
        .complains(&["policy", "page", &dir, "--lang", "vi"])
        .await;
    assert_eq!(
        complaint,
        "troth: there is no page in `vi`; write `page.vi.md` beside policy.toml\n"
    );
}
