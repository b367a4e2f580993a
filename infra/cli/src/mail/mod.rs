//! `troth mail`: look at mail, and make tickets of what was filed without one.

mod acknowledgements;
mod filed;
mod inspect;
mod preview;

use std::error::Error;
use std::process::ExitCode;

use crate::connection::Flags;

/// Look at mail, and make tickets of what was filed without one
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Acknowledgements(acknowledgements::Args),
    Filed(filed::Args),
    Inspect(inspect::Args),
    Preview(preview::Args),
    Ticket(filed::TicketArgs),
}

pub(crate) fn run(command: &Command, flags: &Flags) -> Result<ExitCode, Box<dyn Error>> {
    Ok(match command {
        Command::Acknowledgements(args) => {
            acknowledgements::run(args, flags).map(|()| ExitCode::SUCCESS)?
        }
        Command::Filed(args) => filed::run(args, flags).map(|()| ExitCode::SUCCESS)?,
        Command::Inspect(args) => inspect::run(args)?,
        Command::Preview(args) => preview::run(args, flags)?,
        Command::Ticket(args) => filed::ticket(args, flags).map(|()| ExitCode::SUCCESS)?,
    })
}
