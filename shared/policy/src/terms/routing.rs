//! How a new ticket is sorted.

use serde::{Deserialize, Serialize};

use crate::amounts::Elapsed;
use crate::id::{DepartmentId, GroupId, Lang, RouteId, ServiceId};
use crate::pattern::AddressPattern;
use crate::vocabulary::{Channel, Priority, TicketType};

/// A rule: what a new ticket looks like, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Its id.
    pub id: RouteId,
    /// What must be so; every key that is written.
    pub when: Matcher,
    /// What it sets.
    #[serde(flatten)]
    pub set: Settings,
}

/// What a new ticket looks like: of each list that is not empty, one entry must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matcher {
    /// Sent to one of these of our addresses, in lower case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Sent from there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<AddressPattern>,
    /// Whole words in the subject; case does not matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject: Vec<String>,
    /// Whole words in subject or text; case does not matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// In one of these languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Lang>,
    /// Through one of these channels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// About one of these services, as the form's field says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
}

impl Matcher {
    /// Whether it asks for nothing and would take every ticket.
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

/// What routing may set of a ticket; none leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Its department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    /// Its priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<TicketType>,
    /// The customer's group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The service it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
}

/// Where a complaint goes whose writer is not content with the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintEscalation {
    /// The words in the subject that ask for it; case does not matter.
    pub subject: String,
    /// Who reviews it.
    pub department: DepartmentId,
    /// So long after its decision a complaint can still be escalated.
    pub within: Elapsed,
}
