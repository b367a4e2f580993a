//! Documents and code say the same: tables that are rendered from code, examples that are counted, links that lead somewhere.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its subject ends there"
)]

mod policy_examples;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use policy::Recipient;
use ticket::{AUDIENCE, Happening, Role};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands between the two comments of a block.
fn block<'t>(text: &'t str, name: &str) -> &'t str {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let from = text.find(&open).unwrap() + open.len();
    let to = text.find(&close).unwrap();
    text[from..to].trim()
}

/// What happened, and which texts tell it. A happening that nobody described does not compile.
fn described(happening: Happening) -> (&'static str, &'static str) {
    match happening {
        Happening::Opened => (
            "a ticket was opened",
            "requester: number and promised times (`Acknowledgement`); staff: the request (`Opened`)",
        ),
        Happening::Moved => (
            "a ticket that nobody has moved to another department",
            "the request (`Opened`)",
        ),
        Happening::CustomerReplied => (
            "a customer wrote, or a stranger on a reply address",
            "their words (`CustomerReplied`)",
        ),
        Happening::Reopened => (
            "a customer wrote on a solved ticket",
            "their words, and that it is open again (`Reopened`)",
        ),
        Happening::AgentReplied => ("an agent answered", "the answer (`Reply`)"),
        Happening::Released => (
            "an agent released what a stranger wrote",
            "the words (`Released`)",
        ),
        Happening::MergedHere => (
            "another ticket was merged into it",
            "what was written there (`MergedHere`)",
        ),
        Happening::Assigned => ("an agent got the ticket", "that it is theirs (`Assigned`)"),
        Happening::HandedOverL2 => (
            "L2 took over",
            "requester: that the work goes on there (`PassedOn`); staff: the reason (`HandedOver`)",
        ),
        Happening::HandedOverL3 => (
            "L3 took over",
            "requester: that the work goes on there (`PassedOn`); staff: the reason (`HandedOver`)",
        ),
        Happening::NotReached => (
            "mail does not reach a customer",
            "what SES said (`NotReached`)",
        ),
        Happening::Solved => (
            "the ticket was solved",
            "so, and how to reopen it (`Solved`)",
        ),
        Happening::PromiseMissed => (
            "a published promise was missed, except `acknowledge`",
            "so, with the new expected time (`PromiseMissed`)",
        ),
        Happening::ExpectationSet => (
            "an agent said when it will be done",
            "by when, and why (`ExpectationSet`)",
        ),
        Happening::OutOfScope => (
            "it is outside the scope of support",
            "the policy's words and clause (`OutOfScope`)",
        ),
        Happening::ComplaintEscalated => (
            "a complaint is to be reviewed",
            "requester: that others review it (`UnderReview`); staff: the words that ask for it (`ReviewAsked`)",
        ),
        Happening::PolicyChanged => (
            "a newer version of the policy was published, with word to customers",
            "from when it applies, and both versions (`PolicyChanged`)",
        ),
    }
}

fn audience() -> String {
    let columns = [
        ("Requester", Role::Requester),
        ("Participants", Role::Participants),
        ("Assignee", Role::Staff(Recipient::Assignee)),
        ("Tier", Role::Tier),
        ("Department", Role::Staff(Recipient::Department)),
        ("Lead", Role::Staff(Recipient::Lead)),
        ("Management", Role::Staff(Recipient::Management)),
    ];
    let names = columns.each_ref().map(|(name, _)| *name).join(" | ");
    let mut table = format!(
        "| What happened | {names} | What they read |\n|---|---|---|---|---|---|---|---|---|"
    );
    for (happening, told) in AUDIENCE {
        let (what, text) = described(*happening);
        let marks = columns
            .each_ref()
            .map(|(_, role)| if told.contains(role) { "yes" } else { "" });
        write!(table, "\n| {what} | {} | {text} |", marks.join(" | ")).unwrap();
    }
    table
}

#[test]
fn the_table_of_who_is_told_what_is_the_one_in_the_code() {
    let architecture = read("docs/ARCHITECTURE.md");
    assert_eq!(
        block(&architecture, "audience"),
        audience(),
        "\nwrite this into docs/ARCHITECTURE.md:\n{}\n",
        audience()
    );
}

#[test]
fn the_architecture_stays_within_two_hundred_lines() {
    assert!(read("docs/ARCHITECTURE.md").lines().count() <= 200);
}

fn documents() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.md",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let documents = listed.lines().map(|path| root().join(path));
    let documents: Vec<PathBuf> = documents.filter(|path| path.exists()).collect();
    assert!(
        documents
            .iter()
            .any(|path| path.ends_with("docs/POLICY.md"))
    );
    documents
}

#[test]
fn every_link_between_documents_leads_to_a_file() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for (_, rest) in text
            .match_indices("](")
            .map(|(at, _)| text.split_at(at + 2))
        {
            let target = rest.split([')', '#', ' ']).next().unwrap_or_default();
            let is_file = !target.is_empty() && !target.contains(':') && !target.starts_with('{');
            if is_file && !document.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
}

/// Paths of the repository that stand as code: `shared/ticket/src/notice.rs`.
#[test]
fn every_path_in_the_documents_is_there() {
    const FOLDERS: [&str; 5] = ["shared/", "functions/", "infra/", "tests/", "docs/"];
    let mut missing = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let of_root =
            document.parent() == Some(&root()) || document.starts_with(root().join("docs"));
        for path in text.split('`').skip(1).step_by(2).filter(|_| of_root) {
            let is_path = FOLDERS.iter().any(|folder| path.starts_with(folder));
            let is_example = path.contains(['<', '*', ' ', '{']) || path.contains("NAME");
            if is_path && !is_example && !root().join(path).exists() {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_dependency_has_its_line_in_the_decisions() {
    let decisions = read("docs/DECISIONS.md");
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--no-deps"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    let named = packages
        .iter()
        .flat_map(|package| package["dependencies"].as_array().unwrap())
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned());
    let manifest: serde_json::Value =
        serde_json::from_str(&read("tests/browser/package.json")).unwrap();
    let browser = manifest["dependencies"]
        .as_object()
        .unwrap()
        .keys()
        .cloned();
    let missing: BTreeSet<String> = named
        .chain(browser)
        .filter(|name| !ours.contains(name.as_str()) && !decisions.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(
        missing,
        BTreeSet::new(),
        "docs/DECISIONS.md says of each dependency what it is for"
    );
}

#[test]
fn every_scenario_that_the_features_name_exists() {
    let features = read("docs/FEATURES.md");
    let named = features.split('`').skip(1).step_by(2);
    let missing: Vec<&str> = named
        .filter(|name| name.matches('_').count() >= 3 && !name.contains([' ', '/', '.']))
        .filter(|name| !root().join(format!("tests/scenarios/{name}.toml")).exists())
        .collect();
    assert_eq!(missing, [""; 0]);
}
