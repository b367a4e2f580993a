//! People with a mail program: they write to the desk, and answer what it sent them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use mail::ReplyAddress;

use super::kinds::{forgets_reply_to, is_report};
use super::{PATIENCE, customer, escalates_anew, is_feedback, is_guessed, kept_as, machine};
use crate::aws::SIGNING_KEYS;
use crate::desk::{DOMAIN, Desk};
use crate::records::notice_key;
use crate::story::{HELPER, Input, What, named};
use crate::world::State;
use ticket::{Keyring, NoteReason, Pepper, TicketId};

impl Desk {
    /// A public address of the desk.
    pub(crate) fn address(&self, ticket: usize) -> String {
        let terms = self.policy.terms();
        let departments = terms
            .departments
            .iter()
            .filter(|it| it.on_form)
            .flat_map(|it| &it.addresses);
        let all: Vec<&String> = departments.chain(&terms.addresses).collect();
        all[ticket % all.len()].clone()
    }

    /// The address to which a new request goes: for feedback, its own if the policy has one.
    pub(crate) fn written_to(&self, input: &Input) -> String {
        let feedback = self.policy.terms().feedback.as_ref();
        let own = feedback.and_then(|it| it.addresses.first());
        match (&input.what, own) {
            (What::Mail { .. }, _) => self.address(input.ticket),
            (_, Some(own)) if is_feedback(input) => own.clone(),
            _ => self.address(input.number),
        }
    }

    /// Whom the writer of an answer writes from and to, and the id of the mail that is answered: SES's, or our own, which
    /// SES leaves among those that the mail refers to.
    pub(super) async fn answered(
        self: &Arc<Self>,
        input: &Input,
        what: &What,
    ) -> Option<(String, String, String)> {
        let whose = match what {
            What::Agent(_) | What::Impostor => Whose::Staff,
            What::Participant => Whose::Helper,
            _ => Whose::Customer,
        };
        for _ in 0..PATIENCE {
            if let Some(found) = self.newest_mail(input, whose) {
                let (to, mut reply_to, id, ours) = found;
                if escalates_anew(input) || (forgets_reply_to(input) && self.is_recorded(&id)) {
                    reply_to = self.address(input.ticket);
                }
                if is_guessed(input) {
                    reply_to = made_up(&reply_to);
                }
                if kept_as(input) == Some(NoteReason::Expired) {
                    reply_to = self.expired(&reply_to);
                }
                let from = match what {
                    What::Stranger => format!("stranger{}@fremd.example", input.number),
                    What::AutoReply if machine(input) == Some("own") => format!("desk@{DOMAIN}"),
                    What::AutoReply if machine(input) == Some("no_sender") => String::new(),
                    _ if is_report(input) => "mailer-daemon@kunde.example".to_owned(),
                    _ => to,
                };
                let answered = if input.number.is_multiple_of(2) {
                    ours
                } else {
                    format!("{id}@eu-central-1.amazonses.com")
                };
                return Some((from, reply_to, answered));
            }
            self.world.clock.wait(Duration::from_mins(10)).await;
        }
        None
    }

    /// The same agent's address as it stood in a mail whose time is over.
    fn expired(&self, address: &str) -> String {
        let keyring = Keyring::new(SIGNING_KEYS);
        let now = self.world.clock.now();
        let read = ReplyAddress::parse(address, DOMAIN, &keyring, now);
        let Some(ReplyAddress::Agent {
            ticket,
            person_short,
            ..
        }) = read
        else {
            panic!("{address} is not an agent's");
        };
        let over = now - SignedDuration::from_hours(2);
        ReplyAddress::agent(ticket, &person_short, over, DOMAIN, &keyring)
    }

    /// Whether the desk has taken note of a mail that it sent.
    fn is_recorded(&self, id: &str) -> bool {
        let state = self.world.lock();
        let mut mails = state.cloud.mail.accepted.iter();
        mails.find(|mail| mail.id == id).is_some_and(|mail| {
            let (pk, sk) = notice_key(&mail.ticket, &mail.notice);
            let notice = state.cloud.table.item(&pk, &sk);
            notice.is_some_and(|it| it.get("ses").is_some_and(|ses| ses["S"] == id))
        })
    }

