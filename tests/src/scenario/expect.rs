//! Steps that expect something; the error says what was there instead.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Play;
use super::lines;
use super::script::{
    ExpectHistory, ExpectHttp, ExpectMail, ExpectNoMoreMail, ExpectTicket, ExpectTickets, Texts,
};
use crate::mailbox::Mail;

/// What holds for every mail that leaves.
pub(super) fn well_formed(mail: &Mail) -> Result<(), &'static str> {
    match () {
        () if mail.to.len() != 1 => Err("a notice goes to one person"),
        () if mail.text().trim().is_empty() => Err("a mail has a text part"),
        () if mail.html.as_deref().unwrap_or_default().is_empty() => Err("a mail has an HTML part"),
        () if mail.header("reply-to").is_empty() => Err("a mail can be answered"),
        () if mail.header("x-troth-notice").is_empty() => Err("a mail names its notice"),
        () => Ok(()),
    }
}

impl Play {
    pub(super) fn expect_mail(&mut self, wanted: &ExpectMail) -> Result<(), String> {
        let subject = self.filled(&wanted.subject)?;
        let mails = self.desk.mails();
        let fits = |mail: &&Mail| {
            mail.is_to(&wanted.to)
                && mail.subject.contains(&subject)
                && !self.expected.contains(&mail.id)
        };
        let found: Vec<Mail> = mails.iter().filter(fits).cloned().collect();
        let count = wanted.count.unwrap_or(1);
        if found.len() != count {
            let said = format!("to {} with \"{subject}\" in the subject", wanted.to);
            return Err(format!(
                "expected {count} new mails {said}, there are {}:\n{}",
                found.len(),
                lines(&found)
            ));
        }
        for mail in &found {
            let problem = self.check_mail(wanted, mail, &mails).err();
            if let Some(problem) = problem {
                return Err(format!(
                    "{problem}\nin this mail:\n{:#?}\n{}",
                    mail.headers,
                    mail.text()
                ));
            }
            self.expected.push(mail.id.clone());
        }
        Ok(())
    }

    fn check_mail(&self, wanted: &ExpectMail, mail: &Mail, all: &[Mail]) -> Result<(), String> {
        let html = mail.html.as_deref().unwrap_or_default();
        self.holds("the text", &unwrapped(mail.text()), &wanted.text)?;
        for (name, text) in [
            ("the text", mail.text()),
            ("the HTML", html),
            ("the subject", &mail.subject),
        ] {
            self.lacks(name, text, &wanted.lacks)?;
        }
        for (name, part) in &wanted.headers {
            let part = self.filled(part)?;
            let value = mail.header(&name.to_lowercase());
            if !value.contains(&part) {
                return Err(format!(
                    "expected \"{part}\" in {name}, there is \"{value}\""
                ));
            }
        }
        if let Some(at) = wanted.at
            && minute(at.0) != minute(mail.at)
        {
            return Err(format!(
                "expected it at {}, it left at {}",
                minute(at.0),
                minute(mail.at)
            ));
        }
        if let Some(part) = &wanted.thread_of {
            let part = self.filled(part)?;
            let earlier = all.iter().take_while(|earlier| earlier.id != mail.id);
            let mut earlier = earlier.filter(|m| m.is_to(&wanted.to) && m.subject.contains(&part));
            let first = earlier
                .next()
                .ok_or_else(|| format!("there is no earlier mail with \"{part}\""))?;
            let known: BTreeSet<&str> = first
                .ids("references")
                .into_iter()
                .chain(first.ids("message-id"))
                .collect();
            if !mail.ids("references").iter().any(|id| known.contains(id)) {
                return Err(format!("its References name none of {known:?}"));
            }
        }
        Ok(())
    }

    pub(super) fn expect_no_more_mail(&self, wanted: &ExpectNoMoreMail) -> Result<(), String> {
        let mut more = self.desk.mails();
        more.retain(|mail| {
            !self.expected.contains(&mail.id) && wanted.to.as_ref().is_none_or(|to| mail.is_to(to))
        });
        if more.is_empty() {
            return Ok(());
        }
        Err(format!(
            "no step expects these mails:\n{}\nthe first:\n{}",
            lines(&more),
            more[0].text()
        ))
    }

    pub(super) fn expect_http(&self, wanted: &ExpectHttp) -> Result<(), String> {
        let answer = &self.answer;
        let checked = || {
            if answer.status != wanted.status {
                return Err(format!(
                    "expected the status {}, it is {}",
                    wanted.status, answer.status
                ));
            }
            self.holds("the answer", &answer.body, &wanted.contains)?;
            self.lacks("the answer", &answer.body, &wanted.lacks)?;
            for (name, part) in &wanted.headers {
                let part = self.filled(part)?;
                let value = answer.header(name).unwrap_or_default();
                if !value.contains(&part) {
                    return Err(format!(
                        "expected \"{part}\" in {name}, there is \"{value}\""
                    ));
                }
            }
            Ok(())
        };
        checked().map_err(|problem| {
            format!(
                "{problem}\nin this answer:\n{}\n\n{}",
                answer.head, answer.body
            )
        })
    }

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
            let other = self.ticket(nth)?;
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
        let fits = |text: &&String| self.holds("the event", text, &wanted.contains).is_ok();
        let (found, count) = (texts.iter().filter(fits).count(), wanted.count.unwrap_or(1));
        let checked = if found == count {
            texts
                .iter()
                .try_for_each(|text| self.lacks("the event", text, &wanted.lacks))
        } else {
            let event = &wanted.event;
            Err(format!(
                "expected {count} events {event} with this, there are {found}"
            ))
        };
        checked.map_err(|problem| format!("{problem}\nin this log:\n{log:#}"))
    }

    fn number(&self, nth: Option<usize>) -> Result<String, String> {
        let ticket = self.ticket(nth.unwrap_or(1))?;
        Ok(ticket["number"].as_str().unwrap_or_default().to_owned())
    }

    fn holds(&self, what: &str, text: &str, wanted: &Texts) -> Result<(), String> {
        for part in &wanted.0 {
            let part = self.filled(part)?;
            if !text.contains(&part) {
                return Err(format!("expected \"{part}\" in {what}"));
            }
        }
        Ok(())
    }

    fn lacks(&self, what: &str, text: &str, unwanted: &Texts) -> Result<(), String> {
        for part in &unwanted.0 {
            let part = self.filled(part)?;
            if text.contains(&part) {
                return Err(format!("\"{part}\" must not stand in {what}"));
            }
        }
        Ok(())
    }
}

/// Lines joined within paragraphs, so that a sentence is found wherever it is wrapped.
fn unwrapped(text: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Whether a logged event is of this kind: its name, or an object with its name as the only key.
fn is_event(event: &Value, kind: &str) -> bool {
    event == kind || event.get(kind).is_some()
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
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
