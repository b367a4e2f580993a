//! The history checker: what must be true of every run, whatever happened in it.

mod caps;
mod files;
mod inputs;
mod logs;
mod mails;
mod oracle;
mod reach;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use ticket::Text;

use crate::actors::Outcome;
use crate::aws::sqs::{MOST_RECEIVES, UNREADABLE};
use crate::desk::Desk;
use crate::faults::Function;
use crate::records::{Dossier, dossiers};
use crate::story::{Agent, Story, What};
pub(crate) use oracle::Version;
use oracle::{Ordered, Weather};

/// Whether nothing is on its way any more.
pub(crate) fn is_quiet(desk: &Desk) -> bool {
    let state = desk.world.lock();
    let waiting = |queue| state.cloud.queues.next(queue).is_some();
    let unsent = state.cloud.table.items().any(|((_, sk), item)| {
        sk.starts_with("n#")
            && item
                .get("st")
                .is_some_and(|st| st["S"] == "pending" || st["S"] == "claimed")
    });
    let unfiled = state
        .cloud
        .bucket
        .keys()
        .any(|key| key.starts_with("inbox/"));
    !waiting("urgent") && !waiting("bulk") && !unsent && !unfiled && desk.way().failed.is_empty()
}

/// Everything that is wrong at the end of a run, and how many mails left twice in the documented window.
pub(crate) fn all(
    desk: &Desk,
    story: &Story,
    outcomes: &BTreeMap<usize, Outcome>,
) -> (Vec<String>, usize) {
    let state = desk.world.lock();
    let all = match dossiers(&state.cloud.table) {
        Ok(all) => all,
        Err(error) => return (vec![format!("the table cannot be read: {error}")], 0),
    };
    let mut wrong = Vec::new();
    let now = desk.world.clock.now();
    let weather = Weather::of(story, &state, &desk.way());
    let mut looks = BTreeMap::new();
    for dossier in all.values() {
        logs::check(dossier, now, &mut wrong);
        let ordered = ordered(desk, story, dossier);
        let seen = oracle::check(
            dossier,
            desk.policies(),
            &weather,
            &ordered,
            now,
            &mut wrong,
        );
        looks.insert(dossier.id.clone(), seen);
    }
    inputs::busy(desk, &all, &mut wrong);
    let late = inputs::late(desk, story, &state, &all);
    inputs::check(story, outcomes, &all, &state.cloud, &late, &mut wrong);
    let window = mails::check(desk, &state, &all, &looks, &mut wrong);
    reach::check(desk, &state, &all, &mut wrong);
    caps::check(&all, &mut wrong);
    words::check(&state, &all, &mut wrong);
    files::check(&state, &all, &mut wrong);
    wrong.extend(limbo(&state, &all));
    (wrong, window)
}

/// What agents wrote about a ticket, whose way to it the mail itself shows.
fn ordered(desk: &Desk, story: &Story, dossier: &Dossier) -> Vec<Ordered> {
    let way = desk.way();
    let inputs = story.inputs.iter();
    let agents = inputs.filter_map(|input| match &input.what {
        What::Agent(agent) => Some((input.number, agent)),
        _ => None,
    });
    agents
        .filter_map(|(number, agent)| {
            let wrote = way.wrote.get(&number)?.clone();
            (wrote.ticket.as_ref() == Some(&dossier.id)).then(|| Ordered {
                taint: crate::actors::taint(number),
                agent: Agent {
                    orders: wrote.orders.clone(),
                    ..agent.clone()
                },
                wrote,
            })
        })
        .collect()
}

/// What the desk has come to, without instants: every notice with its end, and every ticket with its events.
pub(crate) fn state(state: &crate::world::State) -> BTreeSet<String> {
    let all = dossiers(&state.cloud.table).unwrap_or_default();
    let mut lines = BTreeSet::new();
    for dossier in all.values() {
        for event in &dossier.events {
            let whole = format!("{:?}", event.event);
            let name = whole.split(['(', ' ']).next().unwrap_or_default();
            lines.insert(format!("ticket {} event {} {name}", dossier.id, event.seq));
        }
        for outgoing in &dossier.notices {
            // When an agent wrote is part of these notices' ids: they write when they have a mail to answer.
            let name = match outgoing.notice.text {
                Text::OrdersAnswered { .. } | Text::KeptAsNote { .. } => "of an agent's mail",
                _ => outgoing.notice.id.as_str(),
            };
            let text = format!("{:?}", outgoing.notice.text);
            let kind = text.split(' ').next().unwrap_or_default();
            lines.insert(format!(
                "ticket {} {kind} notice {name} {}",
                dossier.id, outgoing.state
            ));
        }
    }
    lines
}

/// The logs of the tickets that sentences name, for whoever has to find out what went wrong with them.
pub(crate) fn logs_of(state: &crate::world::State, sentences: &[String]) -> Vec<String> {
    let all = dossiers(&state.cloud.table).unwrap_or_default();
    let named = |dossier: &&Dossier| sentences.iter().any(|it| it.contains(&dossier.id));
    let logs = all.values().filter(named).flat_map(|dossier| {
        dossier.events.iter().map(|it| {
            let event = format!("{:?}", it.event);
            let event: String = event.chars().take(300).collect();
            let (id, seq, at, recorded) = (&dossier.id, it.seq, it.at, it.recorded_at);
            format!("{id} {seq} {at} recorded {recorded} {:?} {event}", it.actor)
        })
    });
    logs.collect()
}

/// Whether a readable record may lie among the dead letters: its senders failed as often as it was received, and its notice,
/// whose row is the retry, has come to an end all the same.
fn excused(state: &crate::world::State, all: &BTreeMap<String, Dossier>, body: &str) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let notices = body["ticket"]
        .as_str()
        .and_then(|ticket| all.get(ticket))
        .map_or(&[][..], |dossier| &dossier.notices);
    let is_settled = notices.iter().any(|outgoing| {
        body["notice"] == outgoing.notice.id.as_str()
            && !matches!(outgoing.state.as_str(), "pending" | "claimed")
    });
    let faults = state.happened.iter();
    let own = faults.filter(|(place, _, _)| place.function == Function::Notifier);
    is_settled && own.count() >= MOST_RECEIVES
}

/// What is left lying anywhere.
fn limbo(state: &crate::world::State, all: &BTreeMap<String, Dossier>) -> Vec<String> {
    let mut wrong = Vec::new();
    for key in state
        .cloud
        .bucket
        .keys()
        .filter(|key| key.starts_with("inbox/"))
    {
        wrong.push(format!("a mail was never filed: {key}"));
    }
    let dead: BTreeSet<&str> = state
        .cloud
        .queues
        .dead
        .iter()
        .map(|it| it.body.as_str())
        .collect();
    for body in dead.iter().filter(|body| !UNREADABLE.contains(body)) {
        if !excused(state, all, body) {
            wrong.push(format!("a dead letter: {body}"));
        }
    }
    for body in UNREADABLE.iter().filter(|body| !dead.contains(*body)) {
        wrong.push(format!(
            "a record that nobody can read is no dead letter: {body}"
        ));
    }
    for dossier in all.values() {
        if dossier.parked {
            wrong.push(format!("ticket {} is parked", dossier.id));
        }
    }
    wrong
}
