//! Whoever acts in a story, with nothing but what they have in their hands: a form, a mail that they received, a link.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{DOMAIN, Desk, SITE};
use crate::faults::Function;
use crate::story::{Agent, Input, Sources, What};

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The desk has said that it has it; or SES has the mail, which is the same promise.
    Accepted,
    /// The desk has said no.
    Refused(u16),
    /// The desk gave no answer that counts, as often as it was asked.
    Unanswered,
    /// There was nothing to act on: no mail had come.
    Nothing,
}

/// The words that only this input carries.
pub(crate) fn taint(number: usize) -> String {
    format!("taint{number:04}x")
}

/// The customer of a ticket; some customers have several.
pub(crate) fn customer(ticket: usize) -> String {
    format!("customer{}@kunde.example", ticket % 6)
}

/// How long somebody waits for the mail that they want to answer.
const PATIENCE: u32 = 60;

impl Desk {
    /// Acts; answers what became of it.
    pub(crate) async fn act(self: &Arc<Self>, input: &Input, sources: Sources) -> Outcome {
        match &input.what {
            What::Form { complaint } => self.form(input, *complaint).await,
            What::Api => self.api(input).await,
            What::Mail { proved } => {
                let to = self.address(input.ticket);
                self.mail(input, &customer(input.ticket), &to, "", *proved, sources);
                Outcome::Accepted
            }
            What::Page => self.page(input).await,
            What::HaveIt => self.have_it(input).await,
            what => {
                let Some((from, to, known)) = self.answered(input, what).await else {
                    return Outcome::Nothing;
                };
                let proved = matches!(what, What::Agent(_) | What::Answer { proved: true });
                let more = match what {
                    What::AutoReply => "Auto-Submitted: auto-replied\r\n".to_owned(),
                    What::Bounce => {
                        "Auto-Submitted: auto-replied\r\nX-Failed-Recipients: x@example.net\r\n"
                            .to_owned()
                    }
                    _ => String::new(),
                };
                self.mail(
                    input,
                    &from,
                    &to,
                    &format!("{more}In-Reply-To: <{known}@eu-central-1.amazonses.com>\r\n"),
                    proved,
                    sources,
                );
                Outcome::Accepted
            }
        }
    }

