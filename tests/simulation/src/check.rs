//! The history checker: what must be true of every run, whatever happened in it.

mod caps;
mod conduct;
mod digests;
mod filed;
mod files;
mod heads;
mod inputs;
mod languages;
mod lists;
mod logs;
mod mails;
mod oracle;
mod pages;
mod promised;
mod proofs;
mod reach;
mod sorted;
mod taken;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use store::EMAIL;
use ticket::{ContentDigest, Text};

use crate::actors::{Outcome, Wrote, kept_as, taint};
use crate::aws::sqs::{MOST_RECEIVES, UNREADABLE};
use crate::broken;
use crate::desk::Desk;
use crate::faults::Function;
use crate::records::{Dossier, dossiers};
use crate::story::{Agent, Story, What};
use crate::undone;
use crate::world::State;
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
    let ordered = ordered(desk, story, &state, &all);
    let mut walked = BTreeMap::new();
    for dossier in all.values() {
        logs::check(dossier, now, &mut wrong);
        let own = ordered.get(&dossier.id).map_or(&[][..], Vec::as_slice);
        let policies = desk.policies();
        let seen = oracle::check(dossier, &all, policies, &weather, own, now, &mut wrong);
        walked.extend(seen.map(|seen| (dossier.id.clone(), seen)));
    }
    let tried = ordered
        .values()
        .flatten()
        .filter_map(|it| oracle::Tried::of(it, &desk.policy));
    oracle::merges(&all, &walked, tried, &mut wrong);
    let way = desk.way();
    let untaken = way
        .took
        .iter()
        .filter(|(id, at)| walked.get(id).is_some_and(|it| it.waits(*at)));
    wrong.extend(
        untaken.map(|(id, at)| format!("ticket {id}: who took it at {at} does not have it")),
    );
    drop(way);
    promised::check(desk, &state, &all, &walked, &mut wrong);
    let receipts = walked.iter();
    let receipts = receipts.filter_map(|(id, it)| Some((id.clone(), it.receipt?)));
    let receipts = receipts.collect();
    let looks = walked.into_iter().map(|(id, it)| (id, it.looks)).collect();
    inputs::busy(desk, &all, &mut wrong);
    let late = inputs::late(desk, story, &state, &all);
    inputs::check(desk, story, outcomes, &all, &state.cloud, &late, &mut wrong);
    taken::acted(desk, story, &all, &mut wrong);
    taken::versions(desk.policies(), &all, &mut wrong);
    let window = mails::check(
        desk,
        &state,
        &all,
        &looks,
        &mails::Calm {
            story,
            weather: &weather,
        },
        &mut wrong,
    );
    reach::check(desk, &state, &all, &mut wrong);
    conduct::check(desk, story, outcomes, &state, &all, &mut wrong);
    filed::check(desk, story, &state, &all, &mut wrong);
    let mails = desk.way().wrote.clone();
    proofs::check(&mails, &all, &mut wrong);
    let way = desk.way();
    caps::check(&mails, &way, story.crowd.as_ref(), &all, &mut wrong);
    let seen = digests::Seen {
        state: &state,
        way: &way,
        all: &all,
        receipts: &receipts,
        weather: &weather,
        now,
    };
    digests::check(&seen, &mut wrong);
    let keeps = desk.policy.terms().secrets.keep_for_lead;
    words::check(&state, &all, keeps, &mut wrong);
    languages::check(desk, story, &state, &way.looked, &all, &mut wrong);
    heads::check(desk, &state, &all, &mut wrong);
    lists::check(&state, &all, &mut wrong);
    pages::check(&way.looked, &all, &mut wrong);
    files::check(&state, &all, &mut wrong);
    files::opened(&way.followed, &state, &all, &mut wrong);
    let unfiled = way.unfiled.iter();
    wrong.extend(
        unfiled.map(|id| format!("the event of mail {id} was answered, and it is not filed")),
    );
    drop(way);
    wrong.extend(limbo(&state, &all, &desk.way().failed));
    wrong.extend(desk.way().undone.clone());
    wrong.extend(broken::lies_about(&state.cloud.table));
    wrong.extend(undone::unhurried(&state, &all));
    (wrong, window)
}

