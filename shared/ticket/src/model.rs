//! The snapshot of a ticket: what its events add up to, and enough to decide the next command.

use jiff::{SignedDuration, Timestamp};
use policy::{
    AskId, Channel, DepartmentId, GroupId, Lang, LevelId, Metric, PersonId, PolicyHash, Priority,
    PromiseId, Response, ServiceId, Span, Status, TicketType, Tier,
};
use serde::{Deserialize, Serialize};

use crate::answering::Held;
use crate::identity::{AddressHash, ContentDigest, TicketId};
use crate::secrets::Masked;
use crate::standing::ToldOfStanding;

/// Bounds that keep a snapshot small whatever strangers do; over one, a command is refused and its input goes elsewhere.
pub mod caps {
    /// People besides the requester who take part in one ticket. Each of them gets every answer, in one transaction.
    pub const PARTICIPANTS: usize = 10;
    /// Entries of strangers that wait for release on one ticket.
    pub const WITHHELD: usize = 100;
    /// Strangers of one ticket who were told that their mail arrived.
    pub const STRANGERS: usize = 50;
    /// Messages of one ticket, notes included.
    pub const MESSAGES: u32 = 1_000;
    /// Status changes of one ticket.
    pub const STATUS_CHANGES: usize = 200;
    /// Times an agent is told that their mail became a note: an auto-responder that answers each such word would
    /// otherwise never stop.
    pub const KEPT_AS_NOTE: u32 = 3;
    /// People who are remembered as having worked on one ticket.
    pub const INVOLVED: usize = 50;
    /// Declared busy times that an opening remembers; the newest ones.
    pub const BUSY_TIMES: usize = 8;
    /// Complaints that an escalation may be about, listed for staff.
    pub const CANDIDATES: usize = 10;
    /// Tickets that were merged into one, with all that had been merged into them.
    pub const MERGED: usize = 20;
}

