//! Open days: the same wall time on a later date that opens.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::instants::{DAY, instant, last_second};
use super::timetable::Timetable;

impl Timetable {
    /// The instant `days` open days after `start`.
    ///
    /// - Received while a date's hours run (its breaks included): the same wall time on the `days`-th later date that
    ///   opens, moved into that date's hours: to its opening if it opens later, to its closing if it closes earlier.
    /// - Received before opening: that date counts as the start, from its opening.
    /// - Received on a closed date: the next date that opens counts as the start, from its opening.
    /// - Received at or after closing: that date counts as the start, and due is the closing of the due date.
    ///
    /// Nobody who wrote later is due earlier. A wall time that the zone skips is read as the first instant after it,
    /// one that happens twice as the first of the two.
    pub fn open_days(&self, start: Timestamp, days: u32) -> Timestamp {
        instant(self.open_days_second(start.as_second(), days))
    }

    pub(crate) fn open_days_second(&self, start: i64, days: u32) -> i64 {
        let local = start + i64::from(self.zone().to_offset(instant(start)).seconds());
        let (received, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (start_day, wanted) = match bounds(self.hours(received)) {
            None => (self.next_open_day(received), 0),
            Some((_, closing)) if time >= closing => (received, DAY),
            Some(_) => (received, time),
        };
        // The opening of the day that counts as the start, for those who came before it.
        let wanted =
            bounds(self.hours(start_day)).map_or(wanted, |(opening, _)| wanted.max(opening));
        let due_day = (0..days).fold(start_day, |day, _| self.next_open_day(day));
        let Some((opening, closing)) = bounds(self.hours(due_day)) else {
            return last_second();
        };
        first_instant_at(self.zone(), due_day * DAY + wanted.clamp(opening, closing))
    }

    /// The first date after this one that opens; the last date of all if there is none.
    fn next_open_day(&self, day: i64) -> i64 {
        let last = last_second() / DAY;
        (day + 1..last)
            .find(|&later| !self.hours(later).is_empty())
            .unwrap_or(last)
    }
}

/// Opening and closing of a date, in seconds after midnight.
fn bounds(hours: &[(i32, i32)]) -> Option<(i64, i64)> {
    Some((hours.first()?.0.into(), hours.last()?.1.into()))
}

/// The first instant at which the zone's clocks show this local second (counted from 1970-01-01T00:00) or a later one.
fn first_instant_at(zone: &TimeZone, local: i64) -> i64 {
    let wall: DateTime = instant(local).to_zoned(TimeZone::UTC).datetime();
    let shown_by = |offset: jiff::tz::Offset| local - i64::from(offset.seconds());
    match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => shown_by(offset),
        AmbiguousOffset::Fold { before, .. } => shown_by(before),
        AmbiguousOffset::Gap { before, .. } => {
            // Under the old offset this lies at or after the transition and within the gap's length of it.
            let inside = shown_by(before);
            zone.preceding(instant(inside + 1))
                .next()
                .map_or(inside, |change| change.timestamp().as_second())
        }
    }
}
