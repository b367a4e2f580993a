//! The clauses of the published policies, and the page that says of each what carries it and what shows it.
//!
//! Every scenario that was played leaves its record in `target/clauses/`; the page is written anew from all of them, so
//! that whoever ran the scenarios last left a page that is true.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::Deserialize;
use toml::{Table, Value};

use crate::programs;
use crate::scenario::{self, Outcome};

/// The five policies: what their clause ids begin with, and how many clauses each has.
pub const POLICIES: [(&str, &str, usize); 5] = [
    ("AU", "web-host-au", 11),
    ("VI", "web-host-vi", 9),
    ("TS", "tech-support", 10),
    ("ON", "online-only", 10),
    ("DE", "complaints-de", 8),
];

/// What `clauses.toml` says of one clause.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The clause in a line.
    pub says: String,
    /// What it is about.
    pub about: Vec<About>,
    /// Keys of the policy that carry it, beside the promises that name it.
    #[serde(default)]
    pub terms: Vec<String>,
    /// What of it is not built.
    #[serde(default)]
    pub missing: String,
}

/// What a clause is about; all but the last must be shown by a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of clauses.toml")]
pub enum About {
    Time,
    Routing,
    Language,
    Publication,
    Escalation,
    Other,
}

/// Every clause by its id.
///
/// # Panics
/// `clauses.toml` is not as it must be; says where.
pub fn clauses() -> BTreeMap<String, Clause> {
    let text = read(&programs::root().join("tests/clauses.toml"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("clauses.toml: {error}"))
}

/// Every clause id, in the order of the policies.
pub fn ids() -> Vec<String> {
    let of = |(prefix, _, count): (&'static str, _, usize)| {
        (1..=count).map(move |n| format!("{prefix}.{n}"))
    };
    POLICIES.into_iter().flat_map(of).collect()
}

/// The terms that carry a clause: the promises and entries that name it, and the keys that `clauses.toml` lists.
///
/// # Errors
/// A key that the policy does not have.
pub fn terms(id: &str, clause: &Clause) -> Result<Vec<String>, String> {
    let prefix = id.split('.').next().unwrap_or_default();
    let policy = POLICIES.iter().find(|(p, ..)| *p == prefix);
    let (_, folder, _) = policy.ok_or_else(|| format!("{id} is of no policy"))?;
    let path = programs::root().join(format!("infra/policies/{folder}/policy.toml"));
    let document: Table = toml::from_str(&read(&path)).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    naming(&Value::Table(document.clone()), id, "", &mut found);
    for key in &clause.terms {
        let mut at = Some(&Value::Table(document.clone())).cloned();
        for step in key.split('.') {
            at = at.and_then(|value| value.get(step).cloned());
        }
        if at.is_none() {
            return Err(format!("{folder} has no `{key}`"));
        }
        found.push(key.clone());
    }
    Ok(found)
}

/// The places whose `clause` is this id.
fn naming(value: &Value, id: &str, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            if table.get("clause").and_then(Value::as_str) == Some(id) {
                found.push(path.to_owned());
            }
            for (key, inner) in table {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                naming(inner, id, &path, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                let name = item.get("id").and_then(Value::as_str).unwrap_or("?");
                naming(item, id, &format!("{path}.{name}"), found);
            }
        }
        Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_) => {}
    }
}

/// Keeps what a scenario left behind, and writes the page anew.
///
/// # Panics
/// `target/` cannot be written.
pub(crate) fn record(name: &str, shows: &str, outcome: &Outcome) {
    // Scenarios of one run are played side by side.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().expect("no writer failed");
    let mut text = format!("# {name}\n\n{}\n\n## Tickets\n\n", shows.trim());
    for ticket in &outcome.tickets {
        let _ = writeln!(text, "    {ticket}");
    }
    text += "\n## Mails\n\n";
    for mail in &outcome.mails {
        let _ = writeln!(text, "    {mail}");
    }
    let folder = folder();
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    std::fs::write(folder.join(format!("{name}.md")), text).expect("target/ can be written");
    std::fs::write(folder.join("clauses.md"), page()).expect("target/ can be written");
}

/// Where the page and the records stand.
pub fn folder() -> PathBuf {
    programs::folder().join("clauses")
}

/// The page: every clause with its terms, scenarios, evidence and what is missing.
///
/// # Panics
/// A file of the project cannot be read.
pub fn page() -> String {
    let clauses = clauses();
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, about) in scenario::clauses_by_scenario() {
        for clause in about {
            shown.entry(clause).or_default().insert(name.clone());
        }
    }
    let mut page = String::from(
        "# Clauses\n\nWritten by `cargo test -p tests --test scenarios`. Evidence is what the scenario's last play left.\n",
    );
    for (prefix, policy, _) in POLICIES {
        let _ = write!(
            page,
            "\n## {policy}\n\n| Clause | Says | Term | Scenario and evidence | Not yet |\n|---|---|---|---|---|\n"
        );
        for id in ids()
            .iter()
            .filter(|id| id.split('.').next() == Some(prefix))
        {
            let Some(clause) = clauses.get(id) else {
                continue;
            };
            let scenarios: Vec<_> = shown
                .get(id)
                .into_iter()
                .flatten()
                .map(|s| played(s))
                .collect();
            let terms = terms(id, clause).unwrap_or_default();
            let terms: Vec<_> = terms.iter().map(|term| format!("`{term}`")).collect();
            let missing = match (scenarios.is_empty(), clause.missing.as_str()) {
                (_, "") => String::new(),
                (true, missing) => format!("not yet: {missing}"),
                (false, missing) => missing.to_owned(),
            };
            let _ = writeln!(
                page,
                "| {id} | {} | {} | {} | {missing} |",
                clause.says,
                terms.join(", "),
                scenarios.join(", ")
            );
        }
    }
    page
}

/// A scenario with its record, if it has been played.
fn played(name: &str) -> String {
    if folder().join(format!("{name}.md")).exists() {
        format!("[`{name}`]({name}.md)")
    } else {
        format!("`{name}` (not played)")
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
