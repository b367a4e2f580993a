//! How many people may be told at once: the notices of one change fit into one transaction, or the policy is refused.

use std::fmt::Write;

use policy::Policy;

use crate::{DESK, pages};

/// The desk with `agents` more technical agents and `managers` more people in management; what is wrong with it.
fn problems(agents: usize, managers: usize) -> Vec<String> {
    let names = |role: &str, count| {
        (1..=count)
            .map(|n| format!("{role}-{n}"))
            .collect::<Vec<_>>()
    };
    let (agents, managers) = (names("agent", agents), names("manager", managers));
    let mut people = "[people]\n".to_owned();
    for id in agents.iter().chain(&managers) {
        writeln!(
            people,
            "{id} = {{ name = \"{id}\", address = \"{id}@staff.example\" }}"
        )
        .unwrap();
    }
    let list = |ids: &[String]| {
        ids.iter()
            .fold(String::new(), |list, id| format!("{list}, \"{id}\""))
    };
    let source = DESK
        .replace("[people]\n", &people)
        .replace(
            "\"ann\", \"ben\"]",
            &format!("\"ann\", \"ben\"{}]", list(&agents)),
        )
        .replace("[\"boss\"]", &format!("[\"boss\"{}]", list(&managers)));
    let problems = Policy::parse(&source, "policy.toml", pages())
        .err()
        .unwrap_or_default();
    let lines = |text: &str| source[..source.find(text).unwrap()].lines().count() + 1;
    let (late, sales) = (lines("{ id = \"late\"") - 1, lines("[departments.sales]"));
    let by_place = |problem: String| {
        problem
            .replace(&format!(":{late}:"), ":the level `late`:")
            .replace(&format!(":{sales}:"), ":[departments.sales]:")
    };
    problems
        .iter()
        .map(ToString::to_string)
        .map(by_place)
        .collect()
}

#[test]
fn forty_people_can_be_told_at_once() {
    // 39 technical agents, one of them the lead, and the lead of sales, who is all of management.
    assert_eq!(problems(37, 0), [""; 0]);
}

#[test]
fn a_ladder_is_refused_at_the_level_that_brings_it_over_forty_people() {
    assert_eq!(
        problems(37, 1),
        [
            "policy.toml:the level `late`:5: up to level `late` this ladder reaches 41 people of department `tech`; at most 40 can be told at once, so write fewer recipients here, or fewer people there"
        ],
    );
}

#[test]
fn levels_count_together_because_an_outage_tells_them_together() {
    // Each level by itself stays within forty: 2 technical agents, their lead, 40 people in management.
    assert_eq!(
        problems(0, 39),
        [
            "policy.toml:the level `late`:5: up to level `late` this ladder reaches 42 people of department `tech`; at most 40 can be told at once, so write fewer recipients here, or fewer people there"
        ],
    );
}

#[test]
fn departments_that_a_new_ticket_tells_stay_within_forty_people() {
    assert_eq!(
        problems(38, 0),
        [
            "policy.toml:[departments.sales]:14: with `sales` the departments on the form have 41 agents and leads, and a ticket that waits for triage tells all of them; at most 40 can be told at once, so write fewer, or `on_form = false`"
        ],
    );
    let crowded = problems(39, 0);
    assert_eq!(crowded.len(), 1, "{crowded:?}");
    assert!(
        crowded[0].contains("department `tech` has 41 agents and leads"),
        "{crowded:?}"
    );
}
