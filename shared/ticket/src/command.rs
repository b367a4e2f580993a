//! What can be asked of a ticket, by whom, and why it may be refused.

use jiff::Timestamp;
use policy::{
    Channel, ConductId, DepartmentId, Lang, PersonId, Policy, PolicyHash, Priority, ScopeId,
    ServiceId, Span, Status, TicketType, Tier,
};
use serde::{Deserialize, Serialize};

use crate::answering::Held;
use crate::digest::Waiting;
use crate::identity::{AddressHash, ContentDigest, NoticeId, TicketId};
use crate::merge::MergeRefusal;
use crate::words::Words;

/// The two instants of an input and the policy version that decides it.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When the input reached us; starts and ends clocks.
    pub at: Timestamp,
    /// When this invocation started; decides what is due.
    pub now: Timestamp,
    /// The ticket's policy version; for [`Command::Open`] the current one.
    pub policy: &'a Policy,
}

/// One thing asked of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A customer writes on the ticket.
    CustomerMessage {
        /// The participant who wrote.
        from: AddressHash,
        /// What they wrote.
        words: Words,
        /// Whether it is proved that they did: by DMARC, or by a link that was mailed to nobody else.
        proved: bool,
    },
    /// Somebody who is not a participant wrote to a reply address: kept for the agents, never shown to the customer.
    StrangerMessage {
        /// The stranger.
        from: Contact,
        /// What they wrote.
        words: Words,
        /// Whether they may be told that it arrived: not a machine, and within the caps of automatic answers.
        tell: bool,
    },
    /// An agent answers the customer, then the orders are carried out; the ticket waits for the customer unless one says otherwise.
    AgentReply {
        /// The agent.
        agent: PersonId,
        /// What the customer will read.
        words: Words,
        /// Slash commands that came with it.
        orders: Vec<OrderLine>,
    },
    /// An agent writes for colleagues only, then the orders are carried out.
    InternalNote {
        /// The agent.
        agent: PersonId,
        /// What colleagues will read.
        words: Words,
        /// Why it became a note, if the agent meant a reply; they are told.
        instead_of_reply: Option<NoteReason>,
        /// Slash commands that came with it.
        orders: Vec<OrderLine>,
    },
    /// An agent sends orders and no words, or an operator gives one on the command line.
    Orders {
        /// Who gives them.
        by: Actor,
        /// The orders, in the order written.
        orders: Vec<OrderLine>,
    },
    /// The customer is not content with how their complaint was decided.
    EscalateComplaint {
        /// The participant who wrote.
        from: AddressHash,
        /// What they wrote.
        words: Words,
        /// As of [`Command::CustomerMessage`].
        proved: bool,
    },
    /// Somebody who was told of a level says, by the link in that mail, that they have it.
    AcknowledgeEscalation {
        /// The person.
        by: PersonId,
    },
    /// The tick asks for whatever is due.
    FireTimers,
    /// A newer version of the policy was published, and customers are to be told.
    AnnounceVersion {
        /// The version.
        version: PolicyHash,
        /// When it was published.
        published: Timestamp,
        /// From when it is in force.
        effective: Timestamp,
    },
    /// Somebody whom the policy names decides what is still possible for a participant, who is told.
    SetStanding {
        /// Who decides.
        by: PersonId,
        /// The participant.
        who: AddressHash,
        /// What is decided, a level of the policy's `[conduct]`.
        level: ConductId,
        /// When it ends by itself.
        until: Timestamp,
        /// The reason, which the participant reads.
        words: Words,
    },
    /// The participant wrote what is not taken up; they are told again what was decided, at most once a day.
    TellStanding {
        /// The participant.
        who: AddressHash,
    },
    /// The decision is taken back before its end; the participant is told.
    LiftStanding {
        /// Who takes it back.
        by: PersonId,
        /// The participant.
        who: AddressHash,
        /// What had been decided.
        level: ConductId,
        /// The reason; may be empty.
        words: Words,
    },
    /// A lead is about to be shown a mail whose secrets were masked. Whoever gives the command has checked it against
    /// the policy in force, and shows nothing before it is recorded.
    RevealSecrets {
        /// The lead.
        by: PersonId,
        /// The event that holds the masked words.
        seq: u32,
        /// The reason.
        words: Words,
    },
    /// SES accepted the acknowledgement.
    Acknowledged,
    /// The digest is due: tells the requester the numbers of requests whose acknowledgements were held.
    TellNumbers {
        /// The requests; this ticket is the first of them.
        tickets: Vec<TicketId>,
        /// How many more there are.
        more: u32,
    },
    /// A notice cannot be delivered, ever.
    NotReached {
        /// The notice.
        notice: NoticeId,
        /// The participant it was for, if it was for a customer.
        who: Option<AddressHash>,
        /// What SES said, without the address.
        reason: String,
    },
}

