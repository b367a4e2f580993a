//! Playing a ticket's log under another text of the policy: what would have been missed, and when people would have
//! been told.
//!
//! What customers and staff did is taken from the log as it was; what the desk did of itself is decided anew.

use jiff::Timestamp;
use policy::{Metric, Policy, PromiseId, Status};
use serde::Serialize;

use crate::apply::apply;
use crate::clocks::next_due;
use crate::command::{Actor, Command, Contact, Context, Order, OrderLine};
use crate::decide::{Decision, decide};
use crate::event::{Event, Recorded};
use crate::identity::AddressHash;
use crate::model::Ticket;
use crate::notice::{Addressee, Text};
use crate::words::Words;

/// More firings than any ladder of a policy gives a ticket.
const MOST_FIRINGS: usize = 10_000;

/// What the desk would have done of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Promises that would have been missed.
    pub missed: Vec<ReplayedMiss>,
    /// Warnings and breaches, each with its instant and whom it would have told: a person or an address of the ladder.
    pub alarms: Vec<(Timestamp, String)>,
}

/// A promise that would have been missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayedMiss {
    /// The promise.
    pub promise: PromiseId,
    /// What it measures.
    pub metric: Metric,
    /// Whether customers are told of it.
    pub published: bool,
    /// When it was due.
    pub due: Timestamp,
}

/// Plays a log under a policy up to an instant; none for a log that does not begin with an opening.
///
/// A department, an agent or a status that the policy does not know leaves things as they were: what was ordered in the
/// log is ordered again, and refused. The ticket has the department and type that it was opened with; its first
/// priority is the one that this policy gives, unless the log's own policy did not give it either.
pub fn replay(
    log: &[Recorded],
    own: &Policy,
    policy: &Policy,
    until: Timestamp,
) -> Option<Replayed> {
    let (first, rest) = log.split_first()?;
    let ticket = reopened(first, own, policy)?;
    let mut play = Play {
        next: next_due(&ticket, policy, first.at),
        ticket,
        policy,
        replayed: Replayed::default(),
    };
    for recorded in rest.iter().take_while(|recorded| recorded.at < until) {
        if let Some(command) = command(recorded) {
            play.fire_until(recorded.at);
            play.step(&command, recorded.at);
        }
    }
    play.fire_until(until);
    Some(play.replayed)
}

struct Play<'p> {
    ticket: Ticket,
    next: Option<Timestamp>,
    policy: &'p Policy,
    replayed: Replayed,
}

impl Play<'_> {
    fn fire_until(&mut self, until: Timestamp) {
        for _ in 0..MOST_FIRINGS {
            // What was done at the very instant of a deadline was done in time.
            let Some(next) = self.next.filter(|next| *next < until) else {
                return;
            };
            if !self.step(&Command::FireTimers, next) {
                return;
            }
        }
    }

    /// Whether anything was decided.
    fn step(&mut self, command: &Command, at: Timestamp) -> bool {
        let context = Context {
            at,
            now: at,
            policy: self.policy,
        };
        let Ok(decision) = decide(&self.ticket, command, &context) else {
            return false;
        };
        self.note(&decision, at);
        let changed = !decision.events.is_empty() || decision.next_due != self.next;
        self.ticket = decision.ticket;
        self.next = decision.next_due;
        changed
    }

    fn note(&mut self, decision: &Decision, at: Timestamp) {
        for recorded in &decision.events {
            let Event::PromiseMissed { promise, due, .. } = &recorded.event else {
                continue;
            };
            if let Some(named) = self.policy.promise(promise) {
                self.replayed.missed.push(ReplayedMiss {
                    promise: promise.clone(),
                    metric: named.metric,
                    published: named.published,
                    due: *due,
                });
            }
        }
        for notice in &decision.notices {
            let who = match (&notice.text, &notice.to) {
                (Text::Warning(_) | Text::Breach(_), Addressee::Staff(person)) => {
                    person.to_string()
                }
                (Text::Warning(_) | Text::Breach(_), Addressee::Address(address)) => {
                    address.clone()
                }
                _ => continue,
            };
            self.replayed.alarms.push((at, who));
        }
    }
}

