//! The notices of a ticket and what became of each.

use std::collections::BTreeMap;

use policy::{Policy, Zone};
use serde_json::{Value, json};
use store::{OutboxEntry, State};
use ticket::{AddressHash, Addressee, Lane, Text};

use super::text;

/// What the notices' recipients are called.
pub(super) struct People<'a> {
    pub(super) policy: &'a Policy,
    /// The addresses of participants.
    pub(super) customers: BTreeMap<AddressHash, String>,
}

impl People<'_> {
    fn name(&self, to: &Addressee) -> String {
        match to {
            Addressee::Customer(hash) => self
                .customers
                .get(hash)
                .map_or_else(|| hash.to_string(), |address| text::line(address)),
            Addressee::Staff(id) => match self.policy.person(id) {
                Some(person) => format!("{id} <{}>", person.address),
                None => id.to_string(),
            },
            Addressee::Address(address) => text::line(address),
        }
    }
}

pub(super) fn as_json(entries: &[OutboxEntry], people: &People<'_>) -> Value {
    let notice = |entry: &OutboxEntry| {
        let (kind, about) = kind(&entry.notice.text);
        let (state, until, ses_id, reason) = fate(&entry.state);
        json!({
            "id": entry.notice.id,
            "kind": kind,
            "about": about,
            "to": people.name(&entry.notice.to),
            "to_customer": matches!(entry.notice.to, Addressee::Customer(_)),
            "lane": entry.notice.lane,
            "state": state,
            "at": until,
            "ses_id": ses_id,
            "reason": reason,
            "tries": entry.tries,
            "delivery": reported(entry),
        })
    };
    entries.iter().map(notice).collect()
}

pub(super) fn as_text(entries: &[OutboxEntry], people: &People<'_>, zone: &Zone) -> String {
    text::columns(&lines(entries, people, zone))
}

/// What each says, its queue, whom it is to, and what became of it.
pub(super) fn lines(entries: &[OutboxEntry], people: &People<'_>, zone: &Zone) -> Vec<[String; 4]> {
    let mut lines: Vec<[String; 4]> = entries
        .iter()
        .map(|entry| {
            let (kind, about) = kind(&entry.notice.text);
            let promise = about["promise"]
                .as_str()
                .or_else(|| about["deadline"]["promise"].as_str());
            let level = about["level"].as_str();
            let about = [Some(kind.as_str()), promise, level];
            let about: Vec<&str> = about.into_iter().flatten().collect();
            let lane = match entry.notice.lane {
                Lane::Urgent => "urgent",
                Lane::Bulk => "bulk",
            };
            [
                about.join(" "),
                lane.to_owned(),
                format!("to {}", people.name(&entry.notice.to)),
                became(entry, zone),
            ]
        })
        .collect();
    lines.sort();
    lines
}

/// The name of a text, and what it carries; as it is stored, so that a new kind needs no line here.
fn kind(text: &Text) -> (String, Value) {
    match serde_json::to_value(text) {
        Ok(Value::String(kind)) => (kind, Value::Null),
        Ok(Value::Object(fields)) => fields.into_iter().next().unwrap_or_default(),
        _ => Default::default(),
    }
}

/// The state's name, its instant, the SES id and the reason, each where there is one.
fn fate(
    state: &State,
) -> (
    &'static str,
    Option<jiff::Timestamp>,
    Option<&str>,
    Option<&str>,
) {
    match state {
        State::Pending { not_before } => ("pending", *not_before, None, None),
        State::Claimed { until } => ("claimed", Some(*until), None, None),
        State::Sent { ses_id, at } => ("sent", Some(*at), Some(ses_id), None),
        State::Superseded => ("superseded", None, None, None),
        State::Failed { reason } => ("failed", None, None, Some(reason)),
    }
}

fn became(entry: &OutboxEntry, zone: &Zone) -> String {
    let tries = match entry.tries {
        0 | 1 => String::new(),
        tries => format!(" ({tries} tries)"),
    };
    let said = match &entry.state {
        State::Pending { not_before: None } => "waits to be sent".to_owned(),
        State::Pending {
            not_before: Some(at),
        } => format!("waits until {}", text::time(*at, zone)),
        State::Claimed { until } => format!("is being sent, until {}", text::time(*until, zone)),
        State::Sent { ses_id, at } => format!("sent {} as {ses_id}", text::time(*at, zone)),
        State::Superseded => "not sent: what it was about had ended".to_owned(),
        State::Failed { reason } => format!("failed: {}", text::line(reason)),
    };
    let reports = reports(entry).map(|(name, at)| format!("; {name} {}", text::time(at, zone)));
    let reports: String = reports.collect();
    let why = match text::line(&entry.delivery.reason) {
        why if why.is_empty() => why,
        why => format!(" ({why})"),
    };
    format!("{said}{tries}{reports}{why}")
}

/// What SES and mail servers reported, with the instant of each.
fn reports(entry: &OutboxEntry) -> impl Iterator<Item = (&'static str, jiff::Timestamp)> {
    let it = &entry.delivery;
    let all = [
        ("delayed", it.delayed),
        ("delivered", it.delivered),
        ("came back", it.bounced),
        ("called unwanted", it.complained),
        ("refused as harmful", it.rejected),
    ];
    all.into_iter().filter_map(|(name, at)| Some((name, at?)))
}

fn reported(entry: &OutboxEntry) -> Value {
    let it = &entry.delivery;
    json!({
        "delivered_at": it.delivered,
        "delayed_at": it.delayed,
        "bounced_at": it.bounced,
        "complained_at": it.complained,
        "rejected_at": it.rejected,
        "reason": Some(&it.reason).filter(|reason| !reason.is_empty()),
    })
}
