#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "what drives a test stops where the test must stop"
)]

pub mod chaos;
pub mod clauses;
pub mod desk;
mod launch;
pub mod programs;
pub mod scenario;
