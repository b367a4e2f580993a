//! Notices: one outgoing message to one person, and the one table of who is told what.

use jiff::Timestamp;
use policy::{DepartmentId, LevelId, Person, PersonId, Policy, PromiseId, Recipient};
use serde::{Deserialize, Serialize};

use crate::clocks::clocks;
use crate::command::{NoteReason, OrderAnswer};
use crate::identity::{AddressHash, NoticeId};
use crate::model::{Ticket, Tier};

/// One message to one person, as it stands in the outbox until it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The hash of ticket, reason and recipient.
    pub id: NoticeId,
    /// Who gets it.
    pub to: Addressee,
    /// What it says.
    pub text: Text,
    /// Which queue carries it.
    pub lane: Lane,
}

/// Who gets a notice. The address is looked up when it is sent, so that a corrected one is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// A participant of the ticket.
    Customer(AddressHash),
    /// An agent or manager of the policy.
    Staff(PersonId),
}

/// The queue that carries a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Warnings, escalations, agents' words.
    Urgent,
    /// Acknowledgements and whatever else can wait behind them.
    Bulk,
}

/// What a notice says. Words of people are named by the sequence number of their event and read when it is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// To the requester: number and promised times.
    Acknowledgement,
    /// To staff: a ticket was opened.
    Opened {
        /// The event that holds the words.
        seq: u32,
    },
    /// To staff: a customer, or a stranger on a reply address, wrote.
    CustomerReplied {
        /// The event that holds the words.
        seq: u32,
        /// Whether the writer is a stranger whose words wait for release.
        stranger: bool,
    },
    /// To staff: the customer wrote on a solved ticket, which is open again.
    Reopened {
        /// The event that holds the words.
        seq: u32,
    },
    /// To the customer: an agent's answer.
    Reply {
        /// The event that holds the words.
        seq: u32,
        /// The agent who wrote.
        agent: PersonId,
    },
    /// To the customer: the ticket is solved.
    Solved {
        /// The event of the change.
        seq: u32,
    },
    /// To an agent: the ticket is theirs.
    Assigned {
        /// The event of the change.
        seq: u32,
    },
    /// To staff: another tier takes over.
    HandedOver {
        /// The tier.
        tier: Tier,
        /// The event that holds the reason.
        seq: u32,
    },
    /// To staff: a level before the deadline is reached.
    Warning(Deadline),
    /// To staff: a level at or after the deadline is reached.
    Breach(Deadline),
    /// To the customer: a published promise was not kept.
    PromiseMissed {
        /// The promise and its deadline.
        deadline: Deadline,
        /// When they can expect it now.
        expected: Option<Timestamp>,
    },
    /// To staff: mail does not reach the customer.
    NotReached {
        /// What SES said, without the address.
        reason: String,
    },
    /// To an agent: what became of their slash commands.
    OrdersAnswered {
        /// One answer a line, in order.
        answers: Vec<OrderAnswer>,
    },
    /// To an agent: their mail became an internal note.
    KeptAsNote {
        /// Why.
        reason: NoteReason,
        /// The event that holds the words.
        seq: u32,
    },
}

/// The clock and level that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The promise.
    pub promise: PromiseId,
    /// The cycle of its clock.
    pub cycle: u32,
    /// The highest level reached.
    pub level: Option<LevelId>,
    /// The deadline at that time.
    pub due: Timestamp,
}

/// What happened, as far as it concerns who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// A ticket was opened.
    Opened,
    /// A ticket that nobody has moved to another department.
    Moved,
    /// A customer wrote on an open ticket.
    CustomerReplied,
    /// A customer wrote on a solved ticket.
    Reopened,
    /// An agent answered in public.
    AgentReplied,
    /// An agent got the ticket.
    Assigned,
    /// L2 took over.
    HandedOverL2,
    /// L3 took over.
    HandedOverL3,
    /// Mail does not reach a customer.
    NotReached,
    /// The ticket was solved.
    Solved,
    /// A published promise was missed.
    PromiseMissed,
}

/// Somebody's part in a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The customer who asked.
    Requester,
    /// Somebody on the staff.
    Staff(Recipient),
}

