//! Clocks: every promise that applies to a ticket, when it is due and whether it runs. Derived from the snapshot and
//! the policy version, so that they can be explained and never disagree with the log.

use jiff::{SignedDuration, Timestamp};
use policy::{DepartmentId, Facts, Metric, Pause, Point, Policy, Promise, Run, Status, Tier};

use crate::ladder;
pub use crate::ladder::Step;
use crate::model::{Bound, Ticket};
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
    /// When an agent expects to be done, as the customer was told.
    pub expected: Option<Timestamp>,
    /// How far a bound has moved the deadline.
    shift: SignedDuration,
}

impl Clock<'_> {
    /// When a point of the clock is reached, at its distance from a deadline that a bound has moved.
    pub(crate) fn reaches(&self, policy: &Policy, point: &Point) -> Option<Timestamp> {
        let at = policy.instant(self.promise, Some(&self.department), &self.run, point)?;
        at.checked_add(self.shift).ok()
    }
}

/// What promises are chosen by, for a ticket in this department; `received` is when the clock in question began.
pub fn facts<'t>(
    ticket: &'t Ticket,
    department: Option<&'t DepartmentId>,
    received: Timestamp,
) -> Facts<'t> {
    Facts {
        department,
        priority: ticket.priority,
        channel: ticket.channel,
        ticket_type: ticket.ticket_type,
        lang: &ticket.lang,
        group: ticket.group.as_ref(),
        service: ticket.service.as_ref(),
        received,
        busy: &ticket.busy,
    }
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
    let mut all = Vec::new();
    let opening = facts(ticket, Some(department), ticket.opened_at);
    let promises = policy.promises(&opening);
    for &metric in Metric::ALL {
        let Some(span) = span(ticket, metric) else {
            continue;
        };
        // A cycle that began later is promised what holds for then.
        let later = facts(ticket, Some(department), span.0);
        let promises = if span.0 == ticket.opened_at {
            promises.clone()
        } else {
            policy.promises(&later)
        };
        let own = promises.into_iter().filter(|it| it.metric == metric);
        all.extend(own.map(|promise| clock(ticket, policy, promise, department, span)));
    }
    all
}

fn clock<'p>(
    ticket: &Ticket,
    policy: &'p Policy,
    promise: &'p Promise,
    department: &DepartmentId,
    (start, met_at): (Timestamp, Option<Timestamp>),
) -> Clock<'p> {
    let facts = facts(ticket, Some(department), start);
    let mut run = Run {
        pauses: pauses(ticket, promise),
        not_before: policy.not_before(promise, &facts),
        ..Run::since(start)
    };
    if let Some(met_at) = met_at {
        run.pauses.retain(|pause| pause.from < met_at);
    }
    let paused = run.pauses.iter().any(|pause| pause.until.is_none());
    let cycle = ticket.cycle_of(promise.metric);
    let derived = policy.instant(promise, Some(department), &run, &Point::DUE);
    let due = derived.map(|due| bounded(ticket, promise, cycle, due));
    // Levels keep their distance from a deadline that a bound has moved.
    let shift = match (derived, due) {
        (Some(derived), Some(due)) => due.duration_since(derived),
        _ => SignedDuration::ZERO,
    };
    let recorded = was_missed(ticket, policy, promise, cycle);
    let late = matches!((met_at, due), (Some(met), Some(due)) if met > due);
    let mut clock = Clock {
        promise,
        department: department.clone(),
        cycle,
        run,
        met_at,
        due,
        steps: Vec::new(),
        missed: recorded || late,
        running: met_at.is_none() && !paused,
        expected: ticket.expected,
        shift,
    };
    clock.steps = ladder::steps(ticket, policy, &clock);
    clock
}

/// When the clock of a metric started and, if it was, when it was met; none if it has not started or is not kept open.
fn span(ticket: &Ticket, metric: Metric) -> Option<(Timestamp, Option<Timestamp>)> {
    match metric {
        Metric::Acknowledge => Some((ticket.opened_at, ticket.acknowledged_at)),
        Metric::FirstResponse => Some((ticket.opened_at, ticket.first_reply_at)),
        Metric::NextResponse => ticket.waiting_since.map(|since| (since, None)),
        Metric::Resolution => {
            // What was merged was not solved: it goes on elsewhere.
            let done = ticket.is_settled() && ticket.merged_into.is_none();
            let solved = ticket.statuses.last().filter(|_| done);
            Some((ticket.opened_at, solved.map(|change| change.at)))
        }
        // It stands still while the ticket is settled and goes on when it is reopened.
        Metric::Update => Some((ticket.last_reply_at.unwrap_or(ticket.opened_at), None)),
    }
}

