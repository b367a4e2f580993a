//! What changes from one version to another, said in words for whoever approves it.
//!
//! Promises, hours and holidays are said as sentences. Whatever else the terms hold is compared value by value, so that
//! no change goes unsaid because nobody thought of a sentence for it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::calendar::{Calendar, Closure, Interval};
use crate::id::CalendarId;
use crate::policy::Policy;
use crate::terms::{Condition, Promise, Terms};
use crate::vocabulary::{Day, Metric, TicketType};

impl Policy {
    /// What is different in `newer`, a sentence each, in the order of the policy's sections; nothing for the same text.
    pub fn changes(&self, newer: &Self) -> Vec<String> {
        let (old, new) = (self.terms(), newer.terms());
        let mut changes = promises(old, new);
        changes.extend(calendars(old, new));
        changes.extend(others(old, new));
        for (lang, page) in newer.pages() {
            match self.pages().get(lang) {
                None => changes.push(format!("there is a page in {} now", lang.name())),
                Some(before) if before != page => {
                    changes.push(format!("the text of the page in {} changes", lang.name()));
                }
                Some(_) => {}
            }
        }
        let gone = self
            .pages()
            .keys()
            .filter(|lang| !newer.pages().contains_key(lang));
        changes.extend(gone.map(|lang| format!("there is no page in {} any more", lang.name())));
        changes
    }
}

fn promises(old: &Terms, new: &Terms) -> Vec<String> {
    let mut changes = Vec::new();
    for promise in &new.promises {
        let before = old.promises.iter().find(|one| one.id == promise.id);
        match before {
            None => changes.push(format!("{}: new, {}", said(promise), time(promise))),
            Some(before) => changes.extend(promise_changes(before, promise)),
        }
    }
    let order = |terms: &Terms, among: &Terms| -> Vec<_> {
        let is_among = |one: &&Promise| among.promises.iter().any(|other| other.id == one.id);
        terms
            .promises
            .iter()
            .filter(is_among)
            .map(|one| one.id.clone())
            .collect()
    };
    if order(old, new) != order(new, old) {
        changes.push("the order of the promises changes, and with it which one decides".to_owned());
    }
    for promise in &old.promises {
        if new.promises.iter().all(|one| one.id != promise.id) {
            changes.push(format!(
                "{}: no longer promised, was {}",
                said(promise),
                time(promise)
            ));
        }
    }
    changes
}

fn promise_changes(before: &Promise, promise: &Promise) -> Vec<String> {
    let mut changes = Vec::new();
    let subject = said(promise);
    if time(before) != time(promise) {
        changes.push(format!("{subject} {} -> {}", time(before), time(promise)));
    }
    if before.when != promise.when {
        changes.push(format!(
            "{subject}: holds for {}, was for {}",
            tickets(&promise.when),
            tickets(&before.when)
        ));
    }
    let rest = |promise: &Promise| {
        let mut rest = without(value(promise), &["target", "when"]);
        for (index, level) in promise.levels.iter().enumerate() {
            rest["levels"][index]["at"] = level.at.to_string().into();
        }
        rest
    };
    let name = format!("promise {}", promise.id);
    changes.extend(differences(&name, &rest(before), &rest(promise)));
    changes
}

/// `urgent technical tickets: first response`.
fn said(promise: &Promise) -> String {
    let metric = match promise.metric {
        Metric::Acknowledge => "acknowledgement",
        Metric::FirstResponse => "first response",
        Metric::NextResponse => "next response",
        Metric::Update => "update",
        Metric::Resolution => "resolution",
    };
    let internal = if promise.published { "" } else { " (internal)" };
    format!("{}: {metric}{internal}", tickets(&promise.when))
}

fn time(promise: &Promise) -> String {
    let calendar = promise.target.calendar.as_ref();
    let calendar = calendar.map_or_else(String::new, |calendar| format!(" ({calendar})"));
    format!("{}{calendar}", promise.target)
}

/// `urgent technical complaints by email`; a condition that has no words of its own is shown as it is written.
fn tickets(when: &Condition) -> String {
    let mut words: Vec<String> = when.priorities.iter().map(ToString::to_string).collect();
    words.extend(when.departments.iter().map(ToString::to_string));
    let kinds: Vec<&str> = when.ticket_types.iter().map(|kind| plural(*kind)).collect();
    words.push(if kinds.is_empty() {
        "tickets".to_owned()
    } else {
        kinds.join("/")
    });
    let channels: Vec<&str> = when
        .channels
        .iter()
        .map(|channel| channel.as_str())
        .collect();
    if !channels.is_empty() {
        words.push(format!("by {}", channels.join("/")));
    }
    let known = ["departments", "priorities", "channels", "ticket_types"];
    if let Value::Object(fields) = without(value(when), &known) {
        words.extend(
            fields
                .iter()
                .map(|(name, value)| format!("[{name}: {}]", plain(value))),
        );
    }
    words.join(" ")
}

fn plural(kind: TicketType) -> &'static str {
    match kind {
        TicketType::Request => "requests",
        TicketType::Complaint => "complaints",
        TicketType::Feedback => "feedback",
    }
}

