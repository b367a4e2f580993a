#![doc = include_str!("../README.md")]

mod calendar;
mod check;
mod deadline;
mod hash;
mod id;
mod opening;
mod page;
mod point;
mod policy;
mod problem;
mod read;
mod run;
mod stored;
mod stretches;
mod target;
mod terms;
mod vocabulary;
mod wording;

pub use calendar::{
    Calendar, CalendarError, Closure, Dates, Interval, InvalidDates, InvalidInterval, Timetable,
    UnknownZone, Zone,
};
pub use deadline::Facts;
pub use id::{
    CalendarId, DepartmentId, InvalidId, Lang, LevelId, PersonId, PolicyHash, PolicyId, PromiseId,
};
pub use point::{InvalidPoint, Point};
pub use policy::Policy;
pub use problem::{Problem, Severity};
pub use run::{Pause, Run};
pub use stored::ReadError;
pub use stretches::{Stretch, Why};
pub use target::{InvalidTarget, Target, Unit};
pub use terms::{Company, Condition, Department, Level, Person, Priorities, Promise, Terms};
pub use vocabulary::{
    Channel, Day, Metric, Priority, Recipient, Status, Strength, TicketType, UnknownWord,
};
