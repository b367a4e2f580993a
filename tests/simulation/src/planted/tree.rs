//! A copy of the tree with a target folder of its own. What was built of other people's crates is shared by hard links;
//! our own are built anew, because cargo writes their files in place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub(super) struct Tree {
    /// Where the copy is.
    root: PathBuf,
    /// The files of the tree as they are, by their paths.
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Copies what git knows of the tree, and links what was built of other people's crates.
    pub(super) fn copied(from: &Path) -> Result<Self, String> {
        let root = from.join("target/planted");
        let listed = output(
            from,
            "git",
            &[
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ],
        )?;
        let mut files = BTreeMap::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // A file that was deleted and is not committed yet is none.
            if let Ok(content) = fs::read(from.join(path)) {
                files.insert(path.to_owned(), content);
            }
        }
        let tree = Self { root, files };
        tree.write(&BTreeMap::new())?;
        tree.link(from)?;
        Ok(tree)
    }

    /// A file of the tree as it was when it was copied.
    pub(super) fn file(&self, path: &str) -> Option<String> {
        String::from_utf8(self.files.get(path)?.clone()).ok()
    }

    /// Builds the simulation with these files changed; answers the program.
    pub(super) fn built(&self, changed: &BTreeMap<String, String>) -> Result<PathBuf, String> {
        self.write(changed)?;
        // With the features of the whole workspace, as tests are built: what is built of other people's crates fits.
        let arguments = [
            "test",
            "--workspace",
            "--test",
            "seeds",
            "--no-run",
            "--locked",
            "--quiet",
        ];
        output(&self.root, env!("CARGO"), &arguments)?;
        Ok(self.root.join("target/debug/simulation"))
    }

    /// Makes the copy what it should be. What is so already is not touched, so that it is not built again.
    fn write(&self, changed: &BTreeMap<String, String>) -> Result<(), String> {
        for (path, content) in &self.files {
            let content = changed.get(path).map_or(&content[..], String::as_bytes);
            let to = self.root.join(path);
            if fs::read(&to).is_ok_and(|there| there == content) {
                continue;
            }
            let written = to.parent().map_or(Ok(()), fs::create_dir_all);
            let written = written.and_then(|()| fs::write(&to, content));
            written.map_err(|error| format!("{}: {error}", to.display()))?;
        }
        Ok(())
    }

    fn link(&self, from: &Path) -> Result<(), String> {
        let ours = targets(from)?;
        for folder in [".fingerprint", "build", "deps"] {
            let inner = Path::new("target/debug").join(folder);
            let linked = link_all(&from.join(&inner), &self.root.join(&inner), &ours);
            linked.map_err(|error| format!("{}: {error}", inner.display()))?;
        }
        Ok(())
    }
}

/// The names under which cargo keeps what it builds of our own crates.
fn targets(root: &Path) -> Result<BTreeSet<String>, String> {
    let metadata = output(
        root,
        env!("CARGO"),
        &[
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ],
    )?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"]);
    let targets = packages
        .iter()
        .flat_map(|package| list(&package["targets"]));
    let all = targets
        .map(|target| name(&target))
        .chain(packages.iter().map(name));
    Ok(all
        .flat_map(|name| [name.replace('-', "_"), name])
        .collect())
}

/// Links every file whose name is not one of ours, `<name>-<hash>` or `lib<name>-<hash>`, with its folders.
fn link_all(from: &Path, to: &Path, ours: &BTreeSet<String>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let stem = name
            .rsplit_once('-')
            .map_or(name.as_str(), |(stem, _)| stem);
        let target = to.join(&name);
        if ours.contains(stem) || ours.contains(stem.strip_prefix("lib").unwrap_or(stem)) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            link_all(&entry.path(), &target, &BTreeSet::new())?;
        } else if !target.exists() {
            fs::hard_link(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// What a program prints.
fn output(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    let run = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        // Nobody debugs a planted bug, and it takes time.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output();
    let run = run.map_err(|error| format!("{program}: {error}"))?;
    if run.status.success() {
        return Ok(String::from_utf8_lossy(&run.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&run.stderr);
    Err(format!(
        "{program} {} in {} failed:\n{said}",
        arguments.join(" "),
        folder.display()
    ))
}
