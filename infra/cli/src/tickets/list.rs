//! `troth ticket list`.

use std::sync::Arc;

use jiff::Timestamp;
use policy::Policy;
use serde_json::{Value, json};
use store::{Listed, Store};
use ticket::{Ticket, clocks};

use super::{Error, text};
use crate::connection;

/// All tickets, each with the policy version it is held to.
pub(super) struct Listing {
    current: Arc<Policy>,
    rows: Vec<Row>,
}

struct Row {
    listed: Listed,
    policy: Arc<Policy>,
    deadline: Option<Deadline>,
}

/// The deadline that comes first of those that run.
struct Deadline {
    due: Timestamp,
    promise: String,
}

impl Listing {
    pub(super) async fn read(store: &Store) -> Result<Self, Error> {
        let current = store.nearest_policy(Timestamp::now()).await?;
        let current = current.ok_or(connection::Error::NoPolicy)?;
        let mut rows = Vec::new();
        for listed in store.tickets(&current).await? {
            let policy = store.policy(&listed.ticket.policy).await?;
            let deadline = first_deadline(&listed, &policy);
            rows.push(Row {
                listed,
                policy,
                deadline,
            });
        }
        rows.sort_by_key(|row| {
            let due = row.deadline.as_ref().map(|deadline| deadline.due);
            (due.is_none(), due, row.listed.ticket.opened_at)
        });
        Ok(Self { current, rows })
    }

    pub(super) fn print(&self, json: bool) -> String {
        if json {
            return text::json(&self.rows.iter().map(Row::json).collect());
        }
        if self.rows.is_empty() {
            return "no tickets\n".to_owned();
        }
        let zone = &self.current.terms().zone;
        let due = format!("NEXT DUE ({})", zone.name());
        let heading = [
            "NUMBER",
            "STATUS",
            "DEPARTMENT",
            "PRIORITY",
            "ASSIGNEE",
            &due,
            "SUBJECT",
        ];
        let mut lines = vec![heading.map(str::to_owned)];
        lines.extend(self.rows.iter().map(|row| {
            let ticket = &row.listed.ticket;
            [
                row.number(),
                status(ticket, &row.policy.terms().prefix),
                or_else(ticket.department.as_ref(), "triage"),
                ticket.priority.to_string(),
                or_else(ticket.assignee.as_ref(), "-"),
                text::time_or(row.deadline.as_ref().map(|d| d.due), zone, "-"),
                text::subject(&row.listed.subject),
            ]
        }));
        text::columns(&lines)
    }
}

fn status(ticket: &Ticket, prefix: &str) -> String {
    match ticket.merged_into {
        Some(into) => format!("merged into {}", into.number(prefix)),
        None => ticket.status.to_string(),
    }
}

fn first_deadline(listed: &Listed, policy: &Policy) -> Option<Deadline> {
    clocks(&listed.ticket, policy)
        .iter()
        .filter(|clock| clock.running)
        .filter_map(|clock| {
            Some(Deadline {
                due: clock.due?,
                promise: clock.promise.id.to_string(),
            })
        })
        .min_by_key(|deadline| deadline.due)
}

pub(super) fn or_else(value: Option<&impl ToString>, none: &str) -> String {
    value.map_or_else(|| none.to_owned(), ToString::to_string)
}

impl Row {
    fn number(&self) -> String {
        self.listed.ticket.id.number(&self.policy.terms().prefix)
    }

    fn json(&self) -> Value {
        let ticket = &self.listed.ticket;
        json!({
            "number": self.number(),
            "id": ticket.id,
            "subject": self.listed.subject,
            "status": ticket.status,
            "type": ticket.ticket_type,
            "channel": ticket.channel,
            "department": ticket.department,
            "priority": ticket.priority,
            "assignee": ticket.assignee,
            "tier": ticket.tier,
            "opened_at": ticket.opened_at,
            "merged_into": ticket.merged_into.map(|id| id.number(&self.policy.terms().prefix)),
            "next_due": self.deadline.as_ref().map(|deadline| deadline.due),
            "next_promise": self.deadline.as_ref().map(|deadline| &deadline.promise),
            "wakes_at": self.listed.next_due,
            "messages": ticket.messages,
            "policy": ticket.policy,
        })
    }
}
