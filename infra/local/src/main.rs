#![doc = include_str!("../README.md")]

mod activity;
mod binaries;
mod chaos;
mod clock;
mod cloud;
mod data_dir;
mod demo;
mod environment;
mod flags;
mod http_api;
mod lambda;
mod ledger;
mod pages;
mod poller;
mod ports;
mod receiving;
mod services;
mod smtp;
mod stop;
mod template;
mod ticks;
mod timeline;
mod troth;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use cloud::Cloud;
use data_dir::DataDir;
use flags::Flags;
use ports::Ports;
use stop::{Doing, Stop};
use template::Addresses;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let Some(error) = lambda::shim::become_function(&arguments) {
        eprintln!("cannot start the function: {error}");
        return ExitCode::FAILURE;
    }
    let outcome = Flags::parse();
    match run(&outcome) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("local: {stop}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(flags: &Flags) -> Result<(), Stop> {
    // Both before anything says "ready": a signal that finds no listener kills the process.
    let mut interrupt = signal(SignalKind::interrupt()).doing("listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).doing("listen for signals")?;
    let serving = async {
        if flags.demo {
            demo::serve(flags).await
        } else {
            serve(flags).await
        }
    };
    tokio::select! {
        outcome = serving => outcome,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

/// Serves until the future is dropped; everything it started ends with it.
async fn serve(flags: &Flags) -> Result<(), Stop> {
    let data = DataDir::open(&flags.data, flags.fresh)?;
    let ports = Ports::bind(flags).await?;
    let addresses = ports.addresses.clone();
    let stack = template::load(
        &flags.template,
        Addresses {
            http_api: format!("http://{}", addresses.http),
            sqs: format!("http://{}", addresses.services),
        },
    )
    .map_err(|error| Stop::new(error.to_string()))?;
    let bin_dir = binaries::folder(flags)?;
    binaries::ready(&stack, flags, &bin_dir).await?;
    let cloud = cloud::start(stack, flags, &data, ports, &bin_dir)?;
    publish(&cloud, flags).await?;
    cloud::run(&cloud);
    addresses.keep(&data.join("ports.json"))?;
    announce(&cloud);
    std::future::pending().await
}

/// Publishes the policy of the flags; the default only where it exists.
async fn publish(cloud: &Cloud, flags: &Flags) -> Result<(), Stop> {
    let default = || -> Option<PathBuf> {
        let folder = flags.template.parent()?.join("policies/web-host-au");
        folder.is_dir().then_some(folder)
    };
    let Some(policy) = flags.policy.clone().or_else(default) else {
        return Ok(());
    };
    let said = cloud.troth.publish(&policy, cloud.clock.now()).await?;
    print(said.trim_end());
    Ok(())
}

fn announce(cloud: &Cloud) {
    let address = &cloud.http_address;
    print(&format!(
        "ready http://{address}/ (runner http://{address}/_local/, mail http://{address}/_local/mail, SMTP {})",
        cloud.smtp_address
    ));
}

/// Writes a line to whoever started the runner; a closed pipe is no reason to stop.
fn print(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
