//! Merging: one ticket goes on with another. What the other keeps of it, and why a merge is refused.

use std::fmt::Write;

use jiff::Timestamp;
use policy::{PersonId, Policy};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Command, Contact, NoteReason, Order, OrderLine};
use crate::event::{Event, Recorded};
use crate::identity::TicketId;
use crate::model::{Bound, Ticket, caps};
use crate::words::Words;

/// What a merge is decided on besides the ticket that it is ordered on.
#[derive(Debug, Clone)]
pub struct Other<'a> {
    /// The ticket that the order names.
    pub named: TicketId,
    /// Where that one goes on, if it was merged itself; else that one.
    pub end: &'a Ticket,
    /// The policy version that the end is held to.
    pub policy: &'a Policy,
    /// Whoever takes part in the ticket that is merged, with their addresses.
    pub people: &'a [Contact],
    /// What was written there; for staff alone.
    pub words: &'a Words,
}

/// What a ticket takes over from one that was merged into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedFrom {
    /// The ticket that was merged.
    pub from: TicketId,
    /// Tickets that had been merged into that one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<TicketId>,
    /// Since when its customer waited for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Timestamp>,
    /// When an agent expected to be done there, as its customer was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Timestamp>,
    /// Agents who had a part in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub involved: Vec<PersonId>,
    /// The earlier deadlines that it brings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
}

impl MergedFrom {
    /// A ticket that owed nothing any more and had nobody who worked on it.
    pub fn of(from: TicketId) -> Self {
        Self {
            from,
            earlier: Vec::new(),
            waiting: None,
            expected: None,
            involved: Vec::new(),
            bounds: Vec::new(),
        }
    }

    /// The part of [`crate::apply`] that belongs to it. A customer who waited there waits here, for as long.
    pub(crate) fn fold_into(&self, ticket: &mut Ticket) {
        ticket.merged_from.push(self.from);
        ticket.merged_from.extend(&self.earlier);
        if let Some(since) = self.waiting.filter(|_| ticket.first_reply_at.is_some()) {
            match &mut ticket.waiting_since {
                Some(waiting) => *waiting = since.min(*waiting),
                none => {
                    *none = Some(since);
                    ticket.response_cycle += 1;
                }
            }
        }
        let expected = [ticket.expected, self.expected].into_iter().flatten();
        ticket.expected = expected.min();
        for person in &self.involved {
            if ticket.involved.len() < caps::INVOLVED && !ticket.involved.contains(person) {
                ticket.involved.push(person.clone());
            }
        }
        ticket.bounds.extend(self.bounds.iter().cloned());
    }
}

/// Why a ticket was not merged. Numbers are written as customers see them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeRefusal {
    /// `/merge` without a number.
    #[error("\"{0}\" is no ticket number; write \"/merge NUMBER\" with the ticket that goes on")]
    NotANumber(String),
    /// No ticket has this number.
    #[error("there is no ticket {0}; check the number")]
    NoSuchTicket(String),
    /// The ticket itself was named.
    #[error("this ticket itself is {0}; name the one that goes on")]
    Itself(String),
    /// The ticket that was named is part of this one.
    #[error("{0} was merged into this ticket already")]
    CameFromThere(String),
    /// The ticket that was named goes on elsewhere.
    #[error("{0} was merged into {1}; write \"/merge {1}\"")]
    GoesOn(String, String),
    /// This ticket goes on elsewhere.
    #[error("this ticket was merged into {0} and takes no orders; write to that one")]
    Gone(String),
    /// One of the two is solved or closed.
    #[error("{0} is solved or closed; write \"/open\" there first, or leave the two as they are")]
    NotOpen(String),
    /// The other ticket is another customer's.
    #[error(
        "{0} is another customer's; \"/merge {0} confirm\" lets both read what is written there from now on, and nothing of before"
    )]
    OtherCustomer(String),
    /// The address of one of the two was typed, and nobody has proved it.
    #[error(
        "nobody has proved that this ticket and {0} come from the same person; if they do, write \"/merge {0} confirm\""
    )]
    Unproved(String),
    /// Somebody who takes part here does not take part there.
    #[error(
        "not everybody who takes part here takes part in {0}; \"/merge {0} confirm\" lets them read what is written there from now on, and nothing of before"
    )]
    LetsIn(String),
    /// A complaint into what is none, or a complaint under review.
    #[error(
        "a complaint keeps its own promises and its review; merge the other way: write \"/merge {1}\" on {0}"
    )]
    Complaint(String, String),
    /// The other ticket has nothing like a promise that runs here.
    #[error(
        "{0} has no deadline like \"{2}\", which runs here; merge the other way: write \"/merge {1}\" on {0}"
    )]
    LosesPromise(String, String, String),
    /// Together they would have more people, or more merged tickets, than one ticket may.
    #[error("{0} has no room for the people or the tickets that would come with this one")]
    NoRoom(String),
    /// Two merges in one mail.
    #[error("one mail merges one ticket; this line was left out")]
    OneAtATime,
    /// `/release` of an entry of a ticket that was merged.
    #[error(
        "that entry stands on a ticket that was merged into {0}; staff read its words in the log of {0}, and it cannot be released any more"
    )]
    EntryStays(String),
}

