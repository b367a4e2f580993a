//! Standard output.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process;

/// The status of a command whose reader left: what a shell makes of a program that `SIGPIPE` ended.
pub(crate) const READER_GONE: u8 = 141;

/// Prints exactly `text`. Whoever reads may stop before the end (`troth export | head`): then the command ends there,
/// quietly, since nobody is left to tell; what it did before it spoke is done. Any other failure, such as a full disk,
/// ends it with a sentence.
pub(crate) fn say(text: impl Display) {
    let mut out = io::stdout().lock();
    let Err(error) = write!(out, "{text}").and_then(|()| out.flush()) else {
        return;
    };
    if reader_is_gone(&error) {
        process::exit(READER_GONE.into());
    }
    eprintln!("troth: the answer could not be written: {error}");
    process::exit(1);
}

/// Whether an error comes of a reader who left before the end.
pub(crate) fn reader_is_gone(error: &(dyn Error + 'static)) -> bool {
    let own = error.downcast_ref::<io::Error>();
    own.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
        || error.source().is_some_and(reader_is_gone)
}