/// What somebody did, as it was asked; none for what the desk did of itself.
fn command(recorded: &Recorded) -> Option<Command> {
    let words = || Words::text(String::new());
    let agent = match &recorded.actor {
        Actor::Agent(agent) => Some(agent.clone()),
        Actor::Customer(_) | Actor::Operator | Actor::System => None,
    };
    let order = |order: Order| {
        let line = OrderLine {
            line: String::new(),
            order: Ok(order),
        };
        let by = recorded.actor.clone();
        Some(Command::Orders {
            by,
            orders: vec![line],
        })
    };
    match (&recorded.event, &recorded.actor) {
        (Event::CustomerWrote, Actor::Customer(from)) => Some(Command::CustomerMessage {
            from: from.clone(),
            words: words(),
            proved: false,
        }),
        (Event::StrangerWrote, Actor::Customer(from)) => Some(Command::StrangerMessage {
            from: nameless(from),
            words: words(),
            tell: false,
        }),
        (Event::AgentReplied, _) => Some(Command::AgentReply {
            agent: agent?,
            words: words(),
            orders: Vec::new(),
        }),
        (Event::Acknowledged, _) => Some(Command::Acknowledged),
        (Event::ComplaintEscalated { .. }, Actor::Customer(from)) => {
            Some(Command::EscalateComplaint {
                from: from.clone(),
                words: words(),
                proved: false,
            })
        }
        (_, Actor::Customer(_) | Actor::System) => None,
        (Event::StatusChanged { to }, _) => order(Order::Status(*to)),
        (Event::Assigned { to }, _) => order(Order::Assign(to.clone())),
        (Event::PriorityChanged { to, .. }, _) => order(Order::Priority(*to)),
        (Event::DepartmentChanged { to, .. }, _) => order(Order::Department(to.clone())),
        (Event::HandedOver { to }, _) => order(Order::HandOver {
            tier: *to,
            reason: String::new(),
        }),
        (Event::EscalationAcknowledged, _) => order(Order::Acknowledge),
        (Event::ExpectationSet { until }, _) => order(Order::Expect {
            until: *until,
            reason: String::new(),
        }),
        (Event::ParticipantAdded { who, earlier }, _) => order(Order::AddParticipant {
            who: nameless(who),
            earlier: *earlier,
        }),
        (Event::ParticipantRemoved { who }, _) => {
            order(Order::RemoveParticipant { who: who.clone() })
        }
        // It ended here; what it brought to the other ticket is not played there.
        (Event::MergedInto { .. }, _) => order(Order::Status(Status::Solved)),
        (Event::OutOfScope { scope }, _) => order(Order::OutOfScope(scope.clone())),
        (Event::ComplaintEscalated { .. }, _) => order(Order::Review {
            reason: String::new(),
        }),
        _ => None,
    }
}

/// Somebody of whom the log knows the pseudonym alone.
fn nameless(who: &AddressHash) -> Contact {
    Contact {
        hash: who.clone(),
        address: String::new(),
        name: String::new(),
    }
}

/// The opening under another policy: with the priority that this one gives, and triage where it lacks the department.
fn reopened(first: &Recorded, own: &Policy, policy: &Policy) -> Option<Ticket> {
    let Event::Opened(opened) = &first.event else {
        return None;
    };
    let mut opened = opened.clone();
    opened.policy = policy.hash().clone();
    if opened.priority == own.terms().priorities.initial(opened.ticket_type) {
        opened.priority = policy.terms().priorities.initial(opened.ticket_type);
    }
    opened.department = opened
        .department
        .filter(|id| policy.department(id).is_some());
    let first = Recorded {
        event: Event::Opened(opened),
        ..first.clone()
    };
    apply(None, &first)
}
