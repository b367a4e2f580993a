#![doc = include_str!("../README.md")]
#![warn(clippy::print_stdout)]

mod busy;
mod clock;
mod connection;
mod diff;
mod explain;
mod export;
mod local_env;
mod log_lines;
mod mail;
mod new;
mod page;
mod policy;
mod publish;
mod redrive;
mod replay;
mod say;
mod standing;
mod table;
mod text;
mod tickets;
mod verify;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Look after a support desk that keeps its promises
#[derive(Debug, Parser)]
#[command(name = "troth", version)]
struct Cli {
    #[command(flatten)]
    stack: connection::Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start, check, compare and publish policies
    #[command(subcommand)]
    Policy(PolicyCommand),
    Busy(busy::Args),
    Evidence(tickets::evidence::Args),
    Export(export::Args),
    Standing(standing::Args),
    Clock(clock::Args),
    Explain(explain::Args),
    #[command(subcommand)]
    Mail(mail::Command),
    Redrive(redrive::Args),
    #[command(subcommand)]
    Table(table::Command),
    #[command(subcommand)]
    Ticket(tickets::Command),
    Verify(verify::Args),
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    #[command(flatten)]
    Files(policy::Command),
    New(new::Args),
    Page(page::Args),
    Publish(publish::Args),
    Diff(diff::Args),
    Replay(replay::Args),
}

fn main() -> ExitCode {
    let Cli { stack, command } = Cli::parse();
    let outcome = match command {
        Command::Policy(command) => of_policy(&command, &stack),
        Command::Evidence(args) => tickets::evidence::run(&args, &stack)
            .map(done)
            .map_err(Into::into),
        Command::Export(args) => export::run(&args, &stack).map(done).map_err(Into::into),
        Command::Busy(args) => busy::run(&args, &stack).map(done).map_err(Into::into),
        Command::Standing(args) => standing::run(&args, &stack).map(done).map_err(Into::into),
        Command::Clock(args) => clock::run(&args).map(done).map_err(Into::into),
        Command::Explain(args) => explain::run(&args, &stack).map(done).map_err(Into::into),
        Command::Mail(command) => mail::run(&command, &stack),
        Command::Redrive(args) => redrive::run(&args, &stack),
        Command::Table(command) => table::run(&command, &stack).map(done).map_err(Into::into),
        Command::Verify(args) => verify::run(&args, &stack).map_err(Into::into),
        Command::Ticket(command) => tickets::run(&command, &stack).map(done).map_err(Into::into),
    };
    outcome.unwrap_or_else(|err: Box<dyn Error>| {
        if say::reader_is_gone(err.as_ref()) {
            return ExitCode::from(say::READER_GONE);
        }
        eprintln!("troth: {}", chain(err.as_ref()));
        ExitCode::FAILURE
    })
}

fn of_policy(
    command: &PolicyCommand,
    stack: &connection::Flags,
) -> Result<ExitCode, Box<dyn Error>> {
    Ok(match command {
        PolicyCommand::Files(command) => policy::run(command)?,
        PolicyCommand::New(args) => new::run(args)?,
        PolicyCommand::Diff(args) => diff::run(args, stack).map(done)?,
        PolicyCommand::Replay(args) => replay::run(args, stack).map(done)?,
        PolicyCommand::Page(args) => page::run(args)?,
        PolicyCommand::Publish(args) => publish::run(args, stack)?,
    })
}

/// The status of a command that did its work and found something that a person has to look at.
const LEFT: u8 = 3;

fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

/// An error with its causes, in one line.
fn chain(err: &dyn Error) -> String {
    let mut text = err.to_string();
    let mut cause = err.source();
    while let Some(err) = cause {
        text = format!("{text}: {err}");
        cause = err.source();
    }
    text
}
