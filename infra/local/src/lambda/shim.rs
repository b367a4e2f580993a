//! Starts a function so that it cannot outlive the runner, without unsafe code.
//!
//! The runner starts itself with a marker argument; that process asks the
//! kernel to be killed when its parent ends, and then becomes the function.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use tokio::process::Command;

const MARKER: &str = "become-function";

/// The command that ends up as `binary`; arguments may be added.
pub(crate) fn command(binary: &Path) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg(MARKER)
        .arg(std::process::id().to_string())
        .arg(binary);
    Ok(command)
}

/// Becomes the function if the arguments say so; returns only if they do not, or with the error.
pub(crate) fn become_function(arguments: &[OsString]) -> Option<std::io::Error> {
    match arguments {
        [_, marker, parent, binary, rest @ ..] if marker == MARKER => {
            let mut command = std::process::Command::new(PathBuf::from(binary));
            command.args(rest);
            Some(tie_to_parent(parent).unwrap_or_else(|| command.exec()))
        }
        _ => None,
    }
}

/// Elsewhere than on Linux a function ends when its next call of the Runtime API fails.
#[cfg(target_os = "linux")]
fn tie_to_parent(parent: &OsString) -> Option<std::io::Error> {
    use rustix::process::{Signal, getppid, set_parent_process_death_signal};
    if let Err(error) = set_parent_process_death_signal(Some(Signal::KILL)) {
        return Some(error.into());
    }
    // The parent may have ended before the line above.
    let now = getppid().map(|pid| pid.as_raw_nonzero().to_string());
    (now.as_deref() != parent.to_str())
        .then(|| std::io::Error::other("the runner has already ended"))
}

#[cfg(not(target_os = "linux"))]
fn tie_to_parent(_parent: &OsString) -> Option<std::io::Error> {
    None
}
