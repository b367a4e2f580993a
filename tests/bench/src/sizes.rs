//! How large the zip files are that would be deployed.

use std::path::Path;

use crate::Fallible;
use crate::binaries::{BARE, FUNCTIONS, zipped};
use crate::report::{Report, Target};

/// In bytes.
const MOST: usize = 5_000_000;

pub(crate) fn measure(folder: &Path, report: &mut Report) -> Fallible<()> {
    let bare = zipped(&folder.join(BARE))?;
    for function in FUNCTIONS {
        let bytes = zipped(&folder.join(function))?;
        let target = Target::of("at most 5 MB", bytes <= MOST);
        report.row(
            format!("zip of `{function}`"),
            megabytes(bytes),
            &target,
            megabytes(bare),
        );
    }
    Ok(())
}

fn megabytes(bytes: usize) -> String {
    format!("{}.{:02} MB", bytes / 1_000_000, bytes % 1_000_000 / 10_000)
}
