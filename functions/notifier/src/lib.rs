#![doc = include_str!("../README.md")]

mod answer;
mod handler;
mod letter;
mod sending;
mod settle;
#[cfg(test)]
mod tests;

pub use handler::{Desk, deliver};
