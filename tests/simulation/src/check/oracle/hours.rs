//! Hours as the policy writes them down, read by nobody but the check: what is open is asked of the wall clock, and time is
//! counted from one opening to the next. Nothing here asks the engine that the desk counts with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use policy::{Calendar, CalendarId, Dates, Day, Policy, PolicyHash};

const DAY: i64 = 86_400;

/// Every zone's offset is a multiple of this, and changes at one.
const QUARTER: i64 = 900;

/// Stories lie between these dates, and all that they have coming.
const FROM: Date = date(2026, 10, 1);
const UNTIL: Date = date(2027, 10, 1);

/// A calendar of a policy.
#[derive(Debug)]
pub(super) struct Hours {
    zone: TimeZone,
    /// When each date's hours begin and end, breaks included, in seconds of its wall time; only dates that open.
    dates: BTreeMap<Date, (i64, i64)>,
    /// When it is open, in seconds.
    pub(super) open: Vec<(i64, i64)>,
    /// Dates on which it opens at all, from midnight to midnight.
    pub(super) whole: Vec<(i64, i64)>,
}

type Known = BTreeMap<PolicyHash, BTreeMap<CalendarId, Arc<Hours>>>;

/// The hours of a calendar, put together once; none if there is no such calendar.
pub(super) fn of(policy: &Policy, id: &CalendarId) -> Option<Arc<Hours>> {
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let own = known.get(policy.hash()).and_then(|it| it.get(id));
    if let Some(hours) = own {
        return Some(Arc::clone(hours));
    }
    let always = Calendar::always(policy.terms().zone.clone());
    let calendar = policy.terms().calendars.get(id);
    let calendar = calendar.or_else(|| (*id == CalendarId::always()).then_some(&always))?;
    let hours = Arc::new(Hours::read(calendar));
    let own = known.entry(policy.hash().clone()).or_default();
    own.insert(id.clone(), Arc::clone(&hours));
    Some(hours)
}

impl Hours {
    fn read(calendar: &Calendar) -> Self {
        let zone = calendar.zone.rules().clone();
        let all = FROM.series(1.day()).take_while(|date| *date < UNTIL);
        let all: BTreeMap<Date, Vec<(i64, i64)>> =
            all.map(|date| (date, hours_of(calendar, date))).collect();
        let (mut open, mut whole) = (Vec::new(), Vec::new());
        let first = FROM
            .to_zoned(zone.clone())
            .map_or(0, |it| it.timestamp().as_second());
        let mut at = first - first.rem_euclid(QUARTER);
        while let Some(hours) = all.get(&local(&zone, at).0) {
            let (_, wall) = local(&zone, at);
            for &(opens, closes) in hours {
                let (from, until) = (opens.max(wall), closes.min(wall + QUARTER));
                if from < until {
                    push(&mut open, at + from - wall, at + until - wall);
                }
            }
            if !hours.is_empty() {
                push(&mut whole, at, at + QUARTER);
            }
            at += QUARTER;
        }
        let bounds = |hours: &Vec<(i64, i64)>| {
            let opens = hours.iter().map(|(opens, _)| *opens).min();
            opens.zip(hours.iter().map(|(_, closes)| *closes).max())
        };
        let dates = all
            .iter()
            .filter_map(|(date, hours)| Some((*date, bounds(hours)?)));
        Self {
            dates: dates.collect(),
            zone,
            open,
            whole,
        }
    }

    /// Whether it is open at an instant.
    pub(super) fn is_open(&self, at: Timestamp) -> bool {
        counted(&self.open, &[], at.as_second(), at.as_second() + 1) > 0
    }

    /// The first instant from this one on at which it is open.
    pub(super) fn next_open(&self, at: Timestamp) -> Timestamp {
        if self.is_open(at) {
            return at;
        }
        let mut ahead = self.open.iter().map(|(opens, _)| *opens);
        ahead
            .find(|opens| *opens >= at.as_second())
            .map_or(Timestamp::MAX, instant)
    }

    /// So many open days later: the same wall time within the hours of a date that opens.
    pub(super) fn days_later(&self, start: i64, days: u32) -> Option<i64> {
        let (today, time) = local(&self.zone, start);
        let mut ahead = self.dates.range(today..);
        let (first, (opens, closes)) = ahead.next()?;
        let time = match *first == today {
            true if time >= *closes => DAY,
            true => time.max(*opens),
            false => *opens,
        };
        let (last, (opens, closes)) = match days.checked_sub(1) {
            None => (first, (opens, closes)),
            Some(more) => ahead
                .nth(more as usize)
                .map(|(date, it)| (date, (&it.0, &it.1)))?,
        };
        self.shown(*last, time.max(*opens).min(*closes))
    }

