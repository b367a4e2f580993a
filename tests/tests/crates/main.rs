//! Which crate may know which, checked over `cargo metadata` and not by memory:
//! `policy <- ticket <- {mail, store} <- runtime <- functions/*`. Each rule stands beside a change that it must notice.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its subject ends there"
)]

mod workspace;

use std::collections::BTreeSet;
use std::path::Path;

use workspace::Workspace;

const PURE: [&str; 3] = ["policy", "ticket", "mail"];
const SHARED: [&str; 5] = ["policy", "ticket", "mail", "store", "runtime"];
const SIMULATED: [&str; 10] = [
    "policy",
    "ticket",
    "mail",
    "store",
    "runtime",
    "intake",
    "inbound-email",
    "sla-tick",
    "notifier",
    "mail-events",
];

/// The crates of ours that this crate's manifest may name. `None` for a crate that has no place yet.
fn may_name(name: &str, folder: &Path) -> Option<&'static [&'static str]> {
    match (name, folder.parent().and_then(Path::to_str)) {
        ("ticket", _) => Some(&["policy"]),
        ("mail" | "store", _) => Some(&["policy", "ticket"]),
        ("runtime", _) => Some(&["policy", "ticket", "mail", "store"]),
        // The runner knows no type of ours: it runs any template, and calls the `troth` binary for the rest.
        // The yardstick of the figures holds nothing of ours, or it would measure us by ourselves.
        ("policy" | "local" | "bare", _) => Some(&[]),
        // Scenarios are played by the runner's player.
        ("tests", _) => Some(&["policy", "ticket", "mail", "store", "runtime", "local"]),
        ("cli" | "bench", _) | (_, Some("functions")) => Some(&SHARED),
        // The simulation runs the handlers themselves, which nothing else may.
        ("simulation", _) => Some(&SIMULATED),
        _ => None,
    }
}

#[test]
fn every_crate_names_only_crates_below_it() {
    let workspace = Workspace::load();
    assert_eq!(upward(&workspace), [""; 0]);
    for (from, to) in [
        ("policy", "ticket"),
        ("mail", "store"),
        ("store", "runtime"),
        ("intake", "notifier"),
        ("local", "policy"),
        ("bare", "runtime"),
        ("runtime", "cli"),
    ] {
        let mut changed = workspace.clone();
        changed.member(from).names.insert(to.to_owned());
        assert_eq!(upward(&changed), [format!("{from} names {to}")]);
    }
}

#[test]
fn a_pure_crate_reaches_no_network_no_clock_and_no_executor_through_anyone() {
    let workspace = Workspace::load();
    assert_eq!(impure(&workspace), [""; 0]);
    for culprit in ["aws-sdk-s3", "tokio", "lambda_runtime", "rand"] {
        let mut changed = workspace.clone();
        changed
            .built_with
            .entry("serde".to_owned())
            .or_default()
            .insert(culprit.to_owned());
        changed
            .built_with
            .entry("policy".to_owned())
            .or_default()
            .insert("serde".to_owned());
        assert!(impure(&changed).contains(&format!("policy reaches {culprit}")));
    }
}

/// `store` owns keys, items and transactions. `runtime` may name the crate too, for one purpose: its one function
/// that builds the clients of every service from the same seams, and so may `bare`, which is not ours to run.
#[test]
fn only_the_store_and_the_builder_of_clients_name_the_database() {
    let workspace = Workspace::load();
    assert_eq!(database(&workspace), [""; 0]);
    for name in ["intake", "cli", "local", "ticket"] {
        let mut changed = workspace.clone();
        changed
            .member(name)
            .names
            .insert("aws-sdk-dynamodb".to_owned());
        assert_eq!(database(&changed), [name]);
    }
}

#[test]
fn every_crate_takes_the_workspaces_lints_and_its_readme_as_its_documentation() {
    let workspace = Workspace::load();
    assert_eq!(unkept(&workspace), [""; 0]);
    let mut changed = workspace.clone();
    let member = changed.member("policy");
    member.manifest = member
        .manifest
        .replace("[lints]\nworkspace = true", "[lints]\nworkspace = false");
    assert_eq!(
        unkept(&changed),
        ["policy: not under the workspace's lints"]
    );
    let mut changed = workspace.clone();
    changed.member("notifier").root = "fn main() {}".to_owned();
    assert_eq!(
        unkept(&changed),
        ["notifier: its README is not its documentation"]
    );
    let mut changed = workspace;
    changed.member("notifier").folder = "functions/mailer".into();
    assert_eq!(unkept(&changed), ["notifier: its folder has another name"]);
}

fn upward(workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    for member in &workspace.members {
        let Some(allowed) = may_name(&member.name, &member.folder) else {
            found.push(format!("{} has no place in the direction", member.name));
            continue;
        };
        let ours = member.names.iter().filter(|name| workspace.is_ours(name));
        let wrong = ours.filter(|name| !allowed.contains(&name.as_str()));
        found.extend(wrong.map(|name| format!("{} names {name}", member.name)));
    }
    found
}

fn impure(workspace: &Workspace) -> Vec<String> {
    let io = [
        "tokio",
        "lambda_runtime",
        "hyper",
        "reqwest",
        "rand",
        "getrandom",
    ];
    let mut found = Vec::new();
    for name in PURE {
        let wrong = workspace
            .reach(name)
            .into_iter()
            .filter(|it| it.starts_with("aws-") || io.contains(it));
        found.extend(wrong.map(|it| format!("{name} reaches {it}")));
    }
    found
}

fn database(workspace: &Workspace) -> Vec<&str> {
    let allowed = BTreeSet::from(["store", "runtime", "bare"]);
    let naming = workspace
        .members
        .iter()
        .filter(|member| member.names.contains("aws-sdk-dynamodb"));
    naming
        .map(|member| member.name.as_str())
        .filter(|name| !allowed.contains(name))
        .collect()
}

fn unkept(workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    for member in &workspace.members {
        if !member.manifest.contains("\n[lints]\nworkspace = true\n") {
            found.push(format!("{}: not under the workspace's lints", member.name));
        }
        if !member
            .root
            .contains("#![doc = include_str!(\"../README.md\")]")
        {
            found.push(format!(
                "{}: its README is not its documentation",
                member.name
            ));
        }
        if member.folder.file_name().and_then(|name| name.to_str()) != Some(member.name.as_str()) {
            found.push(format!("{}: its folder has another name", member.name));
        }
    }
    found
}
