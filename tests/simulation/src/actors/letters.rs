//! People with a mail program: they write to the desk, and answer what it sent them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::kinds::{forgets_reply_to, is_by_machine, is_for_two};
use super::{
    MACHINE, PATIENCE, Wrote, customer, is_forged, is_infected, is_too_much, opening_taint, secret,
    secret_in_subject, taint,
};
use crate::desk::{DOMAIN, Desk};
use crate::faults::Function;
use crate::records::notice_key;
use crate::story::{Agent, HELPER, Input, Sources, What, named};
use crate::world::State;
use ticket::{Pepper, TicketId};

impl Desk {
    /// A public address of the desk.
    pub(super) fn address(&self, ticket: usize) -> String {
        let terms = self.policy.terms();
        let departments = terms
            .departments
            .iter()
            .filter(|it| it.on_form)
            .flat_map(|it| &it.addresses);
        let all: Vec<&String> = departments.chain(&terms.addresses).collect();
        all[ticket % all.len()].clone()
    }

    /// Whom the writer of an answer writes from and to, and the SES id of the mail that is answered.
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
                let (to, mut reply_to, id) = found;
                if forgets_reply_to(input) && self.is_recorded(&id) {
                    reply_to = self.address(input.ticket);
                }
                let from = match what {
                    What::Stranger => format!("stranger{}@fremd.example", input.number),
                    What::Bounce => "mailer-daemon@kunde.example".to_owned(),
                    _ => to,
                };
                return Some((from, reply_to, id));
            }
            self.world.clock.wait(Duration::from_mins(10)).await;
        }
        None
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
    /// answer to it goes, and its SES id.
    fn newest_mail(&self, input: &Input, whose: Whose) -> Option<(String, String, String)> {
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
        Some((person, to, mail.id.clone()))
    }

    /// An agent's orders with the number of the newest entry that waits for release, as a mail to the staff names it.
    fn filled_in(&self, orders: &[String], ticket: Option<&str>) -> Vec<String> {
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

    /// Puts a mail into the bucket and has its event delivered.
    pub(super) fn mail(
        self: &Arc<Self>,
        input: &Input,
        from: &str,
        to: &str,
        headers: &str,
        proved: bool,
        sources: Sources,
    ) {
        let id = format!(
            "in{:04}{:016x}",
            input.number,
            self.world.dice.of(("mail", input.number)).u64(..)
        );
        let now = self.world.clock.now();
        let ticket = self.ticket_of(&self.world.lock(), input.ticket);
        let orders = match &input.what {
            What::Agent(agent) => self.filled_in(&agent.orders, ticket.as_deref()),
            _ => Vec::new(),
        };
        let wrote = Wrote {
            id: id.clone(),
            at: now.as_millisecond(),
            from: from.to_owned(),
            ticket,
            proved,
            orders: orders.clone(),
        };
        if matches!(input.what, What::Bounce) {
            self.way().stopped.insert(customer(input.ticket));
        }
        self.way().wrote.insert(input.number, wrote);
        let taint = taint(input.number);
        let (subject, body) = match &input.what {
            What::Mail { .. } => (
                format!(
                    "Opening {}{}",
                    opening_taint(input.ticket),
                    secret_in_subject(input.number)
                ),
                format!("We need help with this: {taint}{}", secret(input.number)),
            ),
            What::Request { .. } => (
                format!("Something else {taint}{}", secret_in_subject(input.number)),
                format!(
                    "We need another thing: {taint}{}{}",
                    if is_by_machine(input) { MACHINE } else { "" },
                    secret(input.number)
                ),
            ),
            What::Agent(agent) => (format!("Re: {taint}"), agents_words(agent, orders, &taint)),
            What::Escalates => {
                let escalation = self.policy.terms().complaint_escalation.as_ref();
                let subject = escalation.map_or("Re:", |it| it.subject.as_str());
                (
                    format!("{subject} {taint}"),
                    format!("We are not content: {taint}"),
                )
            }
            _ => (
                format!("Re: {taint}"),
                format!("More about it: {taint}{}", secret(input.number)),
            ),
        };
        let source = if matches!(input.what, What::Bounce) {
            ""
        } else {
            from
        };
        let headers = if is_by_machine(input) {
            "Auto-Submitted: auto-generated\r\n"
        } else {
            headers
        };
        let raw = format!(
            "From: Somebody <{from}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{id}@mail.example>\r\n\
             MIME-Version: 1.0\r\n{headers}{}{}",
            now.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "X-Seen: yes\r\n".repeat(if is_too_much(input) { 2_000 } else { 0 }),
            with_file(input, &body)
        );
        let found = Found {
            source,
            dmarc: match proved {
                true => "PASS",
                false if is_forged(input) => "FAIL",
                false => "GRAY",
            },
            virus: if is_infected(input) { "FAIL" } else { "PASS" },
        };
        self.arrives(&id, to, &found, &raw, sources);
        // The same mail once more, for another of our addresses.
        let other = self.address(input.number + 1);
        if is_for_two(input) && other != to {
            self.arrives(&format!("{id}too"), &other, &found, &raw, sources);
        }
    }

    /// SES has a mail for an address of ours: it puts it into the bucket and tells of it.
    fn arrives(
        self: &Arc<Self>,
        id: &str,
        to: &str,
        found: &Found<'_>,
        raw: &str,
        sources: Sources,
    ) {
        let Found {
            source,
            dmarc,
            virus,
        } = *found;
        let now = self.world.clock.now();
        let at = now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        let verdict = |status: &str| json!({ "status": status });
        let event = json!({ "Records": [{ "eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
            "mail": { "timestamp": at, "source": source, "messageId": id,
                      "destination": [to], "headersTruncated": false, "headers": [], "commonHeaders": {} },
            "receipt": { "recipients": [to], "spamVerdict": verdict("PASS"), "virusVerdict": verdict(virus),
                         "spfVerdict": verdict(dmarc), "dkimVerdict": verdict(dmarc), "dmarcVerdict": verdict(dmarc) },
        } }] });
        let raw = format!("{}{raw}", on_top(id, to, found));
        let (key, micros) = (format!("inbox/{id}"), self.world.clock.micros());
        let mut state = self.world.lock();
        state.cloud.bucket.put(&key, raw.into_bytes(), micros);
        drop(state);
        if self.world.dice.of(("lost", id)).u32(0..100) >= sources.lost {
            self.deliver(Function::InboundEmail, &event, id, sources);
        }
    }
}

