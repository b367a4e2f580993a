//! What a newer version of the policy would do to a ticket: the deadlines under both, and which is better for the customer.

use jiff::Timestamp;
use policy::{Metric, Policy, PromiseId, Status};
use serde::{Deserialize, Serialize};

use crate::clocks::{Clock, clocks};
use crate::model::{StatusChange, Ticket};

/// A published promise to the customer under two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// What is measured.
    pub metric: Metric,
    /// The promise under the version that the ticket is held to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseId>,
    /// Its deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The promise under the newer one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_promise: Option<PromiseId>,
    /// Its deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_due: Option<Timestamp>,
}

impl Compared {
    /// Whether the newer version would owe the customer this later, or not at all.
    pub fn is_worse(&self) -> bool {
        match (self.due, self.new_due) {
            (Some(old), Some(new)) => new > old,
            (Some(_), None) => true,
            (None, _) => self.promise.is_some() && self.new_promise.is_none(),
        }
    }
}

/// What keeps a ticket under its version although a newer one is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Something would be owed to the customer later, or not at all.
    Worse,
    /// A promise was missed, whether or not a tick has come to that; the newer version has another in its place, which would
    /// be told of as if it were new.
    MissedAlready,
    /// Its number begins otherwise: the customer would not know it again.
    OtherPrefix,
    /// Its department does not exist any more.
    NoDepartment,
    /// The agent who has it does not exist any more.
    NoAssignee,
}

/// The ticket under both versions: what keeps it under its own, if anything does, and the deadlines.
///
/// Published promises only: an internal one is nothing to the customer. A clock that stands still is compared as if it
/// went on now, and the answer to what the customer may write next as if they wrote now, so that the newer version
/// cannot be worse for them later either.
pub fn compare(
    ticket: &Ticket,
    own: &Policy,
    newer: &Policy,
    now: Timestamp,
) -> (Option<Kept>, Vec<Compared>) {
    let ahead = as_if_running(ticket, now);
    let owed = owed(&ahead, own);
    let newly = self::owed(&ahead, newer);
    let deadlines: Vec<Compared> = Metric::ALL
        .iter()
        .filter_map(|metric| {
            let of = |clocks: &[Clock<'_>]| {
                let clock = clocks.iter().find(|clock| clock.promise.metric == *metric);
                clock.map(|clock| (clock.promise.id.clone(), clock.due))
            };
            let (own, newer) = (of(&owed), of(&newly));
            (own.is_some() || newer.is_some()).then(|| Compared {
                metric: *metric,
                due: own.as_ref().and_then(|(_, due)| *due),
                promise: own.map(|(promise, _)| promise),
                new_due: newer.as_ref().and_then(|(_, due)| *due),
                new_promise: newer.map(|(promise, _)| promise),
            })
        })
        .collect();
    (kept(ticket, (own, newer), &deadlines, now), deadlines)
}

fn kept(
    ticket: &Ticket,
    (own, newer): (&Policy, &Policy),
    deadlines: &[Compared],
    now: Timestamp,
) -> Option<Kept> {
    let missed = |compared: &&Compared| {
        let mut known = ticket.missed.iter();
        let known = known.any(|missed| Some(&missed.promise) == compared.promise.as_ref());
        let is_over = compared.due.is_some_and(|due| due <= now);
        compared.promise != compared.new_promise && (known || is_over)
    };
    if own.terms().prefix != newer.terms().prefix {
        Some(Kept::OtherPrefix)
    } else if ticket
        .department
        .as_ref()
        .is_some_and(|id| newer.department(id).is_none())
    {
        Some(Kept::NoDepartment)
    } else if ticket
        .assignee
        .as_ref()
        .is_some_and(|id| newer.person(id).is_none())
    {
        Some(Kept::NoAssignee)
    } else if deadlines.iter().any(Compared::is_worse) {
        Some(Kept::Worse)
    } else {
        deadlines.iter().find(missed).map(|_| Kept::MissedAlready)
    }
}

/// The published clocks that are not met.
fn owed<'p>(ticket: &Ticket, policy: &'p Policy) -> Vec<Clock<'p>> {
    let mut clocks = clocks(ticket, policy);
    clocks.retain(|clock| clock.promise.published && clock.met_at.is_none());
    clocks
}

/// The ticket as if nobody were waited for, and the customer had just written.
fn as_if_running(ticket: &Ticket, now: Timestamp) -> Ticket {
    let mut ticket = ticket.clone();
    if matches!(ticket.status, Status::Pending | Status::OnHold) {
        ticket.status = Status::Open;
        let at = ticket.statuses.last().map_or(now, |last| last.at.max(now));
        ticket.statuses.push(StatusChange {
            at,
            to: Status::Open,
        });
    }
    if ticket.waiting_since.is_none() {
        ticket.waiting_since = Some(now.max(ticket.opened_at));
        ticket.response_cycle += 1;
    }
    ticket
}
