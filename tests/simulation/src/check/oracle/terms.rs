//! What the policy says, read by the check itself: for whom a promise is, when it is due and who is there.

use jiff::{SignedDuration, Timestamp};
use policy::{
    CalendarId, Condition, DepartmentId, Facts, OnCallId, Person, PersonId, Point, Policy, Promise,
    Received, Run, Tier, Touched, Touching, Unit,
};

use super::hours::{self, Hours, Paused, counted, passed};

/// The promises that hold: of each metric the first that is for such a ticket, to customers and for staff.
pub(super) fn promises<'p>(
    policy: &'p Policy,
    department: &DepartmentId,
    facts: &Facts<'_>,
) -> Vec<&'p Promise> {
    let mut all: Vec<&Promise> = Vec::new();
    for promise in &policy.terms().promises {
        let same = |it: &&Promise| (it.metric, it.published) == (promise.metric, promise.published);
        if !all.iter().any(same) && holds(policy, &promise.when, department, facts) {
            all.push(promise);
        }
    }
    all
}

pub(super) fn holds(
    policy: &Policy,
    condition: &Condition,
    department: &DepartmentId,
    facts: &Facts<'_>,
) -> bool {
    fn one_of<T: PartialEq>(named: &[T], own: Option<&T>) -> bool {
        named.is_empty() || own.is_some_and(|own| named.contains(own))
    }
    let Condition {
        departments,
        priorities,
        channels,
        ticket_types,
        languages,
        groups,
        services,
        busy,
        received,
        touching,
        any,
    } = condition;
    let is_open = |id| hours::of(policy, id).is_some_and(|it| it.is_open(facts.received));
    let was_busy = facts.busy.iter().any(|span| {
        let over = span.until.is_some_and(|until| until <= facts.received);
        span.from <= facts.received && !over
    });
    one_of(departments, Some(department))
        && one_of(priorities, Some(&facts.priority))
        && one_of(channels, Some(&facts.channel))
        && one_of(ticket_types, Some(&facts.ticket_type))
        && one_of(languages, Some(facts.lang))
        && one_of(groups, facts.group)
        && one_of(services, facts.service)
        && busy.is_none_or(|busy| busy == was_busy)
        && match received {
            None => true,
            Some(Received::In(id)) => is_open(id),
            Some(Received::Outside(id)) => !is_open(id),
        }
        && touching
            .as_ref()
            .is_none_or(|it| touches(policy, it, facts.received))
        && (any.is_empty() || any.iter().any(|it| holds(policy, it, department, facts)))
}

fn touches(policy: &Policy, touching: &Touching, received: Timestamp) -> bool {
    let from = received.as_second();
    let long = touching.within.duration().as_secs();
    let Some(hours) = hours::of(policy, touching.what.calendar()) else {
        return false;
    };
    match touching.what {
        Touched::Calendar(_) => counted(&hours.open, &[], from, from + long) > 0,
        Touched::ClosedDaysOf(_) => counted(&hours.whole, &[], from, from + long) < long,
    }
}

/// The instant at which this point of a promise is reached by a clock that ran so; none while it stands still.
pub(super) fn reached(
    policy: &Policy,
    promise: &Promise,
    department: &DepartmentId,
    run: &Run,
    point: &Point,
) -> Option<Timestamp> {
    let (share, shift) = match *point {
        Point::Share(thousandths) => (thousandths, 0),
        Point::Before(seconds) => (1000, -seconds),
        Point::After(seconds) => (1000, seconds),
    };
    let at = hours::instant(share_of(policy, promise, department, run, share)?);
    at.checked_add(SignedDuration::from_secs(shift)).ok()
}

fn share_of(
    policy: &Policy,
    promise: &Promise,
    department: &DepartmentId,
    run: &Run,
    share: u32,
) -> Option<i64> {
    let (target, start) = (&promise.target, run.start.as_second());
    let amount = i64::from(target.amount);
    let always = [(start, i64::MAX)];
    let hours = hours_of(policy, promise, department);
    let open: &[(i64, i64)] = match (target.unit, &hours) {
        (Unit::ElapsedMinutes | Unit::ElapsedHours | Unit::ElapsedDays, _) => &always,
        (Unit::WeekdayHours, Some(hours)) => &hours.whole,
        (_, Some(hours)) => &hours.open,
        (_, None) => return None,
    };
    let (mut seconds, mut dated) = match target.unit {
        Unit::OpenMinutes | Unit::ElapsedMinutes => (amount * 60, None),
        Unit::OpenHours | Unit::WeekdayHours | Unit::ElapsedHours => (amount * 3_600, None),
        Unit::ElapsedDays => (amount * 86_400, None),
        Unit::OpenDays => {
            let due = hours.as_ref()?.days_later(start, target.amount)?;
            (counted(open, &[], start, due), Some(due))
        }
    };
    let first = dated.map_or_else(|| passed(open, &[], start, seconds), Some)?;
    if let Some(floor) = run
        .not_before
        .map(Timestamp::as_second)
        .filter(|it| *it > first)
    {
        (seconds, dated) = (counted(open, &[], start, floor), Some(floor));
    }
    let pauses = pauses(run);
    if let (Some(due), 1000) = (dated, share) {
        return behind(open, pauses, due);
    }
    passed(open, &pauses, start, seconds * i64::from(share) / 1000)
}

