//! How late the desk may be: by the ticks that did not come, by what the index hid, and by what failed meanwhile.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::faults::Function;
use crate::story::Story;
use crate::undone::Over;
use crate::way::OnTheWay;
use crate::world::State;

const MINUTE: u64 = 60_000_000;

/// After so long every list shows a change.
const SETTLED: SignedDuration = SignedDuration::from_mins(12);

/// For no longer is anything put off at once.
const LONGEST: SignedDuration = SignedDuration::from_mins(16);

/// What stood in the way of ticks, in microseconds.
#[derive(Debug)]
pub(crate) struct Weather {
    missed: Vec<u64>,
    away: Vec<(u64, u64)>,
    faults: Vec<u64>,
    over: Vec<Over>,
    /// Until when tickets were put off, and since when.
    put_off: BTreeMap<(String, Timestamp), Timestamp>,
    /// What a tick, the index and a conflict may take when nothing goes wrong.
    usual: u64,
}

impl Weather {
    pub(crate) fn of(story: &Story, state: &State, way: &OnTheWay) -> Self {
        let mut away: Vec<(u64, u64)> = story
            .faults
            .outages
            .iter()
            .map(|(_, from, until)| (*from, *until))
            .collect();
        away.push(story.sources.no_ticks);
        let ticks = state
            .happened
            .iter()
            .filter(|it| it.place.function == Function::SlaTick);
        let hidden = if story.lies.lost > 0 { 10 * MINUTE } else { 0 };
        Self {
            missed: way.missed.clone(),
            away,
            faults: ticks.map(|it| it.at).collect(),
            over: way.over.clone(),
            put_off: way.put_off.clone(),
            usual: 6 * MINUTE + story.lies.lag * 1000 + hidden,
        }
    }

    /// When a tick can first see to what is due on a ticket at `due`: a ticket at which ticks failed is put off with all that
    /// falls due on it until then.
    pub(in crate::check) fn seen_to(&self, ticket: &str, due: Timestamp) -> Timestamp {
        let next = self.put_off.range((ticket.to_owned(), due)..).next();
        let own = next.filter(|((of, until), since)| {
            of == ticket && **since <= due && *until <= **since + LONGEST
        });
        own.map_or(due, |((_, until), _)| *until)
    }

    /// Whether a rollout of a version is over by `now` whose last pass must have met a ticket that has been as it is since
    /// `unchanged`: no index is late for so long.
    pub(in crate::check) fn has_passed(
        &self,
        (work, version): &(&str, String),
        unchanged: Timestamp,
        now: Timestamp,
    ) -> bool {
        self.over.iter().any(|over| {
            let name = &over.rollout;
            let is = name.starts_with(&format!("r#{work}#")) && name.ends_with(version);
            is && unchanged + SETTLED < over.since && over.until <= now
        })
    }

    /// Whether something that was due at `since` and `takes` so long should have been done by `until`.
    pub(in crate::check) fn is_late(
        &self,
        since: Timestamp,
        takes: SignedDuration,
        until: Timestamp,
    ) -> bool {
        let micros = |at: Timestamp| u64::try_from(at.as_microsecond()).unwrap_or_default();
        let (since, until) = (micros(since), micros(until));
        let usual = self.usual + u64::try_from(takes.as_micros()).unwrap_or_default();
        if until <= since + usual {
            return false;
        }
        let within = |at: &&u64| (since.saturating_sub(MINUTE)..=until).contains(*at);
        let missed = self.missed.iter().filter(within).count();
        let away = self
            .away
            .iter()
            .map(|(from, to)| (*to).min(until).saturating_sub((*from).max(since)));
        // A failing entry is put off, longer each time.
        let failing = if self.faults.iter().any(|at| within(&at)) {
            40 * MINUTE
        } else {
            0
        };
        let allowed = usual
            + u64::try_from(missed).unwrap_or_default() * MINUTE
            + away.sum::<u64>()
            + failing;
        until - since > allowed
    }
}
