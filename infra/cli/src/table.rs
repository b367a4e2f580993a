//! `troth table`: a copy of the table as lines of JSON, and a table filled from one.

use crate::say::say;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use store::{Copied, NotACopy};

use crate::connection::{self, Flags, Stack};
use crate::verify::scanned;

/// Copy the table to a file, or fill a new one
///
/// One item a line, as `DynamoDB` exports a table to S3. The file holds everybody's words and addresses.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write every item to a file that must not exist yet; stop the functions first, or copy a restored table
    Save {
        /// The file
        file: PathBuf,
    },
    /// Fill a table that has no tickets yet; its timers stay off until `troth verify --repair --restored`
    Load {
        /// The file, unpacked
        file: PathBuf,
        /// Go on with a load that was broken off
        #[arg(long)]
        resume: bool,
    },
}

/// Why a table was not copied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("{path} cannot be read or written")]
    File {
        path: PathBuf,
        #[source]
        err: io::Error,
    },
    #[error("line {line} of {path}")]
    Line {
        path: PathBuf,
        line: usize,
        #[source]
        err: NotACopy,
    },
    #[error(
        "the table has tickets: load into a new one, or give --resume to go on with a load that was broken off"
    )]
    NotEmpty,
}

connection::takes_store_errors!(Error);

pub(crate) fn run(command: &Command, flags: &Flags) -> Result<(), Error> {
    let stack = Stack::find(flags)?;
    match command {
        Command::Save { file } => connection::wait(save(&stack, file))?,
        Command::Load { file, resume } => connection::wait(load(&stack, file, *resume))?,
    }
}

fn of_file(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |err| Error::File {
        path: path.clone(),
        err,
    }
}

async fn save(stack: &Stack, path: &Path) -> Result<(), Error> {
    let failed = of_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = BufWriter::new(options.open(path).map_err(&failed)?);
    let (mut lines, mut written) = (0_usize, Ok(()));
    let each = |line: String| {
        if written.is_ok() {
            written = writeln!(file, "{line}");
            lines += 1;
        }
    };
    stack.store.every_line(&mut scanned(), each).await?;
    written.and_then(|()| file.flush()).map_err(&failed)?;
    say(format_args!("{lines} items in {}\n", path.display()));
    Ok(())
}

async fn load(stack: &Stack, path: &Path, resume: bool) -> Result<(), Error> {
    let failed = of_file(path);
    if !resume {
        let now = stack.now()?;
        let survey = stack.store.survey(now, &mut scanned()).await?;
        if !survey.tickets.is_empty() {
            return Err(Error::NotEmpty);
        }
    }
    let file = BufReader::new(File::open(path).map_err(&failed)?);
    let (mut written, mut there) = (0_usize, 0_usize);
    for (place, line) in file.lines().enumerate() {
        let item: Copied = line.map_err(&failed)?.parse().map_err(|err| Error::Line {
            path: path.to_owned(),
            line: place + 1,
            err,
        })?;
        if stack.store.put_copied(item).await? {
            written += 1;
        } else {
            there += 1;
        }
        if (place + 1) % 5000 == 0 {
            eprintln!("{} items", place + 1);
        }
    }
    say(format_args!(
        "{written} items written, {there} were there; now `troth verify --repair --restored`\n"
    ));
    Ok(())
}
