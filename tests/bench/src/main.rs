#![doc = include_str!("../README.md")]

mod binaries;
mod cpu;
mod desk;
mod events;
mod load;
mod memory;
mod opening;
mod overload;
mod process;
mod report;
mod runtime_api;
mod scales;
mod services;
mod sizes;
mod starts;
mod tick;
mod units;
mod wire;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::Report;

/// Whatever goes wrong ends the run with one sentence.
type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some("overload") => overload(arguments.next()).await,
        Some("load") => load(arguments.next()).await,
        _ => run().await.map(|report| println!("{report}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `overload [TICKETS]`: with the binaries of the profile that this one was built with.
async fn overload(tickets: Option<String>) -> Fallible<()> {
    let tickets = tickets.map_or(Ok(50_000), |tickets| tickets.parse())?;
    overload::measure(&own_folder()?, tickets).await
}

/// `load [SECONDS]`: the same binaries under a steady load.
async fn load(seconds: Option<String>) -> Fallible<()> {
    let seconds = seconds.map_or(Ok(600), |seconds| seconds.parse())?;
    load::measure(&own_folder()?, seconds).await
}

fn own_folder() -> Fallible<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.parent().ok_or("this binary has no folder")?.to_owned())
}

async fn run() -> Fallible<Report> {
    let mut report = Report::default();
    progress("building the release binaries");
    let folder = binaries::build()?;
    progress("sizes");
    sizes::measure(&folder, &mut report)?;
    progress("starts");
    starts::measure(&folder, &mut report).await?;
    progress("memory");
    memory::measure(&folder, &mut report).await?;
    progress("opening a ticket");
    opening::measure(&folder, &mut report).await?;
    progress("a tick with nothing due");
    tick::measure(&folder, &mut report).await?;
    progress("CPU time of 1,000 tickets");
    cpu::measure(&folder, &mut report).await?;
    Ok(report)
}

fn progress(step: &str) {
    eprintln!("bench: {step}");
}

/// An answer that was not the one expected, cut so that a page of HTML does not bury it.
fn answered(
    function: &str,
    answer: &serde_json::Value,
) -> Box<dyn std::error::Error + Send + Sync> {
    let answer: String = answer.to_string().chars().take(500).collect();
    format!("{function} answered {answer}").into()
}

/// The workspace's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