fn calendars(old: &Terms, new: &Terms) -> Vec<String> {
    let mut changes = Vec::new();
    for (id, calendar) in &new.calendars {
        let who = who(new, id);
        let Some(before) = old.calendars.get(id) else {
            changes.push(format!("calendar {id} is new"));
            continue;
        };
        changes.extend(
            Day::ALL
                .iter()
                .filter_map(|day| day_change(&who, *day, before, calendar)),
        );
        changes.extend(closures(&who, before, calendar));
        changes.extend(dates(&who, before, calendar));
        if before.zone != calendar.zone {
            changes.push(format!(
                "{who}: hours are {} time, were {}",
                calendar.zone, before.zone
            ));
        }
    }
    let gone = old
        .calendars
        .keys()
        .filter(|id| !new.calendars.contains_key(*id));
    changes.extend(gone.map(|id| format!("calendar {id} is gone")));
    changes
}

/// Whose hours a calendar says: departments by their ids, else the calendar itself.
fn who(terms: &Terms, id: &CalendarId) -> String {
    let users = terms
        .departments
        .iter()
        .filter(|department| department.calendar == *id);
    let users: Vec<_> = users.map(|department| department.id.to_string()).collect();
    if users.is_empty() {
        format!("calendar {id}")
    } else {
        users.join(", ")
    }
}

fn day_change(who: &str, day: Day, before: &Calendar, now: &Calendar) -> Option<String> {
    let hours = |calendar: &Calendar| {
        calendar
            .week
            .get(&day)
            .map(|hours| text_of(hours))
            .unwrap_or_default()
    };
    let (old, new) = (hours(before), hours(now));
    let name = match day {
        Day::Mon => "Monday",
        Day::Tue => "Tuesday",
        Day::Wed => "Wednesday",
        Day::Thu => "Thursday",
        Day::Fri => "Friday",
        Day::Sat => "Saturday",
        Day::Sun => "Sunday",
    };
    match (old.as_str(), new.as_str()) {
        (old, new) if old == new => None,
        ("", new) => Some(format!("{who} opens on {name} {new}")),
        (old, "") => Some(format!("{who} closes on {name}, was open {old}")),
        (old, new) => Some(format!("{who} on {name} {old} -> {new}")),
    }
}

fn text_of(hours: &[Interval]) -> String {
    let hours: Vec<_> = hours.iter().map(ToString::to_string).collect();
    hours.join(", ")
}

fn closures(who: &str, before: &Calendar, now: &Calendar) -> Vec<String> {
    let said = |closure: &Closure| format!("{} ({})", closure.dates, closure.name);
    let missing = |closure: &&Closure, from: &Calendar| {
        from.closed.iter().all(|other| other.dates != closure.dates)
    };
    let added = now.closed.iter().filter(|closure| missing(closure, before));
    let removed = before.closed.iter().filter(|closure| missing(closure, now));
    added
        .map(|closure| format!("{who}: holiday added, {}", said(closure)))
        .chain(removed.map(|closure| format!("{who}: holiday removed, {}", said(closure))))
        .collect()
}

fn dates(who: &str, before: &Calendar, now: &Calendar) -> Vec<String> {
    let mut all: BTreeMap<_, [Option<String>; 2]> = BTreeMap::new();
    for (date, hours) in &before.days {
        all.entry(*date).or_default()[0] = Some(text_of(hours));
    }
    for (date, hours) in &now.days {
        all.entry(*date).or_default()[1] = Some(text_of(hours));
    }
    let usual = |hours: Option<String>| hours.unwrap_or_else(|| "as every week".to_owned());
    all.into_iter()
        .filter(|(_, [old, new])| old != new)
        .map(|(date, [old, new])| format!("{who} on {date}: {} -> {}", usual(old), usual(new)))
        .collect()
}

/// Everything else, value by value.
fn others(old: &Terms, new: &Terms) -> Vec<String> {
    let rest = |terms: &Terms| without(value(terms), &["promises", "calendars"]);
    let (Value::Object(old), Value::Object(new)) = (rest(old), rest(new)) else {
        return Vec::new();
    };
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let none = Value::Null;
    names
        .into_iter()
        .flat_map(|name| {
            differences(
                name,
                old.get(name).unwrap_or(&none),
                new.get(name).unwrap_or(&none),
            )
        })
        .collect()
}

fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

fn without(value: Value, names: &[&str]) -> Value {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|name, _| !names.contains(&name.as_str()));
            Value::Object(fields)
        }
        other => other,
    }
}

/// The values that differ, with the way to each; entries of a list are matched by their ids where they have any.
fn differences(path: &str, old: &Value, new: &Value) -> Vec<String> {
    match (old, new) {
        (old, new) if old == new => Vec::new(),
        (
            Value::Object(_) | Value::Array(_) | Value::Null,
            Value::Object(_) | Value::Array(_) | Value::Null,
        ) if nested(old) || nested(new) => {
            let (old, new) = (named(old), named(new));
            let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
            names
                .into_iter()
                .flat_map(|name| {
                    let path = format!("{path} {name}");
                    match (old.get(name), new.get(name)) {
                        (Some(old), Some(new)) => differences(&path, old, new),
                        (None, Some(new)) => vec![format!("{path}: added, {}", plain(new))],
                        (Some(_), None) => vec![format!("{path}: removed")],
                        (None, None) => Vec::new(),
                    }
                })
                .collect()
        }
        (old, new) => vec![format!("{path}: {} -> {}", plain(old), plain(new))],
    }
}

/// Whether a value holds more than words.
fn nested(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(list) => list.iter().any(|one| one.is_object() || one.is_array()),
        _ => false,
    }
}

fn named(value: &Value) -> BTreeMap<String, &Value> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let id = value.get("id").and_then(Value::as_str);
                (
                    id.map_or_else(|| (index + 1).to_string(), str::to_owned),
                    value,
                )
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| format!("{name} {}", plain(value)));
            fields.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