/// What agents wrote, by the ticket that took it: the one whose mail they answered, or what that goes on with.
fn ordered(
    desk: &Desk,
    story: &Story,
    state: &State,
    all: &BTreeMap<String, Dossier>,
) -> BTreeMap<String, Vec<Ordered>> {
    let way = desk.way();
    let mut ordered: BTreeMap<String, Vec<Ordered>> = BTreeMap::new();
    for input in &story.inputs {
        let (What::Agent(agent), Some(wrote)) = (&input.what, way.wrote.get(&input.number)) else {
            continue;
        };
        let Some(named) = &wrote.ticket else { continue };
        let taken = taken(state, wrote);
        let (ticket, when) = taken.unwrap_or_else(|| (named.clone(), wrote.at / 1000));
        let requester = |id| Some(&all.get(id)?.snapshot.as_ref()?.requester);
        let is_heard = kept_as(input).is_none();
        let orders = wrote.orders.iter().filter(|_| is_heard);
        let one = Ordered {
            taint: taint(input.number),
            agent: Agent {
                orders: orders.cloned().collect(),
                marker: agent.marker && is_heard,
                ..*agent
            },
            wrote: wrote.clone(),
            moved: ticket != *named,
            apart: requester(&ticket) != requester(named),
            taken: when,
            ticket: ticket.clone(),
        };
        ordered.entry(ticket).or_default().push(one);
    }
    ordered
}

/// The ticket that took a mail, and when in seconds, as the record says that keeps it from being taken again.
fn taken(state: &State, wrote: &Wrote) -> Option<(String, i64)> {
    let key = ContentDigest::of(&[wrote.id.as_bytes()]);
    let table = &state.cloud.table;
    let record = table.item_or_ended(&format!("I#{EMAIL}#{key}"), "i")?;
    let until: i64 = record.get("ttl")?["N"].as_str()?.parse().ok()?;
    Some((
        record.get("ticket")?["S"].as_str()?.to_owned(),
        until - REMEMBERED,
    ))
}

/// An input is remembered for so many seconds.
const REMEMBERED: i64 = 30 * 24 * 3600;

/// What the desk has come to, without instants: every notice with its end, and every ticket with its events.
pub(crate) fn state(state: &crate::world::State) -> BTreeSet<String> {
    let all = dossiers(&state.cloud.table).unwrap_or_default();
    let mut lines = BTreeSet::new();
    for dossier in all.values() {
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for event in &dossier.events {
            let whole = format!("{:?}", event.event);
            let name = whole.split(['(', ' ']).next().unwrap_or_default();
            // Whether the clock or a rollout comes first is the instant's to decide, which is not compared.
            let count = times.entry(name.to_owned()).or_insert(0);
            *count += 1;
            lines.insert(format!("ticket {} event {name} number {count}", dossier.id));
        }
        for outgoing in &dossier.notices {
            // When an agent wrote is part of these notices' ids: they write when they have a mail to answer.
            let name = match outgoing.notice.text {
                Text::OrdersAnswered { .. } | Text::KeptAsNote { .. } => "of an agent's mail",
                Text::PolicyChanged { .. } => "of a newer version",
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

/// How many tickets were merged into others.
pub(crate) fn merged(state: &State) -> usize {
    let all = dossiers(&state.cloud.table).unwrap_or_default();
    let snapshots = all.values().filter_map(|it| it.snapshot.as_ref());
    snapshots.filter(|it| it.merged_into.is_some()).count()
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
    let own = faults.filter(|it| it.place.function == Function::Notifier);
    is_settled && own.count() >= MOST_RECEIVES
}

/// What is left lying anywhere.
fn limbo(
    state: &crate::world::State,
    all: &BTreeMap<String, Dossier>,
    failed: &[(Function, Value)],
) -> Vec<String> {
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
    for (function, event) in failed {
        wrong.push(format!(
            "an event fails however often it comes: {function:?} {event}"
        ));
    }
    for dossier in all.values() {
        if dossier.parked {
            wrong.push(format!("ticket {} is parked", dossier.id));
        }
    }
    wrong
}
