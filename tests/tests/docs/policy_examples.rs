//! The worked examples of `docs/POLICY.md`, counted and checked by the crate that decides every deadline.

use std::collections::BTreeMap;
use std::fmt::Write;

use policy::{DepartmentId, Lang, Point, Policy, PromiseId, Run};

use super::{block, read};

/// The cells of a table's rows, without the two rows of its head.
fn rows(table: &str) -> Vec<Vec<&str>> {
    table
        .lines()
        .skip(2)
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The text of a cell that is written as code.
fn code(cell: &str) -> &str {
    cell.trim_matches('`').trim()
}

fn shipped() -> (String, BTreeMap<Lang, String>) {
    let page = read("infra/policies/web-host-au/page.en.md");
    let pages = BTreeMap::from([(Lang::new("en").unwrap(), page)]);
    (read("infra/policies/web-host-au/policy.toml"), pages)
}

#[test]
fn the_worked_examples_of_units_are_what_the_calendars_count() {
    let document = read("docs/POLICY.md");
    let (source, pages) = shipped();
    let examples = rows(block(&document, "units"));
    assert!(examples.len() >= 10);
    let mut wrong = String::new();
    for example in examples {
        let [target, received, due, _] = example[..] else {
            panic!("four columns: {example:?}")
        };
        // The promise for requests: the first of its kind that takes every ticket.
        let promise =
            "id = \"first-response\"\nclause = \"AU.2\"\nmetric = \"first_response\"\nwithin = ";
        let changed = format!("{promise}\"{}\" #", code(target));
        let changed = source.replacen(&format!("{promise}\"24 weekday hours\""), &changed, 1);
        let changed = if code(target).contains("elapsed") {
            changed.replacen("#\ncalendar = \"office\"", "#", 1)
        } else {
            changed
        };
        let policy = Policy::parse(&changed, "policy.toml", pages.clone()).unwrap();
        let promise = policy
            .promise(&PromiseId::new("first-response").unwrap())
            .unwrap();
        assert_eq!(promise.target.to_string(), code(target));
        let zone = policy.terms().zone.rules().clone();
        let wall = |text: &str| {
            let parsed = jiff::civil::DateTime::strptime("%a %Y-%m-%d %H:%M", text).unwrap();
            parsed.to_zoned(zone.clone()).unwrap()
        };
        let department = DepartmentId::new("technical").unwrap();
        let run = Run::since(wall(received).timestamp());
        let counted = policy
            .instant(promise, Some(&department), &run, &Point::DUE)
            .unwrap()
            .to_zoned(zone.clone())
            .strftime("%a %Y-%m-%d %H:%M")
            .to_string();
        if counted != due {
            writeln!(wrong, "{target} received {received}: {counted}, not {due}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_refusals_that_are_shown_are_what_check_says() {
    let document = read("docs/POLICY.md");
    let (source, pages) = shipped();
    let examples = rows(block(&document, "refusals"));
    assert!(examples.len() >= 10);
    let mut wrong = String::new();
    for example in examples {
        let [from, to, expected] = example[..] else {
            panic!("three columns: {example:?}")
        };
        assert!(source.contains(code(from)), "{from} is in the policy");
        let changed = source.replacen(code(from), code(to), 1);
        let problems = Policy::parse(&changed, "policy.toml", pages.clone());
        let messages: Vec<String> = problems
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|problem| problem.message)
            .collect();
        if !messages.iter().any(|message| message == expected) {
            writeln!(wrong, "{from} -> {to}: {messages:#?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The TOML between two comments; each place where they stand.
fn fragments(document: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let parts = document.split(&open).skip(1);
    let inside = parts.map(|part| part.split(&close).next().unwrap().trim());
    inside
        .map(|fenced| {
            let toml = fenced.trim_start_matches("```toml").trim_end_matches("```");
            toml.to_owned()
        })
        .collect()
}

/// Adds what stands in `more`; of lists, before what is there, because the order of promises decides.
fn add(to: &mut toml::Table, more: toml::Table) {
    use toml::Value::{Array, Table};
    for (key, value) in more {
        match (to.get_mut(&key), value) {
            (Some(Table(there)), Table(more)) => add(there, more),
            (Some(Array(there)), Array(more)) => {
                there.splice(0..0, more);
            }
            (_, value) => {
                to.insert(key, value);
            }
        }
    }
}

/// A page that tells of every published promise.
fn page_of(policy: &toml::Table) -> BTreeMap<Lang, String> {
    let promises = policy["promises"].as_array().unwrap();
    let published = promises
        .iter()
        .filter(|it| it["published"].as_bool() == Some(true));
    let told: Vec<_> = published
        .map(|it| {
            let id = it["id"].as_str().unwrap();
            match it.get("expected") {
                Some(_) => format!("{{promise.{id}.expected}} to {{promise.{id}.target}}"),
                None => format!("{{promise.{id}.target}}"),
            }
        })
        .collect();
    BTreeMap::from([(Lang::new("en").unwrap(), told.join("\n"))])
}

#[test]
fn the_first_policy_passes_and_so_does_everything_that_is_added_to_it() {
    let document = read("docs/POLICY.md");
    let first = fragments(&document, "first");
    let mut whole: toml::Table = toml::from_str(&first[0]).unwrap();
    Policy::parse(&first[0], "policy.toml", page_of(&whole)).unwrap();
    let more = fragments(&document, "add");
    assert!(more.len() >= 8);
    for fragment in more {
        add(&mut whole, toml::from_str(&fragment).unwrap());
        let source = whole.to_string();
        let problems = Policy::parse(&source, "policy.toml", page_of(&whole)).err();
        let problems: Vec<_> = problems
            .into_iter()
            .flatten()
            .map(|it| it.message)
            .collect();
        assert!(problems.is_empty(), "after\n{fragment}\n{problems:#?}");
    }
}
