//! What the crate promises, seen from outside.
#![cfg(test)]

mod check;
mod closures;
mod conditions;
mod dated;
mod diff;
mod holidays;
mod page;
mod promises;
mod properties;
mod reach;
mod roster;
mod routing;
mod runs;
mod stored;

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned};
use policy::{Lang, Policy};

const DESK: &str = include_str!("desk.toml");
const PAGE: &str = include_str!("page.en.md");

fn lang(tag: &str) -> Lang {
    Lang::new(tag).unwrap()
}

fn pages() -> BTreeMap<Lang, String> {
    BTreeMap::from([(lang("en"), PAGE.to_owned())])
}

/// The desk of the tests.
fn desk() -> Policy {
    Policy::parse(DESK, "policy.toml", pages()).unwrap()
}

/// A wall time of Berlin, such as `2026-11-20T16:00`; with an offset behind it where it happens twice.
fn berlin(wall: &str) -> Timestamp {
    format!("{wall}[Europe/Berlin]")
        .parse::<Zoned>()
        .unwrap()
        .timestamp()
}

/// The other way round, with the offset.
fn shown(instant: Timestamp) -> String {
    let zoned = instant.in_tz("Europe/Berlin").unwrap();
    zoned.strftime("%a %Y-%m-%dT%H:%M:%S%:z").to_string()
}