impl Command {
    /// Whether it is meant for whatever a merged ticket goes on with. What is said of the ticket's own notices, timers,
    /// versions and decisions on conduct stays where it is.
    pub fn follows_merges(&self) -> bool {
        match self {
            Self::CustomerMessage { .. }
            | Self::StrangerMessage { .. }
            | Self::AgentReply { .. }
            | Self::InternalNote { .. }
            | Self::Orders { .. }
            | Self::EscalateComplaint { .. }
            | Self::AcknowledgeEscalation { .. }
            | Self::NotReached { .. } => true,
            Self::FireTimers
            | Self::AnnounceVersion { .. }
            | Self::SetStanding { .. }
            | Self::TellStanding { .. }
            | Self::LiftStanding { .. }
            // The entry that holds what is shown has its number on this ticket.
            | Self::RevealSecrets { .. }
            | Self::Acknowledged
            | Self::TellNumbers { .. } => false,
        }
    }

    /// The ticket that it asks to merge into.
    pub fn merges_into(&self) -> Option<TicketId> {
        self.orders().iter().find_map(|line| match line.order {
            Ok(Order::Merge { into, .. }) => Some(into),
            _ => None,
        })
    }

    fn orders(&self) -> &[OrderLine] {
        match self {
            Self::AgentReply { orders, .. }
            | Self::InternalNote { orders, .. }
            | Self::Orders { orders, .. } => orders,
            _ => &[],
        }
    }

    /// The command as it is meant on `end`, when it was given on `named`, which has been merged.
    ///
    /// An entry's number means another entry there, so `/release` is refused. Where the two are different people's, an
    /// answer that its writer meant for one customer does not go to another but is kept as a note, and what a customer's
    /// program quotes below their words stays in the raw mail: it may hold what was written before.
    #[must_use]
    pub fn moved(self, named: &Ticket, end: &Ticket, prefix: &str) -> Self {
        let stays = |mut line: OrderLine| {
            if matches!(line.order, Ok(Order::Release { .. })) {
                line.order = Err(MergeRefusal::EntryStays(end.id.number(prefix)).into());
            }
            line
        };
        let stay = |orders: Vec<OrderLine>| orders.into_iter().map(stays).collect();
        let apart = named.requester != end.requester;
        let unquoted = |words: Words| Words {
            quoted: String::new(),
            ..words
        };
        match self {
            Self::CustomerMessage {
                from,
                words,
                proved,
            } if apart => Self::CustomerMessage {
                from,
                words: unquoted(words),
                proved,
            },
            Self::StrangerMessage { from, words, tell } if apart => Self::StrangerMessage {
                from,
                words: unquoted(words),
                tell,
            },
            Self::EscalateComplaint {
                from,
                words,
                proved,
            } if apart => Self::EscalateComplaint {
                from,
                words: unquoted(words),
                proved,
            },
            Self::AgentReply {
                agent,
                words,
                orders,
            } if apart => Self::InternalNote {
                agent,
                words,
                instead_of_reply: Some(NoteReason::Merged),
                orders: stay(orders),
            },
            Self::AgentReply {
                agent,
                words,
                orders,
            } => Self::AgentReply {
                agent,
                words,
                orders: stay(orders),
            },
            Self::InternalNote {
                agent,
                words,
                instead_of_reply,
                orders,
            } => Self::InternalNote {
                agent,
                words,
                instead_of_reply,
                orders: stay(orders),
            },
            Self::Orders { by, orders } => Self::Orders {
                by,
                orders: stay(orders),
            },
            other => other,
        }
    }
}

/// So many files come along with what was written; as many as a mail may have. More stay with the ticket alone.
const MOST_FILES: usize = 250;

/// What was written on a ticket, as one text for the staff of the ticket that it goes on with: requests, answers, and
/// what strangers wrote, each under its instant and its writer's part, with the files that came with them. Notes and their
/// files stay where they are.
pub fn transcript(subject: &str, log: &[Recorded]) -> Words {
    let mut text = String::new();
    let mut attachments = Vec::new();
    for recorded in log {
        let who = match (&recorded.event, &recorded.actor) {
            (
                Event::Opened(_) | Event::CustomerWrote | Event::ComplaintEscalated { .. },
                Actor::Customer(_),
            ) => "customer".to_owned(),
            (Event::StrangerWrote, _) => "stranger".to_owned(),
            (Event::AgentReplied, Actor::Agent(agent)) => format!("agent {agent}"),
            (Event::MergedFrom(_), _) => "merged".to_owned(),
            _ => continue,
        };
        let Some(words) = &recorded.words else {
            continue;
        };
        let _ = write!(text, "{}, {who}:\n{}\n\n", recorded.at, words.text.trim());
        attachments.extend(words.attachments.iter().cloned());
    }
    attachments.truncate(MOST_FILES);
    Words {
        subject: subject.to_owned(),
        text: text.trim_end().to_owned(),
        attachments,
        ..Words::default()
    }
}
