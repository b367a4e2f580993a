#![doc = include_str!("../README.md")]

mod handler;
mod rollout;

pub use handler::{Answer, Tick, run};