/// Who is told what. Warnings and breaches are not in it: their recipients stand in the policy's ladders.
///
/// `Recipient::Assignee` is the assignee or, while nobody has the ticket, the agents of its department.
pub const AUDIENCE: &[(Happening, &[Role])] = &[
    (
        Happening::Opened,
        &[Role::Requester, Role::Staff(Recipient::Assignee)],
    ),
    (Happening::Moved, &[Role::Staff(Recipient::Assignee)]),
    (
        Happening::CustomerReplied,
        &[Role::Staff(Recipient::Assignee)],
    ),
    (
        Happening::Reopened,
        &[
            Role::Staff(Recipient::Assignee),
            Role::Staff(Recipient::Lead),
        ],
    ),
    (Happening::AgentReplied, &[Role::Requester]),
    (Happening::Assigned, &[Role::Staff(Recipient::Assignee)]),
    (Happening::HandedOverL2, &[Role::Staff(Recipient::Lead)]),
    (
        Happening::HandedOverL3,
        &[
            Role::Staff(Recipient::Lead),
            Role::Staff(Recipient::Management),
        ],
    ),
    (Happening::NotReached, &[Role::Staff(Recipient::Assignee)]),
    (Happening::Solved, &[Role::Requester]),
    (Happening::PromiseMissed, &[Role::Requester]),
];

/// The people of a row of [`AUDIENCE`], each once.
pub(crate) fn audience(happening: Happening, ticket: &Ticket, policy: &Policy) -> Vec<Addressee> {
    let roles = AUDIENCE
        .iter()
        .find(|(row, _)| *row == happening)
        .map_or(&[][..], |(_, roles)| roles);
    let mut people = Vec::new();
    for role in roles {
        match role {
            Role::Requester => add(&mut people, Addressee::Customer(ticket.requester.clone())),
            Role::Staff(recipient) => {
                for person in staff(recipient, ticket, policy) {
                    add(&mut people, Addressee::Staff(person));
                }
            }
        }
    }
    people
}

fn add(people: &mut Vec<Addressee>, person: Addressee) {
    if !people.contains(&person) {
        people.push(person);
    }
}

/// The departments a request may belong to before anybody has decided: those that the form offers, or all if
/// it offers none.
pub(crate) fn triage(policy: &Policy) -> Vec<&DepartmentId> {
    let possible = policy.possible_departments().into_iter();
    possible.map(|department| &department.id).collect()
}

/// The people behind one recipient of a ladder or a row. Before triage every department's people stand for it.
pub(crate) fn staff(recipient: &Recipient, ticket: &Ticket, policy: &Policy) -> Vec<PersonId> {
    let departments: Vec<&DepartmentId> = match &ticket.department {
        Some(department) => vec![department],
        None => triage(policy),
    };
    let ids = |people: Vec<&Person>| people.into_iter().map(|person| person.id.clone()).collect();
    match (recipient, &ticket.assignee) {
        (Recipient::Assignee, Some(assignee)) => vec![assignee.clone()],
        (Recipient::Assignee, None) | (Recipient::Department, _) => ids(departments
            .into_iter()
            .flat_map(|department| policy.agents_of(department))
            .collect()),
        (Recipient::Lead, _) => ids(departments
            .into_iter()
            .filter_map(|department| policy.lead(department))
            .collect()),
        (Recipient::Management, _) => ids(policy.management()),
        (Recipient::Person(person), _) => vec![person.clone()],
        (Recipient::OnCall(roster), _) => policy
            .roster(roster)
            .map_or_else(Vec::new, |roster| roster.otherwise.clone()),
        // Nobody of the staff: a notice to an address of its own has no addressee yet.
        (Recipient::Address(_), _) => Vec::new(),
    }
}

impl Text {
    /// The queue for this text.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Acknowledgement | Self::Solved { .. } => Lane::Bulk,
            _ => Lane::Urgent,
        }
    }

    /// Whether the notice still has a point when it is about to be sent.
    ///
    /// A warning or breach of a clock that has stopped meanwhile is superseded; so is word of an assignment that has
    /// moved on. Everything else is said even late: it tells what somebody wrote or what is owed.
    pub fn still_holds(&self, to: &Addressee, ticket: &Ticket, policy: &Policy) -> bool {
        match self {
            Self::Warning(deadline) | Self::Breach(deadline) => {
                clocks(ticket, policy).iter().any(|clock| {
                    clock.running
                        && clock.promise.id == deadline.promise
                        && clock.cycle == deadline.cycle
                })
            }
            Self::Assigned { .. } => {
                matches!(to, Addressee::Staff(person) if ticket.assignee.as_ref() == Some(person))
            }
            _ => true,
        }
    }
}
