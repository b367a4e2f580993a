//! `cargo run -p simulation -- --seed 7`, `--seeds 500`, `--crash-points`, `planted`.

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};
use simulation::{Cut, Report, Tally, all, crash_points, planted, run, shrink};

/// A seed makes and drops small things by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The desk under faults: one seed is one run, and a seed that fails fails again.
#[derive(Debug, Parser)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
struct Args {
    /// Run this seed and say what it met.
    #[arg(long)]
    seed: Option<u64>,
    /// Cut the story of `--seed` down to what makes it fail.
    #[arg(long)]
    shrink: bool,
    /// Tell the story of `--seed` also if it did not fail.
    #[arg(long)]
    story: bool,
    /// Run so many seeds, from `--from` on.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Stop at the first seed that fails.
    #[arg(long)]
    first: bool,
    /// Aim one fault after the other at each kind of call of runs without trouble; they must come to the same.
    #[arg(long)]
    crash_points: bool,
    /// Let so many mails wait while SES takes one a second, and a promise be missed in the middle of it.
    #[arg(long)]
    queued: Option<usize>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plant bugs into a copy of the tree, one after the other, and say in which seed each is found.
    Planted {
        /// Names of patches in `tests/simulation/planted`; all if none is named.
        names: Vec<String>,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    match (args.command, args.seed) {
        (Some(Command::Planted { names }), _) => match planted::plant(&names) {
            Ok(found) => verdict(found),
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        },
        (None, Some(seed)) if args.shrink => tell(&shrink(seed)),
        (None, Some(seed)) => one(seed, args.story),
        (None, None) if args.queued.is_some() => {
            verdict(simulation::queued(args.queued.unwrap_or_default()))
        }
        (None, None) if args.crash_points => verdict(crash_points::run_all()),
        (None, None) => many(args.from, args.seeds, args.first),
    }
}

fn one(seed: u64, story: bool) -> ExitCode {
    let cut = Cut {
        tell: story,
        ..Cut::default()
    };
    let report = run(seed, &cut);
    println!("{:?} history {:016x}", report.size, report.history);
    for (met, times) in &report.met {
        println!("  {times:6} {met}");
    }
    tell(&report)
}

fn tell(report: &Report) -> ExitCode {
    for line in &report.story {
        println!("  {line}");
    }
    for line in &report.violations {
        println!("seed {}: {line}", report.seed);
    }
    verdict(report.violations.is_empty())
}

fn verdict(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs seeds on all cores and says what they met; every thousandth says how far it is.
fn many(from: u64, seeds: u64, first: bool) -> ExitCode {
    let began = Instant::now();
    let tally = std::sync::Mutex::new(Tally::default());
    all(seeds, |number| {
        let report = run(from + number, &Cut::default());
        let mut tally = tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if first && tally.failed > 0 {
            return false;
        }
        if !report.violations.is_empty() {
            println!("seed {}: {}", report.seed, report.violations.join("\n    "));
        }
        tally.add(&report);
        if tally.seeds % 1000 == 0 {
            eprintln!(
                "{} of {seeds} seeds in {:.0} s, {} failed",
                tally.seeds,
                began.elapsed().as_secs_f64(),
                tally.failed
            );
        }
        !first || tally.failed == 0
    });
    let tally = tally
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if !first {
        tally.print();
    }
    println!(
        "{} seeds in {:.1} s, {}",
        tally.seeds,
        began.elapsed().as_secs_f64(),
        tally.sums()
    );
    verdict(tally.failed == 0 && tally.seeds == seeds)
}
