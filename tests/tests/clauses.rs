//! Every clause of the five policies is listed, carried by the policy that publishes it, and shown by a scenario or owned up to.

use std::collections::BTreeSet;

use tests::clauses::{About, POLICIES, clauses, ids, page, terms};
use tests::scenario::clauses_by_scenario;

#[test]
fn every_clause_is_listed_and_no_other() {
    let listed: BTreeSet<String> = clauses().into_keys().collect();
    assert_eq!(listed, ids().into_iter().collect());
    let page = page();
    for id in ids() {
        let row = format!("\n| {id} |");
        assert_eq!(page.matches(&row).count(), 1, "{id}");
    }
}

#[test]
fn a_scenario_names_only_clauses_that_exist() {
    let ids: BTreeSet<String> = ids().into_iter().collect();
    for (name, clauses) in clauses_by_scenario() {
        for clause in clauses {
            assert!(ids.contains(&clause), "{name}: there is no clause {clause}");
        }
    }
}

#[test]
fn every_clause_is_a_heading_of_every_page_of_its_policy() {
    for (prefix, policy, count) in POLICIES {
        let folder = tests::programs::root().join("infra/policies").join(policy);
        let files = std::fs::read_dir(&folder).unwrap().flatten();
        let pages = files.map(|file| file.path());
        let pages: Vec<_> = pages
            .filter(|path| path.extension().is_some_and(|end| end == "md"))
            .collect();
        assert!(!pages.is_empty(), "{policy}");
        for path in pages {
            let page = std::fs::read_to_string(&path).unwrap();
            for n in 1..=count {
                let heading = format!("\n## {prefix}.{n} ");
                assert_eq!(
                    page.matches(&heading).count(),
                    1,
                    "{}: {heading}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn the_terms_that_carry_a_clause_stand_in_its_policy() {
    for (id, clause) in clauses() {
        let found = terms(&id, &clause).unwrap_or_else(|problem| panic!("{id}: {problem}"));
        // Publishing versions needs no key: it is so for every policy.
        let needs_none = |about: &About| matches!(about, About::Other | About::Publication);
        assert!(
            !found.is_empty() || clause.about.iter().all(needs_none),
            "{id}: no promise names it and no key is listed"
        );
    }
}

#[test]
fn a_clause_that_nothing_shows_says_what_is_missing_and_is_not_about_time_or_routing() {
    let shown: BTreeSet<String> = clauses_by_scenario().into_values().flatten().collect();
    let mut bare = Vec::new();
    for (id, clause) in clauses() {
        let owned_up = clause.about == [About::Other] && !clause.missing.is_empty();
        if !shown.contains(&id) && !owned_up {
            bare.push(id);
        }
    }
    assert!(bare.is_empty(), "no scenario shows {bare:?}");
}
