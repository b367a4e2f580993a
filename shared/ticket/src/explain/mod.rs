//! Why a deadline is when it is, as data: what the words for people, the pages and the JSON are made from.

mod forward;

use jiff::Timestamp;
use policy::{
    CalendarId, DepartmentId, Metric, Point, Policy, PolicyHash, PromiseId, Status, Strength,
    Stretch, Target, Why,
};
use serde::Serialize;

use crate::clocks::Clock;
use crate::model::Ticket;

pub use forward::{Coming, forward};

/// How one clock of a ticket came to its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The promise.
    pub promise: PromiseId,
    /// The clause that makes it.
    pub clause: Option<String>,
    /// What it measures.
    pub metric: Metric,
    /// Whether customers are told of it.
    pub published: bool,
    /// How binding it is.
    pub strength: Strength,
    /// How much time it allows.
    pub target: Target,
    /// The policy version that says so.
    pub policy: PolicyHash,
    /// The department whose hours count.
    pub department: DepartmentId,
    /// The calendar that counts.
    pub calendar: CalendarId,
    /// The IANA zone of its hours, in which the stretches are to be read.
    pub zone: String,
    /// The cycle of the clock.
    pub cycle: u32,
    /// When the clock started.
    pub start: Timestamp,
    /// What became of the time from there on, without gaps.
    pub stretches: Vec<Passage>,
    /// The seconds that count up to the end of the stretches.
    pub counted: i64,
    /// Where the count ends; none while the clock is paused without an end in sight.
    pub derived: Option<Timestamp>,
    /// The instant before which it is not due, so that nobody who wrote later is due earlier, where that held it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_order: Option<Timestamp>,
    /// The deadline that holds; another than `derived` where a change of the ticket may not move it.
    pub due: Option<Timestamp>,
    /// When the promise was kept, if it was.
    pub met_at: Option<Timestamp>,
    /// Whether it was missed.
    pub missed: bool,
}

/// One stretch of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// From when to when, and why it counts or not.
    #[serde(flatten)]
    pub stretch: Stretch,
    /// The status in which the clock stood still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// Explains a clock: up to its deadline or, where a pause hides that, up to `now`.
pub fn explain(ticket: &Ticket, policy: &Policy, clock: &Clock<'_>, now: Timestamp) -> Explanation {
    let (promise, department) = (clock.promise, &clock.department);
    let derived = policy.instant(promise, Some(department), &clock.run, &Point::DUE);
    let until = derived.unwrap_or(now);
    let stretches = policy.stretches(promise, department, &clock.run, until);
    let counting = |stretch: &&Stretch| stretch.why == Why::Counted;
    let counted = stretches
        .iter()
        .filter(counting)
        .map(Stretch::seconds)
        .sum();
    let calendar = policy.counts_on(promise, department);
    let zone = policy
        .calendar(&calendar)
        .map_or(&policy.terms().zone, |calendar| &calendar.zone);
    Explanation {
        promise: promise.id.clone(),
        clause: promise.clause.clone(),
        metric: promise.metric,
        published: promise.published,
        strength: promise.strength,
        target: promise.target.clone(),
        policy: ticket.policy.clone(),
        department: department.clone(),
        zone: zone.name().to_owned(),
        calendar,
        cycle: clock.cycle,
        start: clock.run.start,
        stretches: stretches
            .into_iter()
            .flat_map(|stretch| passages(ticket, stretch))
            .collect(),
        counted,
        derived,
        in_order: clock.run.not_before,
        due: clock.due,
        met_at: clock.met_at,
        missed: clock.missed,
    }
}

/// A stretch with its status; a pause over several statuses becomes one stretch each.
fn passages(ticket: &Ticket, stretch: Stretch) -> Vec<Passage> {
    if stretch.why != Why::Paused {
        return vec![Passage {
            stretch,
            status: None,
        }];
    }
    let mut passages: Vec<Passage> = Vec::new();
    for (index, change) in ticket.statuses.iter().enumerate() {
        let ended = ticket.statuses.get(index + 1).map(|next| next.at);
        let from = change.at.max(stretch.from);
        let until = ended.unwrap_or(stretch.until).min(stretch.until);
        if from < until {
            passages.push(Passage {
                stretch: Stretch {
                    from,
                    until,
                    why: Why::Paused,
                },
                status: Some(change.to),
            });
        }
    }
    passages
}
