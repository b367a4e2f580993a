//! What people do; each of it returns when the desk has done everything that follows from it at this instant.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::Client;
use super::http::Answer;
use super::programs::{
    Draft, answer_headers, answer_text, bare, file_link, file_on_page, form_action, hidden_fields,
    page_link, shown_link,
};
use super::script::Texts;
use super::steps::{Advance, File, Form, Keeps, Page, Reply, Troth, Written};

const URLENCODED: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const PAGES: (&str, &str) = ("Accept", "text/html");

/// Plays people at one desk. Every error says what was not as the step says.
#[derive(Debug)]
pub struct Player {
    /// The desk.
    pub client: Client,
    /// The newest HTTP answer.
    pub answer: Answer,
    /// The newest form as it was sent.
    form: Vec<(String, String)>,
    /// Mails written so far; numbers their ids.
    written: usize,
}

impl Player {
    /// Somebody who has done nothing yet.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            answer: Answer::default(),
            form: Vec::new(),
            written: 0,
        }
    }

    /// Opens the page, fills the fields in and sends it with what the page hides.
    ///
    /// # Errors
    /// There is no form. Whether the desk took it stands in the answer.
    pub fn form(&mut self, form: &Form) -> Result<(), String> {
        if !form.again {
            self.form = self.filled_form(form)?;
        }
        let body = encoded(&self.form);
        self.answer = self
            .client
            .ask("POST", "/tickets", &[PAGES, URLENCODED], body.as_bytes())?;
        self.client.settle()
    }

    fn filled_form(&self, form: &Form) -> Result<Vec<(String, String)>, String> {
        let lang = if form.lang.is_empty() {
            "en"
        } else {
            &form.lang
        };
        let headers = [PAGES, ("Accept-Language", lang)];
        let page = self.client.ask("GET", "/", &headers, b"")?;
        let mut fields = hidden_fields(&page.body);
        if fields.is_empty() {
            return Err(format!("there is no form: {} {}", page.status, page.body));
        }
        fields.retain(|(name, _)| name != "zone");
        let given = [
            ("email", &form.email),
            ("name", &form.name),
            ("subject", &form.subject),
            ("message", &form.message),
            ("department", &form.department),
            ("type", &form.r#type),
            ("zone", &form.zone),
        ];
        let extra = form.extra.iter();
        let given = given
            .into_iter()
            .chain(extra.map(|(name, value)| (name.as_str(), value)));
        fields.extend(given.map(|(name, value)| (name.to_owned(), value.clone())));
        Ok(fields)
    }

    /// Opens the page of a ticket by the newest link that was mailed, or that was shown last, and writes on it.
    ///
    /// # Errors
    /// There is no such link, or the page has no form.
    pub fn page(&mut self, page: &Page) -> Result<(), String> {
        let link = match &page.from_mail_to {
            Some(to) => {
                let part = self.filled(&page.subject)?;
                let mails = self.client.mails()?;
                let newest = mails.iter().rev().filter(|mail| mail.is_to(to));
                newest
                    .filter(|mail| mail.subject.contains(&part))
                    .find_map(|mail| page_link(mail.text()))
                    .ok_or_else(|| format!("no mail to {to} links to a page"))?
            }
            None => shown_link(&self.answer.body).ok_or("the last answer links to no page")?,
        };
        self.answer = self.client.ask("GET", &link, &[PAGES], b"")?;
        let Some(words) = &page.write else {
            return Ok(());
        };
        let action = form_action(&self.answer.body).ok_or("the page has no form")?;
        let mut fields = hidden_fields(&self.answer.body);
        fields.push(("message".to_owned(), words.clone()));
        let body = encoded(&fields);
        let headers = [PAGES, URLENCODED];
        self.answer = self
            .client
            .ask("POST", &action, &headers, body.as_bytes())?;
        self.client.settle()
    }

    /// Opens a file; what the bucket says to it is the newest answer.
    ///
    /// # Errors
    /// Nobody links to such a file, or its link leads nowhere.
    pub fn file(&mut self, file: &File) -> Result<(), String> {
        let mails = self.client.mails()?;
        let mut newest = mails
            .iter()
            .rev()
            .filter(|mail| mail.is_to(&file.from_mail_to));
        let mailed = newest.find_map(|mail| file_link(mail.text(), &file.name));
        let link = if let Some(link) = mailed {
            link
        } else {
            self.page(&Page {
                subject: String::new(),
                from_mail_to: Some(file.from_mail_to.clone()),
                write: None,
            })?;
            file_on_page(&self.answer.body, &file.name)
                .ok_or_else(|| format!("no link to {}:\n{}", file.name, self.answer.body))?
        };
        let sent_on = self.client.ask("GET", &link, &[PAGES], b"")?;
        let to = sent_on.header("location").unwrap_or_default();
        let to = to.strip_prefix("http://127.0.0.1:").and_then(|to| {
            let (port, _) = to.split_once('/')?;
            Some((port.parse().ok()?, &to[port.len()..]))
        });
        let (port, path) = to.ok_or_else(|| format!("{link}: {}", sent_on.status))?;
        let answer = super::http::send(port, "GET", path, &[], b"");
        self.answer = answer.map_err(|error| format!("{path}: {error}"))?;
        Ok(())
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// The SMTP server refuses it.
    pub fn mail(&mut self, mail: &Written) -> Result<(), String> {
        let (subject, text) = (self.filled(&mail.subject)?, self.filled(&mail.text)?);
        let id = mail.id.clone().unwrap_or_else(|| self.next_id());
        let draft = Draft {
            from: &mail.from,
            name: &mail.name,
            to: &mail.to,
            subject: &subject,
            id: &id,
            text: &text,
            headers: &mail.headers,
            files: &mail.files,
        };
        let raw = mail.raw.clone().unwrap_or_else(|| draft.raw());
        let sender = mail.envelope_from.as_ref().unwrap_or(&mail.from);
        self.deliver(sender, &mail.to, mail.verdict.as_deref(), &raw)
    }

    /// Answers the newest mail that the desk sent to somebody; gives the subject of that mail.
    ///
    /// # Errors
    /// There is no such mail, or the SMTP server refuses the answer.
    pub fn reply(&mut self, reply: &Reply) -> Result<String, String> {
        let part = self.filled(&reply.subject)?;
        let mails = self.client.mails()?;
        let mut answered = mails
            .iter()
            .rev()
            .filter(|mail| mail.is_to(&reply.to_mail_to));
        let answered = answered.find(|mail| mail.subject.contains(&part));
        let answered = answered.ok_or_else(|| {
            format!(
                "there is no mail to {} whose subject holds \"{part}\"",
                reply.to_mail_to
            )
        })?;
        let to = match reply.keeps {
            Keeps::Everything | Keeps::Address => bare(answered.header("reply-to")),
            Keeps::References | Keeps::SesId => reply.to.clone(),
        };
        let mut headers: BTreeMap<String, String> = answer_headers(reply.keeps, answered);
        if headers.is_empty() && reply.keeps != Keeps::Address {
            return Err(format!(
                "nothing of {:?} stands in the mail: {:?}",
                reply.keeps, answered.headers
            ));
        }
        headers.extend(reply.headers.clone());
        let text = answer_text(reply, &self.filled(&reply.text)?, answered);
        let from = reply.from.as_ref().unwrap_or(&reply.to_mail_to);
        let draft = Draft {
            from,
            name: "",
            to: &to,
            subject: "Re: your mail",
            id: &self.next_id(),
            text: &text,
            headers: &headers,
            files: &reply.files,
        };
        self.deliver(from, &to, reply.verdict.as_deref(), &draft.raw())?;
        Ok(answered.subject.clone())
    }

    fn next_id(&mut self) -> String {
        self.written += 1;
        format!("mail-{}@client.example", self.written)
    }

    fn deliver(
        &self,
        from: &str,
        to: &str,
        verdict: Option<&str>,
        raw: &str,
    ) -> Result<(), String> {
        let verdict = verdict.map(|verdict| format!("X-Local-Verdict: {verdict}\n"));
        let raw = verdict.unwrap_or_default() + raw;
        self.client.deliver(from, to, &raw)?;
        self.client.settle()
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// The step says both or neither of `by` and `to`, or something that the clock refuses.
    pub fn advance(&self, advance: &Advance) -> Result<(), String> {
        match (&advance.by, advance.to) {
            (Some(by), None) => self.client.clock(&json!({ "advance": by })),
            (None, Some(to)) => self.client.clock(&json!({ "to": to.0 })),
            _ => Err("say either by or to".to_owned()),
        }
    }

    /// Runs `troth`; gives the words that it was run with.
    ///
    /// # Errors
    /// It refused and was not to, or the reverse, or said something else.
    pub fn troth(&self, troth: &Troth) -> Result<Vec<String>, String> {
        let run: Result<Vec<String>, String> =
            troth.run.iter().map(|word| self.filled(word)).collect();
        let run = run?;
        let words: Vec<&str> = run.iter().map(String::as_str).collect();
        let said = match self.client.troth(&words) {
            Ok(said) if !troth.refused => said,
            Err(said) if troth.refused => said,
            Ok(said) => return Err(format!("it did not refuse:\n{said}")),
            Err(said) => return Err(format!("it refused:\n{said}")),
        };
        self.client.settle()?;
        self.holds("what troth said", &said, &troth.contains)
            .and_then(|()| self.lacks("what troth said", &said, &troth.lacks))
            .map_err(|problem| format!("{problem}:\n{said}"))?;
        Ok(run)
    }

    /// Looks for every wanted part, placeholders filled in.
    ///
    /// # Errors
    /// Names the part that is missing, and `what` it is missing from.
    pub fn holds(&self, what: &str, text: &str, wanted: &Texts) -> Result<(), String> {
        for part in &wanted.0 {
            let part = self.filled(part)?;
            if !text.contains(&part) {
                return Err(format!("expected \"{part}\" in {what}"));
            }
        }
        Ok(())
    }

    /// Looks for parts that must not be there.
    ///
    /// # Errors
    /// Names the part that is there.
    pub fn lacks(&self, what: &str, text: &str, unwanted: &Texts) -> Result<(), String> {
        for part in &unwanted.0 {
            let part = self.filled(part)?;
            if text.contains(&part) {
                return Err(format!("\"{part}\" must not stand in {what}"));
            }
        }
        Ok(())
    }

    /// A text of a file with `{number}`, `{number 2}`, `{policy}`, `{scratch}` and `{filed}` (the SES id of a mail that
    /// is filed without a ticket) filled in.
    ///
    /// # Errors
    /// It holds another placeholder, or names a ticket that is not there.
    pub fn filled(&self, text: &str) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("a {{ without a }} in {text:?}"))?;
            out += before;
            out += &self.placeholder(name)?;
            rest = after;
        }
        Ok(out + rest)
    }

    fn placeholder(&self, name: &str) -> Result<String, String> {
        if name == "scratch" {
            return Ok(self.client.scratch.display().to_string());
        }
        if name == "filed" {
            let filed = self.client.troth_json(&["mail", "filed"])?;
            let id = filed[0]["ses_id"].as_str();
            return id
                .map(str::to_owned)
                .ok_or_else(|| "no mail is filed without a ticket".to_owned());
        }
        let (word, count) = name.split_once(' ').unwrap_or((name, "1"));
        let count: usize = count
            .parse()
            .map_err(|_| format!("{{{name}}} is not a placeholder"))?;
        let ticket = self.ticket(count)?;
        let value = match word {
            "number" => &ticket["number"],
            "policy" => &ticket["policy"],
            _ => {
                return Err(format!(
                    "{{{name}}} is not a placeholder; there are {{number}}, {{number 2}}, {{policy}}, {{scratch}} and {{filed}}"
                ));
            }
        };
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// The nth ticket that was opened, as `troth ticket list` shows it.
    ///
    /// # Errors
    /// There are not so many.
    pub fn ticket(&self, nth: usize) -> Result<Value, String> {
        let tickets = self.client.tickets()?;
        let there = tickets.len();
        let ticket = nth
            .checked_sub(1)
            .and_then(|at| tickets.into_iter().nth(at));
        ticket.ok_or_else(|| format!("there is no ticket {nth}, only {there}"))
    }
}

fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