    /// The newest mail about the input's ticket in somebody's mailbox, or in that of one of the staff: whose it is, where an
    /// answer to it goes, its SES id and our own.
    fn newest_mail(&self, input: &Input, whose: Whose) -> Option<(String, String, String, String)> {
        let state = self.world.lock();
        let ticket = self.ticket_of(&state, input.ticket)?;
        let customer = customer(input.ticket);
        let mut rng = self.world.dice.of(("who", input.number));
        let staff = whose == Whose::Staff;
        let is_whose = |to: &String| match whose {
            Whose::Customer => *to == customer,
            Whose::Helper => to == HELPER,
            Whose::Staff => *to != customer,
        };
        let mails: Vec<_> = state
            .cloud
            .mail
            .accepted
            .iter()
            .rev()
            .filter(|mail| mail.ticket == ticket && mail.to.iter().any(is_whose))
            .filter_map(|mail| {
                Some((
                    mail,
                    reply_to(&mail.raw).filter(|to| !staff || to.starts_with("a-"))?,
                ))
            })
            .collect();
        // By name, not by whose mail came last: that a fault may change.
        let people: BTreeSet<_> = mails.iter().filter_map(|(it, _)| it.to.first()).collect();
        let chosen = rng.usize(0..people.len().max(1));
        let person = people.into_iter().nth(chosen)?.clone();
        let (mail, to) = mails
            .into_iter()
            .find(|(it, _)| it.to.first() == Some(&person))?;
        Some((person, to, mail.id.clone(), own_id(&mail.raw)?))
    }

    /// An agent's orders with the number of the newest entry that waits for release, as a mail to the staff names it.
    pub(super) fn filled_in(&self, orders: &[String], ticket: Option<&str>) -> Vec<String> {
        let state = self.world.lock();
        let mails = state.cloud.mail.accepted.iter().rev();
        let mut own = mails.filter(|mail| Some(mail.ticket.as_str()) == ticket);
        let entry = |text: &str| {
            let behind = text.split("/release ").nth(1)?;
            let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
            Some(digits).filter(|digits| !digits.is_empty())
        };
        let number = orders
            .iter()
            .any(|order| order.contains('?'))
            .then(|| own.find_map(|mail| entry(mail.text())))
            .flatten();
        let number = number.unwrap_or_else(|| "7".to_owned());
        let orders = orders.iter();
        let orders = orders.map(|order| match named(order) {
            Some(other) => order.replace(&format!("#{other}"), &self.number(&state, other)),
            None => order.replace('?', &number),
        });
        orders.collect()
    }

    /// The number of a ticket of the story; that of none where nobody has opened it yet.
    fn number(&self, state: &State, ticket: usize) -> String {
        let id = self.ticket_of(state, ticket).and_then(|id| id.parse().ok());
        let none = || TicketId::derive(&Pepper::new("none"), "form", "none", 0);
        id.unwrap_or_else(none).number(&self.policy.terms().prefix)
    }
}

/// An address that differs from one of ours in the last symbol of its signature.
fn made_up(address: &str) -> String {
    let (local, domain) = address.split_at(address.len() - DOMAIN.len() - 1);
    let (rest, last) = local.split_at(local.len() - 1);
    let other = if last == "0" { "1" } else { "0" };
    format!("{rest}{other}{domain}")
}

/// In whose mailbox somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Customer,
    Helper,
    Staff,
}

/// A line of a mail's head.
fn field(raw: &str, name: &str) -> Option<String> {
    let head = raw
        .split("\r\n\r\n")
        .next()?
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let mut lines = head.lines();
    lines
        .find(|line| line.to_ascii_lowercase().starts_with(name))
        .map(str::to_owned)
}

/// The id that we gave a mail.
pub(super) fn own_id(raw: &str) -> Option<String> {
    let line = field(raw, "message-id:")?;
    Some(line.split(['<', '>']).nth(1)?.to_owned())
}

/// Where an answer to a mail of ours goes.
fn reply_to(raw: &str) -> Option<String> {
    let line = field(raw, "reply-to:")?;
    let end = line.find(&format!("@{DOMAIN}"))? + DOMAIN.len() + 1;
    let start = line[..end].rfind(['<', ' ', ':'])? + 1;
    Some(line[start..end].to_owned())
}
