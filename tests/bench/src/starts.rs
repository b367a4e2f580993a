//! How long a process takes until it asks for work.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::Fallible;
use crate::binaries::{BARE, FUNCTIONS};
use crate::desk::Desk;
use crate::process::Process;
use crate::report::{Report, Target};

/// Starts of each binary, in turn, so that a slow moment of the machine meets all of them.
const RUNS: usize = 40;

/// A function may take so many times as long as the yardstick.
const MOST: f64 = 1.5;

pub(crate) async fn measure(folder: &Path, report: &mut Report) -> Fallible<()> {
    let desk = Desk::open(String::new()).await?;
    let mut starts: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for _ in 0..RUNS {
        for binary in FUNCTIONS.into_iter().chain([BARE]) {
            let process = Process::start(&folder.join(binary), &desk.environment).await?;
            starts.entry(binary).or_default().push(process.start);
        }
    }
    let mut median = |binary| median(starts.entry(binary).or_default());
    let bare = median(BARE);
    for function in FUNCTIONS {
        let taken = median(function);
        let ratio = taken.as_secs_f64() / bare.as_secs_f64();
        let measured = format!("{} ({ratio:.2}x)", milliseconds(taken));
        let target = Target::of("at most 1.5x the yardstick", ratio <= MOST);
        let figure = format!("start to first `/next` of `{function}`, median of {RUNS}");
        report.row(figure, measured, &target, milliseconds(bare));
    }
    Ok(())
}

fn median(durations: &mut [Duration]) -> Duration {
    durations.sort_unstable();
    durations
        .get(durations.len() / 2)
        .copied()
        .unwrap_or_default()
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1_000.0)
}
