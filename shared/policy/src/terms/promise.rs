//! Promises: what is measured, for whom, how much time it allows and who is told on the way.

use serde::{Deserialize, Serialize};

use crate::amounts::Elapsed;
use crate::id::{CalendarId, DepartmentId, GroupId, Lang, LevelId, PromiseId, ServiceId};
use crate::point::Point;
use crate::recipient::Recipient;
use crate::target::Target;
use crate::vocabulary::{Channel, Metric, Priority, Status, Strength, TicketType, Tier, Until};

/// One promise: what is measured, for whom, how much time it allows and who is told on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Its id.
    pub id: PromiseId,
    /// The clause of the published page that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// For which tickets.
    #[serde(default, skip_serializing_if = "Condition::is_any")]
    pub when: Condition,
    /// How much time it allows.
    pub target: Target,
    /// What customers may expect besides the limit: "30 minutes to 4 hours". No clock runs on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Target>,
    /// How binding it is.
    pub strength: Strength,
    /// Whether customers are told; an internal promise only drives staff.
    pub published: bool,
    /// Whether nobody who wrote later may be due earlier (see [`crate::Policy::not_before`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_order: bool,
    /// The statuses in which its clock stands still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses_in: Vec<Status>,
    /// A single pause never counts longer than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_pause: Option<Elapsed>,
    /// Whom it tells, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
}

/// For which tickets a promise holds: all that is said must hold; an empty list means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// Of these departments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<DepartmentId>,
    /// Of these priorities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub priorities: Vec<Priority>,
    /// Through these channels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Of these types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<TicketType>,
    /// In these languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Lang>,
    /// By customers of these groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// About these services.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
    /// Received while the desk had declared itself busy, or while it had not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busy: Option<bool>,
    /// Received while a calendar was open, or while it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Received>,
    /// The time after receipt touches an open moment of a calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touching: Option<Touching>,
    /// At least one of these holds as well; empty means nothing more is asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Condition>,
}

impl Condition {
    /// Whether it holds for every ticket.
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

/// When a ticket was received, by a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Received {
    /// While it was open.
    In(CalendarId),
    /// While it was closed.
    Outside(CalendarId),
}

/// A stretch of time from receipt on that meets what it looks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touching {
    /// How long the stretch is; it is half-open, so what begins at its very end is not touched.
    pub within: Elapsed,
    /// What it looks for.
    #[serde(flatten)]
    pub what: Touched,
}

/// What a stretch may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touched {
    /// An open moment of this calendar.
    Calendar(CalendarId),
    /// A local date on which this calendar does not open: with `office`, a weekend or a holiday.
    ClosedDaysOf(CalendarId),
}

impl Touched {
    /// The calendar that it looks at.
    pub fn calendar(&self) -> &CalendarId {
        let (Self::Calendar(calendar) | Self::ClosedDaysOf(calendar)) = self;
        calendar
    }
}

/// One step of a ladder: at this point, tell these and do that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Its id, unique within the promise.
    pub id: LevelId,
    /// When.
    pub at: Point,
    /// Whom.
    pub to: Vec<Recipient>,
    /// How often they are told again while the clock runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// What ends the repetitions before the clock ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// Told only while this calendar is open, else at its next opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<CalendarId>,
    /// The priority that the ticket has at least from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raise: Option<Priority>,
    /// The department that has the ticket from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub move_to: Option<DepartmentId>,
    /// The tier that has the ticket from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
}

impl Level {
    /// Whether it comes before the deadline; otherwise it tells of a breach.
    pub const fn is_warning(&self) -> bool {
        self.at.is_before_due()
    }
}

/// How often a level is told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The time from one telling to the next.
    pub every: Target,
    /// How many times after the first.
    pub most: u32,
}
