//! A story of several tickets at a desk where everything fails that can, and what must be true when it is over.

mod check;
mod fall;
pub mod outage;
mod reports;
mod story;
pub mod table;

use std::path::Path;

use serde_json::json;

use crate::desk::{Desk, Setup};

/// What one seed came to.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What people sent and the desk accepted.
    pub inputs: usize,
    /// Tickets at the end.
    pub tickets: usize,
    /// Mails that left.
    pub mails: usize,
    /// Mails that left again in the one window that is documented.
    pub window: usize,
    /// Faults that happened.
    pub strikes: usize,
    /// How often the whole machine went down.
    pub falls: usize,
    /// What must not be, in words; empty if all is well.
    pub wrong: Vec<String>,
    /// The last lines of every function's log, and every fault.
    pub logs: String,
}

/// Plays the story of a seed and looks at what is left of it. `programs` is where the functions are, if not the ones
/// built with this.
///
/// # Panics
/// The desk does not start, or does not answer when it is left in peace.
pub fn play(seed: u64, programs: Option<&Path>) -> Outcome {
    play_then(seed, programs, |_| ())
}

/// As [`play`], with something that happens to the desk before it is looked at.
///
/// # Panics
/// As [`play`].
pub fn play_then(seed: u64, programs: Option<&Path>, then: impl FnOnce(&Desk)) -> Outcome {
    let mut desk = Desk::start(Setup {
        chaos: Some(seed),
        programs: programs.map(Path::to_owned),
        ..Setup::under("web-host-au", story::BEGIN.parse().expect("an instant"))
    });
    // By then every function knows the policy.
    desk.advance("PT2M");
    let story = story::play(&mut desk, seed);
    // Peace: what was to come late has come after a fortnight, and everything that waits has had its turn.
    desk.chaos(&json!({ "faults": false }));
    desk.settle();
    desk.advance("PT1H");
    redrive(&desk);
    desk.advance("P14D");
    then(&desk);
    let outcome = check::all(&desk, seed, &story);
    desk.end();
    outcome
}

/// What an operator does when alarms tell of what was given up: what failed as often as it may is given back, once. What
/// fails again, or was given up in peace, is wrong.
fn redrive(desk: &Desk) {
    let (status, said) = desk.troth(&["redrive", "on-failure", "dead-letters"]);
    assert!(matches!(status, Some(0 | 3)), "redrive: {said}");
}
