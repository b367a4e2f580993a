//! The HTTP edge: requests as an HTTP API (payload 2.0) sends them, answers as it wants them.

mod answer;
mod language;
mod problem;
mod request;
mod serve;

pub use answer::{Answer, ContentPolicy};
pub use language::preferred;
pub use problem::{FieldError, Problem};
pub use request::{Event, Request, Undecodable};
pub use serve::serve;