/// A ticket as its events add up to; clocks and deadlines are derived from it (see [`crate::clocks`]), never stored in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The ticket's id; the number without prefix.
    pub id: TicketId,
    /// The policy version that the ticket is held to: the one it was opened under, or a newer one that is not worse for
    /// the customer.
    #[serde(rename = "pol")]
    pub policy: PolicyHash,
    /// Digest of the source and the idempotency key that opened the ticket: tells a replay from a collision of ids.
    #[serde(rename = "src")]
    pub source: ContentDigest,
    /// Digest of the input that opened the ticket: tells a replay from another input under the same key.
    #[serde(rename = "body")]
    pub body: ContentDigest,
    /// The way the request came in.
    #[serde(rename = "ch")]
    pub channel: Channel,
    /// Request, complaint or feedback.
    #[serde(rename = "type")]
    pub ticket_type: TicketType,
    /// The priority now.
    #[serde(rename = "prio")]
    pub priority: Priority,
    /// The status now.
    pub status: Status,
    /// The department, or none while the ticket waits for triage.
    #[serde(rename = "dep", default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    /// The agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// The support tier that works on it.
    #[serde(default, skip_serializing_if = "is_first")]
    pub tier: Tier,
    /// The customer's language.
    pub lang: Lang,
    /// The customer's IANA time zone, where the form sent one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The requester.
    #[serde(rename = "req")]
    pub requester: AddressHash,
    /// Whether DMARC, or a link sent by mail, has proved the requester's address.
    #[serde(rename = "proved", default, skip_serializing_if = "is_false")]
    pub requester_proved: bool,
    /// People besides the requester who may write on the ticket.
    #[serde(rename = "parts", default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<AddressHash>,
    /// Participants who read only what came after they joined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Where the newest words of each who takes part stand: an answer names the mail that brought them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<Heard>,
    /// Entries of strangers that nobody has released: staff read them, and nobody else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<u32>,
    /// Strangers who were told that their mail arrived; see [`caps::STRANGERS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strangers: Vec<AddressHash>,
    /// The ticket that this one goes on with; it is closed then, and whatever comes for it goes there.
    #[serde(rename = "into", default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<TicketId>,
    /// Tickets that go on with this one, also by way of others; see [`caps::MERGED`].
    #[serde(rename = "merged", default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<TicketId>,
    /// Another ticket this one may belong to ("maybe related", or the closed one it follows).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<TicketId>,
    /// The customer's group; a proved address only is in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The service it is about.
    #[serde(rename = "svc", default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// When the desk had declared itself busy, as known at the opening; later declarations change nothing here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub busy: Vec<Span>,
    /// What answers the customer, by the policy of the opening; empty means a public reply.
    #[serde(rename = "resp", default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    /// What the request did not say and the policy would like to know.
    #[serde(rename = "asks", default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<AskId>,
    /// Complaints that this escalation may be about; see [`caps::CANDIDATES`].
    #[serde(rename = "cand", default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<TicketId>,
    /// When the request reached us; every clock of the opening starts here.
    #[serde(rename = "at")]
    pub opened_at: Timestamp,
    /// When the newest event was recorded; never decreases.
    #[serde(rename = "rec")]
    pub recorded_at: Timestamp,
    /// The number of events so far; the version that a commit is conditioned on.
    pub seq: u32,
    /// Messages and notes so far.
    #[serde(rename = "msgs")]
    pub messages: u32,
    /// The digest chained over all events so far.
    pub chain: ContentDigest,
    /// Every status after `new`, with the instant it began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<StatusChange>,
    /// When the `acknowledge` promise was met.
    #[serde(rename = "ack", default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// When an agent first answered in public.
    #[serde(rename = "replied", default, skip_serializing_if = "Option::is_none")]
    pub first_reply_at: Option<Timestamp>,
    /// The oldest customer message since the first answer that nobody has answered yet.
    #[serde(rename = "waiting", default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Timestamp>,
    /// How many `next_response` cycles have begun.
    #[serde(rename = "cycle", default, skip_serializing_if = "is_zero")]
    pub response_cycle: u32,
    /// When an agent last wrote to the customer.
    #[serde(rename = "spoke", default, skip_serializing_if = "Option::is_none")]
    pub last_reply_at: Option<Timestamp>,
    /// How many `update` cycles are over: one with each public reply.
    #[serde(rename = "updates", default, skip_serializing_if = "is_zero")]
    pub update_cycle: u32,
    /// When an agent expects to be done, as the customer was told.
    #[serde(rename = "expect", default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Timestamp>,
    /// Agents who wrote, decided or were assigned; see [`caps::INVOLVED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub involved: Vec<PersonId>,
    /// The review of an escalated complaint: who may not be its reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Levels that people have been told of, for cycles that are not over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// Promises that were missed; a past miss stays a miss.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<Missed>,
    /// Limits that a change of priority or department put on running deadlines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
    /// How often each agent was told that their mail became a note; see [`caps::KEPT_AS_NOTE`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_as_note: Vec<KeptAsNote>,
    /// Addresses of this ticket that mail does not reach.
    #[serde(rename = "unreached", default, skip_serializing_if = "Vec::is_empty")]
    pub not_reached: Vec<AddressHash>,
    /// Why the request was not acknowledged by mail although it would have been; see [`crate::Held`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Decisions about the conduct of participants that were taken on this ticket, the newest for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<ToldOfStanding>,
    /// What was masked in the words so far; each kind once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<Masked>,
    /// When the newest policy version that the customer was told of was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Timestamp>,
    /// From when the newest policy version is in force that the ticket was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Timestamp>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
pub(crate) fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_first(tier: &Tier) -> bool {
    *tier == Tier::L1
}

impl Ticket {
    /// Whether `who` may write on the ticket as a customer.
    pub fn is_participant(&self, who: &AddressHash) -> bool {
        *who == self.requester || self.participants.contains(who)
    }

    /// After which event `who` may read; 0 is all of it, the subject too.
    pub fn reads_after(&self, who: &AddressHash) -> u32 {
        let joined = self.joined.iter().find(|joined| joined.who == *who);
        joined.map_or(0, |joined| joined.after)
    }

