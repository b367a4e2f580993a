//! Amounts of time with a named unit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::CalendarId;

/// The unit of a target. A bare "24 hours" is ambiguous, so it does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes in which the calendar is open.
    OpenMinutes,
    /// Hours in which the calendar is open.
    OpenHours,
    /// The same wall time on a later date on which the calendar opens (see [`crate::Timetable::open_days`]).
    OpenDays,
    /// Hours of the local dates on which the calendar opens at all, all 24 of each.
    WeekdayHours,
    /// Minutes by the clock on the wall, night and holiday included.
    ElapsedMinutes,
    /// Hours by the clock on the wall, night and holiday included.
    ElapsedHours,
    /// Spans of 24 hours, night and holiday included.
    ElapsedDays,
}

impl Unit {
    /// Every unit.
    pub const ALL: &[Self] = &[
        Self::OpenMinutes,
        Self::OpenHours,
        Self::OpenDays,
        Self::WeekdayHours,
        Self::ElapsedMinutes,
        Self::ElapsedHours,
        Self::ElapsedDays,
    ];

    /// The plural as it is written in a policy, such as `open hours`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenMinutes => "open minutes",
            Self::OpenHours => "open hours",
            Self::OpenDays => "open days",
            Self::WeekdayHours => "weekday hours",
            Self::ElapsedMinutes => "elapsed minutes",
            Self::ElapsedHours => "elapsed hours",
            Self::ElapsedDays => "elapsed days",
        }
    }

    /// Seconds of one unit; none for open days, whose length depends on the dates.
    pub const fn seconds(self) -> Option<i64> {
        match self {
            Self::OpenMinutes | Self::ElapsedMinutes => Some(60),
            Self::OpenHours | Self::WeekdayHours | Self::ElapsedHours => Some(3_600),
            Self::ElapsedDays => Some(86_400),
            Self::OpenDays => None,
        }
    }

    /// The largest unit of the same kind of time: amounts of one kind can be compared.
    pub(crate) const fn kind_of_time(self) -> Self {
        match self {
            Self::OpenMinutes | Self::OpenHours => Self::OpenHours,
            Self::ElapsedMinutes | Self::ElapsedHours | Self::ElapsedDays => Self::ElapsedDays,
            Self::OpenDays | Self::WeekdayHours => self,
        }
    }

    /// Whether the unit counts on a calendar at all.
    pub const fn needs_calendar(self) -> bool {
        !matches!(
            self,
            Self::ElapsedMinutes | Self::ElapsedHours | Self::ElapsedDays
        )
    }
}

/// How much time a promise allows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// How many units.
    pub amount: u32,
    /// Of which unit.
    pub unit: Unit,
    /// The calendar to count on; none means the calendar of the ticket's department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
}

impl fmt::Display for Target {
    /// Writes the target as in a policy: `24 weekday hours`, `1 open day`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = self.unit.as_str();
        let unit = if self.amount == 1 {
            plural.strip_suffix('s').unwrap_or(plural)
        } else {
            plural
        };
        write!(f, "{} {unit}", self.amount)
    }
}

/// Why a text is not a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTarget {
    /// `24 hours`: which hours?
    #[error("`{text}` can be read in several ways; write {readings}")]
    Ambiguous {
        /// What stands there.
        text: String,
        /// The readings, ready to be written instead.
        readings: String,
    },
    /// Anything else.
    #[error(
        "`{text}` is not a target; write a number and a unit, such as `4 open hours`, `1 open day`, `24 weekday hours` or `48 elapsed hours`"
    )]
    Malformed {
        /// What stands there.
        text: String,
    },
    /// Zero, or beyond ten years: nobody can mean it, and arithmetic must end.
    #[error("`{text}` is out of range; write an amount of at least 1 and at most ten years")]
    OutOfRange {
        /// What stands there.
        text: String,
    },
}

/// Reads `4 open hours`; the calendar is named beside it in the policy.
impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let malformed = || InvalidTarget::Malformed {
            text: text.to_owned(),
        };
        let (amount, unit) = text.trim().split_once(' ').ok_or_else(malformed)?;
        let amount: u32 = amount.parse().map_err(|_| malformed())?;
        let plural = if unit.ends_with('s') {
            unit.to_owned()
        } else {
            format!("{unit}s")
        };
        let Some(unit) = Unit::ALL
            .iter()
            .copied()
            .find(|known| known.as_str() == plural)
        else {
            return Err(
                readings(amount, &plural).map_or_else(malformed, |readings| {
                    InvalidTarget::Ambiguous {
                        text: text.to_owned(),
                        readings,
                    }
                }),
            );
        };
        let most = 10 * 366 * 86_400 / unit.seconds().unwrap_or(86_400);
        if amount == 0 || i64::from(amount) > most {
            return Err(InvalidTarget::OutOfRange {
                text: text.to_owned(),
            });
        }
        Ok(Self {
            amount,
            unit,
            calendar: None,
        })
    }
}

/// What `24 hours` could mean, each with the words that say so.
fn readings(amount: u32, bare: &str) -> Option<String> {
    let ways: &[(Unit, &str)] = match bare {
        "minutes" => &[
            (Unit::OpenMinutes, "while the calendar is open"),
            (Unit::ElapsedMinutes, "night and holiday included"),
        ],
        "hours" | "business hours" | "working hours" => &[
            (Unit::OpenHours, "while the calendar is open"),
            (
                Unit::WeekdayHours,
                "all 24 hours of each date on which it opens",
            ),
            (Unit::ElapsedHours, "night and holiday included"),
        ],
        "days" | "business days" | "working days" => &[
            (Unit::OpenDays, "dates on which the calendar opens"),
            (Unit::ElapsedDays, "24 hours each, holidays included"),
        ],
        _ => return None,
    };
    let said: Vec<String> = ways
        .iter()
        .map(|&(unit, meaning)| {
            format!(
                "`{}` ({meaning})",
                Target {
                    amount,
                    unit,
                    calendar: None
                }
            )
        })
        .collect();
    Some(said.join(" or "))
}
