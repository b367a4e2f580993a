//! What must be true of a desk that had a bad time and was then left in peace.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use play::Mail;
use serde_json::Value;

use super::Outcome;
use super::story::{Story, said};
use super::table::{self, Item};
use crate::desk::Desk;

/// An entry of the due index may wait this long for its tick.
const LATE: SignedDuration = SignedDuration::from_mins(10);

pub(super) struct Evidence {
    items: Vec<Item>,
    pub(super) mails: Vec<Mail>,
    pub(super) strikes: Vec<Value>,
    falls: Vec<Timestamp>,
    now: Timestamp,
}

/// Looks at everything.
pub(super) fn all(desk: &Desk, seed: u64, story: &Story) -> Outcome {
    let evidence = Evidence {
        items: table::items(desk),
        mails: desk.mails(),
        strikes: desk.strikes(),
        falls: story.falls.clone(),
        now: desk.now(),
    };
    let mut wrong = desk.undone();
    wrong.extend(desk.findings());
    wrong.extend(left_behind(desk));
    wrong.extend(evidence.inputs(story));
    wrong.extend(evidence.logs());
    wrong.extend(evidence.due());
    let window = evidence.notices(&mut wrong);
    wrong.extend(evidence.told(story));
    wrong.extend(evidence.reports());
    Outcome {
        seed,
        inputs: story.inputs.len(),
        tickets: evidence.of("ticket").count(),
        mails: evidence.mails.len(),
        window,
        strikes: evidence.strikes.len(),
        falls: evidence.falls.len(),
        wrong,
        logs: evidence.logs_of(desk),
    }
}

/// What lies where nothing may be left: raw mail in the inbox, events that wait.
fn left_behind(desk: &Desk) -> Vec<String> {
    let mut left = Vec::new();
    let buckets = std::fs::read_dir(desk.data().join("data/s3"))
        .into_iter()
        .flatten()
        .flatten();
    for bucket in buckets {
        let inbox = std::fs::read_dir(bucket.path().join("inbox"))
            .into_iter()
            .flatten()
            .flatten();
        left.extend(
            inbox.map(|mail| format!("{} is left in the inbox", mail.file_name().display())),
        );
    }
    let waiting = desk.state()["asynchronous_events"].clone();
    if waiting != 0 {
        left.push(format!("{waiting} events still wait"));
    }
    left
}

impl Evidence {
    pub(super) fn of<'e>(&'e self, sk: &'e str) -> impl Iterator<Item = &'e Item> {
        self.items
            .iter()
            .filter(move |item| item["SK"].starts_with(sk))
    }

    fn logs_of(&self, desk: &Desk) -> String {
        let falls = self.falls.iter();
        let falls = falls.map(|at| format!("the machine was down until {at}"));
        let strikes = self.strikes.iter().map(Value::to_string);
        let mails = self.mails.iter().map(Mail::line);
        let lines: Vec<String> = falls.chain(strikes).chain(mails).collect();
        format!("{}\n{}", lines.join("\n"), desk.logs())
    }

    /// Every input stands in exactly one event, on the ticket that it belongs to; there are no other tickets.
    fn inputs(&self, story: &Story) -> Vec<String> {
        let mut wrong = Vec::new();
        let places = |words: &str| -> Vec<&str> {
            let events = self
                .of("e#")
                .filter(|event| event.get("words").is_some_and(|said| said.contains(words)));
            events.map(|event| event["PK"].as_str()).collect()
        };
        let mut openings = BTreeSet::new();
        for input in &story.inputs {
            let here = places(&input.words);
            let home = places(&input.opening);
            openings.insert(input.opening.as_str());
            if here.len() != 1 || home.first() != here.first() {
                wrong.push(format!(
                    "\"{}\" stands in {here:?}, and its ticket in {home:?}",
                    input.words
                ));
            }
        }
        let tickets = self.of("ticket").count();
        if tickets != openings.len() {
            wrong.push(format!("{tickets} tickets for {} openings", openings.len()));
        }
        wrong
    }

    /// The events of a ticket are numbered from 1 to its own number without a gap.
    fn logs(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for ticket in self.of("ticket") {
            let last: usize = ticket
                .get("seq")
                .and_then(|seq| seq.parse().ok())
                .unwrap_or(0);
            let numbers: Vec<&str> = self
                .of("e#")
                .filter(|event| event["PK"] == ticket["PK"])
                .map(|event| event["SK"].as_str())
                .collect();
            let expected: BTreeSet<String> = (1..=last).map(|n| format!("e#{n:06}")).collect();
            let found: BTreeSet<String> = numbers.iter().map(|sk| (*sk).to_owned()).collect();
            if found != expected {
                wrong.push(format!("{} is at {last} and has {numbers:?}", ticket["PK"]));
            }
        }
        wrong
    }

