//! The digest: one mail that tells an address the numbers of its requests whose acknowledgements were held, before the
//! earliest of them would run out (design: mail). Numbers only: nothing of what anybody wrote.

use jiff::{SignedDuration, Timestamp};
use policy::{Metric, Policy};

use crate::answering::{DAY, Held};
use crate::clocks::clocks;
use crate::identity::TicketId;
use crate::model::Ticket;

/// So many numbers stand in one digest; what is beyond is counted, so that a flood makes no long mail.
pub const MOST_NAMED: usize = 30;

/// A digest leaves so long before anything runs out for want of it: a tick takes a minute to find it, and its queue a
/// while to carry it. Where less is left than twice this, half of it.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);

/// When numbers are told that no promise waits for: the page has shown them, or the policy promises no acknowledgement.
const TERM: SignedDuration = SignedDuration::from_hours(1);

/// The numbers that wait to be told to one address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The requests, in the order in which they came; at most [`MOST_NAMED`].
    pub tickets: Vec<TicketId>,
    /// How many more came when there was no room left.
    pub more: u32,
    /// When they are told; none while nothing waits.
    pub at: Option<Timestamp>,
    /// When numbers were last told to the address.
    pub told: Option<Timestamp>,
}

/// Whether a request that was held for this reason waits for a digest.
///
/// One that was stopped by a cap over many addresses does not: a mail to each of them is what the cap is there to prevent.
/// Nor does one that came while acknowledgements were switched off, or switching them on again would send the flood.
pub fn is_gathered(held: Held) -> bool {
    match held {
        Held::Address | Held::Thread | Held::Subject => true,
        Held::Source | Held::Everybody | Held::Off => false,
    }
}

impl Waiting {
    /// The same with one more request, decided at `now`; none if there is no room for its number, and it is counted only.
    pub fn with(&self, ticket: &Ticket, policy: &Policy, now: Timestamp) -> Option<Self> {
        if self.tickets.len() >= MOST_NAMED {
            return None;
        }
        let wanted = wanted(runs_out(ticket, policy), now);
        let possible = wanted.max(self.possible(now));
        let mut tickets = self.tickets.clone();
        tickets.push(ticket.id);
        Some(Self {
            tickets,
            more: self.more,
            at: Some(self.at.map_or(possible, |at| at.min(possible))),
            told: self.told,
        })
    }

    /// Whether a digest can name this request before its `acknowledge` runs out: there is room, and the address was not
    /// told so lately that a second digest within a day would be needed.
    pub(crate) fn comes_in_time(&self, ticket: &Ticket, policy: &Policy, now: Timestamp) -> bool {
        let runs_out = runs_out(ticket, policy);
        let wanted = wanted(runs_out, now);
        self.tickets.len() < MOST_NAMED && self.possible(now) <= wanted
    }

    /// From when on another digest may go to the address: a day after the last one.
    fn possible(&self, now: Timestamp) -> Timestamp {
        let next = self.told.and_then(|told| told.checked_add(DAY).ok());
        next.map_or(now, |next| next.max(now))
    }
}

/// When a digest should leave that is to come before this instant; within a day in any case.
fn wanted(runs_out: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let wait = match runs_out {
        None => TERM,
        Some(by) => {
            let left = by.duration_since(now).max(SignedDuration::ZERO);
            (left - MARGIN.min(left / 2)).min(DAY)
        }
    };
    now.checked_add(wait).unwrap_or(now)
}

/// When something happens for want of an acknowledgement: a level of its ladder, or the deadline itself.
fn runs_out(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    let clocks = clocks(ticket, policy);
    let waits = clocks
        .iter()
        .filter(|clock| clock.running && clock.promise.metric == Metric::Acknowledge);
    waits
        .flat_map(|clock| clock.steps.iter().map(|step| step.at).chain(clock.due))
        .min()
}
