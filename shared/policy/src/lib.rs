#![doc = include_str!("../README.md")]

mod amounts;
mod calendar;
mod check;
mod closures;
mod deadline;
mod diff;
mod facts;
mod hash;
mod ics;
mod id;
mod letters;
mod opening;
mod order;
mod page;
mod pattern;
mod placeholders;
mod point;
mod policy;
mod problem;
mod read;
mod recipient;
mod roster;
mod route;
mod run;
mod schema;
mod shape;
mod stored;
mod stretches;
mod target;
mod terms;
mod vocabulary;
mod wording;

pub use amounts::{Elapsed, InvalidElapsed, InvalidPeriod, Period};
pub use calendar::{
    Calendar, CalendarError, Closure, Dates, Interval, InvalidDates, InvalidInterval, Timetable,
    UnknownZone, Zone,
};
pub use check::Files;
pub use closures::Closing;
pub use facts::{Facts, Span};
pub use id::{
    AskId, CalendarId, ConductId, DepartmentId, GroupId, InvalidId, Lang, LevelId, OnCallId,
    PersonId, PolicyHash, PolicyId, PromiseId, RouteId, ScopeId, ServiceId,
};
pub use letters::{LetterKind, Letters, Part, Piece, UnknownLetter};
pub use page::PublishedPage;
pub use pattern::{AddressPattern, HostPattern, InvalidHost, InvalidPattern};
pub use point::{InvalidPoint, Point};
pub use policy::Policy;
pub use problem::{Problem, Severity};
pub use recipient::{Recipient, UnknownRecipient};
pub use route::{Incoming, Routed};
pub use run::{Pause, Run};
pub use schema::schema;
pub use stored::ReadError;
pub use stretches::{Stretch, Why};
pub use target::{InvalidTarget, Target, Unit};
pub use terms::{
    Absence, Ask, Brand, Closures, Colour, Company, ComplaintEscalation, Condition, Conduct,
    ConductLevel, Department, DepartmentTier, Feedback, Group, InvalidColour, Level, Matcher,
    OnCall, Person, Priorities, Promise, Received, Repeat, Retention, Route, SECRETS_KEPT_DAYS,
    Scope, SecretMail, Service, Settings, Shift, Terms, Touched, Touching,
};
pub use vocabulary::{
    Allowed, Channel, Day, Line, Metric, Priority, Response, Status, Strength, TicketType, Tier,
    UnknownWord, Until,
};
