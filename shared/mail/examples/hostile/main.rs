//! What hostile mail costs: `cargo run --release -p mail --example hostile`.
//!
//! Each case is decided in a process of its own, which prints the processor time that it took and the peak
//! of its memory, the mail itself included. Bounds: 1 s and 200 MB. Then each stage is given doubled input; linear is 2.0.

mod cases;
mod doubled;

use std::{
    error::Error,
    process::{Command, ExitCode},
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};

const MAX_MILLISECONDS: u128 = 1_000;
const MAX_MEGABYTES: u64 = 200;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    if let Some(name) = std::env::args().nth(1) {
        return decide(&name);
    }
    let mut good = true;
    for name in cases::NAMES {
        let program = std::env::current_exe()?;
        good &= Command::new(program).arg(name).status()?.success();
    }
    doubled::print();
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Decides one case and says what it cost.
fn decide(name: &str) -> Result<ExitCode, Box<dyn Error>> {
    let raw = cases::mail(name).ok_or_else(|| format!("there is no case {name}"))?;
    let before = processor_time();
    let parsed = mail::parse(&raw, Some("jo@x.example"));
    let html = mail::display_html(&raw);
    let time = processor_time().saturating_sub(before).as_millis();
    let decision = match &parsed {
        Ok(mail) => format!(
            "{}, {} KB text, {} files",
            mail.verdict.kind.as_str(),
            mail.text.len() / 1024,
            mail.attachments.len()
        ),
        Err(refused) => format!("kept raw: {refused}"),
    };
    drop(html);
    let peak = peak_megabytes()?;
    let good = time < MAX_MILLISECONDS && peak < MAX_MEGABYTES;
    println!(
        "{name:<22} {:>3} MB  {time:>5} ms  {peak:>4} MB peak  {}  {decision}",
        raw.len() / 1_000_000,
        if good { "ok  " } else { "OVER" }
    );
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Processor time of this process so far: what else runs on the machine does not count.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The most memory that this process had (Linux).
fn peak_megabytes() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|l| l.split_whitespace().next());
    Ok(kilobytes.ok_or("no VmHWM")?.parse::<u64>()? / 1024)
}
