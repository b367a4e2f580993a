//! Points on a clock's way to its deadline, and beyond it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A point on a clock's way: what a level of a ladder, or the deadline itself, is told at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// This many thousandths of the target are used.
    Share(u32),
    /// This many seconds of elapsed time before due.
    Before(i64),
    /// This many seconds of elapsed time after due.
    After(i64),
}

impl Point {
    /// The deadline itself.
    pub const DUE: Self = Self::Share(1000);

    /// Whether the point lies before the deadline, so that what happens there is a warning and not a breach.
    pub const fn is_before_due(self) -> bool {
        match self {
            Self::Share(per_mille) => per_mille < 1000,
            Self::Before(seconds) => seconds > 0,
            Self::After(_) => false,
        }
    }
}

/// A text that is not a point; the message says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a point; write `75%`, `due`, `30 minutes before` or `2 hours after`")]
pub struct InvalidPoint(String);

impl FromStr for Point {
    type Err = InvalidPoint;

    fn from_str(text: &str) -> Result<Self, InvalidPoint> {
        let invalid = || InvalidPoint(text.to_owned());
        if text == "due" {
            return Ok(Self::DUE);
        }
        if let Some(percent) = text.strip_suffix('%') {
            let percent: u32 = percent.parse().map_err(|_| invalid())?;
            return if (1..=1000).contains(&percent) {
                Ok(Self::Share(percent * 10))
            } else {
                Err(invalid())
            };
        }
        let words: Vec<&str> = text.split(' ').collect();
        let [amount, unit, side] = words[..] else {
            return Err(invalid());
        };
        let amount: i64 = amount.parse().map_err(|_| invalid())?;
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "minute" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            _ => return Err(invalid()),
        };
        if !(1..=100_000).contains(&amount) {
            return Err(invalid());
        }
        match side {
            "before" => Ok(Self::Before(amount * unit)),
            "after" => Ok(Self::After(amount * unit)),
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for Point {
    /// Writes the point as in a policy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, side) = match *self {
            Self::DUE => return f.write_str("due"),
            Self::Share(per_mille) if per_mille % 10 == 0 => {
                return write!(f, "{}%", per_mille / 10);
            }
            Self::Share(per_mille) => return write!(f, "{}.{}%", per_mille / 10, per_mille % 10),
            Self::Before(seconds) => (seconds, "before"),
            Self::After(seconds) => (seconds, "after"),
        };
        let (amount, unit) = match seconds {
            s if s % 86_400 == 0 => (s / 86_400, "day"),
            s if s % 3_600 == 0 => (s / 3_600, "hour"),
            s => (s / 60, "minute"),
        };
        let plural = if amount == 1 { "" } else { "s" };
        write!(f, "{amount} {unit}{plural} {side}")
    }
}
