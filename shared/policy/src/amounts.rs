//! Amounts of time that count on no calendar.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::id::Lang;
use crate::target::{InvalidTarget, Target};

/// Time by the clock on the wall: `24 elapsed hours`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Elapsed(Target);

/// Why a text is no elapsed time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidElapsed {
    /// It is no amount of time at all.
    #[error(transparent)]
    Target(#[from] InvalidTarget),
    /// It counts on a calendar.
    #[error("`{0}` counts on a calendar; write elapsed time here, such as `24 elapsed hours`")]
    Calendar(String),
}

impl Elapsed {
    /// Its length.
    pub fn duration(&self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds())
    }

    pub(crate) fn seconds(&self) -> i64 {
        i64::from(self.0.amount) * self.0.unit.seconds().unwrap_or(86_400)
    }

    /// The same as a target, for its wording.
    pub fn target(&self) -> &Target {
        &self.0
    }
}

impl FromStr for Elapsed {
    type Err = InvalidElapsed;
    fn from_str(text: &str) -> Result<Self, InvalidElapsed> {
        let target: Target = text.parse()?;
        if target.unit.needs_calendar() {
            return Err(InvalidElapsed::Calendar(text.to_owned()));
        }
        Ok(Self(target))
    }
}

/// A span of the calendar on the wall: `90 days`, `24 months`, `7 years`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    amount: u32,
    unit: PeriodUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum PeriodUnit {
    Days,
    Months,
    Years,
}

/// A text that is not a period; the message says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a period; write `90 days`, `24 months` or `7 years`, at most a hundred years"
)]
pub struct InvalidPeriod(String);

impl Period {
    /// As a span, to be added to a date in a zone.
    pub fn span(self) -> jiff::Span {
        let amount = i64::from(self.amount);
        match self.unit {
            PeriodUnit::Days => jiff::Span::new().days(amount),
            PeriodUnit::Months => jiff::Span::new().months(amount),
            PeriodUnit::Years => jiff::Span::new().years(amount),
        }
    }

    pub(crate) const fn of_days(days: u32) -> Self {
        Self {
            amount: days,
            unit: PeriodUnit::Days,
        }
    }

    /// The period as a customer reads it, in this language.
    pub fn text(self, lang: &Lang) -> String {
        let unit = match (lang.as_str(), self.unit, self.amount) {
            ("de", PeriodUnit::Days, 1) => "Tag",
            ("de", PeriodUnit::Days, _) => "Tage",
            ("de", PeriodUnit::Months, 1) => "Monat",
            ("de", PeriodUnit::Months, _) => "Monate",
            ("de", PeriodUnit::Years, 1) => "Jahr",
            ("de", PeriodUnit::Years, _) => "Jahre",
            ("vi", PeriodUnit::Days, _) => "ngày",
            ("vi", PeriodUnit::Months, _) => "tháng",
            ("vi", PeriodUnit::Years, _) => "năm",
            _ => return self.to_string(),
        };
        format!("{} {unit}", self.amount)
    }

    /// Its days, if it is written in days.
    pub(crate) fn days(self) -> Option<u32> {
        matches!(self.unit, PeriodUnit::Days).then_some(self.amount)
    }
}

impl FromStr for Period {
    type Err = InvalidPeriod;
    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        let read = || {
            let (amount, unit) = text.trim().split_once(' ')?;
            let amount: u32 = amount.parse().ok()?;
            let (unit, most) = match unit.strip_suffix('s').unwrap_or(unit) {
                "day" => (PeriodUnit::Days, 36_500),
                "month" => (PeriodUnit::Months, 1_200),
                "year" => (PeriodUnit::Years, 100),
                _ => return None,
            };
            (1..=most)
                .contains(&amount)
                .then_some(Self { amount, unit })
        };
        read().ok_or_else(|| InvalidPeriod(text.to_owned()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            PeriodUnit::Days => "day",
            PeriodUnit::Months => "month",
            PeriodUnit::Years => "year",
        };
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(f, "{} {unit}{plural}", self.amount)
    }
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
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
string_form!(Elapsed, InvalidElapsed);
string_form!(Period, InvalidPeriod);
