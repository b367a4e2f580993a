//! Who works on what, and who stands in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Dates;
use crate::id::{CalendarId, DepartmentId, Lang, OnCallId, PersonId};
use crate::vocabulary::{Line, Tier};

/// A department: a queue with people, addresses and hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// Its name in each language the desk speaks.
    pub names: BTreeMap<Lang, String>,
    /// The mail addresses that reach it, in lower case; none if form, triage or a hand-over alone do.
    pub addresses: Vec<String>,
    /// Its hours.
    pub calendar: CalendarId,
    /// Who answers.
    pub agents: Vec<PersonId>,
    /// Who is told when the agents did not.
    pub lead: PersonId,
    /// Whether the form offers it; one that is not offered is reached by mail or by handing over.
    pub on_form: bool,
    /// The hours of the lines that are not tickets; shown to customers, they count for no promise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub channels: BTreeMap<Line, CalendarId>,
    /// The tiers of its support, from L1 on; none if it has no tiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<DepartmentTier>,
}

/// One tier of a department's support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentTier {
    /// Which.
    pub tier: Tier,
    /// Who works in it.
    pub people: Vec<PersonId>,
    /// Its thousandths of the target, after which the next tier is due to have the ticket; none for the last one,
    /// which has what is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<u32>,
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// How they sign.
    pub name: String,
    /// Where their notices go, in lower case.
    pub address: String,
    /// The language of their notices.
    pub lang: Lang,
    /// When they work; none means whenever their department is open. Only [`crate::Policy::check`] looks at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// When they are away, and who stands in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Absence>,
}

/// Dates on which somebody is away. They are dates of the policy's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Which dates.
    pub dates: Dates,
    /// Who is told instead; their own absences are followed.
    pub stand_in: PersonId,
}

/// A roster: who is on call when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// Its id.
    pub id: OnCallId,
    /// The first shift whose calendar is open at the instant has the call.
    pub shifts: Vec<Shift>,
    /// Who has it while no shift's calendar is open.
    pub otherwise: Vec<PersonId>,
}

/// Who is on call while a calendar is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// While this is open.
    pub calendar: CalendarId,
    /// Who is told.
    pub who: Vec<PersonId>,
}
