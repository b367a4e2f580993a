//! The ticket's rules, one table of behaviour a file: given a ticket, when a command comes, then the whole decision.

mod clocks;
mod desk;
mod messages;
mod orders;
mod properties;
mod timers;
