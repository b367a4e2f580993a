//! The rules that `infra/template.yaml` keeps beyond what the linters know. Each rule is a pure function from the
//! template to its violations, and stands beside changes that it must notice: a rule that cannot fail guards nothing.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its subject ends there"
)]

mod alarms;
mod functions;
mod permissions;
mod queues;
mod shape;
mod stores;
mod template;
mod variables;

use template::{Mutation, Template};

/// The violations of one rule; each names the resource it is about.
type Rule = fn(&Template) -> Vec<String>;

/// The template keeps the rule, and each change makes the rule name the resource that it breaks.
fn holds(rule: Rule, changes: &[(Mutation, &str)]) {
    assert_eq!(rule(&Template::load()), Vec::<String>::new());
    assert!(!changes.is_empty(), "a rule needs a change that breaks it");
    for (position, (mutation, culprit)) in changes.iter().enumerate() {
        let found = rule(&Template::mutated(mutation));
        assert!(
            found.iter().any(|it| it.contains(culprit)),
            "change {position} was not noticed: {found:?}"
        );
    }
}
