//! What a policy says, as data: the compiled content of `policy.toml`.

mod brand;
mod conduct;
mod customers;
mod promise;
mod routing;
mod secrets;
mod staff;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::brand::{Brand, Colour, InvalidColour};
pub use self::conduct::{Conduct, ConductLevel};
pub use self::customers::{Ask, Closures, Feedback, Group, Retention, Scope, Service};
pub use self::promise::{Condition, Level, Promise, Received, Repeat, Touched, Touching};
pub use self::routing::{ComplaintEscalation, Matcher, Route, Settings};
pub use self::secrets::{SECRETS_KEPT_DAYS, SecretMail};
pub use self::staff::{Absence, Department, DepartmentTier, OnCall, Person, Shift};
use crate::calendar::{Calendar, Zone};
use crate::id::{CalendarId, Lang, PersonId, PolicyId};
use crate::pattern::HostPattern;
use crate::vocabulary::{Channel, Priority, Response, TicketType};

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
    /// The mail servers that forward the desk's mailboxes to it: what they hand over may fail DMARC and be honest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwarders: Vec<HostPattern>,
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
    /// Who is on call, by the roster's id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_call: Vec<OnCall>,
    /// Customers who are told apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// What customers use; offered on the form when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// What support does not cover.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<Scope>,
    /// How a new ticket is sorted; the first rule that sets a field decides it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routing: Vec<Route>,
    /// Where a complaint goes whose writer is not content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint_escalation: Option<ComplaintEscalation>,
    /// Where feedback goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
    /// What customers are asked for and never refused for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Ask>,
    /// What counts as a response, by channel; a channel that is absent wants a reply.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub responses: BTreeMap<Channel, Vec<Response>>,
    /// How long things are kept.
    #[serde(default, skip_serializing_if = "Retention::is_default")]
    pub retention: Retention,
    /// How support can be limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Conduct>,
    /// What becomes of a mail that held secrets.
    #[serde(default, skip_serializing_if = "SecretMail::is_default")]
    pub secrets: SecretMail,
    /// How closures are announced.
    #[serde(default, skip_serializing_if = "Closures::is_default")]
    pub closures: Closures,
    /// How mails look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Brand>,
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
