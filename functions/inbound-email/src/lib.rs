#![doc = include_str!("../README.md")]

mod agent;
mod bucket;
mod carry_out;
mod decide;
mod event;
mod handler;
mod message;
mod route;

pub use event::SesEvent;
pub use handler::{Desk, run};
