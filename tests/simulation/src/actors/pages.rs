//! People in front of a page: the form, the ticket's page, the link in a mail, and programs that use the API.

use std::sync::Arc;
use std::time::Duration;

use runtime::http::Answer;
use serde_json::{Value, json};

use super::keys::key;
use super::kinds::comes_from_the_form;
use super::{Looked, Outcome, PATIENCE, SHOWN, customer, secret, secret_in_subject, taint};
use crate::desk::{Desk, SITE};
use crate::story::{Input, What};

impl Desk {
    pub(super) async fn form(self: &Arc<Self>, input: &Input, complaint: bool) -> Outcome {
        let subject = self.subject(input.ticket);
        let nonce = key("form", input.ticket);
        self.filled_form(input, subject, complaint, nonce).await
    }

    /// The customer of a ticket asks for something else.
    pub(super) async fn form_again(self: &Arc<Self>, input: &Input) -> Outcome {
        let subject = format!("Something else {}", taint(input.number));
        let nonce = format!("again-{}", input.number);
        self.filled_form(input, subject, false, nonce).await
    }

    async fn filled_form(
        self: &Arc<Self>,
        input: &Input,
        subject: String,
        complaint: bool,
        nonce: String,
    ) -> Outcome {
        let fields = [
            ("email", customer(input.ticket)),
            ("name", "A customer".to_owned()),
            (
                "subject",
                format!("{subject}{}", secret_in_subject(input.number)),
            ),
            (
                "message",
                format!(
                    "We need help with this: {}{}{}",
                    taint(input.number),
                    self.about(input.ticket).1,
                    secret(input.number)
                ),
            ),
            ("department", self.department(input.ticket)),
            (
                "type",
                if complaint { "complaint" } else { "request" }.to_owned(),
            ),
            ("lang", self.language(input.ticket)),
            ("nonce", nonce),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let event = request("POST /tickets", "application/x-www-form-urlencoded", &body);
        self.ask(input, event).await
    }

    /// The language in which the customer of a ticket fills in forms: any of the policy's.
    pub(crate) fn language(&self, ticket: usize) -> String {
        let all = &self.policy.terms().languages;
        let place = self.world.dice.of(("language", ticket)).usize(0..all.len());
        all[place].to_string()
    }

    pub(super) async fn api(self: &Arc<Self>, input: &Input) -> Outcome {
        let body = json!({
            "email": customer(input.ticket),
            "subject": self.subject(input.ticket),
            "message": format!(
                "We need help with this: {}{}{}",
                taint(input.number),
                self.about(input.ticket).1,
                secret(input.number)
            ),
            "department": self.department(input.ticket),
            "lang": self.language(input.ticket),
        });
        self.keyed(input, &body).await
    }

    /// Says other words under the key by which the ticket was opened, if it was.
    pub(super) async fn api_other(self: &Arc<Self>, input: &Input) -> Outcome {
        if self.ticket_of(&self.world.lock(), input.ticket).is_none() {
            return Outcome::Nothing;
        }
        let body = json!({
            "email": customer(input.ticket),
            "subject": "Something else",
            "message": format!("We need another thing: {}", taint(input.number)),
            "department": self.department(input.ticket),
            "lang": self.language(input.ticket),
        });
        self.keyed(input, &body).await
    }

    async fn keyed(self: &Arc<Self>, input: &Input, body: &Value) -> Outcome {
        let mut event = request("POST /tickets", "application/json", &body.to_string());
        event["headers"]["idempotency-key"] = json!(key("api", input.ticket));
        self.ask(input, event).await
    }

    /// The department that the customer of a ticket chooses on forms.
    pub(crate) fn department(&self, ticket: usize) -> String {
        let on_form: Vec<_> = self
            .policy
            .terms()
            .departments
            .iter()
            .filter(|it| it.on_form)
            .collect();
        on_form[ticket % on_form.len()].id.to_string()
    }

    pub(super) async fn page(self: &Arc<Self>, input: &Input) -> Outcome {
        let customer = customer(input.ticket);
        let shown = self.way().shown.get(&input.ticket).cloned();
        let shown = shown.filter(|_| comes_from_the_form(input));
        let how = if shown.is_some() { SHOWN } else { "" };
        let link = match shown {
            Some(shown) => Some(shown),
            None => self.link(input, Some(&customer)).await,
        };
        let Some((path, key)) = link else {
            return Outcome::Nothing;
        };
        let fields = [
            (
                "message",
                format!(
                    "More about it: {}{how}{}",
                    taint(input.number),
                    secret(input.number)
                ),
            ),
            ("nonce", format!("nonce-{}", input.number)),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut event = request(
            "POST /tickets/{number}/messages",
            "application/x-www-form-urlencoded",
            &body,
        );
        event["rawQueryString"] = json!(format!("key={key}"));
        event["pathParameters"] = json!({ "number": path });
        let outcome = self.ask(input, event.clone()).await;
        if outcome == Outcome::Accepted && input.number % 4 == 1 {
            self.writes_again(input, event).await;
        }
        let pages = self.look(input, &customer, path, key).await;
        let written = taint(input.number);
        let shown = pages.is_none_or(|all| all.iter().any(|it| it.contains(&written)));
        if outcome == Outcome::Accepted && !shown {
            let said = format!("input {} was taken and no page shows it", input.number);
            self.way().undone.push(said);
        }
        outcome
    }

    /// Goes back to the page's form, which has its nonce still, and writes something else: that must be refused.
    async fn writes_again(self: &Arc<Self>, input: &Input, mut event: Value) {
        let now = self.world.clock.now();
        self.way().on_pages.push((customer(input.ticket), now));
        let body = event["body"].as_str().unwrap_or_default();
        event["body"] = json!(body.replacen("More+about+it", "Other+words", 1));
        event["requestContext"]["requestId"] = json!(format!("request-{}-other", input.number));
        event["requestContext"]["timeEpoch"] = json!(now.as_millisecond());
        let answer = self.http(event.clone(), false).await;
        if answer.is_some_and(|it| it.status_code < 400) {
            let said = "other words under the nonce of a page were taken".to_owned();
            self.way().undone.push(said);
        }
    }

    /// Somebody who takes part looks at the page of the mail that they have answered.
    pub(super) async fn looks_on(self: &Arc<Self>, input: &Input, reader: &str) {
        if let Some((path, key)) = self.link_now(input, Some(reader)) {
            self.look(input, reader, path, key).await;
        }
    }

    /// Looks at the page of a ticket, at those that it links to, and at the newest of its files. Answers the pages if all came.
    async fn look(
        self: &Arc<Self>,
        input: &Input,
        reader: &str,
        path: String,
        key: String,
    ) -> Option<Vec<String>> {
        let (mut left, mut seen) = (vec![(path, key)], Vec::new());
        let mut pages = Some(Vec::new());
        while let Some((path, key)) = left.pop() {
            if seen.contains(&path) || path.contains('/') {
                continue;
            }
            let mut event = request("GET /tickets/{number}", "", "");
            event["rawQueryString"] = json!(format!("key={key}"));
            event["pathParameters"] = json!({ "number": path });
            let id = format!("request-{}-look-{path}", input.number);
            event["requestContext"]["requestId"] = json!(id);
            let at = self.world.clock.now();
            event["requestContext"]["timeEpoch"] = json!(at.as_millisecond());
            let Some(page) = self.http(event, false).await else {
                pages = None;
                continue;
            };
            pages = pages.filter(|_| page.status_code == 200);
            if let Some(pages) = &mut pages {
                pages.push(page.body.clone());
            }
            seen.push(path.clone());
            let links = page.body.split("href=\"").skip(1);
            let links = links
                .filter_map(|rest| link_in(&format!("{SITE}{}", rest.split('"').next()?), false));
            let (files, linked): (Vec<_>, Vec<_>) =
                links.partition(|(path, _)| path.contains("/files/"));
            left.extend(linked);
            let query = format!("key={key}");
            if let Some((file, _)) = files.into_iter().next_back() {
                self.follow(input, Some(reader), &file, &query, false).await;
            }
            // Whoever sees how such a link is made tries another, and is lucky.
            if let Some(first) = self.first_file(&path) {
                self.follow(input, Some(reader), &first, &query, true).await;
            }
            let looked = Looked {
                number: path,
                reader: reader.to_owned(),
                html: page.body,
                at,
                thanks: false,
            };
            if page.status_code == 200 {
                self.way().looked.push(looked);
            }
        }
        pages
    }

    pub(super) async fn have_it(self: &Arc<Self>, input: &Input) -> Outcome {
        let Some((path, key)) = self.link(input, None).await else {
            return Outcome::Nothing;
        };
        let event = |route: &str, content_type: &str| {
            let mut event = request(route, content_type, "");
            event["rawQueryString"] = json!(key);
            event["pathParameters"] = json!({ "number": path });
            event["requestContext"]["requestId"] =
                json!(format!("request-{}-opened", input.number));
            event["requestContext"]["timeEpoch"] = json!(self.world.clock.now().as_millisecond());
            event
        };
        // Whoever looks for harmful links opens it first, which must say nothing.
        self.http(event("GET /tickets/{number}/have-it", ""), false)
            .await;
        // Of a click and a mail of orders alone in one second, the log does not tell which took the levels.
        self.world.clock.wait(Duration::from_secs(1)).await;
        let form = "application/x-www-form-urlencoded";
        self.ask(input, event("POST /tickets/{number}/have-it", form))
            .await
    }

    /// Somebody has said that they have it, and was thanked.
    fn takes(&self, input: &Input, at: jiff::Timestamp) {
        if input.what == What::HaveIt {
            let ticket = self.ticket_of(&self.world.lock(), input.ticket);
            self.way().took.extend(ticket.map(|ticket| (ticket, at)));
        }
    }

    /// The number and the rest of a link in a mail about the ticket: to the page of a customer, or to take a level.
    async fn link(
        self: &Arc<Self>,
        input: &Input,
        customer: Option<&str>,
    ) -> Option<(String, String)> {
        for _ in 0..PATIENCE / if customer.is_none() { 6 } else { 1 } {
            if let Some(found) = self.link_now(input, customer) {
                return Some(found);
            }
            self.world.clock.wait(Duration::from_mins(10)).await;
        }
        None
    }

    fn link_now(&self, input: &Input, reader: Option<&str>) -> Option<(String, String)> {
        let state = self.world.lock();
        let ticket = self.ticket_of(&state, input.ticket);
        let requester = customer(input.ticket);
        let is_theirs = |to: &[String]| match reader {
            Some(reader) => to.iter().any(|it| it == reader),
            None => !to.contains(&requester),
        };
        let mails = state.cloud.mail.accepted.iter().rev();
        let mut own =
            mails.filter(|mail| Some(&mail.ticket) == ticket.as_ref() && is_theirs(&mail.to));
        own.find_map(|mail| link_in(mail.text(), reader.is_none()))
    }

    /// Asks until there is an answer, and once more now and then: people press buttons twice.
    async fn ask(self: &Arc<Self>, input: &Input, mut event: Value) -> Outcome {
        let mut rng = self.world.dice.of(("ask", input.number));
        let twice = rng.u32(0..4) == 0;
        let mut answers = Vec::new();
        for attempt in 0..200u64 {
            event["requestContext"]["requestId"] =
                json!(format!("request-{}-{attempt}", input.number));
            let now = self.world.clock.now();
            event["requestContext"]["timeEpoch"] = json!(now.as_millisecond());
            if input.what == What::Page {
                self.way().on_pages.push((customer(input.ticket), now));
            }
            if input.what == What::HaveIt {
                self.way().pressed.push(now);
            }
            let answer = self.http(event.clone(), attempt > 0).await;
            let opens = matches!(input.what, What::Form { .. });
            if let (true, Some(answer)) = (opens, &answer) {
                let words = answer.body.split(['"', '\'']);
                let mut links = words.filter_map(|it| link_in(&format!("{SITE}{it}"), false));
                let shown = links.find(|(path, _)| !path.contains('/'));
                let thanks = shown.as_ref().map(|(number, _)| Looked {
                    number: number.clone(),
                    reader: customer(input.ticket),
                    html: answer.body.clone(),
                    at: now,
                    thanks: true,
                });
                let mut way = self.way();
                way.looked.extend(thanks);
                way.shown.extend(shown.map(|it| (input.ticket, it)));
            }
            let header = |answer: &Answer| answer.headers.get("retry-after")?.parse().ok();
            let wait: u64 = answer.as_ref().and_then(header).unwrap_or_default();
            match answer.map(|answer| answer.status_code) {
                Some(status @ (200..400)) => {
                    answers.push(status);
                    self.takes(input, now);
                }
                // They read when they may ask again, and do.
                Some(429) => {
                    self.way().turned_away.push((now, wait));
                    self.world.clock.wait(Duration::from_secs(wait)).await;
                    continue;
                }
                Some(status @ (400..500)) => {
                    let now = self.world.clock.now();
                    self.way().refused.insert(input.number, now);
                    return Outcome::Refused(status);
                }
                _ => {
                    let wait = (2 << attempt.min(10)) + rng.u64(0..3);
                    self.world
                        .clock
                        .wait(Duration::from_secs(wait.min(1800)))
                        .await;
                    continue;
                }
            }
            if !twice || answers.len() > 1 {
                return Outcome::Accepted;
            }
            // Whoever finds the form open hours later, and sends it again, is told what they were told.
            if opens && rng.bool() {
                let later = Duration::from_secs(rng.u64(0..LATER.as_secs()));
                self.world.clock.wait(later).await;
            }
        }
        Outcome::Unanswered
    }
}

/// A form that was sent is sent again within so long, by whoever does.
const LATER: Duration = Duration::from_hours(14);

/// The network address of everybody.
pub(crate) const PLACE: &str = "192.0.2.7";

pub(crate) fn request(route: &str, content_type: &str, body: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": route, "rawQueryString": "",
        "headers": { "content-type": content_type, "accept": "text/html" },
        "pathParameters": {}, "requestContext": { "http": { "sourceIp": PLACE } }, "body": body, "isBase64Encoded": false,
    })
}

/// The number and the key, or the whole query, of the first link of its kind.
fn link_in(text: &str, have_it: bool) -> Option<(String, String)> {
    let start = format!("{SITE}/tickets/");
    text.split_whitespace().find_map(|word| {
        let rest = word[word.find(&start)?..].strip_prefix(&start)?;
        let (path, query) = rest.split_once('?')?;
        let query = query.trim_end_matches(['.', ')', '>', ']']).to_owned();
        match (path.strip_suffix("/have-it"), have_it) {
            (Some(number), true) => Some((number.to_owned(), query)),
            (None, false) => Some((
                path.to_owned(),
                query.strip_prefix("key=")?.split('&').next()?.to_owned(),
            )),
            _ => None,
        }
    })
}
