//! Calendars: what is written down, and the timetable that answers from it.

mod hours;
mod instants;
mod local;
mod open_days;
mod plan;
mod spans;
mod timetable;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use hours::{Closure, Dates, Interval, InvalidDates, InvalidInterval};
pub(crate) use instants::instant;
pub use timetable::{CalendarError, Timetable};

use crate::vocabulary::Day;

/// An IANA time zone that exists; it is resolved once, when it is read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// A zone name that the time-zone database does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone; write an IANA name such as `Australia/Sydney`")]
pub struct UnknownZone(String);

impl Zone {
    /// Looks the zone up in the database that is built in, so that every machine counts by the same rules.
    ///
    /// # Errors
    /// The database does not know the name.
    pub fn new(name: &str) -> Result<Self, UnknownZone> {
        let rules = TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        Ok(Self {
            name: name.to_owned(),
            rules,
        })
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zone's rules.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name).finish()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl std::str::FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::new(name)
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;
    fn try_from(name: String) -> Result<Self, UnknownZone> {
        Self::new(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name
    }
}

/// When somebody works, as it is written in a policy.
///
/// `days` decides before `closed`, and `closed` before `week`: a one-off opening may override a holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Whose wall time the hours are.
    pub zone: Zone,
    /// The hours of each day of the week; a day that is absent is closed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub week: BTreeMap<Day, Vec<Interval>>,
    /// Local dates that are closed, each with its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Closure>,
    /// Dates with hours of their own: half days and one-off openings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<Date, Vec<Interval>>,
    /// Somebody has looked at the imported days up to this date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Date>,
}

impl Calendar {
    /// A calendar that is open all the time.
    pub fn always(zone: Zone) -> Self {
        let week = Day::ALL
            .iter()
            .map(|&day| (day, vec![Interval::WHOLE_DAY]))
            .collect();
        Self {
            zone,
            week,
            closed: Vec::new(),
            days: BTreeMap::new(),
            reviewed: None,
        }
    }

    /// Whether every hour of every week is open, holidays aside.
    pub(crate) fn is_round_the_clock(&self) -> bool {
        Day::ALL.iter().all(|day| {
            self.week
                .get(day)
                .is_some_and(|hours| hours.contains(&Interval::WHOLE_DAY))
        })
    }

    /// Whether its week opens on the weekday of this date, holidays aside.
    pub(crate) fn opens_in_week(&self, date: Date) -> bool {
        let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.week
            .get(&Day::ALL[index])
            .is_some_and(|hours| !hours.is_empty())
    }

    /// The closure that covers this date, if one does and no hours of the date's own override it.
    pub fn closure(&self, date: Date) -> Option<&Closure> {
        if self.days.contains_key(&date) {
            return None;
        }
        self.closed
            .iter()
            .find(|closure| closure.dates.contains(date))
    }
}
