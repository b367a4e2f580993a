//! Steps that expect something; the error says what was there instead.

use std::collections::BTreeSet;

use jiff::Timestamp;
use play::Mail;

use super::Play;
use super::lines;
use super::steps::{ExpectHttp, ExpectMail, ExpectNoMoreMail};

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
        let subject = self.player.filled(&wanted.subject)?;
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
        self.player
            .holds("the text", &unwrapped(mail.text()), &wanted.text)?;
        for (name, text) in [
            ("the text", mail.text()),
            ("the HTML", html),
            ("the subject", &mail.subject),
        ] {
            self.player.lacks(name, text, &wanted.lacks)?;
        }
        for (name, part) in &wanted.headers {
            let part = self.player.filled(part)?;
            let value = mail.header(&name.to_lowercase());
            if !value.contains(&part) {
                return Err(format!(
                    "expected \"{part}\" in {name}, there is \"{value}\""
                ));
            }
        }
        let files = mail.files.iter();
        let files: Vec<String> = files
            .map(|it| format!("{} {}", it.name, it.bytes))
            .collect();
        if let Some(wanted) = wanted.files.as_ref().filter(|wanted| **wanted != files) {
            return Err(format!(
                "expected the files {wanted:?}, there are {files:?}"
            ));
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
            let part = self.player.filled(part)?;
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
        let answer = &self.player.answer;
        let checked = || {
            if answer.status != wanted.status {
                return Err(format!(
                    "expected the status {}, it is {}",
                    wanted.status, answer.status
                ));
            }
            self.player
                .holds("the answer", &answer.body, &wanted.contains)?;
            self.player
                .lacks("the answer", &answer.body, &wanted.lacks)?;
            for (name, part) in &wanted.headers {
                let part = self.player.filled(part)?;
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
}

/// Lines joined within paragraphs, so that a sentence is found wherever it is wrapped.
fn unwrapped(text: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

pub(super) fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
}
