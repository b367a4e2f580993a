//! Which release what is recorded asks for, so that an older binary refuses what it would misread or lose.
//!
//! An item says the lowest version that does right by it, not the newest that there is: while two releases run side by
//! side, or after a step back, the older one goes on with everything but what only the newer one understands. There it
//! answers "try again", overwrites nothing, and whoever asked is served once the newer one is back.

use crate::command::{NoteReason, OrderAnswer, Refusal};
use crate::event::Event;
use crate::model::Ticket;
use crate::notice::Text;

/// The newest version that this binary reads and writes. It never overwrites a newer one.
pub const SCHEMA: u16 = PROOFS;

/// What every binary understands.
pub const FIRST_SCHEMA: u16 = 1;

/// Tickets that go on with others.
const MERGES: u16 = 2;

/// Numbers of held requests that are told in one mail.
const DIGESTS: u16 = 3;

/// Requesters who prove their address after the opening.
const PROOFS: u16 = 4;

impl Ticket {
    /// The lowest schema version that keeps all that stands here: an older binary would write the snapshot without it.
    pub fn schema(&self) -> u16 {
        if self.merged_into.is_some() || !self.merged_from.is_empty() {
            MERGES
        } else {
            FIRST_SCHEMA
        }
    }
}

impl Event {
    /// The lowest schema version that knows this event.
    pub fn schema(&self) -> u16 {
        match self {
            Self::MergedInto { .. } | Self::MergedFrom(_) => MERGES,
            Self::NumbersTold { .. } => DIGESTS,
            Self::RequesterProved => PROOFS,
            Self::NoteAdded { instead_of_reply } => instead_of_reply.map_or(FIRST_SCHEMA, of_note),
            Self::Opened(_)
            | Self::CustomerWrote
            | Self::StrangerWrote
            | Self::StrangerTold { .. }
            | Self::Released { .. }
            | Self::ParticipantAdded { .. }
            | Self::ParticipantRemoved { .. }
            | Self::AgentReplied
            | Self::StatusChanged { .. }
            | Self::Assigned { .. }
            | Self::PriorityChanged { .. }
            | Self::DepartmentChanged { .. }
            | Self::HandedOver { .. }
            | Self::Acknowledged
            | Self::LevelTold { .. }
            | Self::LevelReached { .. }
            | Self::EscalationAcknowledged
            | Self::ExpectationSet { .. }
            | Self::OutOfScope { .. }
            | Self::ComplaintEscalated { .. }
            | Self::PromiseMissed { .. }
            | Self::VersionAnnounced { .. }
            | Self::VersionCompared { .. }
            | Self::StandingSet { .. }
            | Self::StandingTold { .. }
            | Self::StandingLifted { .. }
            | Self::SecretsMasked { .. }
            | Self::SecretsRevealed { .. }
            | Self::NotReached { .. } => FIRST_SCHEMA,
        }
    }
}

impl Text {
    /// The lowest schema version that knows this text.
    pub fn schema(&self) -> u16 {
        match self {
            Self::Merged { .. } | Self::MergedHere { .. } => MERGES,
            Self::Numbers { .. } => DIGESTS,
            Self::KeptAsNote { reason, .. } => of_note(*reason),
            Self::OrdersAnswered { answers } => {
                let all = answers.iter().map(of_answer);
                all.max().unwrap_or(FIRST_SCHEMA)
            }
            Self::Acknowledgement
            | Self::Opened { .. }
            | Self::CustomerReplied { .. }
            | Self::Reopened { .. }
            | Self::Reply { .. }
            | Self::Arrived
            | Self::Released { .. }
            | Self::SecretsMasked { .. }
            | Self::Joined { .. }
            | Self::Solved { .. }
            | Self::Assigned { .. }
            | Self::HandedOver { .. }
            | Self::PassedOn { .. }
            | Self::ExpectationSet { .. }
            | Self::OutOfScope { .. }
            | Self::TooMuch { .. }
            | Self::UnderReview
            | Self::ReviewAsked { .. }
            | Self::Warning(_)
            | Self::Breach(_)
            | Self::PromiseMissed { .. }
            | Self::PolicyChanged { .. }
            | Self::Standing { .. }
            | Self::StandingLifted { .. }
            | Self::NotReached { .. } => FIRST_SCHEMA,
        }
    }
}

fn of_note(reason: NoteReason) -> u16 {
    match reason {
        NoteReason::Merged => MERGES,
        NoteReason::NoMarker
        | NoteReason::AutoReply
        | NoteReason::Expired
        | NoteReason::NothingAbove => FIRST_SCHEMA,
    }
}

fn of_answer(answer: &OrderAnswer) -> u16 {
    match answer.refused {
        Some(Refusal::Merge(_)) => MERGES,
        _ => FIRST_SCHEMA,
    }
}
