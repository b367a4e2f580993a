//! The calendar engine: open seconds between instants, and the instant at which an amount is used.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Calendar;
use super::instants::{DAY, day_number, instant, last_second, year_start};
use super::plan::{Hours, closed, is_whole_day, merged, week, yearly};
use super::spans::Spans;

/// How many years a table of spans covers; the first one asked for is the second of them.
const TABLE_YEARS: i16 = 14;

/// Why a calendar cannot be counted on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No week of it ever opens, so nothing would ever be due.
    #[error("the calendar never opens; write hours under `week`, or leave some dates open")]
    NeverOpens,
    /// The hours of a single date run past midnight, where it is unclear which date's rules win.
    #[error(
        "the hours of {0} run past midnight; write the part after midnight under the next date"
    )]
    OvernightDate(Date),
}

/// A calendar made ready to answer.
///
/// An instant is open when its local wall time lies in an interval of its local date; that reading also decides in the
/// gaps and folds of the zone. Spans in UTC with running totals are built on first use for fourteen years; further
/// stretches are computed when they are asked for, so that no answer depends on what was asked before.
#[derive(Debug, Clone)]
pub struct Timetable {
    zone: TimeZone,
    /// From Monday on.
    week: [Hours; 7],
    /// First and last day number, ascending and disjoint.
    closed: Vec<(i64, i64)>,
    /// Closed days of every year: a bit for each day, by month.
    yearly: [u32; 12],
    days: BTreeMap<i64, Hours>,
    always_open: bool,
    table: OnceLock<Spans>,
}

impl Timetable {
    /// Prepares the calendar.
    ///
    /// # Errors
    /// The calendar never opens, or a date's own hours run past midnight.
    pub fn new(calendar: &Calendar) -> Result<Self, CalendarError> {
        let mut days = BTreeMap::new();
        for (&date, intervals) in &calendar.days {
            if intervals.iter().any(|interval| interval.is_overnight()) {
                return Err(CalendarError::OvernightDate(date));
            }
            days.insert(
                day_number(date),
                merged(intervals.iter().map(|interval| interval.today()).collect()),
            );
        }
        let mut timetable = Self {
            zone: calendar.zone.rules().clone(),
            week: week(calendar),
            closed: closed(calendar),
            yearly: yearly(calendar),
            days,
            always_open: false,
            table: OnceLock::new(),
        };
        if timetable.never_opens() {
            return Err(CalendarError::NeverOpens);
        }
        timetable.always_open =
            timetable.has_no_exceptions() && timetable.week.iter().all(is_whole_day);
        Ok(timetable)
    }

    /// The same calendar with all 24 hours of each date on which it opens at all: what weekday hours count on.
    #[must_use]
    pub fn whole_days(&self) -> Self {
        let whole = |hours: &Hours| {
            if hours.is_empty() {
                Hours::new()
            } else {
                vec![(0, 86_400)]
            }
        };
        let mut derived = Self {
            table: OnceLock::new(),
            ..self.clone()
        };
        derived
            .week
            .iter_mut()
            .for_each(|hours| *hours = whole(hours));
        derived
            .days
            .values_mut()
            .for_each(|hours| *hours = whole(hours));
        derived.always_open = derived.has_no_exceptions() && derived.week.iter().all(is_whole_day);
        derived
    }

    /// Every month and day falls on every weekday within 400 years, so a calendar opens again and again unless its
    /// week is empty or all days of the year are closed. Dates with hours of their own come to an end and do not count.
    fn never_opens(&self) -> bool {
        let week_is_empty = self.week.iter().all(Vec::is_empty);
        let closed_days: u32 = self.yearly.iter().map(|days| days.count_ones()).sum();
        week_is_empty || closed_days == 366
    }

    fn has_no_exceptions(&self) -> bool {
        self.days.is_empty() && self.closed.is_empty() && self.yearly == [0; 12]
    }

    /// Open seconds from `from` to `until`; none if `until` is not later. Fractions of a second are cut.
    pub fn open_between(&self, from: Timestamp, until: Timestamp) -> i64 {
        self.open_seconds(from.as_second(), until.as_second())
    }

    /// The first instant at which `seconds` open seconds since `start` are used; `start` itself for none.
    ///
    /// An amount that ends at closing time is reached at closing time. Beyond the year 9999 the answer stays there.
    pub fn due(&self, start: Timestamp, seconds: i64) -> Timestamp {
        instant(self.reach(start.as_second(), seconds))
    }

