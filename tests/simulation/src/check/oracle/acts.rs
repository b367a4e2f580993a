//! What follows from what people do: statuses, orders, misses of what they did too late, and deadlines that a change moves.

use policy::Status;
use ticket::{Actor, Event, Recorded};

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
    pub(super) fn bounds(&mut self, clocks: &[Clock<'p>], now: &Case<'p>, commit: &'a [Recorded]) {
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
}
