//! What many runs have met: which call, by which fault, in a first delivery or in a later one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::faults::{Fault, Function};
use crate::run::{Report, Size};

/// A call, what happened to it, and whether its event had been delivered before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Met {
    pub(crate) function: Function,
    pub(crate) operation: String,
    pub(crate) fault: Option<Fault>,
    pub(crate) again: bool,
}

impl fmt::Display for Met {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let again = if self.again { ", delivered again" } else { "" };
        write!(f, "{:?} {}{again}: ", self.function, self.operation)?;
        match self.fault {
            Some(fault) => write!(f, "{fault:?}"),
            None => f.write_str("no fault"),
        }
    }
}

/// The sum of many reports.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many seeds were run.
    pub seeds: u64,
    /// How many of them broke a promise.
    pub failed: u64,
    met: BTreeMap<(Function, String), [[u32; 2]; COLUMNS]>,
    size: Size,
}

const COLUMNS: usize = Fault::ALL.len() + 1;

impl Tally {
    /// Adds a run.
    pub fn add(&mut self, report: &Report) {
        self.seeds += 1;
        self.failed += u64::from(!report.violations.is_empty());
        for (met, times) in &report.met {
            let row = self
                .met
                .entry((met.function, met.operation.clone()))
                .or_default();
            let column = Fault::ALL.iter().position(|it| Some(*it) == met.fault);
            row[column.map_or(0, |place| place + 1)][usize::from(met.again)] += times;
        }
        let (sum, it) = (&mut self.size, &report.size);
        for (sum, it) in [
            (&mut sum.tickets, it.tickets),
            (&mut sum.merged, it.merged),
            (&mut sum.accepted, it.accepted),
            (&mut sum.deliveries, it.deliveries),
            (&mut sum.faults, it.faults),
            (&mut sum.ticks, it.ticks),
            (&mut sum.mails, it.mails),
            (&mut sum.window, it.window),
        ] {
            *sum += it;
        }
    }

    /// Prints a line for each call: how often it met each fault, in first deliveries and in later ones; then what never met.
    pub fn print(&self) {
        print!(
            "{:70}{:>16}",
            "call: in first deliveries + in later ones", "no fault"
        );
        for fault in Fault::ALL {
            print!("{:>14}", format!("{fault:?}"));
        }
        println!();
        let (mut cells, mut never) = (0, Vec::new());
        for ((function, operation), row) in &self.met {
            let call = format!("{function:?} {operation}");
            print!("{call:70}{:>16}", cell(row[0]));
            for (fault, times) in Fault::ALL.iter().zip(&row[1..]) {
                let fits = fault.fits_named(operation);
                print!("{:>14}", if fits { cell(*times) } else { "-".to_owned() });
                for (again, times) in times.iter().enumerate().filter(|_| fits) {
                    cells += 1;
                    if *times == 0 {
                        let when = ["in a first delivery", "in a later one"][again];
                        never.push(format!("{call}: {fault:?} {when}"));
                    }
                }
            }
            println!();
        }
        println!(
            "{} of {cells} (call x fault x redelivery) were met; never:",
            cells - never.len()
        );
        for line in never {
            println!("  {line}");
        }
    }

    /// How much happened, in one line.
    pub fn sums(&self) -> String {
        let Size {
            tickets,
            merged,
            accepted,
            deliveries,
            ticks,
            faults,
            mails,
            window,
            ..
        } = self.size;
        format!(
            "{} failed: {tickets} tickets, {merged} of them merged, {accepted} inputs, {deliveries} deliveries, {ticks} ticks, {faults} faults, {mails} mails, {window} of them twice in the window",
            self.failed
        )
    }
}

fn cell([first, later]: [u32; 2]) -> String {
    format!("{first}+{later}")
}

/// Does so many pieces of work on all cores, until one of them says that it is enough; each run is a thread's own.
pub fn all(count: u64, work: impl Fn(u64) -> bool + Sync) {
    let (next, enough) = (AtomicU64::new(0), AtomicBool::new(false));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let worker = || {
        while !enough.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            if !work(number) {
                enough.store(true, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
    });
}
