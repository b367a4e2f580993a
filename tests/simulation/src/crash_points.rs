//! Crash points: every kind of call that a run without trouble makes has a row in `crash-points.txt`, and at each of them
//! every fault that can meet it is tried. The desk must come to the same as without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::run::{Cut, Point, Report, run};
use crate::tally::all;

/// Two seeds for each of the policies; what they do undisturbed is what is recorded.
const SEEDS: std::ops::Range<u64> = 14..28;

fn with(seed: u64, point: Option<Point>) -> Report {
    let point = Some(point);
    run(
        seed,
        &Cut {
            point,
            ..Cut::default()
        },
    )
}

/// Records what runs without trouble do: by name of each kind of call, the run and the first such call in it.
fn recorded() -> (BTreeMap<u64, Report>, BTreeMap<String, (u64, Point)>) {
    let reports: BTreeMap<u64, Report> = SEEDS.map(|seed| (seed, with(seed, None))).collect();
    let mut calls = BTreeMap::new();
    for (seed, report) in &reports {
        for (name, point) in &report.calls {
            calls.entry(name.clone()).or_insert((*seed, point.clone()));
        }
    }
    (reports, calls)
}

/// What is wrong with the list of crash points, in sentences; nothing if it is what the recorded runs do.
pub fn differences() -> Vec<String> {
    let (_, calls) = recorded();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("crash-points.txt");
    let rows = fs::read_to_string(&path).unwrap_or_default();
    let rows: BTreeSet<&str> = rows
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .collect();
    let new = calls.keys().filter(|call| !rows.contains(call.as_str())).map(|call| {
        format!("`{call}` is called and is no crash point: add it as a line to tests/simulation/crash-points.txt and see that `cargo run -p simulation -- --crash-points` comes to the same")
    });
    let old = rows.iter().filter(|row| !calls.contains_key(**row)).map(|row| {
        format!("`{row}` is a crash point and nothing calls it: take its line out of tests/simulation/crash-points.txt, or let a story come to it again")
    });
    new.chain(old).collect()
}

/// Tries every fault at every crash point, and prints what came to something else. True if nothing did.
pub fn run_all() -> bool {
    let began = Instant::now();
    let (reports, calls) = recorded();
    let mut points = Vec::new();
    for (seed, point) in calls.values() {
        points.extend(point.faults().into_iter().map(|point| (*seed, point)));
    }
    let bad = Mutex::new(0);
    let undisturbed = reports.values().flat_map(|report| &report.violations);
    let mut good = true;
    for line in undisturbed {
        println!("without any fault: {line}");
        good = false;
    }
    let count = u64::try_from(points.len()).unwrap_or_default();
    all(count, |number| {
        let Some((seed, point)) = usize::try_from(number)
            .ok()
            .and_then(|number| points.get(number))
        else {
            return false;
        };
        let wrong = wrong(&reports[seed], *seed, point);
        if !wrong.is_empty() {
            *bad.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            println!("{point} (seed {seed}): {}", wrong.join("\n    "));
        }
        true
    });
    let bad = bad.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{} kinds of calls, {count} points in {:.1} s: {bad} differ",
        calls.len(),
        began.elapsed().as_secs_f64()
    );
    good && bad == 0
}

fn wrong(undisturbed: &Report, seed: u64, point: &Point) -> Vec<String> {
    let report = with(seed, Some(point.clone()));
    let mut wrong = report.violations.clone();
    wrong.extend(
        undisturbed
            .state
            .symmetric_difference(&report.state)
            .cloned(),
    );
    // A point that the run never came to has shown nothing.
    if report.faults.is_empty() {
        wrong.push("the fault never happened".to_owned());
    }
    wrong
}
