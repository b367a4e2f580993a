//! Clocks: every promise that applies to a ticket, when it is due and whether it runs. Derived from the snapshot and
//! the policy version, so that they can be explained and never disagree with the log.

use jiff::Timestamp;
use policy::{DepartmentId, Facts, Level, Metric, Pause, Point, Policy, Promise, Run, Status};

use crate::model::{Bound, Missed, Ticket};
use crate::notice::triage;

/// One promise running, paused or over on one ticket.
#[derive(Debug, Clone)]
pub struct Clock<'p> {
    /// The promise that set it.
    pub promise: &'p Promise,
    /// The department whose calendar counts; the strictest one before triage.
    pub department: DepartmentId,
    /// The cycle: `next_response` counts its cycles from 1, all others have one.
    pub cycle: u32,
    /// Start and pauses.
    pub run: Run,
    /// When it was met, if it was.
    pub met_at: Option<Timestamp>,
    /// The deadline; none while it is paused without an end in sight.
    pub due: Option<Timestamp>,
    /// The ladder's levels with the instants at which each is reached, in order of time.
    pub steps: Vec<Step<'p>>,
    /// Whether it was missed, so far as facts tell.
    pub missed: bool,
    /// Whether it runs now: neither met nor paused.
    pub running: bool,
}

/// A level of a ladder on one clock.
#[derive(Debug, Clone, Copy)]
pub struct Step<'p> {
    /// The level.
    pub level: &'p Level,
    /// When it is reached.
    pub at: Timestamp,
    /// Whether people have been told.
    pub told: bool,
}

/// All clocks of a ticket, in the order of metrics, published before internal.
///
/// Before triage the strictest clock of all departments stands for each metric.
pub fn clocks<'p>(ticket: &Ticket, policy: &'p Policy) -> Vec<Clock<'p>> {
    let candidates = match &ticket.department {
        Some(department) => vec![department],
        None => triage(policy),
    };
    let mut all: Vec<Clock<'p>> = Vec::new();
    for department in candidates {
        for clock in of_department(ticket, policy, department) {
            keep_strictest(&mut all, clock);
        }
    }
    all.sort_by_key(|clock| (clock.promise.metric, !clock.promise.published));
    all
}

/// Keeps one clock per metric and publication: the one due first, before one that is paused for ever.
fn keep_strictest<'p>(all: &mut Vec<Clock<'p>>, clock: Clock<'p>) {
    let same = all.iter_mut().find(|other| {
        other.promise.metric == clock.promise.metric
            && other.promise.published == clock.promise.published
    });
    match same {
        None => all.push(clock),
        Some(other) => {
            let earlier = match (clock.due, other.due) {
                (Some(mine), Some(theirs)) => mine < theirs,
                (mine, theirs) => mine.is_some() && theirs.is_none(),
            };
            if earlier {
                *other = clock;
            }
        }
    }
}

fn of_department<'p>(
    ticket: &Ticket,
    policy: &'p Policy,
    department: &DepartmentId,
) -> Vec<Clock<'p>> {
    let facts = Facts {
        department: Some(department),
        priority: ticket.priority,
        channel: ticket.channel,
        ticket_type: ticket.ticket_type,
        lang: &ticket.lang,
        group: None,
        service: None,
        received: ticket.opened_at,
        busy: &[],
    };
    policy
        .promises(&facts)
        .into_iter()
        .filter_map(|promise| clock(ticket, policy, promise, department))
        .collect()
}

fn clock<'p>(
    ticket: &Ticket,
    policy: &'p Policy,
    promise: &'p Promise,
    department: &DepartmentId,
) -> Option<Clock<'p>> {
    let (start, met_at) = span(ticket, promise.metric)?;
    let mut run = Run {
        pauses: pauses(ticket, promise),
        ..Run::since(start)
    };
    if let Some(met_at) = met_at {
        run.pauses.retain(|pause| pause.from < met_at);
    }
    let paused = run.pauses.last().is_some_and(|pause| pause.until.is_none());
    let instant = |point: &Point| policy.instant(promise, Some(department), &run, point);
    let cycle = ticket.cycle_of(promise.metric);
    let derived = instant(&Point::DUE);
    let due = derived.map(|due| bounded(ticket, promise, cycle, due));
    // Levels keep their distance from a deadline that a bound has moved.
    let shift = match (derived, due) {
        (Some(derived), Some(due)) => due.duration_since(derived),
        _ => jiff::SignedDuration::ZERO,
    };
    let mut steps: Vec<Step<'p>> = promise
        .levels
        .iter()
        .filter_map(|level| {
            let at = instant(&level.at)?.checked_add(shift).ok()?;
            let told = was_told(ticket, promise, cycle, level);
            Some(Step { level, at, told })
        })
        .collect();
    steps.sort_by_key(|step| step.at);
    let recorded = was_missed(ticket, promise, cycle).is_some();
    let late = matches!((met_at, due), (Some(met), Some(due)) if met > due);
    Some(Clock {
        promise,
        department: department.clone(),
        cycle,
        run,
        met_at,
        due,
        steps,
        missed: recorded || late,
        running: met_at.is_none() && !paused,
    })
}