    /// A public address of the desk.
    fn address(&self, ticket: usize) -> String {
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
    async fn answered(
        self: &Arc<Self>,
        input: &Input,
        what: &What,
    ) -> Option<(String, String, String)> {
        let staff = matches!(what, What::Agent(_) | What::Impostor);
        for _ in 0..PATIENCE {
            if let Some(found) = self.newest_mail(input, staff) {
                let (to, reply_to, id) = found;
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

    /// The newest mail about the input's ticket in the mailbox of its customer, or of somebody on the staff: whose it
    /// is, where an answer to it goes, and its SES id.
    fn newest_mail(&self, input: &Input, staff: bool) -> Option<(String, String, String)> {
        let state = self.world.lock();
        let ticket = Self::ticket_of(&state, input.ticket)?;
        let customer = customer(input.ticket);
        let mut rng = self.world.dice.of(("who", input.number));
        let mails: Vec<_> = state
            .cloud
            .mail
            .accepted
            .iter()
            .rev()
            .filter(|mail| {
                mail.ticket == ticket && mail.to.iter().any(|to| (*to == customer) != staff)
            })
            .filter_map(|mail| {
                Some((
                    mail,
                    reply_to(&mail.raw).filter(|to| !staff || to.starts_with("a-"))?,
                ))
            })
            .collect();
        let place = if staff && !mails.is_empty() {
            rng.usize(0..mails.len().min(4))
        } else {
            0
        };
        let (mail, to) = mails.into_iter().nth(place)?;
        Some((mail.to.first()?.clone(), to, mail.id.clone()))
    }

    /// The ticket that the story's ticket has become, by the words of its opening.
    pub(crate) fn ticket_of(state: &crate::world::State, ticket: usize) -> Option<String> {
        let words = opening_taint(ticket);
        state.cloud.table.items().find_map(|((pk, sk), item)| {
            let is = sk == "e#000001" && item.get("words")?["S"].as_str()?.contains(&words);
            is.then(|| pk.trim_start_matches("T#").to_owned())
        })
    }

    /// Puts a mail into the bucket and has its event delivered.
    fn mail(
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
        let taint = taint(input.number);
        let (subject, body) = match &input.what {
            What::Mail { .. } => (
                format!("Opening {}", opening_taint(input.ticket)),
                format!("We need help with this: {taint}"),
            ),
            What::Agent(agent) => (format!("Re: {taint}"), agents_words(agent, &taint)),
            _ => (format!("Re: {taint}"), format!("More about it: {taint}")),
        };
        let raw = format!(
            "From: Somebody <{from}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{id}@mail.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n{headers}\r\n{body}\r\n",
            now.strftime("%a, %d %b %Y %H:%M:%S +0000")
        );
        let verdict = |passes: bool| json!({ "status": if passes { "PASS" } else { "GRAY" } });
        let source = if matches!(input.what, What::Bounce) {
            ""
        } else {
            from
        };
        let event = json!({ "Records": [{ "eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
            "mail": { "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(), "source": source, "messageId": id,
                      "destination": [to], "headersTruncated": false, "headers": [], "commonHeaders": {} },
            "receipt": { "recipients": [to], "spamVerdict": verdict(true), "virusVerdict": verdict(true),
                         "spfVerdict": verdict(proved), "dkimVerdict": verdict(proved), "dmarcVerdict": verdict(proved) },
        } }] });
        let micros = self.world.clock.micros();
        self.world
            .lock()
            .cloud
            .bucket
            .put(&format!("inbox/{id}"), raw.into_bytes(), micros);
        self.deliver(Function::InboundEmail, &event, &id, sources);
    }

    async fn form(self: &Arc<Self>, input: &Input, complaint: bool) -> Outcome {
        let fields = [
            ("email", customer(input.ticket)),
            ("name", "A customer".to_owned()),
            (
                "subject",
                format!("Opening {}", opening_taint(input.ticket)),
            ),
            (
                "message",
                format!("We need help with this: {}", taint(input.number)),
            ),
            ("department", self.department(input.ticket)),
            (
                "type",
                if complaint { "complaint" } else { "request" }.to_owned(),
            ),
            ("lang", self.policy.terms().languages[0].to_string()),
            ("nonce", format!("nonce-{}", input.number)),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let event = request("POST /tickets", "application/x-www-form-urlencoded", &body);
        self.ask(input, event).await
    }

    async fn api(self: &Arc<Self>, input: &Input) -> Outcome {
        let body = json!({
            "email": customer(input.ticket),
            "subject": format!("Opening {}", opening_taint(input.ticket)),
            "message": format!("We need help with this: {}", taint(input.number)),
            "department": self.department(input.ticket),
        });
        let mut event = request("POST /tickets", "application/json", &body.to_string());
        event["headers"]["idempotency-key"] = json!(format!("key-{}", input.number));
        self.ask(input, event).await
    }

    fn department(&self, ticket: usize) -> String {
        let on_form: Vec<_> = self
            .policy
            .terms()
            .departments
            .iter()
            .filter(|it| it.on_form)
            .collect();
        on_form[ticket % on_form.len()].id.to_string()
    }

    async fn page(self: &Arc<Self>, input: &Input) -> Outcome {
        let Some((path, key)) = self.link(input, false).await else {
            return Outcome::Nothing;
        };
        let fields = [
            ("message", format!("More about it: {}", taint(input.number))),
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
        self.ask(input, event).await
    }

    async fn have_it(self: &Arc<Self>, input: &Input) -> Outcome {
        let Some((path, key)) = self.link(input, true).await else {
            return Outcome::Nothing;
        };
        let mut event = request(
            "POST /tickets/{number}/have-it",
            "application/x-www-form-urlencoded",
            "",
        );
        event["rawQueryString"] = json!(key);
        event["pathParameters"] = json!({ "number": path });
        self.ask(input, event).await
    }

    /// The number and the rest of a link in a mail about the ticket.
    async fn link(self: &Arc<Self>, input: &Input, have_it: bool) -> Option<(String, String)> {
        for _ in 0..PATIENCE / if have_it { 6 } else { 1 } {
            let found = {
                let state = self.world.lock();
                let ticket = Self::ticket_of(&state, input.ticket);
                let customer = customer(input.ticket);
                let mut own = state.cloud.mail.accepted.iter().rev().filter(|mail| {
                    Some(&mail.ticket) == ticket.as_ref()
                        && (mail.to.contains(&customer) != have_it)
                });
                own.find_map(|mail| link_in(&mail.raw, have_it))
            };
            if found.is_some() {
                return found;
            }
            self.world.clock.wait(Duration::from_mins(10)).await;
        }
        None
    }

    /// Asks until there is an answer, and once more now and then: people press buttons twice.
    async fn ask(self: &Arc<Self>, input: &Input, mut event: Value) -> Outcome {
        let mut rng = self.world.dice.of(("ask", input.number));
        let twice = rng.u32(0..4) == 0;
        let mut answers = Vec::new();
        for attempt in 0..200u64 {
            event["requestContext"]["requestId"] =
                json!(format!("request-{}-{attempt}", input.number));
            event["requestContext"]["timeEpoch"] = json!(self.world.clock.now().as_millisecond());
            let answer = self.http(event.clone()).await;
            match answer.map(|answer| answer.status_code) {
                Some(status @ (200..400)) => answers.push(status),
                Some(status @ (400..500)) => return Outcome::Refused(status),
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
        }
        Outcome::Unanswered
    }
}

/// The words by which a ticket of the story is known: those of the input that opens it, which comes first.
pub(crate) fn opening_taint(ticket: usize) -> String {
    format!("opens{ticket:03}x")
}

fn agents_words(agent: &Agent, taint: &str) -> String {
    let mut lines = agent.orders.clone();
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

fn request(route: &str, content_type: &str, body: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": route, "rawQueryString": "",
        "headers": { "content-type": content_type, "accept": "text/html" },
        "pathParameters": {}, "requestContext": {}, "body": body, "isBase64Encoded": false,
    })
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

/// The number and the key, or the whole query, of the first link of its kind.
fn link_in(raw: &str, have_it: bool) -> Option<(String, String)> {
    let parsed = mail::parse(raw.as_bytes(), None).ok()?;
    let start = format!("{SITE}/tickets/");
    parsed.text.split_whitespace().find_map(|word| {
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
