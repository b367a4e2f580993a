//! What a function says is done and is not. Most of it would be made good minutes later by the next tick, so that only
//! lateness would tell.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use ticket::{Event, Text};

use crate::aws::dynamodb::{Due, Item};
use crate::faults::{Fault, Function};
use crate::records::{Dossier, due_instant, last_event, notice_key};
use crate::time::instant;
use crate::world::{Happened, State};

/// What there is to do as a tick begins.
pub(crate) struct Look {
    /// When, in microseconds.
    at: u64,
    /// What is due, and shown by the index.
    due: Vec<Due>,
    /// The passes of rollouts that are due.
    passes: Vec<Pass>,
    /// How many faults there were before.
    faults: usize,
}

impl Look {
    pub(crate) fn at(now: u64, state: &mut State) -> Self {
        let due = state.cloud.table.due_and_shown(now);
        let passes = due.iter().filter_map(|due| Pass::of(due, state)).collect();
        Self {
            at: now,
            due,
            passes,
            faults: state.happened.len(),
        }
    }

    /// Rollouts that a tick has ended in their first pass: the lists that it went through may be minutes late, so that a
    /// ticket which changed its place stood in none of them.
    fn hasty(&self, state: &State) -> impl Iterator<Item = String> {
        let first = self.passes.iter().filter(|it| it.first);
        let done = first.filter(|it| is_over(state, &it.rollout));
        let at = instant(self.at);
        done.map(move |it| {
            let rollout = &it.rollout;
            format!("the tick of {at} ended {rollout} in its first pass: lists may be late")
        })
    }

    /// The rollouts that are over by `now`.
    pub(crate) fn over(&self, state: &State, now: Timestamp) -> impl Iterator<Item = Over> {
        let done = self.passes.iter();
        let done = done.filter(|it| is_over(state, &it.rollout));
        done.map(move |it| Over {
            rollout: it.rollout.clone(),
            since: it.since,
            until: now,
        })
    }

    /// What a tick that ended well has left undone. What failed is no excuse for what it was not about. A rollout is left to
    /// another tick that is at work at it.
    pub(crate) fn undone(&self, state: &State, alone: bool) -> Vec<String> {
        let own = state.happened[self.faults..].iter();
        // A queue that takes nothing keeps no tick from moving what is due.
        let own = own.filter(|it| {
            it.place.function == Function::SlaTick && it.place.operation != "SendMessageBatch"
        });
        let asked: Vec<&str> = own.map(|it| it.asked.as_str()).collect();
        let hindered = |pk: &str| {
            let of_another = |asked: &str| asked.contains("\"T#") && !asked.contains(pk);
            asked.iter().any(|asked| !of_another(asked))
        };
        let is_left = |sk: &str| !alone && sk.starts_with("r#");
        let due = self.due.iter();
        let free = due.filter(|(_, (pk, sk))| !hindered(pk) && !is_left(sk));
        let mut undone: Vec<String> = self.hasty(state).collect();
        for it in free {
            let (due, (pk, sk)) = it;
            let line = if state.cloud.table.is_due(it) && !self.is_due_anew(state, pk) {
                "left what was due"
            } else if self.is_put_off(state, pk, sk) {
                "put off a notice that is on no queue"
            } else if self.is_far_off(state, pk, sk) {
                "put off a notice for more than an hour"
            } else {
                continue;
            };
            let at = instant(self.at);
            undone.push(format!(
                "the tick of {at} ended well and {line}: {due}, {pk} {sk}"
            ));
        }
        undone
    }

    /// Whether a ticket was compared with a newer version since: by that it may be due at the very instant at which the tick
    /// had found it due by the older one.
    fn is_due_anew(&self, state: &State, pk: &str) -> bool {
        last_event(&state.cloud.table, pk).is_some_and(|last| {
            let is_new = last.recorded_at.as_millisecond().unsigned_abs() >= self.at / 1000;
            is_new && matches!(last.event, Event::VersionCompared { .. })
        })
    }

    /// Whether a notice that was put on its queue is looked at again later than an hour from now.
    fn is_far_off(&self, state: &State, pk: &str, sk: &str) -> bool {
        const HOUR: u64 = 60 * 60 * 1_000_000;
        let item = state.cloud.table.item(pk, sk).filter(|it| is_untouched(it));
        let waits = item.is_some_and(|it| !it.contains_key("failures"));
        let due = state.cloud.table.due_of(pk, sk);
        waits && due.is_some_and(|due| due > format!("{}~", instant(self.at + HOUR)))
    }

