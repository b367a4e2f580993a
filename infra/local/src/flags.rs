//! The command line.

use std::path::PathBuf;

use clap::Parser;
use jiff::Timestamp;

/// Runs the stack of infra/template.yaml on this machine, on loopback only.
#[derive(Debug, Clone, Parser)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(name = "local", version)]
pub(crate) struct Flags {
    /// Directory that keeps tickets, mail and queues between runs.
    #[arg(long, default_value = ".troth")]
    pub(crate) data: PathBuf,
    /// Port of the HTTP API and of the /_local/ pages; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Port that receives mail; 0 takes a free one.
    #[arg(long, default_value_t = 2525)]
    pub(crate) smtp_port: u16,
    /// Policy directory to publish at the start [default: policies/web-host-au beside the template].
    #[arg(long)]
    pub(crate) policy: Option<PathBuf>,
    /// Play a week at a desk of each policy that has a story in local/demo/ beside the template, and leave the desks
    /// open: --port then serves the page that links them; with --policy only that policy's desk.
    #[arg(long, conflicts_with_all = ["at", "speed"])]
    pub(crate) demo: bool,
    /// Empty the data directory first.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// The instant at which the clock of a new data directory starts, such as 2026-11-23T09:00:00+11:00 [default: now].
    #[arg(long)]
    pub(crate) at: Option<Timestamp>,
    /// Virtual seconds that pass in one real second.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub(crate) speed: f64,
    /// While the clock is advanced, run ticks too that the last answer proves idle.
    #[arg(long)]
    pub(crate) every_tick: bool,
    /// Put faults between functions and services and into every delivery, by this seed: killed processes, lost and cut
    /// answers, throttles, lost, doubled and late events. /_local/chaos tells of them, and turns them off.
    #[arg(long, conflicts_with = "demo")]
    pub(crate) chaos: Option<u64>,
    /// Port on this machine of an emulator that keeps the tables instead of the built-in one;
    /// every tick runs then, since nobody tells when something was written there.
    #[arg(long, conflicts_with = "demo")]
    pub(crate) dynamodb_port: Option<u16>,
    /// Take the function binaries as they are.
    #[arg(long)]
    pub(crate) no_build: bool,
    /// Build and run the functions with the release profile.
    #[arg(long)]
    pub(crate) release: bool,
    /// The SAM template.
    #[arg(long, default_value = "infra/template.yaml")]
    pub(crate) template: PathBuf,
    /// Where the binaries are, if not in cargo's target directory.
    #[arg(long)]
    pub(crate) bin_dir: Option<PathBuf>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed > 0.0 && speed <= 100_000.0 => Ok(speed),
        _ => Err("is not a number between 0 and 100000".to_owned()),
    }
}
