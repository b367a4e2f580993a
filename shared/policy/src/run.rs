//! How a clock ran, and what follows: the time it used and the instant it reaches.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::{Timetable, instant};

/// When a clock started and when it stood still. Fractions of a second are cut.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Run {
    /// The first instant that counts.
    pub start: Timestamp,
    /// The stretches that do not count; in any order, and they may overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The earliest instant at which the promise may be due without a pause (see [`crate::Policy::not_before`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
}

/// One stretch in which a clock stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Run {
    /// A run without a pause.
    pub const fn since(start: Timestamp) -> Self {
        Self {
            start,
            pauses: Vec::new(),
            not_before: None,
        }
    }

    /// Open seconds of the timetable that count up to `until`.
    pub fn used(&self, timetable: &Timetable, until: Timestamp) -> i64 {
        let (start, until) = (self.start.as_second(), until.as_second());
        let paused: i64 = self
            .stretches()
            .into_iter()
            .map(|(from, to)| timetable.open_seconds(from, to.unwrap_or(until).min(until)))
            .sum();
        timetable.open_seconds(start, until) - paused
    }

    /// The first instant at which `seconds` open seconds count; none while a pause without an end keeps it from that.
    pub fn reached(&self, timetable: &Timetable, seconds: i64) -> Option<Timestamp> {
        let first = timetable.reach(self.start.as_second(), seconds);
        self.extended(timetable, seconds, first).map(instant)
    }

    /// Moves `first`, the instant an unpaused clock would reach, by the open seconds that pauses before it held.
    ///
    /// A dated deadline may lie at an opening, with no open second between a pause and it: then it is at the first opening
    /// behind that pause. Nothing is due while its clock stands still.
    pub(crate) fn extended(&self, timetable: &Timetable, seconds: i64, first: i64) -> Option<i64> {
        let (start, mut seconds, mut due) = (self.start.as_second(), seconds, first);
        for (from, until) in self.stretches() {
            if from >= due {
                break;
            }
            let until = until?;
            let held = timetable.open_seconds(from, until);
            // A pause over closed hours only holds nothing up, and must not move a dated deadline either.
            if held > 0 {
                seconds += held;
                due = timetable.reach(start, seconds);
                if due <= until {
                    due = timetable.next_open(instant(until)).as_second();
                }
            }
        }
        Some(due)
    }

    /// The pauses since the start, ascending, disjoint, none of them empty.
    pub(crate) fn stretches(&self) -> Vec<(i64, Option<i64>)> {
        let start = self.start.as_second();
        let mut pauses: Vec<(i64, Option<i64>)> = self
            .pauses
            .iter()
            .map(|pause| {
                (
                    pause.from.as_second().max(start),
                    pause.until.map(Timestamp::as_second),
                )
            })
            .filter(|&(from, until)| until.is_none_or(|until| from < until))
            .collect();
        pauses.sort_unstable_by_key(|&(from, _)| from);
        let mut result: Vec<(i64, Option<i64>)> = Vec::with_capacity(pauses.len());
        for (from, until) in pauses {
            match result.last_mut() {
                Some((_, None)) => break,
                Some((_, Some(end)))
                    if from <= *end && until.is_some_and(|until| until <= *end) => {}
                Some((_, last)) if last.is_some_and(|end| from <= end) => *last = until,
                _ => result.push((from, until)),
            }
        }
        result
    }
}