/// When the clock of a metric started and, if it was, when it was met; none if it has not started or is not kept open.
fn span(ticket: &Ticket, metric: Metric) -> Option<(Timestamp, Option<Timestamp>)> {
    match metric {
        Metric::Acknowledge => Some((ticket.opened_at, ticket.acknowledged_at)),
        Metric::FirstResponse => Some((ticket.opened_at, ticket.first_reply_at)),
        Metric::NextResponse => ticket.waiting_since.map(|since| (since, None)),
        Metric::Resolution => {
            let solved = ticket.statuses.last().filter(|_| ticket.is_settled());
            Some((ticket.opened_at, solved.map(|change| change.at)))
        }
        // Periodic updates need a promise kind that this policy language does not have yet.
        Metric::Update => None,
    }
}

/// The spans in which the clock stood still: the promise's pausing statuses, and always solved and closed.
///
/// The response to a request is not owed less because the ticket waits, so only the statuses the promise names count.
fn pauses(ticket: &Ticket, promise: &Promise) -> Vec<Pause> {
    let pausing = |status: Status| {
        matches!(status, Status::Solved | Status::Closed) || promise.pauses_in.contains(&status)
    };
    let mut pauses: Vec<Pause> = Vec::new();
    let mut since: Option<Timestamp> = None;
    for change in &ticket.statuses {
        match (since, pausing(change.to)) {
            (None, true) => since = Some(change.at),
            (Some(from), false) => {
                pauses.push(Pause {
                    from,
                    until: Some(change.at),
                });
                since = None;
            }
            _ => {}
        }
    }
    if let Some(from) = since {
        pauses.push(Pause { from, until: None });
    }
    pauses
}

fn bounded(ticket: &Ticket, promise: &Promise, cycle: u32, due: Timestamp) -> Timestamp {
    ticket
        .bounds
        .iter()
        .filter(|bound| applies(bound, promise, cycle))
        .fold(due, |due, bound| {
            let due = bound.earliest.map_or(due, |earliest| due.max(earliest));
            bound.latest.map_or(due, |latest| due.min(latest))
        })
}

fn applies(bound: &Bound, promise: &Promise, cycle: u32) -> bool {
    bound.metric == promise.metric && bound.published == promise.published && bound.cycle == cycle
}

fn was_told(ticket: &Ticket, promise: &Promise, cycle: u32, level: &Level) -> bool {
    ticket
        .told
        .iter()
        .any(|told| told.promise == promise.id && told.cycle == cycle && told.level == level.id)
}

/// The recorded miss of a promise in a cycle.
pub(crate) fn was_missed<'t>(
    ticket: &'t Ticket,
    promise: &Promise,
    cycle: u32,
) -> Option<&'t Missed> {
    ticket
        .missed
        .iter()
        .find(|missed| missed.promise == promise.id && missed.cycle == cycle)
}

/// The earliest instant at which something is to be done for the ticket, if nobody acts before.
///
/// A deadline that has passed and a level that nobody was told of are due at their own instants, also when these have passed.
pub fn next_due(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    clocks(ticket, policy)
        .iter()
        .filter(|clock| clock.running)
        .flat_map(|clock| {
            let levels = clock
                .steps
                .iter()
                .filter(|step| !step.told)
                .map(|step| step.at);
            let miss = clock
                .due
                .filter(|_| was_missed(ticket, clock.promise, clock.cycle).is_none());
            levels.chain(miss)
        })
        .min()
}

/// Where the customer can expect the answer after a miss: the same target counted once more from the missed deadline,
/// or from `now` when that is later (a tick after an outage).
///
/// The policy publishes no second target, so this is what the promise itself would give to a request made then.
pub fn expected_after_miss(
    clock: &Clock<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Option<Timestamp> {
    let run = Run::since(clock.due?.max(now));
    policy.instant(clock.promise, Some(&clock.department), &run, &Point::DUE)
}
