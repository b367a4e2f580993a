//! What a promise's condition looks at, and whether it holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Timetable;
use crate::id::{CalendarId, DepartmentId, GroupId, Lang, ServiceId};
use crate::policy::Policy;
use crate::terms::{Condition, Received, Touched, Touching};
use crate::vocabulary::{Channel, Priority, TicketType};

/// What a promise's condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The ticket's department; none before triage.
    pub department: Option<&'a DepartmentId>,
    /// Its priority.
    pub priority: Priority,
    /// How it came in.
    pub channel: Channel,
    /// What it is.
    pub ticket_type: TicketType,
    /// The customer's language.
    pub lang: &'a Lang,
    /// The customer's group, if their address is proved and belongs to one.
    pub group: Option<&'a GroupId>,
    /// The service it is about.
    pub service: Option<&'a ServiceId>,
    /// When it was received; for `next_response` and `update`, when the cycle began.
    pub received: Timestamp,
    /// When the desk had declared itself busy, as known at receipt; in any order. Only the past matters: what is
    /// declared later changes nothing.
    pub busy: &'a [Span],
}

/// A stretch of time, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Span {
    /// Whether the instant lies in it.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.from <= instant && self.until.is_none_or(|until| instant < until)
    }
}

/// What conditions ask of the moment of receipt.
pub(crate) trait Moment {
    /// Whether the desk had declared itself busy.
    fn is_busy(&self) -> bool;
    /// Whether this calendar was open.
    fn is_open(&self, calendar: &CalendarId) -> bool;
    /// Whether the time after it touches this.
    fn touches(&self, touching: &Touching) -> bool;
}

impl Condition {
    /// Whether it holds for a ticket of this department with these facts, received at this moment.
    ///
    /// `facts.department` is not looked at, so that a ticket before triage can be tried with each department.
    pub(crate) fn holds(
        &self,
        department: &DepartmentId,
        facts: &Facts<'_>,
        moment: &impl Moment,
    ) -> bool {
        let received = |received: &Received| match received {
            Received::In(calendar) => moment.is_open(calendar),
            Received::Outside(calendar) => !moment.is_open(calendar),
        };
        self.is_for(department, facts)
            && self.busy.is_none_or(|busy| busy == moment.is_busy())
            && self.received.as_ref().is_none_or(received)
            && self.touching.as_ref().is_none_or(|it| moment.touches(it))
            && (self.any.is_empty()
                || self
                    .any
                    .iter()
                    .any(|it| it.holds(department, facts, moment)))
    }

    /// Whether it is for such a ticket, whenever it was received.
    pub(crate) fn is_for(&self, department: &DepartmentId, facts: &Facts<'_>) -> bool {
        fn any_or<T: PartialEq>(list: &[T], item: &T) -> bool {
            list.is_empty() || list.contains(item)
        }
        fn known<T: PartialEq>(list: &[T], item: Option<&T>) -> bool {
            list.is_empty() || item.is_some_and(|item| list.contains(item))
        }
        any_or(&self.departments, department)
            && any_or(&self.priorities, &facts.priority)
            && any_or(&self.channels, &facts.channel)
            && any_or(&self.ticket_types, &facts.ticket_type)
            && any_or(&self.languages, facts.lang)
            && known(&self.groups, facts.group)
            && known(&self.services, facts.service)
    }
}

/// A real moment: what the policy's calendars and the declared busy times say of it.
struct Receipt<'p> {
    policy: &'p Policy,
    at: Timestamp,
    busy: &'p [Span],
}

impl Moment for Receipt<'_> {
    fn is_busy(&self) -> bool {
        self.busy.iter().any(|span| span.contains(self.at))
    }

    fn is_open(&self, calendar: &CalendarId) -> bool {
        self.policy
            .timetable(calendar)
            .is_some_and(|it| it.is_open(self.at))
    }

    fn touches(&self, touching: &Touching) -> bool {
        let (from, seconds) = (self.at.as_second(), touching.within.seconds());
        let open = |timetable: &Timetable| timetable.open_seconds(from, from + seconds);
        let timetables = self.policy.timetables(touching.what.calendar());
        timetables.is_some_and(|it| match touching.what {
            Touched::Calendar(_) => open(&it.open) > 0,
            Touched::ClosedDaysOf(_) => open(&it.whole_days) < seconds,
        })
    }
}

impl Policy {
    /// Whether the condition holds for a ticket of this department with these facts.
    pub fn holds(
        &self,
        condition: &Condition,
        department: &DepartmentId,
        facts: &Facts<'_>,
    ) -> bool {
        let (at, busy) = (facts.received, facts.busy);
        condition.holds(
            department,
            facts,
            &Receipt {
                policy: self,
                at,
                busy,
            },
        )
    }

    /// The last instant up to `until` at which what this condition says of time may have changed, in seconds.
    pub(crate) fn last_change(
        &self,
        condition: &Condition,
        facts: &Facts<'_>,
        until: i64,
    ) -> Option<i64> {
        let received = condition.received.as_ref().and_then(|received| {
            let (Received::In(calendar) | Received::Outside(calendar)) = received;
            self.timetable(calendar)?.last_change(until)
        });
        let touching = condition.touching.as_ref().and_then(|touching| {
            let timetable = match &touching.what {
                Touched::Calendar(calendar) => &self.timetables(calendar)?.open,
                Touched::ClosedDaysOf(calendar) => &self.timetables(calendar)?.whole_days,
            };
            let ahead = touching.within.seconds();
            let entered = timetable.last_change(until + ahead).map(|at| at - ahead);
            entered.max(timetable.last_change(until))
        });
        let ends = facts
            .busy
            .iter()
            .flat_map(|span| [Some(span.from), span.until]);
        let busy = condition.busy.and_then(|_| {
            ends.flatten()
                .map(Timestamp::as_second)
                .filter(|&at| at <= until)
                .max()
        });
        let further = condition
            .any
            .iter()
            .filter_map(|it| self.last_change(it, facts, until));
        received.max(touching).max(busy).max(further.max())
    }
}
