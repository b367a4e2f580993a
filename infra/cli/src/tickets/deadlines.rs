//! Every deadline of a ticket: the promise that set it, where its clock stands, and whom its ladder told.

use std::fmt::Write;

use policy::{Policy, Recipient, Zone};
use serde_json::{Value, json};
use ticket::{Clock, Ticket, clocks};

use super::text;

pub(super) fn as_json(ticket: &Ticket, policy: &Policy) -> Value {
    clocks(ticket, policy).iter().map(deadline).collect()
}

fn deadline(clock: &Clock<'_>) -> Value {
    let promise = clock.promise;
    json!({
        "promise": promise.id,
        "clause": promise.clause,
        "metric": promise.metric,
        "target": promise.target.to_string(),
        "strength": promise.strength,
        "published": promise.published,
        "department": clock.department,
        "cycle": clock.cycle,
        "start": clock.run.start,
        "pauses": clock.run.pauses,
        "due": clock.due,
        "state": state(clock),
        "met_at": clock.met_at,
        "missed": clock.missed,
        "ladder": ladder(clock),
    })
}

fn ladder(clock: &Clock<'_>) -> Vec<Value> {
    let step = |step: &ticket::Step<'_>| {
        json!({
            "level": step.level.id,
            "point": step.level.at.to_string(),
            "to": step.level.to,
            "at": step.at,
            "told": step.told,
        })
    };
    clock.steps.iter().map(step).collect()
}

fn state(clock: &Clock<'_>) -> &'static str {
    if clock.met_at.is_some() {
        "met"
    } else if clock.running {
        "running"
    } else {
        "paused"
    }
}

/// One block a deadline: promise and target, clock, ladder.
pub(super) fn as_text(ticket: &Ticket, policy: &Policy, zone: &Zone) -> String {
    let mut out = String::new();
    for clock in &clocks(ticket, policy) {
        // Before triage another department's clock may be the strictest.
        let department = Some(&clock.department);
        let whose = department.filter(|_| ticket.department.is_none());
        let whose = whose.map_or_else(String::new, |whose| format!(", as for {whose}"));
        let _ = writeln!(out, "{}{whose}", said(clock));
        let mut lines = vec![[
            "due".to_owned(),
            text::time_or(clock.due, zone, "open while the clock is paused"),
            standing(clock, zone),
        ]];
        lines.extend(clock.steps.iter().map(|step| {
            let to: Vec<String> = step.level.to.iter().map(Recipient::to_string).collect();
            let told = if step.told { "told" } else { "not told" };
            [
                format!("{} ({})", step.level.id, step.level.at),
                text::time(step.at, zone),
                format!("{told}: {}", to.join(", ")),
            ]
        }));
        out.push_str(&text::indented(&text::columns(&lines), "    "));
    }
    out
}

/// `first_response: first-response (AU.2), 24 weekday hours, target, published`.
fn said(clock: &Clock<'_>) -> String {
    let promise = clock.promise;
    let clause = promise.clause.as_ref();
    let clause = clause.map_or_else(String::new, |clause| format!(" ({clause})"));
    let whom = if promise.published {
        "published"
    } else {
        "internal"
    };
    let cycle = match clock.cycle {
        1 => String::new(),
        cycle => format!(", cycle {cycle}"),
    };
    format!(
        "{}: {}{clause}, {}, {}, {whom}{cycle}",
        promise.metric, promise.id, promise.target, promise.strength
    )
}

fn standing(clock: &Clock<'_>, zone: &Zone) -> String {
    let missed = if clock.missed { ", missed" } else { "" };
    match clock.met_at {
        Some(at) => format!("met {}{missed}", text::time(at, zone)),
        None => format!("{}{missed}", state(clock)),
    }
}
