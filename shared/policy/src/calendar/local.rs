//! What an instant is in the timetable's own wall time, and the open spans between two: what an explanation needs.

use jiff::Timestamp;
use jiff::civil::Date;

use super::instants::{DAY, instant, last_second};
use super::timetable::Timetable;

impl Timetable {
    /// The open spans between two instants, ascending and disjoint.
    pub(crate) fn open_spans(&self, from: i64, until: i64) -> Vec<(i64, i64)> {
        self.spans(from, until.min(last_second())).iter().collect()
    }

    /// The local date of an instant.
    pub(crate) fn local_date(&self, at: i64) -> Date {
        instant(at).to_zoned(self.zone().clone()).date()
    }

    /// The wall second of the local date that an instant shows.
    pub(crate) fn wall_second(&self, at: i64) -> i64 {
        let offset = i64::from(self.zone().to_offset(instant(at)).seconds());
        (at + offset).rem_euclid(DAY)
    }

    /// Whether the calendar opens on this local date at all.
    pub fn opens_on(&self, date: Date) -> bool {
        !self.hours(super::instants::day_number(date)).is_empty()
    }

    /// The first instant of a local date.
    pub(crate) fn start_of(&self, date: Date) -> Timestamp {
        let midnight = date.to_zoned(self.zone().clone());
        midnight.map_or(Timestamp::MAX, |midnight| midnight.timestamp())
    }

    /// The first instant after a local date.
    pub(crate) fn end_of(&self, date: Date) -> i64 {
        let next = date.tomorrow().ok();
        let midnight = next.and_then(|next| next.to_zoned(self.zone().clone()).ok());
        midnight.map_or_else(last_second, |midnight| midnight.timestamp().as_second())
    }
}
