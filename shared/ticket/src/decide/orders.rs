//! Orders: the changes that agents make with slash lines and operators on the command line.

use policy::{DepartmentId, PersonId, Priority, Status};

use super::{Draft, ENOUGH};
use crate::clocks::clocks;
use crate::command::{Actor, Order, OrderAnswer, OrderLine, Refusal};
use crate::event::Event;
use crate::model::{Bound, Ticket, Tier, caps};
use crate::notice::{Addressee, Happening, Text};
use crate::words::Words;

/// A deadline that a change would put into the past is due this long after the change instead.
const GRACE: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);

/// Carries out what an operator orders: all of it or nothing, because the refusal is read at once.
pub(super) fn all_or_nothing(
    draft: &mut Draft<'_>,
    by: &Actor,
    lines: &[OrderLine],
) -> Result<(), Refusal> {
    for line in lines {
        room(draft)?;
        one(draft, by, &line.order.clone()?)?;
    }
    Ok(())
}

/// Carries out each order by itself: one refused line does not undo the others. An agent is told what became of each.
pub(super) fn carry_out(draft: &mut Draft<'_>, by: &Actor, lines: &[OrderLine]) {
    let answers: Vec<OrderAnswer> = lines
        .iter()
        .map(|line| OrderAnswer {
            line: line.line.clone(),
            refused: line
                .order
                .clone()
                .and_then(|order| room(draft).and_then(|()| one(draft, by, &order)))
                .err(),
        })
        .collect();
    if let Actor::Agent(agent) = by
        && !answers.is_empty()
    {
        // Refused orders leave no event, so the instant tells one mail's answers from the next one's.
        let reason = [draft.ticket.seq.to_string(), draft.context.at.to_string()];
        let to = Addressee::Staff(agent.clone());
        let text = Text::OrdersAnswered { answers };
        draft.notify(to, text, &["orders", &reason[0], &reason[1]]);
    }
}

/// A transaction has room for so many rows: beyond [`ENOUGH`] notices, further orders are refused.
fn room(draft: &Draft<'_>) -> Result<(), Refusal> {
    if draft.notices.len() > ENOUGH {
        return Err(Refusal::TooMuchAtOnce);
    }
    Ok(())
}

/// Carries out one order.
pub(crate) fn one(draft: &mut Draft<'_>, by: &Actor, order: &Order) -> Result<(), Refusal> {
    if draft.ticket.status == Status::Closed {
        return Err(Refusal::TicketIsClosed);
    }
    match order {
        // The words have been kept as a note already.
        Order::Note => Ok(()),
        Order::Status(to) => status(draft, by, *to),
        Order::Assign(to) => assign(draft, by, to),
        Order::Priority(to) => priority(draft, by, *to),
        Order::Department(to) => department(draft, by, to),
        Order::HandOver { tier, reason } => hand_over(draft, by, *tier, reason),
    }
}

fn status(draft: &mut Draft<'_>, by: &Actor, to: Status) -> Result<(), Refusal> {
    if matches!(to, Status::New | Status::Closed) {
        return Err(Refusal::StatusNotByHand(to));
    }
    if draft.ticket.status == to {
        return Err(Refusal::AlreadySo);
    }
    if draft.ticket.statuses.len() >= caps::STATUS_CHANGES {
        return Err(Refusal::TicketIsFull);
    }
    let seq = draft.record(by.clone(), Event::StatusChanged { to }, None);
    if to == Status::Solved {
        draft.tell(Happening::Solved, seq, None, |_| Text::Solved { seq });
    }
    Ok(())
}

fn assign(draft: &mut Draft<'_>, by: &Actor, to: &PersonId) -> Result<(), Refusal> {
    if draft.policy().person(to).is_none() {
        return Err(Refusal::UnknownPerson(to.to_string()));
    }
    if draft.ticket.assignee.as_ref() == Some(to) {
        return Err(Refusal::AlreadySo);
    }
    let seq = draft.record(by.clone(), Event::Assigned { to: to.clone() }, None);
    draft.tell(Happening::Assigned, seq, Some(by), |_| Text::Assigned {
        seq,
    });
    Ok(())
}

fn priority(draft: &mut Draft<'_>, by: &Actor, to: Priority) -> Result<(), Refusal> {
    if draft.ticket.priority == to {
        return Err(Refusal::AlreadySo);
    }
    let mut after = draft.ticket.clone();
    after.priority = to;
    let bounds = bounds_of_change(draft, &after);
    draft.record(by.clone(), Event::PriorityChanged { to, bounds }, None);
    Ok(())
}

fn department(draft: &mut Draft<'_>, by: &Actor, to: &DepartmentId) -> Result<(), Refusal> {
    if draft.policy().department(to).is_none() {
        return Err(Refusal::UnknownDepartment(to.to_string()));
    }
    if draft.ticket.department.as_ref() == Some(to) {
        return Err(Refusal::AlreadySo);
    }
    let mut after = draft.ticket.clone();
    after.department = Some(to.clone());
    let bounds = bounds_of_change(draft, &after);
    let event = Event::DepartmentChanged {
        to: to.clone(),
        bounds,
    };
    let seq = draft.record(by.clone(), event, None);
    if draft.ticket.assignee.is_none() {
        draft.tell(Happening::Moved, seq, Some(by), |_| Text::Opened { seq: 1 });
    }
    Ok(())
}

fn hand_over(draft: &mut Draft<'_>, by: &Actor, tier: Tier, reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if draft.ticket.tier == tier {
        return Err(Refusal::AlreadySo);
    }
    let words = Some(Words::text(reason));
    let seq = draft.record(by.clone(), Event::HandedOver { to: tier }, words);
    let happening = match tier {
        Tier::L1 => return Ok(()),
        Tier::L2 => Happening::HandedOverL2,
        Tier::L3 => Happening::HandedOverL3,
    };
    draft.tell(happening, seq, Some(by), |_| Text::HandedOver { tier, seq });
    Ok(())
}

/// What a change does to running deadlines: the published one does not move later than the customer
/// was promised, and none falls due in the past.
fn bounds_of_change(draft: &Draft<'_>, after: &Ticket) -> Vec<Bound> {
    let before = clocks(&draft.ticket, draft.policy());
    let earliest = draft.context.now.checked_add(GRACE).ok();
    clocks(after, draft.policy())
        .iter()
        .filter(|clock| clock.running)
        .filter_map(|clock| {
            let metric = clock.promise.metric;
            let published = clock.promise.published;
            let old = before
                .iter()
                .find(|old| old.promise.metric == metric && old.promise.published == published);
            let old_due = old.and_then(|old| old.due);
            let due = clock.due?;
            let latest = old_due.filter(|old| published && *old < due);
            let in_the_past = due < draft.context.now && old_due.is_none_or(|old| old > due);
            let earliest = earliest.filter(|_| in_the_past);
            (latest.is_some() || earliest.is_some()).then_some(Bound {
                metric,
                cycle: clock.cycle,
                published,
                latest,
                earliest,
            })
        })
        .collect()
}
