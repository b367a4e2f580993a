#![doc = include_str!("../README.md")]
// The layout of a handler's future is deeper than the compiler looks by itself.
#![recursion_limit = "256"]

mod actors;
mod aws;
mod broken;
mod check;
pub mod crash_points;
mod desk;
mod dice;
mod faults;
mod operators;
pub mod planted;
mod policies;
mod queued;
mod records;
mod reports;
mod run;
mod shrink;
mod sources;
mod story;
mod tally;
mod telling;
mod time;
mod undone;
mod way;
mod wire;
mod world;

pub use queued::queued;
pub use run::{Cut, Point, Report, run};
pub use shrink::shrink;
pub use story::Trouble;
pub use tally::{Met, Tally, all};
