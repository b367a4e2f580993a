//! Who must be told what and when: said again from the policy and the log, without the code that decides it.
//!
//! A ticket's log is walked commit by commit. What people did is taken as it is; what the desk did of itself must be
//! what the clocks then had reached, all of it and nothing else; and the outbox must hold exactly the notices that
//! each event owes.

mod acts;
mod case;
mod clocks;
mod deadlines;
mod firing;
mod hours;
mod merging;
mod order;
mod orders;
mod outbox;
mod owed;
mod people;
mod sending;
mod terms;
mod versions;
mod weather;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use policy::{Metric, Policy};
use ticket::{Event, Recorded};

use case::Case;
use clocks::{Clock, Coming};
use merging::Merging;
pub(super) use merging::{Tried, merges};
use owed::{Before, Owed};
pub(super) use sending::{Look, lost_its_point, was_pointless};
pub(crate) use versions::Version;
pub(super) use weather::Weather;

use crate::actors::Wrote;
use crate::records::Dossier;
use crate::story::Agent;

/// An agent's mail about a ticket: who wrote it when, and what it asks for.
pub(super) struct Ordered {
    /// The ticket that took it.
    pub(super) ticket: String,
    pub(super) taint: String,
    pub(super) wrote: Wrote,
    pub(super) agent: Agent,
    /// Whether it was written about a ticket that was merged into this one, and whether that was another customer's.
    pub(super) moved: bool,
    pub(super) apart: bool,
    /// When it was taken, in seconds.
    pub(super) taken: i64,
}

/// What is known of a ticket after a walk through its log.
pub(super) struct Walked<'p> {
    /// What could have lost its point when.
    pub(super) looks: Vec<Look>,
    /// When its acknowledgement was due as it was opened.
    pub(super) receipt: Option<Timestamp>,
    merging: Merging<'p>,
}

/// What a customer is owed by a ticket, as they may be told.
#[derive(Debug)]
pub(super) struct Owes {
    /// When each published promise is due that is still to be kept; none once another ticket goes on with it.
    pub(super) due: Vec<(Metric, Timestamp)>,
    /// When something was done that may have kept a promise.
    pub(super) done: Vec<Timestamp>,
    /// When staff said that the customer hears more.
    pub(super) expected: Option<Timestamp>,
}

impl Owes {
    fn of(case: &Case<'_>) -> Self {
        let clocks = case.clocks().into_iter();
        let published = clocks.filter(|it| it.promise.published && case.merged_into.is_none());
        let done = [case.acknowledged, case.answered].into_iter().flatten();
        let settled = case.statuses.iter().map(|(at, _)| *at);
        Self {
            due: published
                .filter_map(|it| Some((it.promise.metric, it.due?)))
                .collect(),
            done: done.chain(settled).collect(),
            expected: case.expected,
        }
    }
}

impl Walked<'_> {
    /// What the customer is owed, as the ticket may have stood about an instant.
    pub(super) fn owes(&self, at: Timestamp) -> Vec<Owes> {
        let about = self.merging.about(at.as_second());
        about.into_iter().map(Owes::of).collect()
    }

    /// What the customer is owed as the ticket was opened.
    pub(super) fn owes_at_first(&self) -> Option<Owes> {
        self.merging.first().map(Owes::of)
    }

    /// Whether a level that was told waits for somebody, at an instant and for the whole of an invocation about it.
    pub(super) fn waits(&self, at: Timestamp) -> bool {
        let about = self.merging.about(at.as_second());
        let waits = |it: &&Case<'_>| it.is_untaken() && !it.settled() && it.merged_into.is_none();
        !about.is_empty() && about.iter().all(waits)
    }
}

/// What a walk through a log gives.
struct Walk<'p, 'a> {
    dossier: &'a Dossier,
    all: &'a BTreeMap<String, Dossier>,
    weather: &'a Weather,
    ordered: &'a [Ordered],
    versions: &'p [Version],
    policy: &'p Policy,
    owed: Vec<Owed>,
    looks: Vec<Look>,
    receipt: Option<Timestamp>,
    merging: Merging<'p>,
    /// What the desk will have to do, and since when it has been so.
    coming: BTreeMap<(String, Timestamp), (Timestamp, Coming)>,
    wrong: Vec<String>,
}

