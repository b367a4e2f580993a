//! Ladders: when each level of a clock is reached, when its people are told, and told again.

use jiff::Timestamp;
use policy::{CalendarId, Level, Point, Policy, Promise, Run, Target};

use crate::clocks::Clock;
use crate::model::{Ticket, Told};

/// A level of a ladder on one clock.
#[derive(Debug, Clone, Copy)]
pub struct Step<'p> {
    /// The level.
    pub level: &'p Level,
    /// When it is reached.
    pub at: Timestamp,
    /// Whether people have been told.
    pub told: bool,
    /// How often they have been told.
    pub times: u32,
    /// When they are told next; none if they are not told again.
    pub tell_at: Option<Timestamp>,
    /// Whether it has still to do what it does when it is reached.
    pub(crate) acts: bool,
}

impl Step<'_> {
    /// When something is to be done about it; what waits for an opening is due at the next one after `now`.
    pub(crate) fn wakes(&self, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
        let tells = self.tells(policy, now);
        let acts = self.acts.then_some(self.at);
        acts.into_iter().chain(tells).min()
    }

    /// When its people are told next. Late by now, their calendar may have closed again.
    pub(crate) fn tells(&self, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
        let at = self.tell_at?;
        if at > now {
            return Some(at);
        }
        let opening = opening(policy, self.level.quiet.as_ref(), now);
        Some(if opening > now { opening } else { at })
    }
}

/// The levels of a clock with the instants at which each is reached, in order of time.
pub(crate) fn steps<'p>(ticket: &Ticket, policy: &Policy, clock: &Clock<'p>) -> Vec<Step<'p>> {
    let promise: &'p Promise = clock.promise;
    let mut steps: Vec<Step<'p>> = promise
        .levels
        .iter()
        .filter_map(|level| {
            let at = clock.reaches(policy, &level.at)?;
            let told = told(ticket, clock, level);
            let times = told.map_or(0, |told| told.times);
            Some(Step {
                level,
                at,
                told: times > 0,
                times,
                tell_at: tell_at(policy, clock, level, at, told),
                acts: told.is_none() && does_something(level),
            })
        })
        .collect();
    steps.sort_by_key(|step| step.at);
    steps
}

/// Whether reaching the level changes the ticket.
pub(crate) fn does_something(level: &Level) -> bool {
    level.raise.is_some() || level.move_to.is_some() || level.tier.is_some()
}

fn told<'t>(ticket: &'t Ticket, clock: &Clock<'_>, level: &Level) -> Option<&'t Told> {
    ticket.told.iter().find(|told| {
        told.promise == clock.promise.id && told.cycle == clock.cycle && told.level == level.id
    })
}

/// The first telling is when the level is reached; each further one follows the last by what the level says.
fn tell_at(
    policy: &Policy,
    clock: &Clock<'_>,
    level: &Level,
    at: Timestamp,
    told: Option<&Told>,
) -> Option<Timestamp> {
    let quiet = level.quiet.as_ref();
    let Some(told) = told.filter(|told| told.times > 0) else {
        return Some(opening(policy, quiet, at));
    };
    let repeat = level.repeat.as_ref()?;
    let ended = level.until.is_some() && told.acknowledged;
    if ended || told.times > repeat.most {
        return None;
    }
    let again = after(policy, clock, &repeat.every, told.at)?;
    Some(opening(policy, quiet, again))
}

fn opening(policy: &Policy, quiet: Option<&CalendarId>, at: Timestamp) -> Timestamp {
    quiet.map_or(at, |calendar| policy.next_open(calendar, at))
}

/// The instant this much later, counted as the clock's promise counts.
fn after(policy: &Policy, clock: &Clock<'_>, every: &Target, from: Timestamp) -> Option<Timestamp> {
    let counted = Promise {
        target: every.clone(),
        max_pause: None,
        levels: Vec::new(),
        ..clock.promise.clone()
    };
    let run = Run::since(from);
    policy.instant(&counted, Some(&clock.department), &run, &Point::DUE)
}
