//! Why a deadline is when it is: the stretches between a clock's start and its end, and why each of them counts or not.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Timetable, instant};
use crate::id::{CalendarId, DepartmentId};
use crate::policy::Policy;
use crate::run::Run;
use crate::target::Unit;
use crate::terms::Promise;
use crate::vocabulary::Day;

/// Part of the time between a clock's start and its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// Whether it counts, and if not, why not.
    pub why: Why,
}

/// Why a stretch counts or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It counts.
    Counted,
    /// Outside the hours of the week.
    Closed,
    /// Outside the hours that this date has of its own, at a time at which its weekday is open.
    ShortDay,
    /// A date that is closed by name.
    Holiday {
        /// The name in the policy.
        name: String,
        /// Which of the dates in a row of this name it is, from 1.
        day: u32,
        /// How many dates in a row have this name.
        of: u32,
    },
    /// The clock stood still, whatever the calendar says.
    Paused,
}

impl Stretch {
    /// Its length in whole seconds.
    pub fn seconds(&self) -> i64 {
        self.until.as_second() - self.from.as_second()
    }
}

impl Policy {
    /// The calendar on which a promise counts for a ticket of this department.
    pub fn counts_on(&self, promise: &Promise, department: &DepartmentId) -> CalendarId {
        if !promise.target.unit.needs_calendar() {
            return CalendarId::always();
        }
        let own = || self.department(department).map(|own| own.calendar.clone());
        let named = promise.target.calendar.clone();
        named.or_else(own).unwrap_or_else(CalendarId::always)
    }

    /// What became of every second between the start of `run` and `until`, in order and without gaps.
    ///
    /// The stretches that count add up to [`Policy::elapsed`]: both ask the same timetable. A pause is shown as one
    /// stretch, also where it lies over closed hours and so held nothing up.
    pub fn stretches(
        &self,
        promise: &Promise,
        department: &DepartmentId,
        run: &Run,
        until: Timestamp,
    ) -> Vec<Stretch> {
        let id = self.counts_on(promise, department);
        let Some(timetables) = self.timetables(&id) else {
            return Vec::new();
        };
        let mut account = Account {
            timetable: if promise.target.unit == Unit::WeekdayHours {
                &timetables.whole_days
            } else {
                &timetables.open
            },
            calendar: self.calendar(&id),
            stretches: Vec::new(),
        };
        let (mut at, end) = (run.start.as_second(), until.as_second());
        for (from, to) in run.stretches() {
            let (from, to) = (from.min(end), to.unwrap_or(end).min(end));
            account.count(at, from);
            account.push(from, to, Why::Paused);
            at = to;
        }
        account.count(at, end);
        account.stretches
    }
}

/// The stretches so far, and what the next ones are judged by.
struct Account<'a> {
    timetable: &'a Timetable,
    /// None for the built-in one, which never closes.
    calendar: Option<&'a Calendar>,
    stretches: Vec<Stretch>,
}

impl Account<'_> {
    fn push(&mut self, from: i64, until: i64, why: Why) {
        if from >= until {
            return;
        }
        let (from, until) = (instant(from), instant(until));
        match self.stretches.last_mut() {
            Some(last) if last.why == why && last.until == from => last.until = until,
            _ => self.stretches.push(Stretch { from, until, why }),
        }
    }

    fn count(&mut self, from: i64, until: i64) {
        let mut at = from;
        for (opens, closes) in self.timetable.open_spans(from, until) {
            self.closed(at, opens);
            self.push(opens, closes, Why::Counted);
            at = closes;
        }
        self.closed(at, until);
    }

    /// Closed time, date by date, because each local date may have a reason of its own.
    fn closed(&mut self, from: i64, until: i64) {
        let mut at = from;
        while at < until {
            let date = self.timetable.local_date(at);
            let end = self.timetable.end_of(date).min(until).max(at + 1);
            let why = self.reason(date, at, end);
            self.push(at, end, why);
            at = end;
        }
    }

    fn reason(&self, date: Date, from: i64, until: i64) -> Why {
        let Some(calendar) = self.calendar else {
            return Why::Closed;
        };
        if let Some(closure) = calendar.closure(date) {
            return holiday(calendar, date, &closure.name);
        }
        let hours_of_its_own = calendar.days.contains_key(&date);
        if hours_of_its_own && self.week_is_open(calendar, date, from, until) {
            return Why::ShortDay;
        }
        Why::Closed
    }

    /// Whether the hours of the date's weekday reach into this part of it.
    fn week_is_open(&self, calendar: &Calendar, date: Date, from: i64, until: i64) -> bool {
        let weekday =
            Day::ALL[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0) % 7];
        let (from, until) = (
            self.timetable.wall_second(from),
            self.timetable.wall_second(until - 1) + 1,
        );
        calendar
            .week
            .get(&weekday)
            .into_iter()
            .flatten()
            .any(|hours| {
                let (opens, closes) = hours.today();
                i64::from(opens) < until && from < i64::from(closes)
            })
    }
}

/// Which of the dates in a row with this name a date is.
fn holiday(calendar: &Calendar, date: Date, name: &str) -> Why {
    let same = |date: &Date| {
        calendar
            .closure(*date)
            .is_some_and(|other| other.name == name)
    };
    // A closure of more than a year would be none; the bound keeps a yearly one of every day from running on.
    let earlier = std::iter::successors(date.yesterday().ok(), |date| date.yesterday().ok());
    let later = std::iter::successors(date.tomorrow().ok(), |date| date.tomorrow().ok());
    let before = earlier.take(366).take_while(same).count();
    let after = later.take(366).take_while(same).count();
    let number = |days: usize| u32::try_from(days).unwrap_or(u32::MAX);
    Why::Holiday {
        name: name.to_owned(),
        day: number(before + 1),
        of: number(before + 1 + after),
    }
}
