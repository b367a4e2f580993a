//! Seconds since the epoch, days since 1970-01-01, and the ends of what can be counted.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Seconds of a plain date.
pub(super) const DAY: i64 = 86_400;

/// The instant this many seconds after the epoch, kept within what a timestamp can hold.
pub(crate) fn instant(second: i64) -> Timestamp {
    let limit = if second < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_second(second).unwrap_or(limit)
}

/// A day short of the end of time, so that no zone's offset can leave the range.
pub(super) fn last_second() -> i64 {
    Timestamp::MAX.as_second() - 2 * DAY
}

/// Days since 1970-01-01.
pub(super) fn day_number(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC)
        .map_or(0, |midnight| midnight.timestamp().as_second() / DAY)
}

pub(super) fn year_start(year: i16) -> i64 {
    let first =
        Date::new(year.clamp(-9998, 9999), 1, 1).map_or(i64::MAX, |first| day_number(first) * DAY);
    if year > 9999 {
        last_second()
    } else {
        first.min(last_second())
    }
}
