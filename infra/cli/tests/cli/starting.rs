//! `troth policy new`.

use crate::stack::Stack;

const READY: [&str; 5] = [
    "complaints-de",
    "online-only",
    "tech-support",
    "web-host-au",
    "web-host-vi",
];

#[tokio::test]
async fn each_ready_policy_becomes_one_of_ones_own_that_passes_the_check() {
    let stack = Stack::new().await;
    for id in READY {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("mine");
        let dir = dir.to_str().unwrap();
        let started = [
            "policy",
            "new",
            dir,
            "--from",
            id,
            "--id",
            "mine",
            "--company",
            "Anna's \"Web\" & Co",
            "--prefix",
            "AW",
            "--mail-domain",
            "help.anna.example",
        ];
        let said = stack.says(&started).await;
        assert!(said.starts_with("mine stands in "), "{said}");
        let toml = std::fs::read_to_string(format!("{dir}/policy.toml")).unwrap();
        assert!(toml.contains("name = \"Anna's \\\"Web\\\" & Co\""), "{id}");
        assert!(
            toml.contains("@help.anna.example\"") && !toml.contains("@support.example.com"),
            "{id}"
        );
        assert!(toml.contains("\n# "), "the comments stay");
        let (_, schema) = toml
            .lines()
            .next()
            .unwrap()
            .split_once("#:schema ")
            .unwrap();
        assert!(
            std::fs::exists(format!("{dir}/{schema}")).unwrap(),
            "{schema}"
        );
        stack.says(&["policy", "check", dir]).await;
        let again = stack.complains(&started).await;
        assert!(again.contains("is not empty"), "{again}");
    }
}

#[tokio::test]
async fn people_get_addresses_and_what_does_not_exist_is_refused_with_what_does() {
    let stack = Stack::new().await;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("mine");
    let dir = dir.to_str().unwrap();
    for (arguments, said) in [
        (
            &["--from", "no-such"][..],
            "there are complaints-de, online-only, tech-support, web-host-au, web-host-vi",
        ),
        (
            &["--from", "web-host-au", "--person", "nobody=a@b.example"],
            "the policy has nobody called `nobody`; there are tech-1",
        ),
        (
            &["--from", "web-host-au", "--company", "a\nb"],
            "cannot stand in a policy",
        ),
        (
            &["--from", "web-host-au", "--id", "Not An Id"],
            "the policy's name `Not An Id` cannot be used",
        ),
    ] {
        let complaint = stack
            .complains(&[&["policy", "new", dir][..], arguments].concat())
            .await;
        assert!(complaint.contains(said), "{complaint}");
    }
    stack
        .says(&[
            "policy",
            "new",
            dir,
            "--from",
            "web-host-au",
            "--person",
            "tech-1=anna@staff.anna.example",
        ])
        .await;
    let toml = std::fs::read_to_string(format!("{dir}/policy.toml")).unwrap();
    assert!(toml.contains("address = \"anna@staff.anna.example\""));
}
