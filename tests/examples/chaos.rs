//! `cargo run -p tests --example chaos -- [SEEDS] [--from N] [--seed N]`: a story under faults, over the real binaries.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tests::chaos::{Outcome, play};

const USAGE: &str =
    "chaos [SEEDS] [--from FIRST] [--seed ONE]: plays so many seeds, 10 if nothing is said";

/// Desks that are open at the same time.
const AT_ONCE: usize = 6;

fn main() -> ExitCode {
    let Some((first, count)) = asked(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let began = Instant::now();
    let (next, done) = (AtomicU64::new(first), AtomicUsize::new(0));
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + count {
                        return;
                    }
                    let outcome = std::panic::catch_unwind(|| play(seed));
                    let done = done.fetch_add(1, Ordering::SeqCst) + 1;
                    if !tell(seed, outcome.as_ref().ok(), done, count) {
                        failed
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push(seed);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{count} seeds in {} s, {} failed",
        began.elapsed().as_secs(),
        failed.len()
    );
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    for seed in failed {
        println!("again: cargo run -p tests --example chaos -- --seed {seed}");
    }
    ExitCode::FAILURE
}

/// Which seeds: the first and how many.
fn asked(mut arguments: impl Iterator<Item = String>) -> Option<(u64, u64)> {
    let (mut first, mut count) = (1, 10);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--from" => first = arguments.next()?.parse().ok()?,
            "--seed" => (first, count) = (arguments.next()?.parse().ok()?, 1),
            number => count = number.parse().ok()?,
        }
    }
    Some((first, count))
}

/// Says what came of a seed; whether all is well.
fn tell(seed: u64, outcome: Option<&Outcome>, done: usize, count: u64) -> bool {
    let Some(outcome) = outcome else {
        println!("{done}/{count} seed {seed}: the story broke off, see above");
        return false;
    };
    println!(
        "{done}/{count} seed {seed}: {} faults, {} inputs, {} tickets, {} mails, {} in the window{}",
        outcome.strikes,
        outcome.inputs,
        outcome.tickets,
        outcome.mails,
        outcome.window,
        if outcome.wrong.is_empty() {
            ""
        } else {
            ": WRONG"
        },
    );
    if count == 1 && !outcome.wrong.is_empty() {
        println!("{}", outcome.logs);
    }
    for wrong in &outcome.wrong {
        println!("    {wrong}");
    }
    outcome.wrong.is_empty()
}
