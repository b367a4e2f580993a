//! Notices: one outgoing message to one person, and the one table of who is told what.

use jiff::Timestamp;
use policy::{
    DepartmentId, LevelId, Person, PersonId, Policy, PolicyHash, PromiseId, Recipient, ScopeId,
    Tier,
};
use serde::{Deserialize, Serialize};

use crate::clocks::clocks;
use crate::command::{NoteReason, OrderAnswer};
use crate::identity::{AddressHash, NoticeId, TicketId};
use crate::model::Ticket;
use crate::secrets::Masked;
use crate::words::TooMuch;

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
    /// An address that a ladder names and that is no person's, such as an operations centre's.
    Address(String),
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
    /// To the requester: the numbers of requests whose acknowledgements were held.
    Numbers {
        /// The requests; the notice's own ticket is the first of them.
        tickets: Vec<TicketId>,
        /// How many more there are.
        more: u32,
    },
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
        /// The event with the receiver's own newest words, which it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<u32>,
    },
    /// To a stranger: their mail arrived. Nothing of the ticket stands in it.
    Arrived,
    /// To those who take part: what a stranger wrote, after an agent has released it.
    Released {
        /// The event that holds the words.
        seq: u32,
    },
    /// To whoever wrote a further mail: what was masked in it.
    SecretsMasked {
        /// What, and how often; never the secrets.
        masked: Vec<Masked>,
    },
    /// To a new participant: that they take part from now on.
    Joined {
        /// The agent who added them; none for an operator.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<PersonId>,
    },
    /// To whoever took part in a ticket that was merged into this one: that both are handled together.
    Merged {
        /// The ticket that was merged.
        from: TicketId,
    },
    /// To staff: another ticket was merged into this one.
    MergedHere {
        /// The ticket that was merged.
        from: TicketId,
        /// The event that holds what was written there.
        seq: u32,
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
    /// To the customer: another tier has the request now.
    PassedOn {
        /// The tier.
        tier: Tier,
    },
    /// To the customer: when an agent expects to be done.
    ExpectationSet {
        /// By then.
        until: Timestamp,
        /// The event that holds the reason.
        seq: u32,
    },
    /// To the customer: what they ask for is outside the scope of support.
    OutOfScope {
        /// The scope rule of the policy.
        scope: ScopeId,
    },
    /// To the customer: their mail could not be read in full, and what to do instead.
    TooMuch {
        /// What of it was too much.
        what: TooMuch,
    },
    /// To the customer: people who had no part in the complaint review it.
    UnderReview,
    /// To staff: a complaint is to be reviewed.
    ReviewAsked {
        /// The event that holds the words that ask for it.
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
    /// To the customer: a newer version of the policy was published.
    PolicyChanged {
        /// The version.
        version: PolicyHash,
        /// From when it is in force.
        effective: Timestamp,
    },
    /// To a participant: what was decided about their conduct, why, until when, and how to object.
    Standing {
        /// The event that holds the decision and the reason.
        seq: u32,
    },
    /// To a participant: what was decided about their conduct no longer stands.
    StandingLifted {
        /// The event that says so.
        seq: u32,
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
    /// Which telling after the first it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<u32>,
    /// The tier that had the ticket then, where its department has tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
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
    /// An agent released what a stranger wrote.
    Released,
    /// Another ticket was merged into it.
    MergedHere,
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
    /// An agent said when they expect to be done.
    ExpectationSet,
    /// An agent said that it is outside the scope of support.
    OutOfScope,
    /// A complaint is to be reviewed.
    ComplaintEscalated,
    /// A newer version of the policy was published, with word to customers.
    PolicyChanged,
}

/// Somebody's part in a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The customer who asked.
    Requester,
    /// Those who take part besides the requester.
    Participants,
    /// Somebody on the staff.
    Staff(Recipient),
    /// The people of the tier that has the ticket; nobody where the department has no tiers.
    Tier,
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
    (
        Happening::AgentReplied,
        &[Role::Requester, Role::Participants],
    ),
    (Happening::Released, &[Role::Requester, Role::Participants]),
    (Happening::MergedHere, &[Role::Staff(Recipient::Assignee)]),
    (Happening::Assigned, &[Role::Staff(Recipient::Assignee)]),
    (
        Happening::HandedOverL2,
        &[Role::Requester, Role::Tier, Role::Staff(Recipient::Lead)],
    ),
    (
        Happening::HandedOverL3,
        &[
            Role::Requester,
            Role::Tier,
            Role::Staff(Recipient::Lead),
            Role::Staff(Recipient::Management),
        ],
    ),
    (Happening::NotReached, &[Role::Staff(Recipient::Assignee)]),
    (Happening::Solved, &[Role::Requester, Role::Participants]),
    (Happening::PromiseMissed, &[Role::Requester]),
    (
        Happening::ExpectationSet,
        &[Role::Requester, Role::Participants],
    ),
    (
        Happening::OutOfScope,
        &[Role::Requester, Role::Participants],
    ),
    (
        Happening::ComplaintEscalated,
        &[
            Role::Requester,
            Role::Staff(Recipient::Assignee),
            Role::Staff(Recipient::Lead),
        ],
    ),
    (Happening::PolicyChanged, &[Role::Requester]),
];

/// The people of a row of [`AUDIENCE`], each once.
pub(crate) fn audience(
    happening: Happening,
    ticket: &Ticket,
    policy: &Policy,
    at: Timestamp,
) -> Vec<Addressee> {
    let roles = AUDIENCE
        .iter()
        .find(|(row, _)| *row == happening)
        .map_or(&[][..], |(_, roles)| roles);
    let mut people = Vec::new();
    for role in roles {
        match role {
            Role::Requester => add(&mut people, Addressee::Customer(ticket.requester.clone())),
            Role::Participants => {
                for who in &ticket.participants {
                    add(&mut people, Addressee::Customer(who.clone()));
                }
            }
            Role::Staff(recipient) => {
                for person in staff(recipient, ticket, policy, at) {
                    add(&mut people, person);
                }
            }
            Role::Tier => {
                for person in present(&of_tier(ticket, policy), ticket, policy, at) {
                    add(&mut people, person);
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

/// Those behind one recipient of a ladder or a row, as of `at`: whoever is away is stood in for. Before triage every
/// department's people stand for it.
pub(crate) fn staff(
    recipient: &Recipient,
    ticket: &Ticket,
    policy: &Policy,
    at: Timestamp,
) -> Vec<Addressee> {
    let departments: Vec<&DepartmentId> = match &ticket.department {
        Some(department) => vec![department],
        None => triage(policy),
    };
    let agents = || {
        departments
            .iter()
            .flat_map(|id| policy.agents_of(id))
            .collect()
    };
    let people: Vec<&Person> = match recipient {
        Recipient::Assignee => match having(ticket, policy) {
            people if people.is_empty() => agents(),
            people => people,
        },
        Recipient::Department => agents(),
        Recipient::Lead => {
            let leads = departments.iter().filter_map(|id| policy.lead(id));
            leads.collect()
        }
        Recipient::Management => policy.management(),
        Recipient::Person(id) => policy.person(id).into_iter().collect(),
        Recipient::OnCall(roster) => policy.on_call(roster, at),
        Recipient::Address(address) => return vec![Addressee::Address(address.clone())],
    };
    present(&people, ticket, policy, at)
}

/// Who has the ticket: its assignee, or the people of its tier while the assignee is of an earlier one.
fn having<'p>(ticket: &Ticket, policy: &'p Policy) -> Vec<&'p Person> {
    let tier = of_tier(ticket, policy);
    let assignee = ticket.assignee.as_ref().and_then(|id| policy.person(id));
    match assignee {
        Some(assignee) if tier.is_empty() || tier.contains(&assignee) => vec![assignee],
        Some(assignee) if ticket.tier == Tier::L1 => vec![assignee],
        _ => tier,
    }
}

/// The people of the ticket's tier; nobody where its department has no tiers.
fn of_tier<'p>(ticket: &Ticket, policy: &'p Policy) -> Vec<&'p Person> {
    let department = ticket.department.as_ref();
    let department = department.and_then(|id| policy.department(id));
    let tier = department.and_then(|department| department.tier(ticket.tier));
    let ids = tier.map_or(&[][..], |tier| &tier.people);
    ids.iter().filter_map(|id| policy.person(id)).collect()
}

/// Who is told in the place of these people: stand-ins of those who are away, and nobody who had a part in a complaint
/// that is under review, unless nobody else is left; then management is told, and if need be all.
fn present(people: &[&Person], ticket: &Ticket, policy: &Policy, at: Timestamp) -> Vec<Addressee> {
    let may = |person: &&Person| !ticket.bars(&person.id);
    let told = |people: &[&Person]| -> Vec<PersonId> {
        let people = people.iter().copied().filter(may);
        people
            .map(|person| {
                let stand_in = policy.present(&person.id, at).filter(|it| may(it));
                stand_in.map_or_else(|| person.id.clone(), |it| it.id.clone())
            })
            .collect()
    };
    let mut ids = told(people);
    if ids.is_empty() && !people.is_empty() {
        ids = told(&policy.management());
    }
    if ids.is_empty() {
        ids = people.iter().map(|person| person.id.clone()).collect();
    }
    let mut all = Vec::new();
    for id in ids {
        add(&mut all, Addressee::Staff(id));
    }
    all
}

impl Text {
    /// The queue for this text.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Acknowledgement
            | Self::Numbers { .. }
            | Self::Arrived
            | Self::Solved { .. }
            | Self::PolicyChanged { .. } => Lane::Bulk,
            _ => Lane::Urgent,
        }
    }

    /// Whether the notice still has a point when it is about to be sent.
    ///
    /// A warning or breach of a clock that has stopped meanwhile is superseded; so is all that speaks of work ahead on a
    /// ticket that was merged, whose people were told where it goes on; so is word of an assignment that has
    /// moved on, and whatever is for somebody who takes part no more. Everything else is said even late: it tells what somebody wrote or what is owed.
    pub fn still_holds(&self, to: &Addressee, ticket: &Ticket, policy: &Policy) -> bool {
        match self {
            // For whoever does not take part.
            Self::Arrived => true,
            _ if matches!(to, Addressee::Customer(who) if !ticket.is_participant(who)) => false,
            _ if ticket.merged_into.is_some() && self.is_of_work_ahead() => false,
            Self::Warning(deadline) | Self::Breach(deadline) => {
                let runs = clocks(ticket, policy).iter().any(|clock| {
                    clock.running
                        && clock.promise.id == deadline.promise
                        && clock.cycle == deadline.cycle
                });
                runs && !(deadline.repetition.is_some() && is_acknowledged(deadline, ticket))
            }
            Self::Assigned { .. } => {
                matches!(to, Addressee::Staff(person) if concerns(person, ticket, policy))
            }
            Self::Standing { seq } => ticket.standings.iter().any(|it| it.seq == *seq),
            Self::ExpectationSet { until, .. } => ticket.expected == Some(*until),
            Self::PassedOn { tier } => ticket.tier == *tier && !ticket.is_settled(),
            _ => true,
        }
    }
}

