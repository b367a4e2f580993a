//! Which promises hold for a ticket, and when their clocks reach what.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::calendar::{Timetable, instant};
use crate::facts::Facts;
use crate::id::{CalendarId, DepartmentId};
use crate::point::Point;
use crate::policy::Policy;
use crate::run::Run;
use crate::target::Unit;
use crate::terms::{Department, Promise};
use crate::vocabulary::Metric;

/// A target reduced to seconds of a timetable; a target in open days has a date of its own besides.
struct Budget<'a> {
    timetable: &'a Timetable,
    seconds: i64,
    dated: Option<i64>,
}

impl Policy {
    /// The promises that hold: in file order, the first match for each metric, published and internal apart, so that
    /// an internal clock never hides a published promise.
    ///
    /// Before triage the strictest of the possible departments' promises hold, by what would be due first.
    pub fn promises(&self, facts: &Facts<'_>) -> Vec<&Promise> {
        if let Some(department) = facts.department.and_then(|id| self.department(id)) {
            return self.first_matches(&department.id, facts);
        }
        let mut strictest: BTreeMap<(Metric, bool), (Option<Timestamp>, &Promise)> =
            BTreeMap::new();
        for department in self.possible_departments() {
            let facts = Facts {
                department: Some(&department.id),
                ..*facts
            };
            for promise in self.first_matches(&department.id, &facts) {
                let run = Run {
                    not_before: self.not_before(promise, &facts),
                    ..Run::since(facts.received)
                };
                let due = self.instant(promise, Some(&department.id), &run, &Point::DUE);
                let entry = strictest
                    .entry((promise.metric, promise.published))
                    .or_insert((due, promise));
                if due < entry.0 {
                    *entry = (due, promise);
                }
            }
        }
        let chosen: BTreeSet<_> = strictest.values().map(|(_, promise)| &promise.id).collect();
        self.terms()
            .promises
            .iter()
            .filter(|promise| chosen.contains(&promise.id))
            .collect()
    }

    fn first_matches(&self, department: &DepartmentId, facts: &Facts<'_>) -> Vec<&Promise> {
        let mut seen = BTreeSet::new();
        let holds = |promise: &&Promise| self.holds(&promise.when, department, facts);
        self.terms()
            .promises
            .iter()
            .filter(holds)
            .filter(|promise| seen.insert((promise.metric, promise.published)))
            .collect()
    }

    /// Where a ticket without a department may still go: what the form offers, or all if it offers none.
    pub fn possible_departments(&self) -> Vec<&Department> {
        let all = &self.terms().departments;
        let offered: Vec<_> = all.iter().filter(|department| department.on_form).collect();
        if offered.is_empty() {
            all.iter().collect()
        } else {
            offered
        }
    }

    /// The instant at which `point` of the promise is reached when the clock ran as `run` says; none while a pause
    /// without an end keeps it from that.
    ///
    /// A share of a target in open days is that share of its open seconds. Without a department, the earliest of the
    /// departments for which the promise may hold.
    pub fn instant(
        &self,
        promise: &Promise,
        department: Option<&DepartmentId>,
        run: &Run,
        point: &Point,
    ) -> Option<Timestamp> {
        let budgets = self.budgets(promise, department, run);
        let (share, shift) = match *point {
            Point::Share(per_mille) => (per_mille, 0),
            Point::Before(seconds) => (1000, -seconds),
            Point::After(seconds) => (1000, seconds),
        };
        let reached = budgets
            .iter()
            .filter_map(|budget| budget.reached(run, share))
            .min()?;
        let shifted = instant(reached).saturating_add(SignedDuration::from_secs(shift));
        Some(shifted.unwrap_or(Timestamp::MAX))
    }

    /// Seconds of the promise's own time that `run` used up to `until`.
    ///
    /// Without a department, counted as for the department that would be due first.
    pub fn elapsed(
        &self,
        promise: &Promise,
        department: Option<&DepartmentId>,
        run: &Run,
        until: Timestamp,
    ) -> i64 {
        let budgets = self.budgets(promise, department, run);
        let unpaused = Run {
            pauses: Vec::new(),
            ..run.clone()
        };
        let strictest = budgets
            .iter()
            .min_by_key(|budget| budget.reached(&unpaused, 1000));
        strictest.map_or(0, |budget| run.used(budget.timetable, until))
    }

    /// The promise's budget, once for each calendar it may have to be counted on.
    fn budgets(
        &self,
        promise: &Promise,
        department: Option<&DepartmentId>,
        run: &Run,
    ) -> Vec<Budget<'_>> {
        if !promise.target.unit.needs_calendar() {
            return self
                .budget(promise, &CalendarId::always(), run)
                .into_iter()
                .collect();
        }
        if let Some(calendar) = &promise.target.calendar {
            return self.budget(promise, calendar, run).into_iter().collect();
        }
        if let Some(department) = department.and_then(|id| self.department(id)) {
            return self
                .budget(promise, &department.calendar, run)
                .into_iter()
                .collect();
        }
        let named = &promise.when.departments;
        let candidates = if named.is_empty() {
            self.possible_departments()
        } else {
            named.iter().filter_map(|id| self.department(id)).collect()
        };
        let calendars: BTreeSet<_> = candidates
            .into_iter()
            .map(|department| &department.calendar)
            .collect();
        calendars
            .into_iter()
            .filter_map(|calendar| self.budget(promise, calendar, run))
            .collect()
    }

    fn budget(&self, promise: &Promise, calendar: &CalendarId, run: &Run) -> Option<Budget<'_>> {
        let timetables = self.timetables(calendar)?;
        let target = &promise.target;
        let timetable = if target.unit == Unit::WeekdayHours {
            &timetables.whole_days
        } else {
            &timetables.open
        };
        let start = run.start.as_second();
        let (seconds, dated) = if let Some(unit) = target.unit.seconds() {
            (i64::from(target.amount) * unit, None)
        } else {
            let due = timetable.open_days_second(start, target.amount);
            (timetable.open_seconds(start, due), Some(due))
        };
        let budget = Budget {
            timetable,
            seconds,
            dated,
        };
        Some(budget.not_before(start, run.not_before))
    }
}

impl Promise {
    /// The run with each pause cut to what the promise allows one to count.
    #[must_use]
    pub fn capped(&self, run: &Run) -> Run {
        let mut run = run.clone();
        let Some(most) = &self.max_pause else {
            return run;
        };
        for pause in &mut run.pauses {
            let end = pause.from.saturating_add(most.duration()).ok();
            pause.until = match (pause.until, end) {
                (Some(until), Some(end)) => Some(until.min(end)),
                (until, end) => until.or(end),
            };
        }
        run
    }
}

impl Budget<'_> {
    /// The same, with a deadline of its own if it would be reached before this instant.
    fn not_before(self, start: i64, floor: Option<Timestamp>) -> Self {
        let Some(floor) = floor.map(Timestamp::as_second) else {
            return self;
        };
        let due = self
            .dated
            .unwrap_or_else(|| self.timetable.reach(start, self.seconds));
        if due >= floor {
            return self;
        }
        Self {
            seconds: self.timetable.open_seconds(start, floor),
            dated: Some(floor),
            ..self
        }
    }

    fn reached(&self, run: &Run, per_mille: u32) -> Option<i64> {
        let seconds = self.seconds * i64::from(per_mille) / 1000;
        let first = match self.dated {
            Some(due) if per_mille == 1000 => due,
            _ => self.timetable.reach(run.start.as_second(), seconds),
        };
        run.extended(self.timetable, seconds, first)
    }
}
