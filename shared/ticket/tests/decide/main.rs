//! The ticket's rules, one table of behaviour a file: given a ticket, when a command comes, then the whole decision.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot build its desk has failed"
)]

mod answering;
mod clocks;
mod conduct;
mod desk;
mod digest;
mod explain;
mod merging;
mod messages;
mod orders;
mod people;
mod properties;
mod replay;
mod secrets;
mod terms;
mod timers;
mod versions;
