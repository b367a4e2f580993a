#![doc = include_str!("../README.md")]

mod agent;
mod bucket;
mod carry_out;
mod conduct;
mod copy;
mod decide;
mod event;
mod handler;
mod message;
mod report;
mod route;
mod sweep;
mod top;

pub use event::{SesEvent, Work};
pub use handler::{Desk, run};
pub use sweep::{Swept, sweep};
