//! What follows from what people do: statuses, orders, misses of what they did too late, and deadlines that a change moves.

use policy::{PromiseId, Status};
use ticket::{Actor, Event, NoteReason, Recorded};

use super::case::Case;
use super::clocks::Clock;
use super::{Ordered, Walk, is_word, orders};

impl<'p, 'a: 'p> Walk<'p, 'a> {
    /// The status that follows from words, and the orders that came with them.
    pub(super) fn follows(&mut self, found: &Case<'p>, commit: &'a [Recorded]) {
        let first = &commit[0];
        let agent = match &first.actor {
            Actor::Agent(agent) => Some(agent),
            _ => None,
        };
        let said = first.words.as_ref().map(|words| words.text.as_str());
        let own = |it: &&Ordered| {
            let person = self
                .policy
                .person_by_address(&it.wrote.from)
                .map(|it| &it.id);
            let says = match said {
                Some(text) if is_word(&first.event) => text.contains(&it.taint),
                _ => !it.agent.words,
            };
            // A mail whose event was lost is dated by the second.
            let at = first.at.as_millisecond();
            let same = it.wrote.at == at || it.wrote.at / 1000 * 1000 == at;
            (is_word(&first.event) || same) && person == agent && says
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
        let mut status = found.status;
        let mut wanted = Vec::new();
        for recorded in commit {
            let follows = match (&recorded.event, status) {
                (
                    Event::CustomerWrote | Event::StrangerWrote | Event::ComplaintEscalated { .. },
                    Status::Pending | Status::Solved,
                ) => Some(Status::Open),
                (Event::AgentReplied, Status::New | Status::Open) if !set => Some(Status::Pending),
                (Event::MergedInto { .. }, _) => Some(Status::Closed),
                (Event::StatusChanged { to }, _) => {
                    status = *to;
                    None
                }
                _ => None,
            };
            status = follows.unwrap_or(status);
            wanted.extend(follows);
        }
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
        self.meant_for(first, &ordered);
        if let (Some(agent), false) = (agent, ordered.is_empty()) {
            let kept = matches!(
                first.event,
                Event::NoteAdded {
                    instead_of_reply: Some(reason)
                } if reason != NoteReason::Merged
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
            let people = &self.dossier.people;
            let check = |it: &&Ordered| orders::check(case.clone(), agent, it, people, &events);
            let wrong: Option<Vec<String>> = ordered.iter().map(check).collect();
            let wrong = wrong.filter(|_| !kept).unwrap_or_default();
            self.wrong.extend(
                wrong
                    .into_iter()
                    .map(|line| format!("event {}: {line}", first.seq)),
            );
        }
    }

    /// An answer that was meant for one customer does not go to another with whose ticket theirs goes on.
    fn meant_for(&mut self, first: &Recorded, ordered: &[&Ordered]) {
        let kept = first.event
            == Event::NoteAdded {
                instead_of_reply: Some(NoteReason::Merged),
            };
        let apart = ordered.iter().any(|it| it.apart);
        if (first.event == Event::AgentReplied && apart) || (kept && !apart) {
            self.wrong.push(format!(
                "event {}: an answer to {} customer was {}",
                first.seq,
                if apart { "another" } else { "the same" },
                if kept { "kept as a note" } else { "sent" },
            ));
        }
    }

    /// A clock that people stopped too late was missed, and nothing else was; one that ends because its ticket goes on
    /// elsewhere is missed if it is due.
    pub(super) fn misses(
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
        wanted.extend(Self::ended(found, commit));
        let mut noted: Vec<_> = commit
            .iter()
            .filter_map(|it| match &it.event {
                Event::PromiseMissed { promise, cycle, .. } => Some((promise.clone(), *cycle)),
                _ => None,
            })
            .collect();
        wanted.sort();
        wanted.dedup();
        noted.sort();
        if wanted != noted {
            self.wrong.push(format!(
                "event {}: misses {noted:?}, not {wanted:?}",
                commit[0].seq
            ));
        }
    }

    /// The clocks that are due and not known as missed when a ticket is merged.
    fn ended(found: &Case<'p>, commit: &'a [Recorded]) -> Vec<(PromiseId, u32)> {
        let merge = commit
            .iter()
            .position(|it| matches!(it.event, Event::MergedInto { .. }));
        let Some(merge) = merge else {
            return Vec::new();
        };
        let now = commit[merge].recorded_at;
        let mut case = found.clone();
        let is_miss = |it: &&Recorded| matches!(it.event, Event::PromiseMissed { .. });
        let before = commit[..merge].iter().filter(|it| !is_miss(it));
        before.for_each(|it| case.add(it));
        let clocks = case.clocks().into_iter();
        let due = clocks.filter(|it| it.runs && it.due.is_some_and(|due| due <= now));
        let due = due.filter(|it| !case.knows_miss(it.promise, it.cycle));
        due.map(|it| (it.promise.id.clone(), it.cycle)).collect()
    }

    /// A change never makes the customer wait longer, and nothing falls due by it.
    pub(super) fn bounds(&mut self, before: &[Clock<'p>], now: &Case<'p>, change: &'a Recorded) {
        for clock in now.clocks().iter().filter(|it| it.runs) {
            let same = |it: &&Clock<'p>| {
                it.promise.metric == clock.promise.metric
                    && it.promise.published == clock.promise.published
            };
            let Some(new) = clock.due else { continue };
            let old = before.iter().find(same).and_then(|it| it.due);
            let later = clock.promise.published && old.is_some_and(|old| new > old);
            let fell = new < change.recorded_at && old.is_none_or(|old| old > new);
            if later || fell {
                self.wrong.push(format!(
                    "event {}: {} was due at {old:?} and is due at {new}",
                    change.seq, clock.promise.id
                ));
            }
        }
    }
}

/// Whether it may bring other promises.
pub(super) fn is_change(event: &Event) -> bool {
    matches!(
        event,
        Event::PriorityChanged { .. }
            | Event::DepartmentChanged { .. }
            | Event::ComplaintEscalated { .. }
    )
}
