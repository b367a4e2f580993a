//! Which promises run on a ticket and what they have coming, by the policy's own words and its calendars.

use jiff::{SignedDuration, Timestamp};
use policy::{
    CalendarId, DepartmentId, Facts, Level, Metric, Pause, Point, Promise, PromiseId, Run, Status,
    Tier,
};

use super::case::Case;
use super::terms;

/// A promise on a ticket.
#[derive(Debug, Clone)]
pub(super) struct Clock<'p> {
    pub(super) promise: &'p Promise,
    pub(super) department: DepartmentId,
    pub(super) cycle: u32,
    pub(super) due: Option<Timestamp>,
    pub(super) runs: bool,
    pub(super) met: bool,
    run: Run,
    shift: SignedDuration,
}

/// Something that the desk has to do at an instant, unless somebody acts before.
#[derive(Debug, Clone)]
pub(super) struct Coming {
    pub(super) what: String,
    pub(super) at: Timestamp,
    /// How long it takes when nothing goes wrong.
    pub(super) takes: SignedDuration,
    /// By which rollout, and of which version.
    pub(super) rollout: Option<(&'static str, String)>,
    /// It is done only while this calendar is open.
    pub(super) quiet: Option<CalendarId>,
}

impl<'p> Case<'p> {
    /// One clock for each metric, to customers and for staff; before triage the one that is due first.
    pub(super) fn clocks(&self) -> Vec<Clock<'p>> {
        let departments: Vec<DepartmentId> = match &self.department {
            Some(department) => vec![department.clone()],
            None => self
                .policy
                .possible_departments()
                .into_iter()
                .map(|it| it.id.clone())
                .collect(),
        };
        let mut all: Vec<Clock<'p>> = Vec::new();
        for metric in Metric::ALL {
            let Some((start, met)) = self.span(*metric) else {
                continue;
            };
            for department in &departments {
                let facts = self.facts(department, start);
                for promise in terms::promises(self.policy, department, &facts) {
                    if promise.metric == *metric {
                        let clock = self.clock(promise, department, &facts, met);
                        strictest(&mut all, clock);
                    }
                }
            }
        }
        all
    }

    fn facts<'a>(&'a self, department: &'a DepartmentId, received: Timestamp) -> Facts<'a> {
        Facts {
            department: Some(department),
            priority: self.priority,
            channel: self.opened.channel,
            ticket_type: self.opened.ticket_type,
            lang: &self.opened.lang,
            group: self.opened.group.as_ref(),
            service: self.opened.service.as_ref(),
            received,
            busy: &self.opened.busy,
        }
    }

    /// When a metric's clock began and whether it is met; none where nothing is owed.
    fn span(&self, metric: Metric) -> Option<(Timestamp, bool)> {
        match metric {
            Metric::Acknowledge => Some((self.opened_at, self.acknowledged.is_some())),
            Metric::FirstResponse => Some((self.opened_at, self.answered.is_some())),
            Metric::NextResponse => self.waiting.map(|since| (since, false)),
            Metric::Resolution => Some((self.opened_at, self.settled())),
            Metric::Update => Some((self.spoke.unwrap_or(self.opened_at), false)),
        }
    }

