//! What a customer is told of working hours where the policy names no time.

use jiff::Timestamp;
use policy::{Metric, Policy};

use crate::clocks::clocks;
use crate::model::Ticket;

/// When the department's working hours begin again, for a ticket that came in outside them and has no published time for
/// its answer: then this is all that the customer can expect. None before triage, because nobody knows whose hours count.
pub fn next_hours(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    let answers = |metric| matches!(metric, Metric::FirstResponse | Metric::Resolution);
    let timed = clocks(ticket, policy)
        .iter()
        .any(|clock| clock.promise.published && answers(clock.promise.metric));
    let department = ticket.department.as_ref().filter(|_| !timed)?;
    let opens = policy.next_opening(department, ticket.opened_at)?;
    (opens > ticket.opened_at).then_some(opens)
}
