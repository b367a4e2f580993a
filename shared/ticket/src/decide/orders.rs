//! Orders: the changes that agents make with slash lines and operators on the command line.

use jiff::Timestamp;
use policy::{DepartmentId, PersonId, Priority, ScopeId, Status, Tier};

use super::{Draft, ENOUGH, merge, people, review};
use crate::clocks::clocks;
use crate::command::{Actor, Order, OrderAnswer, OrderLine, Refusal};
use crate::event::Event;
use crate::merge::MergeRefusal;
use crate::model::{Bound, Ticket, caps};
use crate::notice::{Addressee, Happening, Text};
use crate::secrets::mask;
use crate::words::Words;

/// A deadline that a change would put into the past is due this long after the change instead.
pub(super) const GRACE: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);

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
            line: mask(&line.line).0,
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
        // Refused orders leave no event, so the instant and what is answered tell one mail's answers from the next one's.
        let (seq, at) = (draft.ticket.seq.to_string(), draft.context.at.to_string());
        let said: Vec<String> = answers
            .iter()
            .map(|answer| format!("{} {}", answer.refused.is_some(), answer.line))
            .collect();
        let mut reason = vec!["orders", &seq, &at];
        reason.extend(said.iter().map(String::as_str));
        let to = Addressee::Staff(agent.clone());
        draft.notify(to, Text::OrdersAnswered { answers }, &reason);
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
    if let Some(into) = draft.ticket.merged_into {
        let number = into.number(&draft.policy().terms().prefix);
        return Err(MergeRefusal::Gone(number).into());
    }
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
        Order::Acknowledge => acknowledge(draft, by),
        Order::Expect { until, reason } => expect(draft, by, *until, reason),
        Order::OutOfScope(scope) => out_of_scope(draft, by, scope),
        Order::Review { reason } => review::by_staff(draft, by, reason),
        Order::Release { seq } => people::release(draft, by, *seq),
        Order::AddParticipant { who, earlier } => people::add(draft, by, who, *earlier),
        Order::RemoveParticipant { who } => people::remove(draft, by, who),
        Order::Merge { into, confirmed } => merge::into(draft, by, *into, *confirmed),
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
    if draft.ticket.bars(to) {
        return Err(Refusal::HadAPart(to.to_string()));
    }
    let seq = draft.record(by.clone(), Event::Assigned { to: to.clone() }, None);
    draft.tell(Happening::Assigned, seq, Some(by), |_| Text::Assigned {
        seq,
    });
    Ok(())
}

pub(super) fn priority(draft: &mut Draft<'_>, by: &Actor, to: Priority) -> Result<(), Refusal> {
    if draft.ticket.priority == to {
        return Err(Refusal::AlreadySo);
    }
    let mut after = draft.ticket.clone();
    after.priority = to;
    let bounds = bounds_of_change(draft, &after);
    draft.record(by.clone(), Event::PriorityChanged { to, bounds }, None);
    Ok(())
}

pub(super) fn department(
    draft: &mut Draft<'_>,
    by: &Actor,
    to: &DepartmentId,
) -> Result<(), Refusal> {
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
    tell_tier(draft, by, tier, seq);
    Ok(())
}

/// Tells of a tier that has the ticket now: its people what is asked of them, the customer that the work goes on there.
pub(super) fn tell_tier(draft: &mut Draft<'_>, by: &Actor, tier: Tier, seq: u32) {
    let happening = match tier {
        Tier::L1 => return,
        Tier::L2 => Happening::HandedOverL2,
        Tier::L3 => Happening::HandedOverL3,
    };
    draft.tell(happening, seq, Some(by), |to| match to {
        Addressee::Customer(_) => Text::PassedOn { tier },
        _ => Text::HandedOver { tier, seq },
    });
}

/// Somebody has it: what waits for that is not repeated.
fn acknowledge(draft: &mut Draft<'_>, by: &Actor) -> Result<(), Refusal> {
    let mut told = draft.ticket.told.iter();
    if !told.any(|told| told.times > 0 && !told.acknowledged) {
        return Err(Refusal::AlreadySo);
    }
    draft.record(by.clone(), Event::EscalationAcknowledged, None);
    Ok(())
}

fn expect(
    draft: &mut Draft<'_>,
    by: &Actor,
    until: Timestamp,
    reason: &str,
) -> Result<(), Refusal> {
    if until <= draft.context.now {
        return Err(Refusal::NotATime(until.to_string()));
    }
    if draft.ticket.expected == Some(until) {
        return Err(Refusal::AlreadySo);
    }
    let words = Some(Words::text(reason)).filter(|words| !words.text.is_empty());
    let seq = draft.record(by.clone(), Event::ExpectationSet { until }, words);
    // A reply in the same mail says it at its end.
    let said = |text: &Text| matches!(text, Text::Reply { .. });
    if !draft.notices.iter().any(|notice| said(&notice.text)) {
        draft.tell(Happening::ExpectationSet, seq, None, |_| {
            Text::ExpectationSet { until, seq }
        });
    }
    Ok(())
}

/// A courteous no: solved, and the customer's mail cites the clause.
fn out_of_scope(draft: &mut Draft<'_>, by: &Actor, scope: &ScopeId) -> Result<(), Refusal> {
    let rules = &draft.policy().terms().scope;
    if !rules.iter().any(|rule| rule.id == *scope) {
        return Err(unknown_scope(scope.as_ref(), draft.policy()));
    }
    if draft.ticket.is_settled() {
        return Err(Refusal::AlreadySo);
    }
    let scope = scope.clone();
    let event = Event::OutOfScope {
        scope: scope.clone(),
    };
    let seq = draft.record(by.clone(), event, None);
    let to = Status::Solved;
    draft.record(by.clone(), Event::StatusChanged { to }, None);
    draft.tell(Happening::OutOfScope, seq, None, |_| Text::OutOfScope {
        scope: scope.clone(),
    });
    Ok(())
}

/// A refusal that lists the scope rules there are.
pub(crate) fn unknown_scope(written: &str, policy: &policy::Policy) -> Refusal {
    let rules = policy.terms().scope.iter();
    let known: Vec<&str> = rules.map(|rule| rule.id.as_ref()).collect();
    Refusal::UnknownScope(written.to_owned(), known.join(", "))
}

/// What a change does to running deadlines: the published one does not move later than the customer
/// was promised, and none falls due in the past.
pub(super) fn bounds_of_change(draft: &Draft<'_>, after: &Ticket) -> Vec<Bound> {
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
            // Not later than it was, even so: what is due within the grace, or was missed, stays so.
            let earliest = earliest
                .filter(|_| in_the_past)
                .map(|at| old_due.map_or(at, |old| at.min(old)));
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