    /// Whether a notice that nobody has claimed waits for a later tick, has not failed, and was not enqueued for it: by this
    /// tick, or by another that was at work at it already and moved it when this one had begun.
    fn is_put_off(&self, state: &State, pk: &str, sk: &str) -> bool {
        // A tick ends within a minute, and what it moved is not due again before five.
        const BESIDE: u64 = 60_000_000;
        let Some(item) = state.cloud.table.item(pk, sk).filter(|it| is_untouched(it)) else {
            return false;
        };
        let waits = item.contains_key("due_at") && !item.contains_key("failures");
        let last = sent(state, pk, sk).map(|(_, last)| last);
        waits && last.is_none_or(|last| last + BESIDE < self.at)
    }
}

/// A pass of a rollout that is due.
struct Pass {
    rollout: String,
    since: Timestamp,
    /// Whether it is the rollout's first.
    first: bool,
}

impl Pass {
    fn of((due, (pk, sk)): &Due, state: &State) -> Option<Self> {
        let item = state.cloud.table.item(pk, sk);
        let item = item.filter(|_| sk.starts_with("r#"))?;
        Some(Self {
            rollout: sk.clone(),
            since: due_instant(due)?,
            first: item.get("pass").is_none_or(|pass| pass["N"] == "0"),
        })
    }
}

/// A rollout that has ended.
#[derive(Debug, Clone)]
pub(crate) struct Over {
    pub(crate) rollout: String,
    /// Since when its last pass was due.
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

fn is_over(state: &State, sk: &str) -> bool {
    let item = state.cloud.table.item("P", sk);
    item.is_some_and(|it| !it.contains_key("due_at") && !it.contains_key("parked"))
}

/// Whether a notice is pending and no sender was asked by SES to wait.
fn is_untouched(item: &Item) -> bool {
    let state = item.get("st").and_then(|it| it["S"].as_str());
    state == Some("pending") && !item.contains_key("nb") && !item.contains_key("parked")
}

/// When a notice was put on a queue first and last.
fn sent(state: &State, pk: &str, sk: &str) -> Option<(u64, u64)> {
    let ticket = pk.strip_prefix("T#")?;
    let notice = sk.strip_prefix("n#")?;
    let record = json!({ "ticket": ticket, "notice": notice });
    state.cloud.queues.sent_at(&record.to_string())
}

/// A notice whose record has left its queue while it has still to be sent, and nobody knows a reason: it was put off, or SES
/// gave no answer, so that its event may tell. `faults` were there before.
pub(crate) fn forgotten(state: &State, body: &str, faults: usize) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let part = |name: &str| body[name].as_str().unwrap_or_default();
    let (pk, sk) = notice_key(part("ticket"), part("notice"));
    let item = state.cloud.table.item(&pk, &sk)?;
    let mut faults = state.happened[faults..].iter();
    let is_claimed = item["st"]["S"] == "claimed";
    let in_doubt = faults.any(|it| it.place.operation == "SendEmail");
    let waits = is_untouched(item) || (is_claimed && !in_doubt);
    waits.then(|| format!("a record was answered with success while its notice waits: {pk} {sk}"))
}

/// Notices that whoever wrote them put on no queue although nothing failed: a tick would find them minutes later.
pub(crate) fn unhurried(state: &State, all: &BTreeMap<String, Dossier>) -> Vec<String> {
    const SOON: u64 = 60_000_000;
    // Whoever sends writes little: only what keeps it from a queue counts.
    let bears = |it: &&Happened| {
        let kills = matches!(it.fault, Fault::KilledBefore | Fault::KilledAfter);
        let queue = it.place.operation == "SendMessageBatch";
        it.place.function != Function::Notifier || kills || queue
    };
    let faults = state.happened.iter().filter(bears);
    let faults: Vec<u64> = faults.map(|it| it.at).collect();
    let mut wrong = Vec::new();
    for dossier in all.values() {
        // What SES reports and what an operator decides is written where there is no queue.
        let by_no_queue = |text: &Text| {
            matches!(
                text,
                Text::NotReached { .. } | Text::Standing { .. } | Text::StandingLifted { .. }
            )
        };
        let own = dossier.notices.iter().map(|it| &it.notice);
        for notice in own.filter(|it| !by_no_queue(&it.text)) {
            let (pk, sk) = notice_key(&dossier.id, notice.id.as_str());
            let Some(born) = state.cloud.table.born(&(pk.clone(), sk.clone())) else {
                continue;
            };
            let near = born.saturating_sub(SOON)..born + SOON;
            let first = sent(state, &pk, &sk).map(|(first, _)| first);
            if !first.is_some_and(|first| near.contains(&first))
                && !faults.iter().any(|it| near.contains(it))
            {
                let (at, text) = (instant(born), &notice.text);
                wrong.push(format!(
                    "ticket {}: {text:?} of {at} was put on no queue",
                    dossier.id
                ));
            }
        }
    }
    wrong
}