    fn clock(
        &self,
        promise: &'p Promise,
        department: &DepartmentId,
        facts: &Facts<'_>,
        met: bool,
    ) -> Clock<'p> {
        let run = Run {
            pauses: self.pauses(promise),
            not_before: self
                .order
                .not_before(self.policy, promise, department, facts),
            ..Run::since(facts.received)
        };
        let cycle = match promise.metric {
            Metric::NextResponse => self.questions,
            Metric::Update => self.words_of_staff + 1,
            _ => 1,
        };
        let runs = !met && run.pauses.iter().all(|pause| pause.until.is_some());
        let plain = if met {
            None
        } else {
            terms::reached(self.policy, promise, department, &run, &Point::DUE)
        };
        let due = plain.map(|due| self.bounded(promise, cycle, due));
        let shift = plain.zip(due).map_or(SignedDuration::ZERO, |(plain, due)| {
            due.duration_since(plain)
        });
        Clock {
            promise,
            department: department.clone(),
            cycle,
            due,
            runs,
            met,
            run,
            shift,
        }
    }

    /// The customer's deadline never moves later than promised; none falls due by a change.
    fn bounded(&self, promise: &Promise, cycle: u32, mut due: Timestamp) -> Timestamp {
        for bound in &self.bounds {
            if bound.metric == promise.metric
                && bound.published == promise.published
                && bound.cycle == cycle
            {
                due = due.max(bound.earliest.unwrap_or(due));
                due = due.min(bound.latest.unwrap_or(due));
            }
        }
        due
    }

    fn pauses(&self, promise: &Promise) -> Vec<Pause> {
        let settled = |status: Status| matches!(status, Status::Solved | Status::Closed);
        let named = |status: Status| promise.pauses_in.contains(&status) && !settled(status);
        let mut pauses = self.stretches(named);
        for pause in &mut pauses {
            let most = promise
                .max_pause
                .as_ref()
                .map(|most| pause.from + most.duration());
            pause.until = pause.until.into_iter().chain(most).min();
        }
        pauses.extend(self.stretches(settled));
        pauses
    }

    /// From when to when the ticket was in such statuses, one after the other without a break.
    fn stretches(&self, such: impl Fn(Status) -> bool) -> Vec<Pause> {
        let mut pauses: Vec<Pause> = Vec::new();
        for (at, status) in &self.statuses {
            let open = pauses.last_mut().filter(|pause| pause.until.is_none());
            match (open, such(*status)) {
                (Some(pause), false) => pause.until = Some(*at),
                (None, true) => pauses.push(Pause {
                    from: *at,
                    until: None,
                }),
                _ => {}
            }
        }
        pauses
    }

    /// Whether a miss of this promise, or of the one that stood in its place before, is known.
    pub(super) fn knows_miss(&self, promise: &Promise, cycle: u32) -> bool {
        self.missed.iter().any(|(id, missed)| {
            let other = self.policy.promise(id);
            let same = |other: &Promise| {
                other.metric == promise.metric && other.published == promise.published
            };
            *missed == cycle && other.is_some_and(same)
        })
    }

    /// Everything that the desk will have to do of itself.
    pub(super) fn coming(&self, clocks: &[Clock<'p>]) -> Vec<Coming> {
        let mut all = Vec::new();
        for clock in clocks.iter().filter(|clock| clock.runs) {
            let name =
                |what: &str| format!("{} of {} cycle {}", what, clock.promise.id, clock.cycle);
            if let Some(due) = clock
                .due
                .filter(|_| !self.knows_miss(clock.promise, clock.cycle))
            {
                all.push(Coming {
                    what: name("the miss"),
                    at: due,
                    takes: SignedDuration::ZERO,
                    rollout: None,
                    quiet: None,
                });
            }
            for level in &clock.promise.levels {
                let tells = clock
                    .reaches(self, &level.at)
                    .and_then(|at| self.tells(clock, level, at));
                if let Some(at) = tells {
                    all.push(Coming {
                        what: name(&format!("level {}", level.id)),
                        at,
                        takes: SignedDuration::ZERO,
                        rollout: None,
                        quiet: level.quiet.clone(),
                    });
                }
            }
        }
        all.extend(self.coming_versions());
        for (tier, at) in self.tiers(clocks) {
            all.push(Coming {
                what: format!("the hand-over to {tier:?}"),
                at,
                takes: SignedDuration::ZERO,
                rollout: None,
                quiet: None,
            });
        }
        all
    }

    /// When a level's people are to be told next, if at all.
    pub(super) fn tells(
        &self,
        clock: &Clock<'p>,
        level: &Level,
        reached: Timestamp,
    ) -> Option<Timestamp> {
        let open = |at| {
            level
                .quiet
                .as_ref()
                .map_or(at, |calendar| terms::next_open(self.policy, calendar, at))
        };
        let rung = (clock.promise.id.clone(), clock.cycle, level.id.clone());
        let Some(said) = self.said.get(&rung).filter(|said| said.times > 0) else {
            return Some(open(reached));
        };
        let repeat = level.repeat.as_ref()?;
        if said.times > repeat.most || (level.until.is_some() && said.taken) {
            return None;
        }
        let again = Promise {
            target: repeat.every.clone(),
            max_pause: None,
            levels: Vec::new(),
            ..clock.promise.clone()
        };
        let run = Run::since(said.at);
        let at = terms::reached(self.policy, &again, &clock.department, &run, &Point::DUE)?;
        Some(open(at))
    }

    /// The tiers that will get the ticket by the clock.
    pub(super) fn tiers(&self, clocks: &[Clock<'p>]) -> Vec<(Tier, Timestamp)> {
        let department = self.department.as_ref();
        let order = [
            Metric::Resolution,
            Metric::FirstResponse,
            Metric::NextResponse,
        ];
        let of = |metric: Metric| {
            let own = clocks.iter().filter(|clock| clock.promise.metric == metric);
            own.min_by_key(|clock| !clock.promise.published)
        };
        let (Some(department), Some(clock)) = (department, order.into_iter().find_map(of)) else {
            return Vec::new();
        };
        if !clock.runs {
            return Vec::new();
        }
        let ahead = terms::tier_points(self.policy, department)
            .into_iter()
            .filter(|(tier, _)| *tier > self.tier);
        ahead
            .filter_map(|(tier, point)| Some((tier, clock.reaches(self, &point)?)))
            .collect()
    }
}

impl Clock<'_> {
    pub(super) fn reaches(&self, case: &Case<'_>, point: &Point) -> Option<Timestamp> {
        let at = terms::reached(
            case.policy,
            self.promise,
            &self.department,
            &self.run,
            point,
        )?;
        at.checked_add(self.shift).ok()
    }
}

/// Whether one of these clocks is the promise's in this cycle, and runs.
pub(super) fn run(clocks: &[Clock<'_>], promise: &PromiseId, cycle: u32) -> bool {
    let mut own = clocks.iter().filter(|it| it.runs && it.cycle == cycle);
    own.any(|it| it.promise.id == *promise)
}

fn strictest<'p>(all: &mut Vec<Clock<'p>>, clock: Clock<'p>) {
    let rival = all.iter_mut().find(|other| {
        other.promise.metric == clock.promise.metric
            && other.promise.published == clock.promise.published
    });
    match rival {
        None => all.push(clock),
        Some(rival) => {
            let never = Timestamp::MAX;
            if clock.due.unwrap_or(never) < rival.due.unwrap_or(never) {
                *rival = clock;
            }
        }
    }
}
