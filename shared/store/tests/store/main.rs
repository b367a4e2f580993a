//! The store on the embedded database: each condition with a race or a repeat that it decides.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]

mod after_merging;
mod busy;
mod caps;
mod counters;
mod delivery;
mod desk;
mod digest;
mod due;
mod executing;
mod mail;
mod merging;
mod opening;
mod outbox;
mod policies;
mod rollouts;
mod standing;
mod verify;
