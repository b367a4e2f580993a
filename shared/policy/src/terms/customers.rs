//! What concerns customers: who they are, what they use, what is asked of them and kept of theirs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::amounts::Period;
use crate::id::{AskId, DepartmentId, GroupId, Lang, ScopeId, ServiceId};
use crate::pattern::AddressPattern;
use crate::vocabulary::TicketType;

/// Customers who are told apart. Only a proved address makes somebody one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name in each language the desk speaks.
    pub names: BTreeMap<Lang, String>,
    /// Whose mail comes from there.
    pub addresses: Vec<AddressPattern>,
}

/// Something that customers use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its name in each language the desk speaks.
    pub names: BTreeMap<Lang, String>,
    /// The departments that know it; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<DepartmentId>,
    /// Whether faults of it are supported.
    pub supported: bool,
    /// The clause of the published page that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// Something that support does not cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Its id, which agents write.
    pub id: ScopeId,
    /// The clause that the customer's mail cites.
    pub clause: String,
    /// What the customer is told, in each language the desk speaks.
    pub texts: BTreeMap<Lang, String>,
}

/// Where feedback goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The mail addresses that take it, in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// The department that owns it.
    pub department: DepartmentId,
}

/// Something that a request should say. It is asked for and never required: a clock starts at receipt without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Its id, the name of the form's field.
    pub id: AskId,
    /// How the form and the acknowledgement name it, in each language the desk speaks.
    pub labels: BTreeMap<Lang, String>,
    /// Of tickets of these types; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<TicketType>,
    /// Of tickets to these departments; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<DepartmentId>,
    /// Whether the acknowledgement asks for it when it is missing.
    pub recommended: bool,
}

/// How long things are kept; none means for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Tickets, from their closing on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_tickets: Option<Period>,
    /// Mail as it came in, from receipt on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_mail: Option<Period>,
    /// Mail that was filed without a ticket, from receipt on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_mail: Option<Period>,
}

impl Retention {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which closures are announced ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Closures {
    /// So many days before the first of the dates.
    pub announce_days: u32,
    /// Closures of at least so many local dates in a row that are holidays or days between them.
    pub at_least: u32,
}

impl Default for Closures {
    fn default() -> Self {
        Self {
            announce_days: 14,
            at_least: 3,
        }
    }
}

impl Closures {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature that serde calls"
    )]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
