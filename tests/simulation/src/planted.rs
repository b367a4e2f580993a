//! Bugs that are planted into a copy of the tree, one at a time, to see whether the simulation finds them. The shipped code
//! knows nothing of it.

mod patch;
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub use patch::Patch;
use tree::Tree;

/// A bug that is not found within so many seeds is one that the simulation does not find.
const SEEDS: u64 = 1_000;

/// A run with a planted bug that has not ended by then stands still.
const PATIENCE: Duration = Duration::from_mins(30);

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All bugs there are, by name.
///
/// # Errors
/// A file of the folder that is not a patch.
pub fn patches() -> Result<Vec<Patch>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("planted");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut all = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        all.push(Patch::read(&name, &text).map_err(|error| format!("{name}: {error}"))?);
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// Plants each of the named bugs, or all, and says in which seed each was found. True if all were.
///
/// # Errors
/// A bug that there is not, one that does not fit the tree any more, or one that does not compile.
pub fn plant(names: &[String]) -> Result<bool, String> {
    let all = patches()?;
    if let Some(name) = names
        .iter()
        .find(|name| all.iter().all(|it| it.name != **name))
    {
        return Err(format!(
            "there is no bug named {name}; see tests/simulation/planted"
        ));
    }
    let tree = Tree::copied(&root())?;
    let chosen = all
        .iter()
        .filter(|it| names.is_empty() || names.contains(&it.name));
    let mut left: Vec<&Patch> = chosen.collect();
    let (mut found, count) = (0, left.len());
    while !left.is_empty() {
        let (changed, together) = build_of(&tree, &mut left)?;
        let began = Instant::now();
        let program = tree.built(&changed)?;
        println!(
            "{} built in {} s",
            together.len(),
            began.elapsed().as_secs()
        );
        for patch in together {
            found += usize::from(run_with(&program, patch)?);
        }
    }
    println!("{found} of {count} planted bugs were found");
    Ok(found == count)
}

/// The next build: the first of the bugs that are left, and with it all others that can sleep beside it.
fn build_of<'a>(
    tree: &Tree,
    left: &mut Vec<&'a Patch>,
) -> Result<(BTreeMap<String, String>, Vec<&'a Patch>), String> {
    let first = left.remove(0);
    if !first.sleeps() {
        return Ok((first.applied(|path| tree.file(path))?, vec![first]));
    }
    let mut changed = first.asleep(|path| tree.file(path))?;
    let mut together = vec![first];
    left.retain(|patch| {
        let file = |path: &str| changed.get(path).cloned().or_else(|| tree.file(path));
        // One that changes the same lines is built with those that come later.
        let Some(more) = Some(patch)
            .filter(|it| it.sleeps())
            .and_then(|it| it.asleep(file).ok())
        else {
            return true;
        };
        changed.extend(more);
        together.push(patch);
        false
    });
    Ok((changed, together))
}

/// Runs seeds with one bug awake, and says in which it was found, if in any.
fn run_with(program: &Path, patch: &Patch) -> Result<bool, String> {
    let began = Instant::now();
    let mut caught = caught(program, &patch.name, 0, SEEDS)?;
    // A seed that fails while the bug sleeps has found something else.
    while let Some((Some(seed), _)) = caught
        && patch.sleeps()
        && self::caught(program, "", seed, 1)?.is_some()
    {
        let next = seed + 1;
        caught = self::caught(program, &patch.name, next, SEEDS.saturating_sub(next))?;
    }
    let took = began.elapsed().as_secs_f64();
    let found = caught.is_some();
    let (seed, said) = caught.map_or_else(
        || ("none".to_owned(), "NOT FOUND".to_owned()),
        |(seed, said)| (seed.map_or("?".to_owned(), |it| it.to_string()), said),
    );
    println!(
        "{:32} seed {seed:>4} after {took:6.1} s: {said}",
        patch.name
    );
    println!("{:32} {}", "", patch.says);
    Ok(found)
}

/// The first seed that fails of so many, none where the run stands still, and what it says.
fn caught(
    program: &Path,
    name: &str,
    from: u64,
    seeds: u64,
) -> Result<Option<(Option<u64>, String)>, String> {
    let (from, seeds) = (from.to_string(), seeds.to_string());
    let run = Command::new(program)
        .args(["--seeds", &seeds, "--from", &from, "--first"])
        .env("PLANTED", name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut run = run.map_err(|error| format!("the simulation does not start: {error}"))?;
    let said = said(&mut run)?;
    let line = said.lines().find_map(|line| line.strip_prefix("seed "));
    let Some((seed, said)) = line.and_then(|line| line.split_once(": ")) else {
        return Ok(None);
    };
    Ok(Some((seed.parse().ok(), said.to_owned())))
}

/// What a program printed until it ended, or until it was ended because it stands still. It is read meanwhile: a pipe holds
/// 64 KB, and a bug may be told at more length.
fn said(run: &mut Child) -> Result<String, String> {
    let out = run.stdout.take().ok_or("the simulation says nothing")?;
    let reading = std::thread::spawn(move || std::io::read_to_string(out));
    let began = Instant::now();
    while run.try_wait().map_err(|error| error.to_string())?.is_none() {
        if began.elapsed() > PATIENCE {
            run.kill().map_err(|error| error.to_string())?;
            return Ok("seed ?: the run stands still".to_owned());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let said = reading.join().map_err(|_| "the simulation breaks off")?;
    said.map_err(|error| error.to_string())
}
