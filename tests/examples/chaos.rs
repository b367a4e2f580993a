//! `cargo run -p tests --example chaos -- [SEEDS] [--from N] [--seed N] [--bin-dir FOLDER]`: a story under faults, over the
//! real binaries.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tests::chaos::{Outcome, play};

const USAGE: &str = "chaos [SEEDS] [--from FIRST] [--seed ONE] [--bin-dir FOLDER]: plays so many seeds, 10 if nothing \
    is said, by the functions in a folder, the ones built with it if nothing is said";

/// Desks that are open at the same time.
const AT_ONCE: usize = 6;

fn main() -> ExitCode {
    let Some(Asked {
        first,
        count,
        programs,
    }) = asked(std::env::args().skip(1))
    else {
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
                    let outcome = std::panic::catch_unwind(|| play(seed, programs.as_deref()));
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

struct Asked {
    first: u64,
    count: u64,
    programs: Option<PathBuf>,
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked {
        first: 1,
        count: 10,
        programs: None,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--from" => asked.first = arguments.next()?.parse().ok()?,
            "--seed" => (asked.first, asked.count) = (arguments.next()?.parse().ok()?, 1),
            "--bin-dir" => asked.programs = Some(arguments.next()?.into()),
            number => asked.count = number.parse().ok()?,
        }
    }
    Some(asked)
}

/// Says what came of a seed; whether all is well.
fn tell(seed: u64, outcome: Option<&Outcome>, done: usize, count: u64) -> bool {
    let Some(outcome) = outcome else {
        println!("{done}/{count} seed {seed}: the story broke off, see above");
        return false;
    };
    println!(
        "{done}/{count} seed {seed}: {} faults, {} times down, {} inputs, {} tickets, {} mails, {} in the window{}",
        outcome.strikes,
        outcome.falls,
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
    for wrong in &outcome.wrong {
        println!("    {wrong}");
    }
    if !outcome.wrong.is_empty() {
        let file = std::env::temp_dir().join(format!("chaos-{seed}.log"));
        match std::fs::write(&file, &outcome.logs) {
            Ok(()) => println!("    its faults, mails and logs: {}", file.display()),
            Err(error) => println!("    its logs cannot be written: {error}"),
        }
    }
    outcome.wrong.is_empty()
}
