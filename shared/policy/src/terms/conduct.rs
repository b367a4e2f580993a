//! How support can be limited for somebody who threatens or insults: by whom, to what, for how long, and how to object.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::amounts::Period;
use crate::calendar::Zone;
use crate::id::{ConductId, Lang, PersonId};
use crate::vocabulary::Allowed;

/// The rules of conduct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// The clause of the published page that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Who may decide it: nobody else can.
    pub decides: Vec<PersonId>,
    /// How to object besides answering the mail, in each language the desk speaks.
    pub objection: BTreeMap<Lang, String>,
    /// What may be decided.
    pub levels: Vec<ConductLevel>,
}

/// One thing that may be decided about an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConductLevel {
    /// Its id, which whoever decides names.
    pub id: ConductId,
    /// What it is called, in each language the desk speaks.
    pub names: BTreeMap<Lang, String>,
    /// What is still taken up, one kind at least; an objection always is.
    pub allows: Vec<Allowed>,
    /// It lasts at most so long.
    pub longest: Period,
}

impl Conduct {
    /// The level of this id.
    pub fn level(&self, id: &ConductId) -> Option<&ConductLevel> {
        self.levels.iter().find(|level| level.id == *id)
    }

    /// How to object, in this language.
    pub fn objection_in(&self, lang: &Lang) -> &str {
        said(&self.objection, lang)
    }
}

impl ConductLevel {
    /// What it is called in this language.
    pub fn name(&self, lang: &Lang) -> &str {
        said(&self.names, lang)
    }

    /// Whether everything is still taken up: a warning.
    pub fn allows_everything(&self) -> bool {
        Allowed::ALL.iter().all(|kind| self.allows.contains(kind))
    }

    /// The last instant at which it may end when it begins at `from`; dates are counted in `zone`.
    pub fn latest_end(&self, from: Timestamp, zone: &Zone) -> Timestamp {
        let begins = from.to_zoned(zone.rules().clone());
        let ends = begins.checked_add(self.longest.span());
        ends.map_or(Timestamp::MAX, |ends| ends.timestamp())
    }
}

/// The text in this language; checked policies have one in each that they speak.
fn said<'t>(texts: &'t BTreeMap<Lang, String>, lang: &Lang) -> &'t str {
    let own = texts.get(lang).or_else(|| texts.values().next());
    own.map_or("", String::as_str)
}
