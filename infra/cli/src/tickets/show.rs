//! `troth ticket show`.

use std::fmt::Write;

use serde_json::{Value, json};
use store::{OutboxEntry, Participant, Store, Stored};
use ticket::Ticket;

use super::list::or_else;
use super::notices::People;
use super::{Error, deadlines, notices, text};

/// Where a ticket goes on, and which tickets go on with it: a name and what stands behind it.
pub(crate) fn merged(ticket: &Ticket, prefix: &str) -> Vec<[String; 2]> {
    let into = ticket.merged_into.iter();
    let into = into.map(|id| ["merged into".to_owned(), id.number(prefix)]);
    let from = ticket.merged_from.iter();
    let from = from.map(|id| ["merged from".to_owned(), id.number(prefix)]);
    into.chain(from).collect()
}

/// A ticket with its people and notices.
pub(super) struct Page {
    pub(super) stored: Stored,
    people: Vec<Participant>,
    pub(super) notices: Vec<OutboxEntry>,
}

impl Page {
    pub(super) async fn read(store: &Store, stored: Stored) -> Result<Self, Error> {
        let id = stored.ticket.id;
        let mut people = Vec::new();
        let others = stored.ticket.participants.iter();
        for hash in std::iter::once(&stored.ticket.requester).chain(others) {
            people.extend(store.participant(id, hash).await?);
        }
        let notices = store.notices(id).await?;
        Ok(Self {
            stored,
            people,
            notices,
        })
    }

    pub(super) fn print(&self, json: bool) -> String {
        if json {
            text::json(&self.json())
        } else {
            self.text()
        }
    }

    pub(super) fn number(&self) -> String {
        let prefix = &self.stored.policy.terms().prefix;
        self.stored.ticket.id.number(prefix)
    }

    pub(super) fn named(&self) -> People<'_> {
        let customers = self.people.iter();
        People {
            policy: &self.stored.policy,
            customers: customers
                .map(|person| (person.hash.clone(), person.address.clone()))
                .collect(),
        }
    }

    fn role(&self, person: &Participant) -> &'static str {
        if person.hash == self.stored.ticket.requester {
            "requester"
        } else {
            "participant"
        }
    }

    fn reached(&self, person: &Participant) -> bool {
        !self.stored.ticket.not_reached.contains(&person.hash)
    }

    pub(super) fn json(&self) -> Value {
        let Stored {
            ticket,
            subject,
            policy,
            next_due,
        } = &self.stored;
        let people = self.people.iter().map(|person| {
            json!({
                "role": self.role(person),
                "address": person.address,
                "name": person.name,
                "hash": person.hash,
                "reached": self.reached(person),
            })
        });
        json!({
            "number": self.number(),
            "id": ticket.id,
            "subject": subject,
            "status": ticket.status,
            "type": ticket.ticket_type,
            "channel": ticket.channel,
            "department": ticket.department,
            "priority": ticket.priority,
            "assignee": ticket.assignee,
            "tier": ticket.tier,
            "lang": ticket.lang,
            "zone": ticket.zone,
            "opened_at": ticket.opened_at,
            "acknowledged_at": ticket.acknowledged_at,
            "first_reply_at": ticket.first_reply_at,
            "recorded_at": ticket.recorded_at,
            "wakes_at": next_due,
            "events": ticket.seq,
            "messages": ticket.messages,
            "merged_into": ticket.merged_into.map(|id| id.number(&policy.terms().prefix)),
            "merged_from": self.merged_from(),
            "related": ticket.related,
            "held": ticket.held,
            "requester_proved": ticket.requester_proved,
            "statuses": ticket.statuses,
            "policy": { "id": policy.terms().id, "version": policy.hash() },
            "people": people.collect::<Value>(),
            "deadlines": deadlines::as_json(ticket, policy),
            "notices": notices::as_json(&self.notices, &self.named()),
        })
    }

    fn text(&self) -> String {
        let Stored {
            ticket,
            subject,
            policy,
            next_due,
        } = &self.stored;
        let zone = &policy.terms().zone;
        let mut out = format!("{}  {}\n", self.number(), text::subject(subject));
        let mut facts = vec![
            ["status", ticket.status.as_str()].map(str::to_owned),
            ["type", ticket.ticket_type.as_str()].map(str::to_owned),
            ["priority", ticket.priority.as_str()].map(str::to_owned),
            [
                "department".to_owned(),
                or_else(ticket.department.as_ref(), "none yet (triage)"),
            ],
            [
                "assignee".to_owned(),
                or_else(ticket.assignee.as_ref(), "nobody"),
            ],
            ["tier", ticket.tier.as_str()].map(str::to_owned),
            [
                "opened".to_owned(),
                format!(
                    "{} by {}",
                    text::time(ticket.opened_at, zone),
                    ticket.channel
                ),
            ],
            [
                "next step".to_owned(),
                text::time_or(*next_due, zone, "nothing is scheduled"),
            ],
            [
                "policy".to_owned(),
                format!("{} version {}", policy.terms().id, policy.hash()),
            ],
        ];
        facts.extend(merged(ticket, &policy.terms().prefix));
        if let Some(held) = ticket.held {
            let why = format!("not mailed: {}", held.as_str());
            facts.push(["acknowledgement".to_owned(), why]);
        }
        if let Some(related) = ticket.related {
            let number = related.number(&policy.terms().prefix);
            facts.push(["related".to_owned(), format!("maybe {number}")]);
        }
        out.push_str(&text::columns(&facts));
        let _ = writeln!(out, "All times are {} time.", zone.name());
        let deadlines = deadlines::as_text(ticket, policy, zone);
        out.push_str(&text::section("Deadlines", &deadlines));
        let notices = notices::as_text(&self.notices, &self.named(), zone);
        out.push_str(&text::section("Notices", &notices));
        out.push_str(&text::section("People", &self.people()));
        out
    }

    fn merged_from(&self) -> Vec<String> {
        let prefix = &self.stored.policy.terms().prefix;
        let ids = self.stored.ticket.merged_from.iter();
        ids.map(|id| id.number(prefix)).collect()
    }

    fn people(&self) -> String {
        let lines: Vec<[String; 4]> = self
            .people
            .iter()
            .map(|person| {
                let unreached = if self.reached(person) {
                    ""
                } else {
                    "mail does not arrive"
                };
                [
                    self.role(person).to_owned(),
                    text::line(&person.address),
                    text::line(&person.name),
                    unreached.to_owned(),
                ]
            })
            .collect();
        text::columns(&lines)
    }
}
