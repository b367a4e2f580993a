//! `cargo run -p simulation -- --seed 7`, `--seeds 500`, `--crash-points`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use simulation::{Cut, Point, Report, run, shrink};

/// The desk under faults: one seed is one run, and a seed that fails fails again.
#[derive(Debug, Parser)]
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
    /// Run `--from` without trouble, then with one fault at each kind of call that it makes.
    #[arg(long)]
    crash_points: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match args.seed {
        Some(seed) if args.shrink => tell(&shrink(seed)),
        Some(seed) => one(seed, args.story),
        None if args.crash_points => crash_points(args.from),
        None => many(&args),
    }
}

fn one(seed: u64, story: bool) -> ExitCode {
    let cut = Cut {
        tell: story,
        ..Cut::default()
    };
    let report = run(seed, &cut);
    println!("{:?} history {:016x}", report.size, report.history);
    for ((function, operation, fault), times) in &report.met {
        println!("  {times:6} {function} {operation}: {fault}");
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

/// Does so many pieces of work on all cores; each run is a thread's own.
fn all<T: Send>(count: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let worker = || {
            let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
            let own = numbers.take_while(|number| *number < count);
            own.map(&work).collect::<Vec<T>>()
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter().filter_map(|worker| worker.join().ok());
        done.flatten().collect()
    })
}

/// One undisturbed run, then the same with one fault at each kind of call: the desk must come to the same.
fn crash_points(seed: u64) -> ExitCode {
    let began = Instant::now();
    let with = |point| {
        let point = Some(point);
        run(
            seed,
            &Cut {
                point,
                ..Cut::default()
            },
        )
    };
    let undisturbed = with(None);
    let points: Vec<Point> = undisturbed.calls.values().flat_map(Point::faults).collect();
    let differences = |number: u64| {
        let point = points.get(usize::try_from(number).ok()?)?;
        let report = with(Some(point.clone()));
        let differs = undisturbed.state.symmetric_difference(&report.state);
        // A point that the run never came to has shown nothing.
        let unmet = report
            .faults
            .is_empty()
            .then(|| "the fault never happened".to_owned());
        let wrong = report.violations.iter().chain(differs).chain(&unmet);
        Some(
            wrong
                .map(|line| format!("{point}: {line}"))
                .collect::<Vec<_>>(),
        )
    };
    let count = u64::try_from(points.len()).unwrap_or_default();
    let failed: Vec<_> = all(count, differences).into_iter().flatten().collect();
    let bad = failed.iter().filter(|lines| !lines.is_empty()).count();
    for line in failed.iter().flatten() {
        println!("{line}");
    }
    let (kinds, took) = (undisturbed.calls.len(), began.elapsed().as_secs_f64());
    println!("{kinds} kinds of calls, {count} points in {took:.1} s: {bad} differ");
    verdict(bad == 0 && undisturbed.violations.is_empty() && failed.len() == points.len())
}

fn many(args: &Args) -> ExitCode {
    let began = Instant::now();
    let reports = all(args.seeds, |number| {
        run(args.from + number, &Cut::default())
    });
    let failed: Vec<&Report> = reports
        .iter()
        .filter(|report| !report.violations.is_empty())
        .collect();
    for report in &failed {
        println!("seed {}: {}", report.seed, report.violations.join("\n    "));
    }
    coverage(&reports);
    let sum = |of: fn(&Report) -> usize| reports.iter().map(of).sum::<usize>();
    println!(
        "{} seeds in {:.1} s, {} failed: {} tickets, {} inputs, {} deliveries, {} ticks, {} faults, {} mails, {} of them twice in the window",
        reports.len(),
        began.elapsed().as_secs_f64(),
        failed.len(),
        sum(|it| it.size.tickets),
        sum(|it| it.size.accepted),
        sum(|it| it.size.deliveries),
        sum(|it| it.size.ticks),
        sum(|it| it.size.faults),
        sum(|it| it.size.mails),
        sum(|it| it.size.window),
    );
    let complete = u64::try_from(reports.len()) == Ok(args.seeds);
    verdict(failed.is_empty() && complete)
}

/// How often each fault met each function, and how many kinds of its calls.
fn coverage(reports: &[Report]) {
    let mut met: BTreeMap<(&str, &str), BTreeMap<&str, u32>> = BTreeMap::new();
    for ((function, operation, fault), times) in reports.iter().flat_map(|report| &report.met) {
        let calls = met.entry((function, fault)).or_default();
        *calls.entry(operation).or_default() += times;
    }
    for ((function, fault), calls) in met {
        let times: u32 = calls.values().sum();
        println!(
            "  {function:13} {fault:13} {times:9} calls of {} kinds",
            calls.len()
        );
    }
}