/// The spans in which the clock stood still: the promise's pausing statuses, none for longer than it allows, and
/// solved and closed for as long as they last.
///
/// The response to a request is not owed less because the ticket waits, so only the statuses the promise names count.
fn pauses(ticket: &Ticket, promise: &Promise) -> Vec<Pause> {
    let settled = |status: Status| matches!(status, Status::Solved | Status::Closed);
    let named = |status: Status| promise.pauses_in.contains(&status) && !settled(status);
    let waiting = Run {
        pauses: in_statuses(ticket, named),
        ..Run::since(ticket.opened_at)
    };
    let mut pauses = promise.capped(&waiting).pauses;
    pauses.extend(in_statuses(ticket, settled));
    pauses
}

fn in_statuses(ticket: &Ticket, pausing: impl Fn(Status) -> bool) -> Vec<Pause> {
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

/// Whether a miss is recorded for a promise in a cycle, or for the promise of the same metric that held before a change
/// of priority or department: the customer is told once.
pub(crate) fn was_missed(ticket: &Ticket, policy: &Policy, promise: &Promise, cycle: u32) -> bool {
    let same =
        |other: &Promise| (other.metric, other.published) == (promise.metric, promise.published);
    ticket
        .missed
        .iter()
        .any(|missed| missed.cycle == cycle && policy.promise(&missed.promise).is_some_and(same))
}

/// The earliest instant at which something is to be done for the ticket, if nobody acts before.
///
/// A deadline that has passed and a level that nobody was told of are due at their own instants, also when these have
/// passed; one that waits for its people's hours is due when these begin after `now`.
pub fn next_due(ticket: &Ticket, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
    let clocks = clocks(ticket, policy);
    let tiers = next_tiers(ticket, policy, &clocks);
    let running = clocks.iter().filter(|clock| clock.running);
    running
        .flat_map(|clock| {
            let levels = clock
                .steps
                .iter()
                .filter_map(|step| step.wakes(policy, now));
            let miss = clock
                .due
                .filter(|_| !was_missed(ticket, policy, clock.promise, clock.cycle));
            levels.chain(miss)
        })
        .chain(tiers.into_iter().map(|(_, at)| at))
        .min()
}

/// The tiers that get the ticket by the clock if nobody acts, each with its instant.
///
/// The shares are those of the resolution if the ticket has such a promise, else of the response that is owed.
pub(crate) fn next_tiers(
    ticket: &Ticket,
    policy: &Policy,
    clocks: &[Clock<'_>],
) -> Vec<(Tier, Timestamp)> {
    let department = ticket.department.as_ref();
    let Some(department) = department.and_then(|id| policy.department(id)) else {
        return Vec::new();
    };
    let of = |metric| clocks.iter().find(|clock| clock.promise.metric == metric);
    let clock = [
        Metric::Resolution,
        Metric::FirstResponse,
        Metric::NextResponse,
    ]
    .into_iter()
    .find_map(of);
    let Some(clock) = clock.filter(|clock| clock.running) else {
        return Vec::new();
    };
    department
        .tier_points()
        .into_iter()
        .filter(|(tier, _)| *tier > ticket.tier)
        .filter_map(|(tier, point)| Some((tier, clock.reaches(policy, &point)?)))
        .collect()
}

/// The tier that has the ticket, where its department has tiers; none elsewhere.
pub(crate) fn tier_of(ticket: &Ticket, policy: &Policy) -> Option<Tier> {
    let department = policy.department(ticket.department.as_ref()?)?;
    department.tier(ticket.tier).map(|own| own.tier)
}

/// Where the customer can expect the answer after a miss: when an agent said, if that lies ahead, else the same target
/// counted once more from the missed deadline, or from `now` when that is later (a tick after an outage).
///
/// The policy publishes no second target, so this is what the promise itself would give to a request made then.
pub fn expected_after_miss(
    clock: &Clock<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Option<Timestamp> {
    if let Some(expected) = clock.expected.filter(|expected| *expected > now) {
        return Some(expected);
    }
    let run = Run::since(clock.due?.max(now));
    policy.instant(clock.promise, Some(&clock.department), &run, &Point::DUE)
}
