//! `cargo run -p simulation -- --seed 7`, `--seeds 500`.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use simulation::{Cut, Report, run};

/// The desk under faults: one seed is one run, and a seed that fails fails again.
#[derive(Debug, Parser)]
struct Args {
    /// Run this seed and tell its story.
    #[arg(long)]
    seed: Option<u64>,
    /// Run so many seeds, from `--from` on.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// Tell the story of a run that did not fail, too.
    #[arg(long)]
    story: bool,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(seed) = args.seed {
        let report = run(
            seed,
            &Cut {
                tell: args.story,
                ..Cut::default()
            },
        );
        println!("{:?} history {:016x}", report.size, report.history);
        for ((function, operation, fault), times) in &report.met {
            println!("  {times:6} {function} {operation}: {fault}");
        }
        return tell(&report);
    }
    many(&args)
}

fn tell(report: &Report) -> ExitCode {
    for line in &report.story {
        println!("  {line}");
    }
    for line in &report.violations {
        println!("seed {}: {line}", report.seed);
    }
    if report.violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn many(args: &Args) -> ExitCode {
    let began = Instant::now();
    let next = AtomicU64::new(args.from);
    let until = args.from + args.seeds;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut reports = Vec::new();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= until {
                            break reports;
                        }
                        reports.push(run(seed, &Cut::default()));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default())
            .collect()
    });
    let failed: Vec<&Report> = reports
        .iter()
        .filter(|report| !report.violations.is_empty())
        .collect();
    for report in &failed {
        println!("seed {}: {}", report.seed, report.violations.join("\n    "));
    }
    let sum = |of: fn(&Report) -> usize| reports.iter().map(of).sum::<usize>();
    println!(
        "{} seeds in {:.1} s: {} failed; {} tickets, {} inputs, {} deliveries, {} ticks, {} calls, {} faults, {} mails, {} twice in the window",
        reports.len(),
        began.elapsed().as_secs_f64(),
        failed.len(),
        sum(|it| it.size.tickets),
        sum(|it| it.size.accepted),
        sum(|it| it.size.deliveries),
        sum(|it| it.size.ticks),
        sum(|it| it.size.calls as usize),
        sum(|it| it.size.faults),
        sum(|it| it.size.mails),
        sum(|it| it.size.window),
    );
    if failed.is_empty() && reports.len() as u64 == args.seeds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
