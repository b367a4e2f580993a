//! The data directory: ours alone, held by one runner at a time.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::stop::{Doing, Stop};

const MARKER: &str = "made-by-troth-local";

/// An owned, locked data directory.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Opens or makes the directory. One that holds anything else is refused,
    /// so that `--fresh` can never wipe somebody's files.
    pub(crate) fn open(path: &Path, fresh: bool) -> Result<Self, Stop> {
        let shown = path.display();
        let marker = path.join(MARKER);
        let empty = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
            Err(error) => return Err(Stop::new(format!("cannot read {shown}: {error}"))),
        };
        if !empty && !marker.is_file() {
            return Err(Stop::new(format!(
                "{shown} was not made by this runner; give --data a directory of its own"
            )));
        }
        fs::create_dir_all(path).doing(format!("create {shown}"))?;
        let lock = File::create(&marker).doing(format!("write into {shown}"))?;
        lock.try_lock()
            .map_err(|_| Stop::new(format!("another local runner is using {shown}")))?;
        let path = path.canonicalize().doing(format!("find {shown}"))?;
        if fresh {
            wipe(&path).doing(format!("empty {shown}"))?;
        }
        Ok(Self { path, _lock: lock })
    }

    /// A path inside the directory.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A folder inside the directory, made if missing.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, Stop> {
        let path = self.join(name);
        fs::create_dir_all(&path).doing(format!("create {}", path.display()))?;
        Ok(path)
    }
}

fn wipe(path: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a file so that a killed process leaves the old content or the new, never half.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let mut file = File::create(&part)?;
    file.write_all(content)?;
    drop(file);
    fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_refuses_a_directory_that_the_runner_did_not_make() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.txt"), "precious").unwrap();
        let refusal = DataDir::open(dir.path(), true).unwrap_err().to_string();
        assert!(refusal.contains("was not made by this runner"), "{refusal}");
        assert!(dir.path().join("thesis.txt").exists());
    }

    #[test]
    fn fresh_empties_its_own_directory_and_a_plain_start_keeps_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("data");
        let data = DataDir::open(&path, false).unwrap();
        fs::write(data.join("clock.json"), "{}").unwrap();
        drop(data);
        drop(DataDir::open(&path, false).unwrap());
        assert!(path.join("clock.json").exists());
        drop(DataDir::open(&path, true).unwrap());
        assert!(!path.join("clock.json").exists());
    }

    #[test]
    fn a_second_runner_on_the_same_directory_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let _first = DataDir::open(root.path(), false).unwrap();
        let refusal = DataDir::open(root.path(), false).unwrap_err().to_string();
        assert!(refusal.contains("another local runner"), "{refusal}");
    }
}
