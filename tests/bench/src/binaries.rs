//! Builds the release binaries and weighs them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::Fallible;

pub(crate) const INTAKE: &str = "intake";
pub(crate) const INBOUND_EMAIL: &str = "inbound-email";
pub(crate) const SLA_TICK: &str = "sla-tick";
pub(crate) const NOTIFIER: &str = "notifier";
pub(crate) const MAIL_EVENTS: &str = "mail-events";

/// The functions, as packages and binaries are named.
pub(crate) const FUNCTIONS: [&str; 5] = [INTAKE, INBOUND_EMAIL, SLA_TICK, NOTIFIER, MAIL_EVENTS];

/// The yardstick.
pub(crate) const BARE: &str = "bare";

/// What a zip file with the one entry `bootstrap` has besides the entry's compressed bytes: local header (30),
/// directory entry (46), end of directory (22), and the name twice.
const ZIP_FRAME: usize = 30 + 46 + 22 + 2 * "bootstrap".len();

/// Builds all that is measured in one go, so that the same features are chosen for all, and names their folder.
pub(crate) fn build() -> Fallible<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).ok_or("this binary has no folder")?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--release", "--target-dir"])
        .arg(target)
        .current_dir(crate::root());
    // `cargo run` tells this process about its package; build scripts that look at that would run anew each time.
    for (name, _) in std::env::vars_os() {
        let told = |prefix: &str| name.as_encoded_bytes().starts_with(prefix.as_bytes());
        if told("CARGO_PKG_") || told("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    for package in FUNCTIONS.into_iter().chain([BARE]) {
        cargo.args(["--package", package]);
    }
    if cargo.status()?.success() {
        Ok(target.join("release"))
    } else {
        Err("the functions do not build; cargo's messages above say why".into())
    }
}

/// The size of a zip file that holds the binary alone, deflated as well as deflate can.
pub(crate) fn zipped(binary: &Path) -> Fallible<usize> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&std::fs::read(binary)?)?;
    Ok(encoder.finish()?.len() + ZIP_FRAME)
}
