#![doc = include_str!("../README.md")]

mod address;
mod customer;
mod fields;
mod file;
mod guest;
mod handler;
mod have_it;
mod merged;
mod open;
mod pages;
mod place;
mod promised;
mod published;
mod receipt;
mod standing;
mod submission;
#[cfg(test)]
mod testing;
mod texts;
mod visit;

pub use handler::{App, answer};
