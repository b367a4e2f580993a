//! What somebody is told about a decision on their conduct, in the same words by mail and on the page of a ticket.

mod texts;

use jiff::Timestamp;
use policy::{Allowed, Conduct, ConductId, ConductLevel, Lang};
use serde::{Deserialize, Serialize};

use crate::identity::AddressHash;
use crate::time_text::time_text;
use texts::Texts;

/// That a participant was told of a decision, on the ticket on which it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldOfStanding {
    /// The participant.
    pub who: AddressHash,
    /// The event that holds the decision.
    pub seq: u32,
    /// When they were told last.
    pub told: Timestamp,
    /// How often.
    pub times: u32,
}

/// A decision, as far as it is told.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The rules of the policy in force, if it still has any.
    pub conduct: Option<&'a Conduct>,
    /// The level.
    pub level: &'a ConductId,
    /// When it was decided.
    pub from: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Who decided, by the name they sign with.
    pub by: &'a str,
    /// The zone to show times in.
    pub zone: &'a str,
}

/// What is said of a decision; its reason is the deciding person's own words and stands apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidOfStanding {
    /// The decision by its name.
    pub title: String,
    /// What this is about, for the beginning of a letter.
    pub opening: String,
    /// What, from when, until when, by whom.
    pub facts: Vec<(String, String)>,
    /// What stands above the reason.
    pub reason: &'static str,
    /// What stands above the next.
    pub possible_title: &'static str,
    /// What is still possible; an objection always is.
    pub possible: Vec<String>,
    /// What becomes of everything else.
    pub rest: &'static str,
    /// How to object.
    pub objection: String,
    /// The first sentence after the decision was taken back.
    pub lifted: String,
    /// The subject then.
    pub lifted_title: &'static str,
}

/// Says a decision in a language; English where we have no words for it.
pub fn said_of_standing(decided: &Decided<'_>, lang: &Lang) -> SaidOfStanding {
    let texts = texts::of(lang);
    let level = decided.conduct.and_then(|it| it.level(decided.level));
    let name = level.map_or(decided.level.as_str(), |level| level.name(lang));
    let clause = decided.conduct.and_then(|it| it.clause.as_deref());
    let time = |at| time_text(at, decided.zone, lang);
    let own = decided.conduct.map_or("", |it| it.objection_in(lang));
    let facts = [
        (texts.decision, name.to_owned()),
        (texts.from, time(decided.from)),
        (texts.until, time(decided.until)),
        (texts.by, decided.by.to_owned()),
    ];
    SaidOfStanding {
        title: (texts.title)(name),
        opening: (texts.opening)(clause),
        facts: facts.map(|(label, value)| (label.to_owned(), value)).into(),
        reason: texts.reason,
        possible_title: texts.possible_title,
        possible: possible(level, texts),
        rest: match level {
            Some(level) if level.allows_everything() => texts.warned,
            _ => texts.limited,
        },
        objection: format!("{} {own}", texts.objection).trim_end().to_owned(),
        lifted: (texts.lifted)(name),
        lifted_title: texts.lifted_title,
    }
}

fn possible(level: Option<&ConductLevel>, texts: &Texts) -> Vec<String> {
    let allows = level.map_or(&[][..], |level| &level.allows);
    let all = Allowed::ALL.iter().filter(|kind| allows.contains(kind));
    let all = all.map(|kind| (texts.possible)(*kind));
    let all = all.chain([texts.objecting]);
    all.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::Period;

    fn conduct(allows: &[Allowed]) -> Conduct {
        let named = |text: &str| [(Lang::new("en").unwrap(), text.to_owned())].into();
        Conduct {
            clause: Some("ON.6".to_owned()),
            decides: Vec::new(),
            objection: named("Or write to the director."),
            levels: vec![ConductLevel {
                id: ConductId::new("limited").unwrap(),
                names: named("Limited support"),
                allows: allows.to_vec(),
                longest: "30 days".parse::<Period>().unwrap(),
            }],
        }
    }

    fn said(conduct: Option<&Conduct>, lang: &str) -> SaidOfStanding {
        let level = ConductId::new("limited").unwrap();
        let decided = Decided {
            conduct,
            level: &level,
            from: "2026-11-24T09:00:00Z".parse().unwrap(),
            until: "2026-12-01T09:00:00Z".parse().unwrap(),
            by: "Support lead",
            zone: "Europe/Berlin",
        };
        said_of_standing(&decided, &Lang::new(lang).unwrap())
    }

    #[test]
    fn what_is_still_possible_is_what_the_level_allows_and_an_objection() {
        let limited = said(Some(&conduct(&[Allowed::Complaints])), "en");
        assert_eq!(
            limited.possible,
            ["to complain", "to object to this decision"]
        );
        assert!(limited.rest.contains("not dealt with"));
        let nothing = said(Some(&conduct(&[])), "en");
        assert_eq!(nothing.possible, ["to object to this decision"]);
        let warned = said(Some(&conduct(Allowed::ALL)), "en");
        assert_eq!(warned.possible.len(), 5);
        assert!(warned.rest.contains("everything"));
    }

    #[test]
    fn every_language_says_level_times_person_and_objection() {
        for lang in ["en", "de", "vi", "fr"] {
            let conduct = conduct(&[Allowed::Messages]);
            let said = said(Some(&conduct), lang);
            assert!(said.title.contains("Limited support"), "{said:?}");
            assert!(said.opening.contains("ON.6"), "{said:?}");
            let values: Vec<&str> = said.facts.iter().map(|(_, it)| it.as_str()).collect();
            assert!(values.contains(&"Support lead"), "{said:?}");
            assert!(values.iter().any(|it| it.contains("2026")), "{said:?}");
            assert!(said.objection.ends_with("Or write to the director."));
        }
    }

    #[test]
    fn a_level_that_the_policy_no_longer_has_is_said_by_its_id() {
        let said = said(None, "en");
        assert!(said.title.contains("limited"));
        assert!(!said.opening.contains("ON.6"));
    }
}