    /// Nothing is parked, and nothing that is due is left lying.
    fn due(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for item in &self.items {
            let name = format!("{} {}", item["PK"], item["SK"]);
            if item.contains_key("parked") {
                wrong.push(format!("{name} is parked"));
            }
            let due = item.get("due_at").and_then(|due| due.split('#').next());
            let due = due.and_then(|due| due.parse::<Timestamp>().ok());
            if due.is_some_and(|due| due + LATE < self.now) {
                wrong.push(format!("{name} has been due since {}", item["due_at"]));
            }
        }
        wrong
    }

    /// Every notice is settled: what was sent left once, and what lost its point did not leave. Answers how many copies
    /// left in the documented window.
    fn notices(&self, wrong: &mut Vec<String>) -> usize {
        let mut copies: BTreeMap<&str, Vec<&Mail>> = BTreeMap::new();
        for mail in &self.mails {
            copies
                .entry(mail.header("x-troth-notice"))
                .or_default()
                .push(mail);
        }
        let mut window = 0;
        for notice in self.of("n#") {
            let id = &notice["SK"][2..];
            let left = copies.remove(id).unwrap_or_default();
            let state = notice.get("st").map_or("no state", String::as_str);
            let name = format!("notice {id} of {} ({state})", notice["PK"]);
            let usual = match state {
                "sent" => 1,
                "superseded" => 0,
                // Mail to the address had come back, or its owner had complained.
                "failed"
                    if notice
                        .get("why")
                        .is_some_and(|why| why.contains("this address")) =>
                {
                    0
                }
                _ => {
                    wrong.push(format!("{name} is not settled: {:?}", notice.get("why")));
                    continue;
                }
            };
            if left.len() < usual {
                wrong.push(format!("{name} never left"));
            }
            let more = left.len().saturating_sub(usual);
            let unheard = left.iter().filter(|mail| self.was_unheard(mail)).count();
            if more > unheard {
                let ids: Vec<&str> = left.iter().map(|mail| mail.id.as_str()).collect();
                wrong.push(format!(
                    "{name} left {} times, {unheard} unheard: {ids:?}",
                    left.len()
                ));
            }
            window += more;
        }
        wrong.extend(
            copies
                .values()
                .flatten()
                .map(|mail| format!("nobody asked for {}", mail.line())),
        );
        window
    }

    /// Whether the machine went down about when a mail left.
    fn fell_near(&self, mail: &Mail) -> bool {
        self.falls.iter().any(|at| near(*at, mail))
    }

    /// Whether neither SES's answer nor its event of this mail may have reached the table: the sender was struck, and
    /// the event was lost or late or its function was struck too; or all of them went down.
    fn was_unheard(&self, mail: &Mail) -> bool {
        let struck = |function: &str| {
            self.strikes.iter().any(|strike| {
                let at = said(&strike["at"]).parse::<Timestamp>();
                at.is_ok_and(|at| near(at, mail)) && said(&strike["place"]).starts_with(function)
            })
        };
        let event_missed = self.strikes.iter().any(|strike| {
            said(&strike["what"]).starts_with("event") && strike["mail"] == mail.id.as_str()
        });
        self.fell_near(mail)
            || struck("NotifierFunction") && (event_missed || struck("MailEventsFunction"))
    }

    /// Customers were told of their ticket and of every answer, and of the ticket that nobody answered management was.
    fn told(&self, story: &Story) -> Vec<String> {
        let mut wrong = Vec::new();
        for input in &story.inputs {
            let mut mails = self.mails.iter().filter(|mail| mail.is_to(&input.customer));
            let told = if input.is_answer {
                mails.any(|mail| mail.text().contains(&input.words))
            } else {
                mails.next().is_some()
            };
            if !told && input.reached {
                wrong.push(format!(
                    "{} was never told of \"{}\"",
                    input.customer, input.words
                ));
            }
        }
        let unanswered = self.mails.iter().find(|mail| mail.is_to(&story.unanswered));
        let number = unanswered
            .map(|mail| mail.subject.clone())
            .unwrap_or_default();
        let number = number
            .split(['[', ']', ' '])
            .find(|word| word.matches('-').count() == 2);
        let management = self.mails.iter().any(|mail| {
            mail.is_to("director@staff.example.com")
                && number.is_some_and(|number| mail.subject.contains(number))
        });
        if !management {
            wrong.push(format!("management never heard of {number:?}"));
        }
        wrong
    }
}

/// Whether something happened about when a mail left.
fn near(at: Timestamp, mail: &Mail) -> bool {
    at.duration_since(mail.at).abs() <= SignedDuration::from_mins(10)
}
