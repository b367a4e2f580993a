//! The player does at a running desk what people do: fill the form in, write and answer mail, open the page of a
//! ticket, run `troth`, let time pass. It knows the desk by HTTP, SMTP and `troth` only. `--demo` plays stories with
//! it; the scenarios of `tests/` are written in the same steps and add what they expect.

mod act;
mod client;
mod http;
mod mailbox;
mod programs;
mod script;
mod smtp;
mod steps;

pub use act::Player;
pub use client::Client;
pub use http::{Answer, send};
pub use mailbox::Mail;
pub use script::{Moment, Step, Texts, in_order, yes};
pub use smtp::{as_sent, deliver, deliver_bytes};
pub use steps::{Advance, File, Form, Keeps, Page, Reply, Troth, Written};

/// Before this instant a desk starts, to be moved there: so that its start takes no time.
///
/// The earliest instant there is has none before it.
pub fn before(at: jiff::Timestamp) -> jiff::Timestamp {
    at.checked_sub(jiff::SignedDuration::from_mins(5))
        .unwrap_or(at)
}
