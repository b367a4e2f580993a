//! `troth mail`: look at mail without sending or filing any.

mod inspect;
mod preview;

use std::error::Error;
use std::process::ExitCode;

use crate::connection::Flags;

/// Look at mail without sending or filing any
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Inspect(inspect::Args),
    Preview(preview::Args),
}

pub(crate) fn run(command: &Command, flags: &Flags) -> Result<ExitCode, Box<dyn Error>> {
    Ok(match command {
        Command::Inspect(args) => inspect::run(args)?,
        Command::Preview(args) => preview::run(args, flags)?,
    })
}
