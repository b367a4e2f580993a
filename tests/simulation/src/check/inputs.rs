//! Every input that was accepted is in exactly one place.

use std::collections::BTreeMap;

use crate::actors::{Outcome, taint};
use crate::aws::Cloud;
use crate::records::Dossier;
use crate::story::{Story, What};

pub(crate) fn check(
    story: &Story,
    outcomes: &BTreeMap<usize, Outcome>,
    all: &BTreeMap<String, Dossier>,
    cloud: &Cloud,
    wrong: &mut Vec<String>,
) {
    for input in &story.inputs {
        let taint = taint(input.number);
        let mut places = Vec::new();
        for dossier in all.values() {
            for event in &dossier.events {
                let words = event
                    .words
                    .iter()
                    .any(|words| words.text.contains(&taint) || words.subject.contains(&taint));
                if words {
                    places.push(format!("{} event {}", dossier.id, event.seq));
                }
            }
        }
        let ses = format!("in{:04}", input.number);
        let filed = cloud
            .table
            .items()
            .filter(|((pk, sk), _)| sk == "f" && pk.starts_with(&format!("M#{ses}")))
            .count();
        let Some(outcome) = outcomes.get(&input.number) else {
            wrong.push(format!("input {} never ended", input.number));
            continue;
        };
        if places.len() + filed > 1 {
            wrong.push(format!(
                "input {} is in {} places: {places:?}, filed {filed}",
                input.number,
                places.len() + filed
            ));
        }
        let orders_only = matches!(&input.what, What::Agent(agent) if !agent.words && agent.marker);
        let wordless = matches!(input.what, What::HaveIt) || orders_only;
        if *outcome == Outcome::Accepted && places.len() + filed == 0 && !wordless {
            wrong.push(format!(
                "input {} was accepted and is nowhere: {:?}",
                input.number, input.what
            ));
        }
        let expected = matches!(outcome, Outcome::Refused(_))
            && !matches!(input.what, What::Page | What::HaveIt);
        if expected || *outcome == Outcome::Unanswered {
            wrong.push(format!(
                "input {}: {:?} came to {outcome:?}",
                input.number, input.what
            ));
        }
    }
}
