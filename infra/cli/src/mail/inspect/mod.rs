//! `troth mail inspect`: how a mail would be filed, and why. It calls what `inbound-email` calls.

mod lines;
mod people;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// Show how a mail reads: its kind and why, its new words, the folded rest, its files, what it reports.
///
/// Without a file it reads JSON lines `{"id", "path", "format"}` (`eml`, `text` or `html`) on standard
/// input and prints one JSON object for each.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Raw mails, as they came
    files: Vec<PathBuf>,
    /// The envelope sender; `<>` for the null sender. Left out, Return-Path counts
    #[arg(long, value_name = "ADDRESS")]
    envelope_from: Option<String>,
    /// Print the HTML of the mail instead, as it is safe to show
    #[arg(long, requires = "files")]
    html: bool,
}

/// Why a mail cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0} cannot be read")]
    File(PathBuf, #[source] io::Error),
    #[error(
        "line {0} on standard input is not a JSON object with id, path and format; `troth mail inspect FILE` takes a mail itself"
    )]
    Line(usize, #[source] serde_json::Error),
    #[error("standard input or output broke off")]
    Stream(#[from] io::Error),
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Error> {
    let mut out = io::stdout().lock();
    if args.files.is_empty() {
        lines::answer(io::stdin().lock(), &mut out)?;
    }
    for file in &args.files {
        let raw = std::fs::read(file).map_err(|err| Error::File(file.clone(), err))?;
        let shown = if args.html {
            mail::display_html(&raw).unwrap_or_else(|| "The mail has no HTML.".to_owned()) + "\n"
        } else {
            if args.files.len() > 1 {
                writeln!(out, "== {}", crate::text::line(&file.to_string_lossy()))?;
            }
            people::describe(&raw, args.envelope_from.as_deref())
        };
        out.write_all(shown.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
