//! The `troth` binary on an embedded stack: what it prints, and what it says when it cannot.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]

mod busy;
mod checking;
mod diff;
mod explaining;
mod leaving;
mod page;
mod publishing;
mod replaying;
mod stack;
mod starting;
mod tickets;