    /// Whether it is open at this instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let at = at.as_second();
        self.open_seconds(at, at + 1) > 0
    }

    /// The first instant from `at` on at which it is open.
    pub fn next_open(&self, at: Timestamp) -> Timestamp {
        if self.is_open(at) {
            return at;
        }
        // The first open second ends one second after it begins.
        instant(self.reach(at.as_second(), 1) - 1)
    }

    /// The last instant up to `until` at which it opened or closed; none if that is more than two years ago.
    pub(crate) fn last_change(&self, until: i64) -> Option<i64> {
        if self.always_open {
            return None;
        }
        let table = self.table(until);
        let known = table
            .last_change(until)
            .filter(|&at| table.covers(until) && at > table.from);
        known.or_else(|| {
            let from = until - 2 * 366 * DAY;
            // Where the stretch begins nothing changes: it is only where we begin to look.
            let spans = self.spans(from, until + 1);
            spans.last_change(until).filter(|&at| at > from)
        })
    }

    pub(crate) fn open_seconds(&self, from: i64, until: i64) -> i64 {
        if until <= from {
            return 0;
        }
        if self.always_open {
            return until - from;
        }
        let table = self.table(from);
        if table.covers(from) && until <= table.until {
            return table.used_at(until) - table.used_at(from);
        }
        let (mut open, mut at) = (0, from);
        while at < until {
            let spans = self.spans_from(at);
            let end = until.min(spans.until);
            open += spans.used_at(end) - spans.used_at(at);
            at = end;
        }
        open
    }

    pub(crate) fn reach(&self, start: i64, seconds: i64) -> i64 {
        if seconds <= 0 {
            return start;
        }
        if self.always_open {
            return start.saturating_add(seconds).min(last_second());
        }
        let table = self.table(start);
        if table.covers(start)
            && let Some(due) = table.reached(table.used_at(start) + seconds)
        {
            return due;
        }
        let (mut left, mut at) = (seconds, start);
        while at < last_second() {
            let spans = self.spans_from(at);
            let before = spans.used_at(at);
            if let Some(due) = spans.reached(before + left) {
                return due;
            }
            left -= spans.total() - before;
            at = spans.until;
        }
        last_second()
    }

    fn table(&self, first: i64) -> &Spans {
        self.table.get_or_init(|| {
            let year = instant(first).to_zoned(TimeZone::UTC).year() - 1;
            self.spans(year_start(year), year_start(year + TABLE_YEARS))
        })
    }

    /// Spans from this instant on, as far as is worth computing at once.
    fn spans_from(&self, at: i64) -> std::borrow::Cow<'_, Spans> {
        let table = self.table(at);
        if table.covers(at) {
            return std::borrow::Cow::Borrowed(table);
        }
        let year = instant(at).to_zoned(TimeZone::UTC).year() + 1;
        // Never beyond the start of the table, so that the two meet without overlap.
        let end = if at < table.from {
            year_start(year).min(table.from)
        } else {
            year_start(year)
        };
        std::borrow::Cow::Owned(self.spans(at, end))
    }

    /// The open spans of a stretch: for each constant offset of the zone in it, the hours of each of its local dates.
    pub(super) fn spans(&self, from: i64, until: i64) -> Spans {
        let mut spans = Spans::new(from, until);
        let mut changes = self.zone.following(instant(from));
        let mut at = from;
        while at < until {
            let offset = i64::from(self.zone.to_offset(instant(at)).seconds());
            let end = changes
                .next()
                .map_or(until, |change| change.timestamp().as_second().min(until));
            let last = (end - 1 + offset).div_euclid(DAY);
            for day in (at + offset).div_euclid(DAY)..=last {
                for &(opens, closes) in self.hours(day) {
                    let midnight = day * DAY - offset;
                    let (opens, closes) =
                        (midnight + i64::from(opens), midnight + i64::from(closes));
                    if opens.max(at) < closes.min(end) {
                        spans.push(opens.max(at), closes.min(end));
                    }
                }
            }
            at = end;
        }
        spans
    }

    /// The hours of a local date, given as days since 1970-01-01.
    pub(super) fn hours(&self, day: i64) -> &[(i32, i32)] {
        if let Some(hours) = self.days.get(&day) {
            return hours;
        }
        let after = self.closed.partition_point(|&(first, _)| first <= day);
        if after > 0 && day <= self.closed[after - 1].1 {
            return &[];
        }
        if self.yearly != [0; 12] && self.is_closed_every_year(day) {
            return &[];
        }
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        &self.week[weekday]
    }

    fn is_closed_every_year(&self, day: i64) -> bool {
        let date = instant(day * DAY).to_zoned(TimeZone::UTC).date();
        let month = usize::try_from(date.month() - 1).unwrap_or(0);
        self.yearly[month] & (1 << date.day()) != 0
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }
}