impl Text {
    /// The tickets whose `acknowledge` is met when SES accepts this notice of `own`.
    pub fn acknowledges(&self, own: TicketId) -> Vec<TicketId> {
        match self {
            Self::Acknowledgement => vec![own],
            Self::Numbers { tickets, .. } => tickets.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether it speaks of what is still to be done on its ticket. Words of people, misses and answers to orders are not
    /// that: they are said wherever the ticket goes on.
    fn is_of_work_ahead(&self) -> bool {
        matches!(
            self,
            Self::Acknowledgement
                | Self::Opened { .. }
                | Self::Assigned { .. }
                | Self::HandedOver { .. }
                | Self::PassedOn { .. }
                | Self::ExpectationSet { .. }
                | Self::Warning(_)
                | Self::Breach(_)
                | Self::PolicyChanged { .. }
        )
    }
}

/// Whether somebody has said that they have what this level told of.
fn is_acknowledged(deadline: &Deadline, ticket: &Ticket) -> bool {
    ticket.told.iter().any(|told| {
        told.promise == deadline.promise
            && told.cycle == deadline.cycle
            && deadline.level.as_ref() == Some(&told.level)
            && told.acknowledged
    })
}

/// Whether the ticket is this person's, or somebody's for whom they stand in.
fn concerns(person: &PersonId, ticket: &Ticket, policy: &Policy) -> bool {
    let mut assignee = ticket.assignee.as_ref();
    let own = assignee == Some(person);
    for _ in 0..policy.terms().people.len() {
        let Some(away) = assignee.and_then(|id| policy.person(id)) else {
            break;
        };
        if away
            .absent
            .iter()
            .any(|absence| absence.stand_in == *person)
        {
            return true;
        }
        assignee = away.absent.first().map(|absence| &absence.stand_in);
    }
    own
}
