//! Steps that expect something of tickets and their logs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Play;
use super::expect::minute;
use super::steps::{ExpectHistory, ExpectTicket, ExpectTickets};

impl Play {
    pub(super) fn expect_ticket(&self, wanted: &ExpectTicket) -> Result<(), String> {
        let number = self.number(wanted.ticket)?;
        let ticket = self.desk.troth_json(&["ticket", "show", &number]);
        let checked = self.check_ticket(wanted, &ticket);
        checked.map_err(|problem| format!("{problem}\nof this ticket:\n{ticket:#}"))
    }

    fn check_ticket(&self, wanted: &ExpectTicket, ticket: &Value) -> Result<(), String> {
        let texts = [
            ("status", &wanted.status),
            ("type", &wanted.r#type),
            ("channel", &wanted.channel),
            ("department", &wanted.department),
            ("priority", &wanted.priority),
            ("assignee", &wanted.assignee),
            ("tier", &wanted.tier),
            ("lang", &wanted.lang),
            ("subject", &wanted.subject),
        ];
        for (key, wanted) in texts {
            let found = ticket[key].as_str().unwrap_or("triage");
            if wanted.as_ref().is_some_and(|wanted| wanted != found) {
                return Err(format!("expected {key} {wanted:?}, it is {}", ticket[key]));
            }
        }
        if let Some(nth) = wanted.related {
            let other = self.player.ticket(nth)?;
            equal("related", &ticket["related"], &other["id"])?;
        }
        if let Some(messages) = wanted.messages {
            equal("messages", &ticket["messages"], &messages.into())?;
        }
        if let Some(proved) = wanted.proved {
            equal(
                "requester_proved",
                &ticket["requester_proved"],
                &proved.into(),
            )?;
        }
        Self::check_deadlines(wanted, ticket)?;
        let people = ticket["people"].as_array().into_iter().flatten();
        let unreached = people.filter(|person| person["reached"] == false);
        same(
            "people not reached",
            wanted.not_reached.as_ref(),
            unreached.map(|person| &person["address"]),
        )
    }

    fn check_deadlines(wanted: &ExpectTicket, ticket: &Value) -> Result<(), String> {
        let deadlines = || ticket["deadlines"].as_array().into_iter().flatten();
        let states = [
            ("running", &wanted.running),
            ("paused", &wanted.paused),
            ("met", &wanted.met),
        ];
        for (state, wanted) in states {
            let found = deadlines().filter(|deadline| deadline["state"] == state);
            same(
                state,
                wanted.as_ref(),
                found.map(|deadline| &deadline["promise"]),
            )?;
        }
        let missed = deadlines().filter(|deadline| deadline["missed"] == true);
        same(
            "missed",
            wanted.missed.as_ref(),
            missed.map(|deadline| &deadline["promise"]),
        )?;
        for (promise, due) in &wanted.due {
            let deadline = deadlines().find(|deadline| deadline["promise"] == promise.as_str());
            let found = deadline
                .and_then(|d| d["due"].as_str())
                .and_then(|due| due.parse::<Timestamp>().ok());
            if found.map(minute) != Some(minute(due.0)) {
                return Err(format!(
                    "expected {promise} due at {}, it is {found:?}",
                    minute(due.0)
                ));
            }
        }
        Ok(())
    }

    pub(super) fn expect_tickets(&self, wanted: &ExpectTickets) -> Result<(), String> {
        let tickets = self.desk.tickets();
        if tickets.len() == wanted.count {
            return Ok(());
        }
        Err(format!(
            "expected {} tickets, there are {}: {tickets:#?}",
            wanted.count,
            tickets.len()
        ))
    }

    pub(super) fn expect_history(&self, wanted: &ExpectHistory) -> Result<(), String> {
        let number = self.number(wanted.ticket)?;
        let log = self.desk.troth_json(&["ticket", "history", &number]);
        let events = log["events"].as_array().into_iter().flatten();
        let of_kind = events.filter(|event| is_event(&event["event"], &wanted.event));
        let texts: Vec<String> = of_kind
            .map(|event| format!("{event:#}").replace("\\n", "\n"))
            .collect();
        let fits = |text: &&String| {
            self.player
                .holds("the event", text, &wanted.contains)
                .is_ok()
        };
        let (found, count) = (texts.iter().filter(fits).count(), wanted.count.unwrap_or(1));
        let checked = if found == count {
            texts
                .iter()
                .try_for_each(|text| self.player.lacks("the event", text, &wanted.lacks))
        } else {
            let event = &wanted.event;
            Err(format!(
                "expected {count} events {event} with this, there are {found}"
            ))
        };
        checked.map_err(|problem| format!("{problem}\nin this log:\n{log:#}"))
    }

    fn number(&self, nth: Option<usize>) -> Result<String, String> {
        let ticket = self.player.ticket(nth.unwrap_or(1))?;
        Ok(ticket["number"].as_str().unwrap_or_default().to_owned())
    }
}

/// Whether a logged event is of this kind: its name, or an object with its name as the only key.
fn is_event(event: &Value, kind: &str) -> bool {
    event == kind || event.get(kind).is_some()
}

fn equal(what: &str, found: &Value, wanted: &Value) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    Err(format!("expected {what} {wanted}, it is {found}"))
}

/// Compares two sets of names, if one is wanted at all.
fn same<'v>(
    what: &str,
    wanted: Option<&Vec<String>>,
    found: impl Iterator<Item = &'v Value>,
) -> Result<(), String> {
    let Some(wanted) = wanted else { return Ok(()) };
    let found: BTreeSet<&str> = found.filter_map(Value::as_str).collect();
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    if found == wanted {
        return Ok(());
    }
    Err(format!("expected {what}: {wanted:?}, there is {found:?}"))
}
