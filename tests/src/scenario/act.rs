//! Steps that do something; each returns when the desk has done everything that follows from it at this instant.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Play;
use super::client::{
    Draft, answer_headers, answer_text, bare, form_action, hidden_fields, page_link,
};
use super::steps::{Advance, Form, Get, Json, Keeps, Mail, Page, Post, Reply, Ses, Troth};
use crate::http::Answer;
use crate::smtp;

const URLENCODED: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const PAGES: (&str, &str) = ("Accept", "text/html");

impl Play {
    /// Opens the page, fills the fields in and sends it with what the page hides.
    pub(super) fn form(&mut self, form: &Form) -> Result<(), String> {
        if !form.again {
            let lang = if form.lang.is_empty() {
                "en"
            } else {
                &form.lang
            };
            let page = self
                .desk
                .ask("GET", "/", &[PAGES, ("Accept-Language", lang)], b"");
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
            let given = given.into_iter().chain(
                form.extra
                    .iter()
                    .map(|(name, value)| (name.as_str(), value)),
            );
            fields.extend(given.map(|(name, value)| (name.to_owned(), value.clone())));
            self.form = fields;
        }
        let body = encoded(&self.form);
        self.answer = self
            .desk
            .ask("POST", "/tickets", &[PAGES, URLENCODED], body.as_bytes());
        self.desk.settle();
        Ok(())
    }

    pub(super) fn json(&mut self, json: &Json) -> Result<(), String> {
        let mut body = serde_json::to_value(&json.fields).map_err(|error| error.to_string())?;
        for (field, letters) in &json.long {
            body[field] = Value::String("x".repeat(*letters));
        }
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(json.key.as_deref().map(|key| ("Idempotency-Key", key)));
        let (desk, body) = (&self.desk, body.to_string());
        let ask = || desk.ask("POST", "/tickets", &headers, body.as_bytes());
        let mut answers: Vec<Answer> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..json.at_once.unwrap_or(1))
                .map(|_| scope.spawn(ask))
                .collect();
            asking
                .into_iter()
                .map(|asked| asked.join().expect("an answer"))
                .collect()
        });
        self.desk.settle();
        self.answer = answers.pop().unwrap_or_default();
        match answers.iter().find(|other| other.body != self.answer.body) {
            Some(other) => Err(format!(
                "two answers:\n{}\n{}",
                self.answer.body, other.body
            )),
            None => Ok(()),
        }
    }

    pub(super) fn post(&mut self, post: &Post) -> Result<(), String> {
        let path = self.filled(&post.path)?;
        let headers = [("Content-Type", post.r#type.as_str())];
        self.answer = self.desk.ask("POST", &path, &headers, post.body.as_bytes());
        self.desk.settle();
        Ok(())
    }

    pub(super) fn get(&mut self, get: &Get) -> Result<(), String> {
        let path = self.filled(&get.path)?;
        let headers: Vec<_> = get
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.answer = self.desk.ask("GET", &path, &headers, b"");
        Ok(())
    }

    pub(super) fn page(&mut self, page: &Page) -> Result<(), String> {
        let mails = self.desk.mails();
        let link = mails
            .iter()
            .rev()
            .filter(|mail| mail.is_to(&page.from_mail_to))
            .find_map(|mail| page_link(mail.text()));
        let link =
            link.ok_or_else(|| format!("no mail to {} links to a page", page.from_mail_to))?;
        self.answer = self.desk.ask("GET", &link, &[PAGES], b"");
        let Some(words) = &page.write else {
            return Ok(());
        };
        let action = form_action(&self.answer.body).ok_or("the page has no form")?;
        let mut fields = hidden_fields(&self.answer.body);
        fields.push(("message".to_owned(), words.clone()));
        self.answer = self.desk.ask(
            "POST",
            &action,
            &[PAGES, URLENCODED],
            encoded(&fields).as_bytes(),
        );
        self.desk.settle();
        Ok(())
    }

    pub(super) fn mail(&mut self, mail: &Mail) -> Result<(), String> {
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
        };
        let raw = mail.raw.clone().unwrap_or_else(|| draft.raw());
        let sender = mail.envelope_from.as_ref().unwrap_or(&mail.from);
        self.deliver(sender, &mail.to, mail.verdict.as_deref(), &raw)
    }

    /// Answers the newest mail that the desk sent to somebody.
    pub(super) fn reply(&mut self, reply: &Reply) -> Result<(), String> {
        let part = self.filled(&reply.subject)?;
        let mails = self.desk.mails();
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
        };
        self.deliver(from, &to, reply.verdict.as_deref(), &draft.raw())
    }

    fn next_id(&mut self) -> String {
        self.written += 1;
        format!("mail-{}@client.example", self.written)
    }

    fn deliver(
        &mut self,
        from: &str,
        to: &str,
        verdict: Option<&str>,
        raw: &str,
    ) -> Result<(), String> {
        let verdict = verdict.map(|verdict| format!("X-Local-Verdict: {verdict}\n"));
        let raw = verdict.unwrap_or_default() + raw;
        smtp::deliver(self.desk.port("smtp"), from, to, &raw)?;
        self.desk.settle();
        Ok(())
    }

    pub(super) fn advance(&mut self, advance: &Advance) -> Result<(), String> {
        match (&advance.by, advance.to) {
            (Some(by), None) => self.desk.advance(by),
            (None, Some(to)) => self.desk.advance_to(to.0),
            _ => return Err("say either by or to".to_owned()),
        }
        Ok(())
    }

    pub(super) fn ses(&mut self, ses: &Ses) {
        let mut order = json!({ "answer": ses.answer });
        if let Some(address) = &ses.address {
            order["address"] = json!(address);
        }
        if let Some(next) = ses.next {
            order["next"] = json!(next);
        }
        self.desk.ses(&order);
    }

    pub(super) fn troth(&mut self, troth: &Troth) -> Result<(), String> {
        let run: Result<Vec<String>, String> =
            troth.run.iter().map(|word| self.filled(word)).collect();
        let run = run?;
        let words: Vec<&str> = run.iter().map(String::as_str).collect();
        let said = match self.desk.troth(&words) {
            Ok(said) if !troth.refused => said,
            Err(said) if troth.refused => said,
            Ok(said) => return Err(format!("it did not refuse:\n{said}")),
            Err(said) => return Err(format!("it refused:\n{said}")),
        };
        self.desk.settle();
        self.holds("what troth said", &said, &troth.contains)
            .and_then(|()| self.lacks("what troth said", &said, &troth.lacks))
            .map_err(|problem| format!("{problem}:\n{said}"))
    }
}

fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
