//! Who must be told what and when: said again from the policy and the log, without the code that decides it.
//!
//! A ticket's log is walked commit by commit. What people did is taken as it is; what the desk did of itself must be
//! what the clocks then had reached, all of it and nothing else; and the outbox must hold exactly the notices that
//! each event owes.

mod case;
mod clocks;
mod firing;
mod orders;
mod owed;
mod people;
mod sending;
mod weather;

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::{Policy, Status};
use ticket::{Actor, Event, Recorded};

use case::Case;
use clocks::Clock;
use owed::{Before, Owed};
pub(super) use sending::{Look, lost_its_point, was_pointless};
pub(super) use weather::Weather;

use crate::actors::Wrote;
use crate::records::Dossier;
use crate::story::Agent;

/// An agent's mail about a ticket: who wrote it when, and what it asks for.
pub(super) struct Ordered<'a> {
    pub(super) taint: String,
    pub(super) wrote: Wrote,
    pub(super) agent: &'a Agent,
}

/// What a walk through a log gives.
struct Walk<'p, 'a> {
    dossier: &'a Dossier,
    weather: &'a Weather,
    ordered: &'a [Ordered<'a>],
    policy: &'p Policy,
    owed: Vec<Owed>,
    looks: Vec<Look>,
    /// What the desk will have to do, and since when it has been so.
    coming: BTreeMap<(String, Timestamp), Timestamp>,
    wrong: Vec<String>,
}