/// Judges one ticket of all; `now` is the end of the run.
pub(super) fn check<'a>(
    dossier: &'a Dossier,
    all: &'a BTreeMap<String, Dossier>,
    versions: &'a [Version],
    weather: &'a Weather,
    ordered: &'a [Ordered],
    now: Timestamp,
    wrong: &mut Vec<String>,
) -> Option<Walked<'a>> {
    let policy = &versions.first()?.policy;
    let mut walk = Walk {
        versions,
        dossier,
        all,
        weather,
        ordered,
        policy,
        owed: Vec::new(),
        looks: Vec::new(),
        receipt: None,
        merging: Merging::default(),
        coming: BTreeMap::new(),
        wrong: Vec::new(),
    };
    walk.all(now);
    walk.compare();
    let Walk {
        looks,
        receipt,
        merging,
        wrong: found,
        ..
    } = walk;
    wrong.extend(
        found
            .into_iter()
            .map(|line| format!("ticket {}: {line}", dossier.id)),
    );
    Some(Walked {
        looks,
        receipt,
        merging,
    })
}

impl<'p, 'a: 'p> Walk<'p, 'a> {
    fn all(&mut self, now: Timestamp) {
        let dossier = self.dossier;
        let mut case: Option<Case<'p>> = None;
        let mut clocks = Vec::new();
        let together =
            |a: &Recorded, b: &Recorded| dossier.commits.get(&a.seq) == dossier.commits.get(&b.seq);
        for commit in dossier.events.chunk_by(together) {
            self.in_time(commit[0].recorded_at);
            let fired =
                case.is_some() && firing::is_of_the_clock(&commit[0]) && !owed::ends(commit);
            case = if fired {
                case.map(|case| self.clock(case, &mut clocks, commit))
            } else {
                self.people(case, &clocks, commit)
            };
            let Some(case) = &case else { return };
            clocks = case.clocks();
            if self.looks.is_empty() {
                let receipts = clocks
                    .iter()
                    .filter(|it| it.runs && it.promise.metric == Metric::Acknowledge);
                self.receipt = receipts.filter_map(|it| it.due).min();
            }
            self.merging.is_now(commit[0].recorded_at, case);
            self.look(case, &clocks, commit, fired);
        }
        self.in_time(now);
    }

    /// What the clock did: each step rightly, and nothing left.
    fn clock(
        &mut self,
        mut case: Case<'p>,
        clocks: &mut Vec<Clock<'p>>,
        commit: &'a [Recorded],
    ) -> Case<'p> {
        for (place, recorded) in commit.iter().enumerate() {
            if let Some(line) = firing::wrong(&case, clocks, recorded) {
                self.wrong.push(format!("event {}: {line}", recorded.seq));
            }
            let found = clocks.clone();
            let status = case.status;
            case.add(recorded);
            if acts::is_change(&recorded.event) {
                self.bounds(&found, &case, recorded);
            }
            if moves_clocks(&recorded.event) {
                *clocks = case.clocks();
            }
            let (events, after) = (&commit[..place], &commit[place + 1..]);
            let before = Before {
                events,
                after,
                status,
                fired: true,
                clocks: &found,
                joining: &[],
            };
            self.owed.extend(owed::by(&case, recorded, &before));
        }
        case
    }

    /// What people did, and what follows from it at once.
    fn people(
        &mut self,
        case: Option<Case<'p>>,
        clocks: &[Clock<'p>],
        commit: &'a [Recorded],
    ) -> Option<Case<'p>> {
        let first = &commit[0];
        let found = case.clone();
        let mut now = match case {
            Some(case) => case,
            None => Case::of(self.versions, first)?,
        };
        let status = now.status;
        let joining = merging::joining(self.all, &first.event);
        let mut ending = Vec::new();
        for (place, recorded) in commit.iter().enumerate() {
            let (events, after) = (&commit[..place], &commit[place + 1..]);
            if let Event::MergedInto { .. } = &recorded.event {
                self.merging.goes(recorded, &now);
            }
            // The clocks that a merge ends: what of them is due is missed, wherever the commit says so.
            if owed::ends(&commit[place..]) {
                ending = now.clocks();
            }
            let changed = acts::is_change(&recorded.event).then(|| now.clocks());
            self.wrong.extend(versions::wrong(&now, recorded));
            if matches!(recorded.event, Event::ComplaintEscalated { .. }) && now.under_review {
                let line = format!("event {}: it is under review already", recorded.seq);
                self.wrong.push(line);
            }
            now.add(recorded);
            if let Some(before) = changed {
                self.bounds(&before, &now, recorded);
            }
            let before = Before {
                events,
                after,
                status,
                fired: false,
                clocks: &ending,
                joining: &joining,
            };
            self.owed.extend(owed::by(&now, recorded, &before));
        }
        let Some(found) = found else {
            return Some(now);
        };
        if let Event::MergedFrom(_) = &first.event {
            self.merging.takes(commit, found, &now);
        } else {
            self.follows(&found, commit);
            self.misses(&found, clocks, &now, commit);
        }
        Some(now)
    }

    /// What there is to do after a commit.
    fn look(&mut self, case: &Case<'p>, clocks: &[Clock<'p>], commit: &'a [Recorded], fired: bool) {
        let last = &commit[commit.len() - 1];
        if fired && commit.len() < MANY {
            let left = firing::left(case, clocks, last.at);
            self.wrong.extend(
                left.into_iter()
                    .map(|what| format!("event {}: left undone: {what}", last.seq)),
            );
        }
        let coming = case.coming(clocks).into_iter();
        let known = std::mem::take(&mut self.coming);
        for coming in coming {
            let key = (coming.what.clone(), coming.at);
            let since = known
                .get(&key)
                .map_or(key.1.max(last.recorded_at), |(since, _)| *since);
            self.coming.insert(key, (since, coming));
        }
        self.looks.push(Look::at(last.recorded_at, case, clocks));
    }

    /// Nothing waited longer than ticks take.
    fn in_time(&mut self, now: Timestamp) {
        let late: Vec<_> = self
            .coming
            .iter()
            .filter(|(_, (since, coming))| self.is_late(*since, coming, now))
            .map(|((what, at), _)| format!("{what} was due at {at} and not done by {now}"))
            .collect();
        if !late.is_empty() {
            // Said once.
            let all = std::mem::take(&mut self.coming).into_iter();
            let kept = all.filter(|(_, (since, coming))| !self.is_late(*since, coming, now));
            self.coming = kept.collect();
        }
        self.wrong.extend(late);
    }

    /// Whether what was due at `since` should have been done by `now`. What is told only while a calendar is open is not
    /// late while it is closed.
    fn is_late(&self, mut since: Timestamp, coming: &Coming, now: Timestamp) -> bool {
        since = self.weather.seen_to(&self.dossier.id, since);
        let unchanged = self.looks.last().map(Look::since);
        let passed =
            |rollout| unchanged.is_some_and(|at| self.weather.has_passed(rollout, at, now));
        if coming.rollout.as_ref().is_some_and(passed) {
            return true;
        }
        let late = self.weather.is_late(since, coming.takes, now);
        let Some(quiet) = coming.quiet.as_ref().filter(|_| late) else {
            return late;
        };
        let minute = SignedDuration::from_mins(1);
        while since < now {
            let open = |at: &Timestamp| terms::next_open(self.policy, quiet, *at) <= *at;
            let minutes = std::iter::successors(Some(since), |at| Some(*at + minute));
            let closes = minutes.take_while(|at| *at < now).find(|at| !open(at));
            if self
                .weather
                .is_late(since, coming.takes, closes.unwrap_or(now))
            {
                return true;
            }
            let Some(closes) = closes else { return false };
            since = terms::next_open(self.policy, quiet, closes);
        }
        false
    }
}

/// More events than this at once may have left something for the next firing.
const MANY: usize = 25;

/// Whether somebody wrote, which is a commit of its own.
fn is_word(event: &Event) -> bool {
    matches!(
        event,
        Event::CustomerWrote | Event::StrangerWrote | Event::AgentReplied | Event::NoteAdded { .. }
    )
}

/// Whether clocks may be others after this.
fn moves_clocks(event: &Event) -> bool {
    matches!(
        event,
        Event::PriorityChanged { .. } | Event::DepartmentChanged { .. } | Event::HandedOver { .. }
    )
}