/// A new request; the first command of every ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The id derived from the source.
    pub id: TicketId,
    /// Digest of source and idempotency key.
    pub source: ContentDigest,
    /// Digest of the input itself.
    pub body: ContentDigest,
    /// The way it came in.
    pub channel: Channel,
    /// Request, complaint or feedback.
    pub ticket_type: TicketType,
    /// The department chosen or addressed; none means triage.
    pub department: Option<DepartmentId>,
    /// The priority asked for; none means the policy's default.
    pub priority: Option<Priority>,
    /// The customer's language; one the policy lists.
    pub lang: Lang,
    /// The customer's IANA time zone, checked by the caller.
    pub zone: Option<String>,
    /// Who asks.
    pub requester: Contact,
    /// Whether it is proved that the address is the sender's (a DMARC PASS mail).
    pub proved: bool,
    /// The subject and what they wrote.
    pub words: Words,
    /// Whether the answer itself showed the number, which meets `acknowledge` at once.
    pub shown: bool,
    /// Whether an acknowledgement is mailed; not to machines.
    pub acknowledge: bool,
    /// Why no acknowledgement is mailed although one would be, as [`crate::held`] says.
    pub held: Option<Held>,
    /// What waits already to be told to the requester in one mail; none if that mail will not tell of this request.
    pub waiting: Option<Waiting>,
    /// A ticket it may belong to.
    pub related: Option<TicketId>,
    /// The addresses of ours that it was sent to; none for the form.
    pub to: Vec<String>,
    /// The service that the customer chose.
    pub service: Option<ServiceId>,
    /// When the desk had declared itself busy, as known now.
    pub busy: Vec<Span>,
    /// Whether it asks for the review of a complaint, and which of the sender's it may be about.
    pub escalates: Option<Vec<TicketId>>,
}

/// A person outside the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The pseudonym everything but the participant item uses.
    pub hash: AddressHash,
    /// The e-mail address.
    pub address: String,
    /// The name they gave; may be empty.
    pub name: String,
}

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A participant or a stranger.
    Customer(AddressHash),
    /// An agent or manager of the policy.
    Agent(PersonId),
    /// Somebody with access to the stack's command line.
    Operator,
    /// Troth itself.
    System,
}

/// A change an agent may order with a line that begins with a slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// `/open`, `/pending`, `/hold`, `/solve`.
    Status(Status),
    /// `/assign NAME`.
    Assign(PersonId),
    /// `/priority urgent`.
    Priority(Priority),
    /// `/department billing`.
    Department(DepartmentId),
    /// `/escalate L2 reason`.
    HandOver {
        /// The tier that takes over.
        tier: Tier,
        /// Why, for the colleagues there.
        reason: String,
    },
    /// `/ack`: somebody has what the levels so far told of, so that they are not repeated.
    Acknowledge,
    /// `/expect 2027-02-12 16:00 reason`: when it will be done, for the customer.
    Expect {
        /// By then.
        until: Timestamp,
        /// Why, in words for the customer; may be empty.
        reason: String,
    },
    /// `/out-of-scope own-software`: solved, with a mail that cites the clause.
    OutOfScope(ScopeId),
    /// `/review reason`: the customer is not content; others review the complaint.
    Review {
        /// Why, for the reviewers.
        reason: String,
    },
    /// `/release 5`: what a stranger wrote is for the customer too.
    Release {
        /// The entry that holds the words.
        seq: u32,
    },
    /// `/participant add colleague@example.com`: they get what is written from now on.
    AddParticipant {
        /// Who.
        who: Contact,
        /// `earlier` behind the address: they may read what was written before, too.
        earlier: bool,
    },
    /// `/participant remove colleague@example.com`.
    RemoveParticipant {
        /// Who.
        who: AddressHash,
    },
    /// `/merge EH-7K3Q-9M2X`: this ticket goes on with that one, and closes.
    Merge {
        /// The ticket that goes on.
        into: TicketId,
        /// `confirm` behind the number: also where people read on who could not before.
        confirmed: bool,
    },
    /// `/note`: the words are for colleagues.
    Note,
}