/// Judges one ticket; `now` is the end of the run.
pub(super) fn check(
    dossier: &Dossier,
    policy: &Policy,
    weather: &Weather,
    ordered: &[Ordered<'_>],
    now: Timestamp,
    wrong: &mut Vec<String>,
) -> Vec<Look> {
    let mut walk = Walk {
        dossier,
        weather,
        ordered,
        policy,
        owed: Vec::new(),
        looks: Vec::new(),
        coming: BTreeMap::new(),
        wrong: Vec::new(),
    };
    walk.all(now);
    walk.compare();
    let Walk {
        looks,
        wrong: found,
        ..
    } = walk;
    wrong.extend(
        found
            .into_iter()
            .map(|line| format!("ticket {}: {line}", dossier.id)),
    );
    looks
}

impl<'p, 'a: 'p> Walk<'p, 'a> {
    fn all(&mut self, now: Timestamp) {
        let dossier = self.dossier;
        let mut case: Option<Case<'p>> = None;
        let mut clocks = Vec::new();
        let together = |a: &Recorded, b: &Recorded| {
            a.at == b.at && a.recorded_at == b.recorded_at && !is_word(&b.event)
        };
        for commit in dossier.events.chunk_by(together) {
            self.in_time(commit[0].recorded_at);
            let fired = case.is_some() && firing::is_of_the_clock(&commit[0]);
            case = if fired {
                case.map(|case| self.clock(case, &mut clocks, commit))
            } else {
                self.people(case, &clocks, commit)
            };
            let Some(case) = &case else { return };
            clocks = case.clocks();
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
            None => Case::of(self.policy, first)?,
        };
        let status = now.status;
        for (place, recorded) in commit.iter().enumerate() {
            let (events, after) = (&commit[..place], &commit[place + 1..]);
            now.add(recorded);
            let before = Before {
                events,
                after,
                status,
                fired: false,
                clocks: &[],
            };
            self.owed.extend(owed::by(&now, recorded, &before));
        }
        if let Some(found) = found {
            self.follows(&found, commit);
            self.misses(&found, clocks, &now, commit);
            self.bounds(clocks, &now, commit);
        }
        Some(now)
    }

    /// The status that follows from words, and the orders that came with them.
    fn follows(&mut self, found: &Case<'p>, commit: &'a [Recorded]) {
        let first = &commit[0];
        let agent = match &first.actor {
            Actor::Agent(agent) => Some(agent),
            _ => None,
        };
        let said = first.words.as_ref().map(|words| words.text.as_str());
        let own = |it: &&Ordered<'_>| {
            let person = self
                .policy
                .person_by_address(&it.wrote.from)
                .map(|it| &it.id);
            let says = match said {
                Some(text) if is_word(&first.event) => text.contains(&it.taint),
                _ => !it.agent.words,
            };
            // A mail whose event was lost is dated by the second.
            let same = it.wrote.at - first.at.as_millisecond();
            (is_word(&first.event) || (0..1000).contains(&same)) && person == agent && says
        };
        let ordered: Vec<_> = self
            .ordered
            .iter()
            .filter(|_| agent.is_some())
            .filter(own)
            .collect();
        let sets =
            |line: &String| ["/open", "/pending", "/hold", "/solve"].contains(&line.as_str());
        let set = ordered.iter().any(|it| it.agent.orders.iter().any(sets));
        let wanted = match (&first.event, found.status) {
            (Event::CustomerWrote | Event::StrangerWrote, Status::Pending | Status::Solved) => {
                vec![Status::Open]
            }
            (Event::AgentReplied, Status::New | Status::Open) if !set => vec![Status::Pending],
            _ => Vec::new(),
        };
        let of_itself = commit.iter().filter(|it| it.actor == Actor::System);
        let became: Vec<Status> = of_itself
            .filter_map(|it| match it.event {
                Event::StatusChanged { to } => Some(to),
                _ => None,
            })
            .collect();
        if became != wanted {
            self.wrong.push(format!(
                "event {}: {:?} gave {became:?}, not {wanted:?}",
                first.seq, first.event
            ));
        }
        if let (Some(agent), false) = (agent, ordered.is_empty()) {
            let kept = matches!(
                first.event,
                Event::NoteAdded {
                    instead_of_reply: Some(_)
                }
            );
            let by_agent = commit
                .iter()
                .filter(|it| it.actor == first.actor && !is_word(&it.event));
            let events: Vec<&Recorded> = by_agent.collect();
            let mut case = found.clone();
            commit
                .iter()
                .take_while(|it| is_word(&it.event) || it.actor == Actor::System)
                .for_each(|it| case.add(it));
            // Of two mails at the same moment that hold nothing but orders, either may be meant.
            let check = |it: &&Ordered<'_>| orders::check(case.clone(), agent, it.agent, &events);
            let wrong: Option<Vec<String>> = ordered.iter().map(check).collect();
            let wrong = wrong.filter(|_| !kept).unwrap_or_default();
            self.wrong.extend(
                wrong
                    .into_iter()
                    .map(|line| format!("event {}: {line}", first.seq)),
            );
        }
    }

    /// A clock that people stopped too late was missed, and nothing else was.
    fn misses(
        &mut self,
        found: &Case<'p>,
        clocks: &[Clock<'p>],
        now: &Case<'p>,
        commit: &'a [Recorded],
    ) {
        let at = commit[0].at;
        let after = now.clocks();
        let goes_on = |clock: &Clock<'p>| {
            after
                .iter()
                .any(|it| it.runs && it.promise.id == clock.promise.id && it.cycle == clock.cycle)
        };
        let late = |clock: &&Clock<'p>| {
            clock.runs
                && clock.due.is_some_and(|due| due < at)
                && !found.knows_miss(clock.promise, clock.cycle)
                && !goes_on(clock)
        };
        let wanted = clocks
            .iter()
            .filter(late)
            .map(|clock| (clock.promise.id.clone(), clock.cycle));
        let mut wanted: Vec<_> = wanted.collect();
        let mut noted: Vec<_> = commit
            .iter()
            .filter_map(|it| match &it.event {
                Event::PromiseMissed { promise, cycle, .. } => Some((promise.clone(), *cycle)),
                _ => None,
            })
            .collect();
        wanted.sort();
        noted.sort();
        if wanted != noted {
            self.wrong.push(format!(
                "event {}: misses {noted:?}, not {wanted:?}",
                commit[0].seq
            ));
        }
    }

    /// A change never makes the customer wait longer, and nothing falls due by it.
    fn bounds(&mut self, clocks: &[Clock<'p>], now: &Case<'p>, commit: &'a [Recorded]) {
        let changes = |it: &&Recorded| {
            matches!(
                it.event,
                Event::PriorityChanged { .. }
                    | Event::DepartmentChanged { .. }
                    | Event::ComplaintEscalated { .. }
            )
        };
        let others = |it: &Recorded| {
            matches!(
                it.event,
                Event::StatusChanged { .. } | Event::AgentReplied | Event::CustomerWrote
            )
        };
        let Some(change) = commit
            .iter()
            .find(changes)
            .filter(|_| !commit.iter().any(others))
        else {
            return;
        };
        for clock in now
            .clocks()
            .iter()
            .filter(|it| it.runs && it.promise.published)
        {
            let before = clocks
                .iter()
                .find(|it| it.promise.metric == clock.promise.metric && it.promise.published);
            let Some((old, new)) = before.and_then(|it| it.due).zip(clock.due) else {
                continue;
            };
            let fell = new < change.recorded_at && old > new;
            if new > old || fell {
                self.wrong.push(format!(
                    "event {}: {} was due at {old} and is due at {new}",
                    change.seq, clock.promise.id
                ));
            }
        }
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
            let key = (coming.what, coming.at);
            let since = known
                .get(&key)
                .copied()
                .unwrap_or(key.1.max(last.recorded_at));
            self.coming.insert(key, since);
        }
        self.looks.push(Look::at(last.recorded_at, case, clocks));
    }

    /// Nothing waited longer than ticks take.
    fn in_time(&mut self, now: Timestamp) {
        let late: Vec<_> = self
            .coming
            .iter()
            .filter(|(_, since)| self.weather.is_late(**since, now))
            .map(|((what, at), _)| format!("{what} was due at {at} and not done by {now}"))
            .collect();
        self.wrong.extend(late);
        // Said once.
        let weather = self.weather;
        self.coming.retain(|_, since| !weather.is_late(*since, now));
    }

    /// The outbox holds what is owed, and nothing else.
    fn compare(&mut self) {
        let mut there: Vec<Owed> = self
            .dossier
            .notices
            .iter()
            .map(|outgoing| {
                (
                    outgoing.notice.to.clone(),
                    owed::shape(&outgoing.notice.text),
                )
            })
            .filter(|(_, text)| text != "OrdersAnswered")
            .collect();
        for owed in std::mem::take(&mut self.owed) {
            match there.iter().position(|it| *it == owed) {
                Some(place) => drop(there.swap_remove(place)),
                None => self
                    .wrong
                    .push(format!("nobody told {:?}: {}", owed.0, owed.1)),
            }
        }
        let extra = there
            .into_iter()
            .map(|(to, text)| format!("no reason to tell {to:?}: {text}"));
        self.wrong.extend(extra);
        self.answered_orders();
    }

    /// Whoever ordered something is told what became of it, once for each mail.
    fn answered_orders(&mut self) {
        let mut count: BTreeMap<String, i64> = BTreeMap::new();
        for outgoing in &self.dossier.notices {
            if let (ticket::Text::OrdersAnswered { answers }, ticket::Addressee::Staff(person)) =
                (&outgoing.notice.text, &outgoing.notice.to)
            {
                let lines: Vec<&str> = answers.iter().map(|it| it.line.as_str()).collect();
                *count
                    .entry(format!("{person}: {}", lines.join(" ")))
                    .or_default() += 1;
            }
        }
        for ordered in self.ordered {
            let person = self.policy.person_by_address(&ordered.wrote.from);
            if let Some(person) =
                person.filter(|_| ordered.agent.marker && !ordered.agent.orders.is_empty())
            {
                let lines = ordered.agent.orders.join(" ");
                *count.entry(format!("{}: {lines}", person.id)).or_default() -= 1;
            }
        }
        let odd = count.into_iter().filter(|(_, times)| *times != 0);
        self.wrong.extend(
            odd.map(|(what, times)| format!("orders answered {times:+} times too often: {what}")),
        );
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
