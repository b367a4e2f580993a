//! The forms of the texts that a policy is made of.

use serde_json::{Value as Json, json};

use super::Shape;
use crate::amounts::{Elapsed, Period};
use crate::calendar::{Dates, Interval, Zone};
use crate::id::{
    AskId, CalendarId, ConductId, DepartmentId, GroupId, Lang, LevelId, OnCallId, PersonId,
    PolicyId, PromiseId, RouteId, ScopeId, ServiceId,
};
use crate::pattern::{AddressPattern, HostPattern};
use crate::point::Point;
use crate::recipient::Recipient;
use crate::target::{Target, Unit};
use crate::terms::Colour;
use crate::vocabulary::{
    Allowed, Channel, Day, Line, Metric, Priority, Response, Status, Strength, TicketType, Tier,
    Until,
};

macro_rules! patterns {
    ($pattern:expr => $($name:ty),+ $(,)?) => {$(
        impl Shape for $name {
            fn shape() -> Json {
                json!({ "type": "string", "pattern": $pattern })
            }
        }
    )+};
}

macro_rules! words {
    ($($name:ty),+ $(,)?) => {$(
        impl Shape for $name {
            fn shape() -> Json {
                let words: Vec<&str> = <$name>::ALL.iter().map(|word| word.as_str()).collect();
                json!({ "type": "string", "enum": words })
            }
        }
    )+};
}

words!(
    Allowed, Channel, Line, Metric, Priority, Response, Status, Strength, TicketType, Tier, Until
);
patterns!("^[a-z0-9-]{1,32}$" => AskId, CalendarId, ConductId, DepartmentId, GroupId, LevelId, OnCallId, PersonId, PolicyId,
    PromiseId, RouteId, ScopeId, ServiceId);
patterns!("^[a-z]{2,3}$" => Lang);
patterns!("^#[0-9A-Fa-f]{6}$" => Colour);
patterns!("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$" => Zone);
patterns!(r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$" => Interval);
patterns!(r"^(\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?|(--)?\d\d-\d\d)$" => Dates);
patterns!(r"^\d+ (day|month|year)s?$" => Period);
patterns!(r"^[^@\s]+@[^@\s]+\.[^@\s]+$" => AddressPattern);
patterns!(r"^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$" => HostPattern);
patterns!(r"^(due|\d+%|\d+ (minute|hour|day)s? (before|after))$" => Point);
patterns!(r"^(assignee|department|lead|management|(person|on_call):[a-z0-9-]{1,32}|address:[^@\s]+@[^@\s]+)$" => Recipient);
patterns!(units(|_| true) => Target);
patterns!(units(|unit| !unit.needs_calendar()) => Elapsed);

fn units(among: impl Fn(Unit) -> bool) -> String {
    let units = Unit::ALL.iter().filter(|unit| among(**unit));
    let units: Vec<&str> = units
        .map(|unit| unit.as_str().trim_end_matches('s'))
        .collect();
    format!(r"^\d+ ({})s?$", units.join("|"))
}

/// A day of the week, or a range of them.
impl Shape for Day {
    fn shape() -> Json {
        let days: Vec<&str> = Self::ALL.iter().map(|day| day.as_str()).collect();
        let day = days.join("|");
        json!({ "type": "string", "pattern": format!("^({day})(-({day}))?$") })
    }
}