/// A date behind pauses: the open time that was left when one began is left when it ends; where none was, it is as soon as
/// it opens. A pause over closed hours only moves nothing.
fn behind(open: &[(i64, i64)], mut pauses: Vec<Paused>, mut due: i64) -> Option<i64> {
    pauses.sort_unstable();
    let mut over = i64::MIN;
    for (from, until) in pauses {
        let from = from.max(over);
        over = over.max(until);
        if from >= due || from >= until {
            continue;
        }
        if until == i64::MAX {
            return None;
        }
        let left = counted(open, &[], from, due);
        due = match counted(open, &[], from, until) {
            0 => due,
            _ if left > 0 => passed(open, &[], until, left)?,
            _ => passed(open, &[], until, 1)? - 1,
        };
    }
    Some(due)
}

/// The calendar of the promise, or else of the department.
fn hours_of(
    policy: &Policy,
    promise: &Promise,
    department: &DepartmentId,
) -> Option<std::sync::Arc<Hours>> {
    let named = promise.target.calendar.as_ref();
    let mut departments = policy.terms().departments.iter();
    let own = || {
        departments
            .find(|it| it.id == *department)
            .map(|it| &it.calendar)
    };
    hours::of(policy, named.or_else(own)?)
}

/// Since it began, in seconds.
fn pauses(run: &Run) -> Vec<Paused> {
    let start = run.start.as_second();
    let stretch = |pause: &policy::Pause| {
        let until = pause.until.map_or(i64::MAX, Timestamp::as_second);
        (pause.from.as_second().max(start), until)
    };
    let all = run.pauses.iter().map(stretch);
    all.filter(|(from, until)| from < until).collect()
}

/// The first instant from this one on at which a calendar is open.
pub(super) fn next_open(policy: &Policy, calendar: &CalendarId, at: Timestamp) -> Timestamp {
    hours::of(policy, calendar).map_or(at, |hours| hours.next_open(at))
}

/// After which share of the target the clock hands a ticket to which tier.
pub(super) fn tier_points(policy: &Policy, department: &DepartmentId) -> Vec<(Tier, Point)> {
    let mut departments = policy.terms().departments.iter();
    let tiers = departments
        .find(|it| it.id == *department)
        .map(|it| it.tiers.as_slice());
    let mut points = Vec::new();
    let mut used = Some(0);
    for tier in tiers.unwrap_or_default() {
        if let Some(used) = used.filter(|used| *used > 0) {
            points.push((tier.tier, Point::Share(used)));
        }
        used = used.zip(tier.share).map(|(used, share)| used + share);
    }
    points
}

/// Who is on call: the first shift whose calendar is open, else the others; each by who stands in for them.
pub(super) fn on_call<'p>(policy: &'p Policy, id: &OnCallId, at: Timestamp) -> Vec<&'p Person> {
    let mut rosters = policy.terms().on_call.iter();
    let Some(roster) = rosters.find(|it| it.id == *id) else {
        return Vec::new();
    };
    let is_open = |id: &CalendarId| hours::of(policy, id).is_some_and(|it| it.is_open(at));
    let mut shifts = roster.shifts.iter();
    let shift = shifts.find(|shift| is_open(&shift.calendar));
    let who = shift.map_or(&roster.otherwise, |shift| &shift.who);
    let mut all: Vec<&Person> = Vec::new();
    for person in who.iter().filter_map(|id| present(policy, id, at)) {
        if !all.iter().any(|it| it.id == person.id) {
            all.push(person);
        }
    }
    all
}

/// Who is there in somebody's place today, one after the other; the last one in a circle comes.
pub(super) fn present<'p>(policy: &'p Policy, id: &PersonId, at: Timestamp) -> Option<&'p Person> {
    let people = &policy.terms().people;
    let today = at.to_zoned(policy.terms().zone.rules().clone()).date();
    let mut person = people.iter().find(|it| it.id == *id)?;
    for _ in people {
        let away = |absence: &&policy::Absence| hours::is_one_of(absence.dates, today);
        let Some(absence) = person.absent.iter().find(away) else {
            break;
        };
        person = people.iter().find(|it| it.id == absence.stand_in)?;
    }
    Some(person)
}
