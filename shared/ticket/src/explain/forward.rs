//! What happens next, and when, if nobody acts: the ticket's own rules, played forward.

use jiff::Timestamp;
use policy::Policy;
use serde::Serialize;

use crate::clocks::next_due;
use crate::command::{Command, Context};
use crate::decide::decide;
use crate::event::Event;
use crate::model::Ticket;
use crate::notice::Notice;

/// Steps of one ticket that are looked ahead; a ladder that repeats for months is not listed to its end.
const STEPS: usize = 100;

/// One instant at which something happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coming {
    /// When.
    pub at: Timestamp,
    /// What is recorded then.
    pub events: Vec<Event>,
    /// Who is told what.
    pub notices: Vec<Notice>,
}

/// Everything that happens to a ticket from `now` until `until` if nobody acts, in order; what is past already
/// happens now.
///
/// Each step is decided by the same rules as when it comes, on the ticket as the steps before leave it, so the list
/// cannot promise what the desk will not do.
pub fn forward(ticket: &Ticket, policy: &Policy, now: Timestamp, until: Timestamp) -> Vec<Coming> {
    let mut ticket = ticket.clone();
    let mut next = next_due(&ticket, policy, now);
    let mut all = Vec::new();
    while let Some(at) = next.map(|at| at.max(now)).filter(|at| *at <= until)
        && all.len() < STEPS
    {
        let context = Context {
            at,
            now: at,
            policy,
        };
        let Ok(decision) = decide(&ticket, &Command::FireTimers, &context) else {
            break;
        };
        // Nothing done and nothing moved: it would come round for ever.
        if decision.events.is_empty() && decision.next_due == next {
            break;
        }
        if !decision.events.is_empty() {
            all.push(Coming {
                at,
                events: decision.events.into_iter().map(|done| done.event).collect(),
                notices: decision.notices,
            });
        }
        ticket = decision.ticket;
        next = decision.next_due;
    }
    all
}