/// One slash line as the agent wrote it, and what it means or why it means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The line as written.
    pub line: String,
    /// What it asks for.
    pub order: Result<Order, Refusal>,
}

/// The answer to one slash line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderAnswer {
    /// The line as written.
    pub line: String,
    /// Why it was not carried out; none when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

/// Why an agent's mail became an internal note although it may have been meant for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteReason {
    /// The marker line was not in the mail, so quoted text could have gone out.
    NoMarker,
    /// An auto-responder wrote it.
    AutoReply,
    /// The reply address had expired.
    Expired,
    /// Nothing stood above the marker.
    NothingAbove,
    /// The ticket was merged into another customer's meanwhile.
    Merged,
}

/// Why a command was not carried out. Each is a rule, not a failure: asking again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A closed ticket takes nothing more; a customer's message opens a follow-up.
    #[error("the ticket is closed; open a new one")]
    TicketIsClosed,
    /// A cap of [`crate::model::caps`] is reached.
    #[error("the ticket is full; open a new one")]
    TicketIsFull,
    /// More changes than fit into one transaction.
    #[error("too many changes at once; give fewer orders in one mail")]
    TooMuchAtOnce,
    /// The writer is not a participant.
    #[error("the writer is not a participant of the ticket")]
    NotAParticipant,
    /// No such person in the policy.
    #[error("nobody called \"{0}\" is in the policy; use an id from its people")]
    UnknownPerson(String),
    /// No such department in the policy.
    #[error("no department \"{0}\"; use one of the policy's")]
    UnknownDepartment(String),
    /// No such priority.
    #[error("no priority \"{0}\"; use low, normal, high or urgent")]
    UnknownPriority(String),
    /// No such tier.
    #[error("no tier \"{0}\"; use L1, L2 or L3")]
    UnknownTier(String),
    /// No such slash command.
    #[error(
        "no command \"/{0}\"; use /note, /open, /pending, /hold, /solve, /assign, /priority, /department, /escalate, /ack, /expect, /out-of-scope, /review, /release, /participant or /merge"
    )]
    UnknownOrder(String),
    /// `/expect` without an instant that lies ahead.
    #[error(
        "\"{0}\" is not a time ahead; write \"2027-02-12\" or \"2027-02-12 16:00\", then the reason"
    )]
    NotATime(String),
    /// No such scope rule in the policy.
    #[error("no scope rule \"{0}\"; use one of the policy's: {1}")]
    UnknownScope(String, String),
    /// `/review` on what is not a complaint, or under a policy without a review.
    #[error("only a complaint can be reviewed, and only where the policy has an escalation for it")]
    NothingToReview,
    /// `/release` of what is no entry that waits for it; the entries that do.
    #[error("\"{0}\" is no entry that waits for release; waiting: {1}")]
    NothingWithheld(String, String),
    /// `/release` without the number of an entry.
    #[error(
        "\"{0}\" is no entry; write its number, such as \"/release 5\": the mail that told you of it names it"
    )]
    NotAnEntry(String),
    /// `/participant` with neither of its two words, or without an address that mail can be sent to.
    #[error(
        "write \"/participant add ADDRESS\", \"/participant add ADDRESS earlier\" to let them read what was written before, or \"/participant remove ADDRESS\""
    )]
    ParticipantHow,
    /// `/participant add` of an address of our own.
    #[error("this is one of our own addresses; mail to it would come back to us")]
    OwnAddress,
    /// `/participant remove` of the requester.
    #[error("the requester cannot be removed; it is their ticket")]
    TheRequester,
    /// Somebody who had a part in a complaint is to review it.
    #[error("{0} had a part in this complaint; somebody else has to review it")]
    HadAPart(String),
    /// `/merge` that is not possible, or not without a second word.
    #[error(transparent)]
    Merge(#[from] MergeRefusal),
    /// `/escalate` without a reason.
    #[error("a hand-over needs a reason, such as \"/escalate L2 needs a database expert\"")]
    ReasonMissing,
    /// The ticket is already as ordered.
    #[error("nothing to change; it is so already")]
    AlreadySo,
    /// Only the system closes tickets, and `new` cannot be returned to.
    #[error("the status \"{}\" cannot be set by hand", .0.as_str())]
    StatusNotByHand(Status),
}