    /// Solved or closed: nothing runs and nobody is reminded.
    pub fn is_settled(&self) -> bool {
        matches!(self.status, Status::Solved | Status::Closed)
    }

    /// How often `agent` was told that their mail became a note.
    pub fn kept_as_note(&self, agent: &PersonId) -> u32 {
        let entry = self.kept_as_note.iter().find(|kept| kept.agent == *agent);
        entry.map_or(0, |kept| kept.times)
    }

    /// The cycle a promise's clock is in: `next_response` and `update` count from 1, the others have one cycle only.
    pub fn cycle_of(&self, metric: Metric) -> u32 {
        match metric {
            Metric::NextResponse => self.response_cycle,
            Metric::Update => self.update_cycle + 1,
            _ => 1,
        }
    }

    /// Whether this counts as an answer to the customer.
    pub fn is_answered_by(&self, response: Response) -> bool {
        if self.responses.is_empty() {
            return response == Response::Reply;
        }
        self.responses.contains(&response)
    }

    /// Whether this is a complaint that is open, or was decided no longer than `within` before `at`; one that was merged
    /// goes on elsewhere.
    pub fn is_complaint_of_late(&self, within: SignedDuration, at: Timestamp) -> bool {
        let decided = self.statuses.iter().rfind(|it| it.to == Status::Solved);
        let late = decided.is_some_and(|it| at.duration_since(it.at) > within);
        self.ticket_type == TicketType::Complaint
            && self.merged_into.is_none()
            && !(self.is_settled() && late)
    }

    /// Whether this person may not review the ticket: it is an escalated complaint, and they had a part in it.
    pub fn bars(&self, person: &PersonId) -> bool {
        let review = self.review.as_ref();
        review.is_some_and(|review| review.not_by.contains(person))
    }
}

/// A participant who reads only what came after they joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The participant.
    pub who: AddressHash,
    /// The event that made them one.
    pub after: u32,
}

/// Where the newest words of somebody who takes part stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Who wrote.
    pub who: AddressHash,
    /// The event that holds the words.
    pub seq: u32,
}

/// A status and the instant it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// When it began.
    pub at: Timestamp,
    /// The status from then on.
    pub to: Status,
}

/// A level of a ladder that people have been told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The promise whose ladder it is.
    pub promise: PromiseId,
    /// Its metric; what was told about an answered `next_response` cycle is forgotten.
    pub metric: Metric,
    /// The cycle of its clock.
    pub cycle: u32,
    /// The level.
    pub level: LevelId,
    /// When they were told last.
    #[serde(default)]
    pub at: Timestamp,
    /// How often they were told; none yet where the level has done what it does and waits for somebody's hours.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub times: u32,
    /// Whether somebody has said that they have it.
    #[serde(rename = "ack", default, skip_serializing_if = "is_false")]
    pub acknowledged: bool,
}

const fn once() -> u32 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
const fn is_once(times: &u32) -> bool {
    *times == 1
}

/// The review of a complaint whose customer is not content with the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When it was asked for.
    pub at: Timestamp,
    /// Those who wrote, decided or were assigned before: they do not review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_by: Vec<PersonId>,
}

/// How often an agent was told that their mail became a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAsNote {
    /// The agent.
    pub agent: PersonId,
    /// How often.
    pub times: u32,
}

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// The promise.
    pub promise: PromiseId,
    /// The cycle of its clock.
    pub cycle: u32,
    /// When it was due.
    pub due: Timestamp,
    /// The tier that had the ticket then, where its department has tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
}

/// What a change of priority or department does to a running deadline: never later than already promised to the
/// customer, never due at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The clock's metric.
    pub metric: Metric,
    /// The cycle of the clock.
    pub cycle: u32,
    /// Whether it bounds the published or the internal clock.
    pub published: bool,
    /// The deadline is not later than this: it was promised before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Timestamp>,
    /// The deadline is not earlier than this: the change made it strictest after the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Timestamp>,
}