    /// The first instant at which clocks have reached this time of a date.
    fn shown(&self, date: Date, time: i64) -> Option<i64> {
        let midnight = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
        let near = midnight + time;
        let (shown, wall) = local(&self.zone, near);
        let offset = shown.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second() + wall - near;
        let reached = |at: &i64| local(&self.zone, *at) >= (date, time);
        // A zone's offset is another one before and after its clocks are changed, by less than this.
        let from = near - offset - 3 * 3_600;
        let mut quarters = (from.div_euclid(QUARTER)..).map(|it| it * QUARTER);
        let quarter = quarters.find(reached)?;
        let (before, wall) = local(&self.zone, quarter - QUARTER);
        let within = quarter - QUARTER + time - wall;
        let is_it = before == date && within < quarter && reached(&within);
        Some(if is_it { within } else { quarter })
    }
}

/// The hours of a date: its own, none on a date that is closed, else those of the week, which may run past midnight.
fn hours_of(calendar: &Calendar, date: Date) -> Vec<(i64, i64)> {
    let written = |intervals: &[policy::Interval]| -> Vec<(i64, i64)> {
        let texts = intervals.iter().map(ToString::to_string);
        texts.filter_map(|text| read(&text)).collect()
    };
    if let Some(own) = calendar.days.get(&date) {
        return written(own);
    }
    if calendar.closed.iter().any(|it| is_one_of(it.dates, date)) {
        return Vec::new();
    }
    let week = |days_before: i8| {
        let number = (date.weekday().to_monday_zero_offset() + 7 - days_before) % 7;
        let day = usize::try_from(number).ok().and_then(|it| Day::ALL.get(it));
        let hours = day.and_then(|day| calendar.week.get(day));
        written(hours.map(Vec::as_slice).unwrap_or_default())
    };
    let mut all = Vec::new();
    for (opens, closes) in week(0) {
        all.push((opens, if closes < opens { DAY } else { closes }));
    }
    for (_, closes) in week(1).into_iter().filter(|(opens, closes)| closes < opens) {
        all.push((0, closes));
    }
    all.retain(|(opens, closes)| opens < closes);
    all.sort_unstable();
    all
}

pub(super) fn is_one_of(dates: Dates, date: Date) -> bool {
    match dates {
        Dates::One(day) => day == date,
        Dates::Range(first, last) => first <= date && date <= last,
        Dates::Yearly(month, day) => (month, day) == (date.month(), date.day()),
    }
}

/// `09:00-17:30`, in seconds.
fn read(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('-')?;
    let seconds = |text: &str| -> Option<i64> {
        let (hours, minutes) = text.split_once(':')?;
        Some(hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60)
    };
    Some((seconds(from)?, seconds(to)?))
}

fn local(zone: &TimeZone, at: i64) -> (Date, i64) {
    let shown = zone.to_datetime(instant(at));
    let wall = (i64::from(shown.hour()) * 60 + i64::from(shown.minute())) * 60;
    (shown.date(), wall + i64::from(shown.second()))
}

/// Intervals may overlap.
fn push(spans: &mut Vec<(i64, i64)>, from: i64, until: i64) {
    match spans.last_mut() {
        Some((_, end)) if from <= *end => *end = until.max(*end),
        _ => spans.push((from, until)),
    }
}

pub(super) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// Open seconds between two instants that lie in no pause.
pub(super) fn counted(open: &[(i64, i64)], pauses: &[Paused], from: i64, until: i64) -> i64 {
    let mut counted = 0;
    let first = open.partition_point(|(_, closes)| *closes <= from);
    for &(opens, closes) in open[first..].iter().take_while(|(opens, _)| *opens < until) {
        let (mut at, end) = (opens.max(from), closes.min(until));
        while at < end {
            let (next, counts) = until_change(pauses, at, end);
            counted += if counts { next - at } else { 0 };
            at = next;
        }
    }
    counted
}

/// The instant at which so many open seconds have passed that lie in no pause; none while a pause lasts.
pub(super) fn passed(
    open: &[(i64, i64)],
    pauses: &[Paused],
    start: i64,
    seconds: i64,
) -> Option<i64> {
    if seconds <= 0 {
        return Some(start);
    }
    let mut left = seconds;
    let first = open.partition_point(|(_, closes)| *closes <= start);
    for &(opens, closes) in &open[first..] {
        let mut at = opens.max(start);
        while at < closes {
            let (next, counts) = until_change(pauses, at, closes);
            if counts && left <= next - at {
                return Some(at + left);
            }
            left -= if counts { next - at } else { 0 };
            at = next;
        }
    }
    None
}

/// From when to when a clock stands still, the end being far away while it does.
pub(super) type Paused = (i64, i64);

/// Until when it stays as it is at this instant, `end` at most, and whether that counts.
fn until_change(pauses: &[Paused], at: i64, end: i64) -> (i64, bool) {
    let around = pauses
        .iter()
        .filter(|(from, until)| (*from..*until).contains(&at));
    if let Some(until) = around.map(|(_, until)| *until).max() {
        return (until.min(end), false);
    }
    let ahead = pauses
        .iter()
        .map(|(from, _)| *from)
        .filter(|from| *from > at);
    (ahead.min().unwrap_or(end).min(end), true)
}
