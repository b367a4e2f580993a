//! Mails as they are written, and as SES hands them over.

use std::sync::Arc;

use serde_json::json;

use super::kinds::{is_by_machine, is_for_two, is_forwarded, is_report};
use super::{
    MACHINE, Wrote, customer, is_forged, is_infected, is_spam, is_too_much, opening_taint, secret,
    secret_in_subject, taint, tells,
};
use crate::desk::Desk;
use crate::faults::Function;
use crate::story::{Agent, Input, Sources, What};

impl Desk {
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
        let ends = matches!(tells(input), None | Some("Permanent" | "Complaint"));
        if is_report(input) && ends {
            self.way().stopped.insert(customer(input.ticket));
        }
        self.way().wrote.insert(input.number, wrote);
        let taint = taint(input.number);
        let (subject, body) = match &input.what {
            What::Mail { .. } => (
                format!(
                    "{}{}",
                    self.subject(input.ticket),
                    secret_in_subject(input.number)
                ),
                format!(
                    "We need help with this: {taint}{}{}",
                    self.about(input.ticket).1,
                    secret(input.number)
                ),
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
        let source = if is_report(input) { "" } else { from };
        let headers = if is_by_machine(input) {
            "Auto-Submitted: auto-generated\r\n"
        } else {
            headers
        };
        let sender = if from.is_empty() {
            String::new()
        } else {
            format!("From: Somebody <{from}>\r\n")
        };
        let raw = format!(
            "{sender}To: <{to}>\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{id}@mail.example>\r\n\
             MIME-Version: 1.0\r\n{headers}{}{}",
            now.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "X-Seen: yes\r\n".repeat(if is_too_much(input) { 2_000 } else { 0 }),
            match self.returned(input, headers) {
                Some(report) => report.body(&body),
                None => with_file(input, &body),
            }
        );
        let forwarders = self.policy.terms().forwarders.iter();
        let mut forwarders = forwarders.filter(|_| is_forwarded(input));
        let forwarder = forwarders
            .next()
            .map(|it| it.to_string().replace('*', "mx"));
        let found = Found {
            source,
            host: forwarder.as_deref().unwrap_or("mail.example"),
            dmarc: match proved {
                true => "PASS",
                false if is_forged(input) || forwarder.is_some() => "FAIL",
                false => "GRAY",
            },
            virus: if is_infected(input) { "FAIL" } else { "PASS" },
            spam: if is_spam(input) { "FAIL" } else { "PASS" },
        };
        self.arrives(&id, to, &found, &raw, sources);
        // The same mail once more, for another of our addresses.
        let other = self.address(input.number + 1);
        if is_for_two(input) && other != to {
            self.arrives(&format!("{id}too"), &other, &found, &raw, sources);
        }
    }

    /// The subject with which a ticket is opened.
    pub(super) fn subject(&self, ticket: usize) -> String {
        format!("Opening {}{}", opening_taint(ticket), self.about(ticket).0)
    }

    /// What the opening of a ticket says besides, in its subject and in its text: some speak of what the policy has a rule
    /// for.
    pub(super) fn about(&self, ticket: usize) -> (String, String) {
        let rules = &self.policy.terms().routing;
        let mut rng = self.world.dice.of(("about", ticket));
        if rules.is_empty() || rng.u32(0..4) > 0 {
            return (String::new(), String::new());
        }
        let when = &rules[rng.usize(0..rules.len())].when;
        let mut said = |phrases: &[String]| {
            let plain: Vec<&String> = phrases.iter().filter(|it| it.is_ascii()).collect();
            let said = (!plain.is_empty()).then(|| plain[rng.usize(0..plain.len())]);
            said.map_or_else(String::new, |said| format!(" {said}"))
        };
        (said(&when.subject), said(&when.words))
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
            spam,
            ..
        } = *found;
        let now = self.world.clock.now();
        let at = now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        let verdict = |status: &str| json!({ "status": status });
        let event = json!({ "Records": [{ "eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
            "mail": { "timestamp": at, "source": source, "messageId": id,
                      "destination": [to], "headersTruncated": false, "headers": [], "commonHeaders": {} },
            "receipt": { "recipients": [to], "spamVerdict": verdict(spam), "virusVerdict": verdict(virus),
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
    /// The server that handed it over.
    host: &'a str,
    dmarc: &'static str,
    virus: &'static str,
    spam: &'static str,
}

/// What SES writes above a mail that it stores.
fn on_top(id: &str, to: &str, found: &Found<'_>) -> String {
    let Found {
        source,
        host,
        virus,
        spam,
        ..
    } = found;
    let dmarc = match found.dmarc {
        "PASS" => "pass",
        "FAIL" => "fail",
        _ => "none",
    };
    format!(
        "Return-Path: <{source}>\r\nReceived: from {host} ({host} [192.0.2.1])\r\n by \
         inbound-smtp.eu-central-1.amazonaws.com with SMTP id {id}\r\n for {to};\r\n Mon, 23 Nov 2026 05:40:00 +0000 \
         (UTC)\r\nX-SES-Spam-Verdict: {spam}\r\nX-SES-Virus-Verdict: {virus}\r\nReceived-SPF: none\r\n\
         Authentication-Results: amazonses.com; spf=none; dmarc={dmarc}\r\nX-SES-RECEIPT: receipt\r\n"
    )
}

/// What an agent writes above the marker, and below it.
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
