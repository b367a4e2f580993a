//! Intervals of a day and sets of dates: how they are written and read.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A half-open stretch of local wall time, in minutes after midnight: `09:00-17:30`.
///
/// An end at or before the start lies on the next date (`22:00-06:00`); `24:00` is the end of the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Interval {
    from: u16,
    to: u16,
}

/// Why a text is not an interval.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidInterval {
    /// It does not read `HH:MM-HH:MM`, or a time is none.
    #[error("`{0}` is not an interval; write `09:00-17:30`, with times from `00:00` to `24:00`")]
    Malformed(String),
    /// Start and end are the same, which could mean nothing or all day.
    #[error("`{0}` has no length; write `00:00-24:00` for a whole day, or leave it out")]
    Empty(String),
}

const MIDNIGHT: u16 = 24 * 60;

impl Interval {
    /// `00:00-24:00`.
    pub const WHOLE_DAY: Self = Self {
        from: 0,
        to: MIDNIGHT,
    };

    /// Reads the two times, each `HH:MM`.
    ///
    /// # Errors
    /// A time is malformed, the start is `24:00`, or both are the same.
    pub fn new(from: &str, to: &str) -> Result<Self, InvalidInterval> {
        let text = || format!("{from}-{to}");
        let (Some(start), Some(end)) = (minutes(from), minutes(to)) else {
            return Err(InvalidInterval::Malformed(text()));
        };
        match (start, end) {
            (MIDNIGHT, _) => Err(InvalidInterval::Malformed(text())),
            // `20:00-00:00` and `20:00-24:00` are the same hours; one form keeps one meaning.
            (start, 0) if start > 0 => Ok(Self {
                from: start,
                to: MIDNIGHT,
            }),
            (start, end) if start == end => Err(InvalidInterval::Empty(text())),
            (from, to) => Ok(Self { from, to }),
        }
    }

    /// Whether it runs past midnight.
    pub const fn is_overnight(self) -> bool {
        self.to < self.from
    }

    /// The part on its own date, in seconds after midnight.
    pub(crate) const fn today(self) -> (i32, i32) {
        let end = if self.is_overnight() {
            MIDNIGHT
        } else {
            self.to
        };
        (self.from as i32 * 60, end as i32 * 60)
    }

    /// The part on the next date, if it runs past midnight.
    pub(crate) const fn tomorrow(self) -> Option<(i32, i32)> {
        if self.is_overnight() {
            Some((0, self.to as i32 * 60))
        } else {
            None
        }
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= MIDNIGHT).then_some(total)
}

impl FromStr for Interval {
    type Err = InvalidInterval;
    fn from_str(text: &str) -> Result<Self, InvalidInterval> {
        let (from, to) = text
            .split_once('-')
            .ok_or_else(|| InvalidInterval::Malformed(text.to_owned()))?;
        Self::new(from.trim(), to.trim())
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

/// Local dates: one, a range with both ends, or one of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Dates {
    /// `2026-01-26`
    One(Date),
    /// `2027-02-05/2027-02-11`
    Range(Date, Date),
    /// `12-25`, also written `--12-25`: this month and day of every year.
    Yearly(i8, i8),
}

/// Why a text is not a set of dates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a date; write `2026-01-26`, `2027-02-05/2027-02-11` (first and last day) or `12-25` (every year)"
)]
pub struct InvalidDates(String);

impl Dates {
    /// The first of them; none for dates of every year.
    pub fn first(self) -> Option<Date> {
        match self {
            Self::One(date) | Self::Range(date, _) => Some(date),
            Self::Yearly(..) => None,
        }
    }

    /// The last of them; none for dates of every year.
    pub fn last(self) -> Option<Date> {
        match self {
            Self::One(date) | Self::Range(_, date) => Some(date),
            Self::Yearly(..) => None,
        }
    }

    /// Whether the date is one of them.
    pub fn contains(self, date: Date) -> bool {
        match self {
            Self::One(day) => day == date,
            Self::Range(first, last) => (first..=last).contains(&date),
            Self::Yearly(month, day) => date.month() == month && date.day() == day,
        }
    }
}

/// `Date`'s own parser takes more than `YYYY-MM-DD`; a policy is written in one form only.
fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    plain.then(|| text.parse().ok()).flatten()
}

impl FromStr for Dates {
    type Err = InvalidDates;
    fn from_str(text: &str) -> Result<Self, InvalidDates> {
        let read = || {
            if let Some((first, last)) = text.split_once('/') {
                let (first, last) = (date(first)?, date(last)?);
                return (first <= last).then_some(Self::Range(first, last));
            }
            // `--12-25` is ISO 8601's form; `12-25` is what people write.
            let yearly = text
                .strip_prefix("--")
                .or(Some(text).filter(|text| text.len() == 5));
            if let Some(month_day) = yearly {
                // A leap year, so that February 29 can be one of the dates.
                let day = date(&format!("2000-{month_day}"))?;
                return Some(Self::Yearly(day.month(), day.day()));
            }
            date(text).map(Self::One)
        };
        read().ok_or_else(|| InvalidDates(text.to_owned()))
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(day) => write!(f, "{day}"),
            Self::Range(first, last) => write!(f, "{first}/{last}"),
            Self::Yearly(month, day) => write!(f, "--{month:02}-{day:02}"),
        }
    }
}

/// Closed dates with the reason that customers and staff are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// Which dates.
    pub dates: Dates,
    /// Why, such as `Australia Day`.
    pub name: String,
    /// The holiday file that it comes from; none if it stands in the policy itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

macro_rules! string_form {
    ($name:ident, $error:ident) => {
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.to_string()
            }
        }
    };
}
string_form!(Interval, InvalidInterval);
string_form!(Dates, InvalidDates);
