//! `troth ticket history`: the log, and whether it is intact.

use std::fmt::Write;

use policy::Zone;
use serde_json::{Value, json};
use store::{Store, Stored};
use ticket::{Actor, Event, Opened, Recorded, Words, first_break, fold};

use super::list::or_else;
use super::{Error, files, text};

/// A ticket and all its events.
pub(super) struct Log {
    stored: Stored,
    pub(super) events: Vec<Recorded>,
}

impl Log {
    pub(super) async fn read(store: &Store, stored: Stored) -> Result<Self, Error> {
        let mut events = store.history(stored.ticket.id).await?;
        // What was recorded after the snapshot had been read is the next look's.
        events.retain(|recorded| recorded.seq <= stored.ticket.seq);
        Ok(Self { stored, events })
    }

    pub(super) fn print(&self, json: bool) -> String {
        if json {
            text::json(&self.json())
        } else {
            self.text()
        }
    }

    fn number(&self) -> String {
        let prefix = &self.stored.policy.terms().prefix;
        self.stored.ticket.id.number(prefix)
    }

    fn is_folded(&self) -> bool {
        fold(&self.events).as_ref() == Some(&self.stored.ticket)
    }

    pub(super) fn json(&self) -> Value {
        let broken_at = first_break(&self.events);
        let events = self.events.iter().map(|recorded| {
            json!({
                "seq": recorded.seq,
                "at": recorded.at,
                "recorded_at": recorded.recorded_at,
                "who": recorded.actor,
                "event": recorded.event,
                "words": recorded.words.as_ref().map(words),
                "chain": recorded.chain,
            })
        });
        json!({
            "number": self.number(),
            "id": self.stored.ticket.id,
            "chain_verifies": broken_at.is_none(),
            "chain_broken_at": broken_at,
            "snapshot_is_fold": self.is_folded(),
            "events": events.collect::<Value>(),
        })
    }

    /// Whether the log is what was recorded, and the snapshot what it adds up to.
    fn verdicts(&self) -> [String; 2] {
        let chain = match first_break(&self.events) {
            None => format!("the digests of all {} events chain", self.events.len()),
            Some(seq) => format!("BROKEN: the log is not what was recorded at event {seq}"),
        };
        let snapshot = if self.is_folded() {
            "the snapshot is what the log adds up to"
        } else {
            "BROKEN: the snapshot is not what the log adds up to"
        };
        [chain, snapshot.to_owned()]
    }

    /// Both in one sentence.
    pub(super) fn verdict(&self) -> String {
        self.verdicts().join("; ")
    }

    fn text(&self) -> String {
        let zone = &self.stored.policy.terms().zone;
        let subject = text::subject(&self.stored.subject);
        let mut out = format!("{}  {subject}\n", self.number());
        let _ = write!(out, "All times are {} time.\n\n", zone.name());
        for recorded in &self.events {
            out.push_str(&entry(recorded, zone));
        }
        let [chain, snapshot] = self.verdicts();
        let _ = write!(out, "\n{chain}\n{snapshot}\n");
        out
    }
}

/// Words under their full names; the table keeps them short.
fn words(words: &Words) -> Value {
    json!({
        "subject": words.subject,
        "text": words.text,
        "quoted": words.quoted,
        "cut": words.cut,
        "raw": words.raw,
        "attachments": words.attachments.iter().map(files::as_json).collect::<Value>(),
    })
}

fn entry(recorded: &Recorded, zone: &Zone) -> String {
    let at = text::time(recorded.at, zone);
    let late = match text::time(recorded.recorded_at, zone) {
        same if same == at => String::new(),
        later => format!(" (recorded {later})"),
    };
    let mut out = format!(
        "{:>3}  {at}{late}  {}: {}\n",
        recorded.seq,
        who(&recorded.actor),
        what(&recorded.event, zone)
    );
    if let Some(words) = &recorded.words {
        out.push_str(&text::indented(&words.text, "     | "));
        if !words.quoted.is_empty() {
            let lines = words.quoted.lines().count();
            let _ = writeln!(out, "     | ({lines} quoted lines)");
        }
        for file in &words.attachments {
            let _ = writeln!(out, "     | (attached: {})", files::as_text(file));
        }
    }
    out
}

pub(super) fn who(actor: &Actor) -> String {
    match actor {
        Actor::Customer(hash) => format!("customer {}", hash.short()),
        Actor::Agent(agent) => format!("agent {agent}"),
        Actor::Operator => "operator".to_owned(),
        Actor::System => "troth".to_owned(),
    }
}

/// The event's name and its facts, as they are stored, so that a new kind of event needs no line here.
pub(super) fn what(event: &Event, zone: &Zone) -> String {
    if let Event::Opened(opened) = event {
        return said_opened(opened);
    }
    let (name, facts) = match serde_json::to_value(event) {
        Ok(Value::String(name)) => (name, Value::Null),
        Ok(Value::Object(fields)) => fields.into_iter().next().unwrap_or_default(),
        _ => Default::default(),
    };
    let name = name.replace('_', " ");
    let facts: Vec<String> = facts
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, fact)| Some(format!("{name} {}", plain(fact, zone)?)))
        .collect();
    if facts.is_empty() {
        return name;
    }
    format!("{name} ({})", facts.join(", "))
}

/// An opening has too many facts for a line; the rest is in the JSON.
fn said_opened(opened: &Opened) -> String {
    let department = or_else(opened.department.as_ref(), "triage");
    format!(
        "opened by {}: {}, {department}, {}, policy {}",
        opened.channel, opened.ticket_type, opened.priority, opened.policy
    )
}

/// A fact that fits into a line: text, number, instant, or a list of words such as levels.
fn plain(fact: &Value, zone: &Zone) -> Option<String> {
    match fact {
        Value::String(text) => Some(match text.parse() {
            Ok(at) => text::time(at, zone),
            Err(_) => text::line(text),
        }),
        Value::Array(list) => {
            let words: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            words.map(|words| words.join("+"))
        }
        Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}
