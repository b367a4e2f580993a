//! What a policy says, as data: the compiled content of `policy.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Zone};
use crate::id::{CalendarId, DepartmentId, Lang, LevelId, PersonId, PolicyId, PromiseId};
use crate::point::Point;
use crate::target::Target;
use crate::vocabulary::{Channel, Metric, Priority, Recipient, Status, Strength, TicketType};

/// Everything `policy.toml` says. Lists keep the order of the file, because that order decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The policy's name.
    pub id: PolicyId,
    /// Who promises.
    pub company: Company,
    /// What ticket numbers begin with, such as `EH`.
    pub prefix: String,
    /// The zone in which times are shown when the customer's is unknown.
    pub zone: Zone,
    /// The languages that form and mails speak; the first is offered to those who ask for none of them.
    pub languages: Vec<Lang>,
    /// The language whose page binds.
    pub prevailing: Lang,
    /// Mail addresses of the desk as a whole, in lower case: a ticket that comes in there waits for triage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// When somebody works.
    pub calendars: BTreeMap<CalendarId, Calendar>,
    /// Who works on what.
    pub departments: Vec<Department>,
    /// Everybody whom the desk may mail as staff.
    pub people: Vec<Person>,
    /// Whom the last level reaches.
    pub management: Vec<PersonId>,
    /// How a ticket gets its first priority.
    pub priorities: Priorities,
    /// What is promised; the first that matches decides.
    pub promises: Vec<Promise>,
}

/// The company that makes the promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Its legal name.
    pub name: String,
    /// Its postal address.
    pub address: String,
    /// Where its privacy policy stands.
    pub privacy_url: String,
}

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
}

/// How a ticket gets its first priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priorities {
    /// Unless something below says otherwise.
    pub default: Priority,
    /// By what the customer wants.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ticket_types: BTreeMap<TicketType, Priority>,
}

impl Priorities {
    /// The priority with which a ticket of this type opens.
    pub fn initial(&self, ticket_type: TicketType) -> Priority {
        self.ticket_types
            .get(&ticket_type)
            .copied()
            .unwrap_or(self.default)
    }
}

/// One promise: what is measured, for whom, how much time it allows and who is told on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Its id.
    pub id: PromiseId,
    /// The clause of the published page that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// For which tickets.
    #[serde(default, skip_serializing_if = "Condition::is_any")]
    pub when: Condition,
    /// How much time it allows.
    pub target: Target,
    /// How binding it is.
    pub strength: Strength,
    /// Whether customers are told; an internal promise only drives staff.
    pub published: bool,
    /// The statuses in which its clock stands still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses_in: Vec<Status>,
    /// Whom it tells, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
}

/// For which tickets a promise holds; an empty list means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// Of these departments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<DepartmentId>,
    /// Of these priorities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub priorities: Vec<Priority>,
    /// Through these channels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Of these types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<TicketType>,
}

impl Condition {
    /// Whether it holds for every ticket.
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

/// One step of a ladder: at this point, tell these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Its id, unique within the promise.
    pub id: LevelId,
    /// When.
    pub at: Point,
    /// Whom.
    pub to: Vec<Recipient>,
}

impl Level {
    /// Whether it comes before the deadline; otherwise it tells of a breach.
    pub const fn is_warning(&self) -> bool {
        self.at.is_before_due()
    }
}
