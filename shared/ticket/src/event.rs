//! What happened to a ticket. The log of these is the truth; [`crate::apply`] folds them into the snapshot.

use jiff::Timestamp;
use policy::{
    AskId, Channel, ConductId, DepartmentId, GroupId, Lang, LevelId, Metric, PersonId, PolicyHash,
    Priority, PromiseId, Response, ScopeId, ServiceId, Span, Status, TicketType, Tier,
};
use serde::{Deserialize, Serialize};

use crate::answering::Held;
use crate::command::{Actor, NoteReason};
use crate::identity::{AddressHash, ContentDigest, NoticeId, TicketId};
use crate::merge::MergedFrom;
use crate::model::Bound;
use crate::secrets::Masked;
use crate::versions::{Compared, Kept};
use crate::words::Words;

/// One event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first event of the ticket, without gaps.
    pub seq: u32,
    /// When the input reached us.
    pub at: Timestamp,
    /// When it was recorded; never decreases within a ticket.
    pub recorded_at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
    /// Personal text, kept apart so that erasing it leaves the log readable and the chain verifiable.
    pub words: Option<Words>,
    /// The digest of the previous event chained with this one's.
    pub chain: ContentDigest,
}

/// What happened. Past tense, facts only: deadlines are derived from these, never written into them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The ticket was opened.
    Opened(Box<Opened>),
    /// A participant wrote.
    CustomerWrote,
    /// Somebody who is not a participant wrote; for agents only.
    StrangerWrote,
    /// A stranger was told that their mail arrived; once on a ticket.
    StrangerTold {
        /// The stranger.
        who: AddressHash,
    },
    /// A stranger's words are for everybody who takes part from now on.
    Released {
        /// The event that holds them.
        seq: u32,
    },
    /// Somebody takes part from now on.
    ParticipantAdded {
        /// Who.
        who: AddressHash,
        /// Whether they may read what was written before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        earlier: bool,
    },
    /// Somebody takes part no more.
    ParticipantRemoved {
        /// Who.
        who: AddressHash,
    },
    /// An agent answered in public.
    AgentReplied,
    /// An agent wrote for colleagues.
    NoteAdded {
        /// Why it became a note, if a reply may have been meant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of_reply: Option<NoteReason>,
    },
    /// The status changed.
    StatusChanged {
        /// The new status.
        to: Status,
    },
    /// An agent got the ticket.
    Assigned {
        /// The agent.
        to: PersonId,
    },
    /// The priority changed.
    PriorityChanged {
        /// The new priority.
        to: Priority,
        /// What that does to running deadlines.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        bounds: Vec<Bound>,
    },
    /// The department changed.
    DepartmentChanged {
        /// The new department.
        to: DepartmentId,
        /// What that does to running deadlines.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        bounds: Vec<Bound>,
    },
    /// Another tier took over.
    HandedOver {
        /// The tier.
        to: Tier,
    },
    /// The acknowledgement was accepted by SES.
    Acknowledged,
    /// People were told of a level.
    LevelTold {
        /// The promise.
        promise: PromiseId,
        /// Its metric.
        metric: Metric,
        /// The cycle of its clock.
        cycle: u32,
        /// The levels, lowest first; more than one when several were past at once.
        levels: Vec<LevelId>,
        /// The deadline at that time.
        due: Timestamp,
        /// Which telling after the first it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repetition: Option<u32>,
    },
    /// A level was reached and has done what it does; its people are told when their calendar opens.
    LevelReached {
        /// The promise.
        promise: PromiseId,
        /// Its metric.
        metric: Metric,
        /// The cycle of its clock.
        cycle: u32,
        /// The level.
        level: LevelId,
    },
    /// Somebody on the staff said that they have what the levels so far told of.
    EscalationAcknowledged,
    /// An agent said when they expect to be done; the reason is in the words.
    ExpectationSet {
        /// By then.
        until: Timestamp,
    },
    /// What the customer asks for is outside the scope of support.
    OutOfScope {
        /// The scope rule of the policy.
        scope: ScopeId,
    },
    /// The customer is not content with how a complaint was decided; people who had no part in it review it.
    ComplaintEscalated {
        /// The department that reviews it.
        to: DepartmentId,
        /// What that does to running deadlines.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        bounds: Vec<Bound>,
    },
    /// A promise was missed.
    PromiseMissed {
        /// The promise.
        promise: PromiseId,
        /// The cycle of its clock.
        cycle: u32,
        /// When it was due.
        due: Timestamp,
        /// The tier that had the ticket then, where its department has tiers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Tier>,
    },
    /// The customer was told that a newer version of the policy was published.
    VersionAnnounced {
        /// The version.
        version: PolicyHash,
        /// When it was published: what was published later has the last word.
        published: Timestamp,
        /// From when it is in force.
        effective: Timestamp,
    },
    /// A newer version came into force; both results for each promise to the customer.
    VersionCompared {
        /// The version.
        version: PolicyHash,
        /// From when it is in force: what takes effect later has the last word.
        effective: Timestamp,
        /// What keeps the ticket under its version; none if it follows the newer one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<Kept>,
        /// The deadlines under both.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deadlines: Vec<Compared>,
    },
    /// It was decided what is still possible for a participant; the reason is in the words.
    StandingSet {
        /// The participant.
        who: AddressHash,
        /// The level of the policy's `[conduct]`.
        level: ConductId,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// The participant wrote what is not taken up, and is told again.
    StandingTold {
        /// The participant.
        who: AddressHash,
    },
    /// The decision was taken back before its end.
    StandingLifted {
        /// The participant.
        who: AddressHash,
        /// What had been decided.
        level: ConductId,
    },
    /// Words held secrets, which were masked before anything was stored.
    SecretsMasked {
        /// The event that holds the words.
        seq: u32,
        /// What was masked and how often, never the secrets.
        masked: Vec<Masked>,
    },
    /// The ticket goes on with another.
    MergedInto {
        /// The other.
        into: TicketId,
        /// Whether the order said `confirm`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confirmed: bool,
    },
    /// Another ticket goes on with this one; what was written there is in the words, for staff alone.
    MergedFrom(Box<MergedFrom>),
    /// A lead had a mail shown whose secrets were masked; the words are the reason. Recorded before anything is shown.
    SecretsRevealed {
        /// The event that holds the masked words.
        seq: u32,
    },
    /// The requester was told in one mail which numbers requests of theirs have whose acknowledgements were held.
    NumbersTold {
        /// The requests; this ticket is the first of them.
        tickets: Vec<TicketId>,
        /// How many more there are.
        #[serde(default, skip_serializing_if = "crate::model::is_zero")]
        more: u32,
    },
    /// The requester, whose address was typed or mailed from without proof, has proved that it is theirs: by a mail that
    /// DMARC passed, or by a link that was mailed there.
    RequesterProved,
    /// Mail does not reach somebody.
    NotReached {
        /// The notice that failed.
        notice: NoticeId,
        /// The participant, if it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        who: Option<AddressHash>,
        /// What SES said, without the address.
        reason: String,
    },
}

/// The facts of an opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "each field is the field of the same name in `Ticket`, documented there"
)]
pub struct Opened {
    pub id: TicketId,
    #[serde(rename = "pol")]
    pub policy: PolicyHash,
    #[serde(rename = "src")]
    pub source: ContentDigest,
    pub body: ContentDigest,
    #[serde(rename = "ch")]
    pub channel: Channel,
    #[serde(rename = "type")]
    pub ticket_type: TicketType,
    #[serde(rename = "prio")]
    pub priority: Priority,
    #[serde(rename = "dep", default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    pub lang: Lang,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    #[serde(rename = "req")]
    pub requester: AddressHash,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proved: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shown: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<TicketId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    #[serde(rename = "svc", default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub busy: Vec<Span>,
    #[serde(rename = "resp", default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    #[serde(rename = "asks", default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<AskId>,
    #[serde(rename = "cand", default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<TicketId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}
