//! Writes down the ready policies, so that the binary carries them: every file of every folder under `infra/policies`.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../policies");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut ready = String::from("&[\n");
    // The schema beside the policies is a file.
    for policy in sorted(&folder)?.into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&policy, &mut files)?;
        let id = policy
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or("a name that is not text")?;
        writeln!(ready, "({id:?}, &[")?;
        for file in files {
            let name = file
                .strip_prefix(&policy)?
                .to_str()
                .ok_or("a name that is not text")?;
            let file = file.canonicalize()?;
            let file = file.to_str().ok_or("a path that is not text")?;
            writeln!(ready, "({name:?}, include_str!({file:?})),")?;
        }
        ready.push_str("]),\n");
    }
    ready.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("ready.rs"), ready)?;
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect();
    let mut entries = entries?;
    entries.sort();
    Ok(entries)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for path in sorted(folder)? {
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
