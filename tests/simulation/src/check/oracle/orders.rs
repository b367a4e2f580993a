//! What an agent's slash lines must have done to the ticket, line by line.

use std::collections::{BTreeMap, VecDeque};

use policy::{PersonId, Priority, Status, TicketType, Tier};
use ticket::{AddressHash, Event, Recorded};

use super::Ordered;
use super::case::Case;

/// Compares what an agent ordered with what happened; `case` is the ticket before the first order.
pub(super) fn check(
    mut case: Case<'_>,
    by: &PersonId,
    ordered: &Ordered,
    people: &BTreeMap<String, String>,
    events: &[&Recorded],
) -> Option<String> {
    let mut done = events.iter();
    // An entry's number means another entry on the ticket that goes on.
    let lines = ordered.agent.orders.iter();
    let lines = lines.filter(|line| !(ordered.moved && line.starts_with("/release")));
    let mut steps: VecDeque<(&str, &str)> = lines.map(|line| (line.as_str(), "")).collect();
    while let Some((line, then)) = steps.pop_front() {
        // Whether two tickets may be merged is asked where both are known.
        let next = done.as_slice().first().map(|it| &it.event);
        let merges = line.starts_with("/merge") && matches!(next, Some(Event::MergedInto { .. }));
        let wanted = match then {
            _ if case.merged_into.is_some() => None,
            _ if merges => Some("merged".to_owned()),
            "" => wanted(&case, line, by, people),
            then => Some(then.to_owned()),
        };
        let Some(wanted) = wanted else {
            continue;
        };
        if wanted == "out of scope" {
            steps.push_front((line, "status Solved"));
        }
        let Some(found) = done.next() else {
            return Some(format!("\"{line}\" was not carried out: {wanted}"));
        };
        if name(&found.event) != wanted {
            return Some(format!(
                "\"{line}\" should have given {wanted}; it gave {}",
                name(&found.event)
            ));
        }
        case.add(found);
    }
    done.next()
        .map(|more| format!("nobody ordered {}", name(&more.event)))
}

/// An event as orders give it, without what follows from it.
fn name(event: &Event) -> String {
    match event {
        Event::PriorityChanged { to, .. } => format!("priority {to:?}"),
        Event::DepartmentChanged { to, .. } => format!("department {to}"),
        Event::StatusChanged { to } => format!("status {to:?}"),
        Event::Assigned { to } => format!("assigned {to}"),
        Event::HandedOver { to } => format!("tier {to:?}"),
        Event::EscalationAcknowledged => "taken".to_owned(),
        Event::ExpectationSet { .. } => "expected".to_owned(),
        Event::MergedInto { .. } => "merged".to_owned(),
        Event::ParticipantAdded { earlier, .. } => joins(*earlier),
        Event::ParticipantRemoved { .. } => "left".to_owned(),
        Event::Released { seq } => format!("released {seq}"),
        Event::OutOfScope { .. } => "out of scope".to_owned(),
        Event::ComplaintEscalated { .. } => "review".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Whoever joins reads what comes, and what was only if the order says so.
fn joins(earlier: bool) -> String {
    let what = if earlier { ", reads all" } else { "" };
    format!("joined{what}")
}

/// What a line does to the ticket as it is; none if it changes nothing.
fn wanted(
    case: &Case<'_>,
    line: &str,
    by: &PersonId,
    people: &BTreeMap<String, String>,
) -> Option<String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let first = rest.split(' ').next().unwrap_or_default();
    let status = |to: Status| (case.status != to).then(|| format!("status {to:?}"));
    match word {
        "/open" => status(Status::Open),
        "/pending" => status(Status::Pending),
        "/hold" => status(Status::OnHold),
        "/solve" => status(Status::Solved),
        "/assign" => {
            let to = if first == "me" {
                by.to_string()
            } else {
                first.to_owned()
            };
            let has = case
                .assignee
                .as_ref()
                .is_some_and(|it| it.to_string() == to);
            let barred = case.under_review && case.barred.iter().any(|it| it.to_string() == to);
            let mut people = case.policy.terms().people.iter();
            let known = people.any(|it| it.id.as_ref() == to);
            (known && !has && !barred).then(|| format!("assigned {to}"))
        }
        "/priority" => {
            let to = [
                Priority::Low,
                Priority::Normal,
                Priority::High,
                Priority::Urgent,
            ];
            let to = to
                .into_iter()
                .find(|it| format!("{it:?}").eq_ignore_ascii_case(first))?;
            (case.priority != to).then(|| format!("priority {to:?}"))
        }
        "/department" => {
            let is = case
                .department
                .as_ref()
                .is_some_and(|it| it.to_string() == first);
            let mut departments = case.policy.terms().departments.iter();
            let known = departments.any(|it| it.id.as_ref() == first);
            (known && !is).then(|| format!("department {first}"))
        }
        "/escalate" => {
            let tier = [Tier::L1, Tier::L2, Tier::L3]
                .into_iter()
                .find(|it| format!("{it:?}") == first)?;
            let reason = rest.contains(' ');
            (reason && case.tier != tier).then(|| format!("tier {tier:?}"))
        }
        "/ack" => case.is_untaken().then(|| "taken".to_owned()),
        "/participant" => {
            let mut words = rest.split(' ').skip(1);
            let address = words.next()?;
            let is = |hash: &AddressHash| {
                people
                    .get(hash.as_str())
                    .is_some_and(|known| known == address)
            };
            let takes_part = case.participants.iter().any(is);
            let other = !is(case.requester());
            match first {
                "add" => (!takes_part && other).then(|| joins(words.next() == Some("earlier"))),
                _ => (takes_part && other).then(|| "left".to_owned()),
            }
        }
        "/release" => {
            let entry = first.parse().ok()?;
            let waits = case.withheld.contains(&entry);
            waits.then(|| format!("released {entry}"))
        }
        "/out-of-scope" => {
            let known = case.policy.terms().scope.iter();
            let known = known.map(|it| it.id.as_ref()).any(|it| it == first);
            (known && !case.settled()).then(|| "out of scope".to_owned())
        }
        "/review" => {
            let possible = case.opened.ticket_type == TicketType::Complaint
                && case.policy.terms().complaint_escalation.is_some();
            (possible && !case.under_review).then(|| "review".to_owned())
        }
        "/expect" => {
            let ahead = first.starts_with("2026-12-");
            (case.expected.is_none() && ahead).then(|| "expected".to_owned())
        }
        _ => None,
    }
}