/// The rest of a mail from its type on; every third brings a file, whose content is no other's.
fn with_file(input: &Input, body: &str) -> String {
    let plain = "Content-Type: text/plain; charset=utf-8";
    if !input.number.is_multiple_of(3) {
        return format!("{plain}\r\n\r\n{body}\r\n");
    }
    let number = input.number;
    format!(
        "Content-Type: multipart/mixed; boundary=cut-here\r\n\r\n--cut-here\r\n{plain}\r\n\r\n{body}\r\n\
         --cut-here\r\nContent-Disposition: attachment; filename=\"{number}.txt\"\r\n\r\nfile of {number}\r\n--cut-here--\r\n"
    )
}

/// What SES found out about a mail.
struct Found<'a> {
    /// The sender of its envelope.
    source: &'a str,
    dmarc: &'static str,
    virus: &'static str,
}

/// What SES writes above a mail that it stores.
fn on_top(id: &str, to: &str, found: &Found<'_>) -> String {
    let Found { source, virus, .. } = found;
    let dmarc = match found.dmarc {
        "PASS" => "pass",
        "FAIL" => "fail",
        _ => "none",
    };
    format!(
        "Return-Path: <{source}>\r\nReceived: from mail.example (mail.example [192.0.2.1])\r\n by \
         inbound-smtp.eu-central-1.amazonaws.com with SMTP id {id}\r\n for {to};\r\n Mon, 23 Nov 2026 05:40:00 +0000 \
         (UTC)\r\nX-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: {virus}\r\nReceived-SPF: none\r\n\
         Authentication-Results: amazonses.com; spf=none; dmarc={dmarc}\r\nX-SES-RECEIPT: receipt\r\n"
    )
}

/// In whose mailbox somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Customer,
    Helper,
    Staff,
}

fn agents_words(agent: &Agent, mut lines: Vec<String>, taint: &str) -> String {
    if agent.words {
        lines.push(format!("This is our answer: {taint}"));
    }
    if agent.marker {
        lines.push(String::new());
        lines.push(format!("> {}", mail::MARKER));
        lines.push("> what was written before".to_owned());
    }
    lines.join("\r\n")
}

/// Where an answer to a mail of ours goes.
fn reply_to(raw: &str) -> Option<String> {
    let head = raw
        .split("\r\n\r\n")
        .next()?
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let line = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("reply-to:"))?
        .to_owned();
    let end = line.find(&format!("@{DOMAIN}"))? + DOMAIN.len() + 1;
    let start = line[..end].rfind(['<', ' ', ':'])? + 1;
    Some(line[start..end].to_owned())
}
