//! Bugs that are planted into a copy of the tree, one at a time, to see whether the simulation finds them. The shipped code
//! knows nothing of it.

mod patch;
mod tree;

use std::fs;
use std::io::Read as _;
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
    let mut found = 0;
    let chosen = all
        .iter()
        .filter(|it| names.is_empty() || names.contains(&it.name));
    let chosen: Vec<&Patch> = chosen.collect();
    for patch in &chosen {
        let changed = patch.applied(|path| tree.file(path))?;
        let began = Instant::now();
        let program = tree.built(&changed)?;
        let (built, began) = (began.elapsed().as_secs(), Instant::now());
        let caught = caught(&program)?;
        let took = began.elapsed().as_secs_f64();
        let (seed, said) = caught.unwrap_or_else(|| ("none".to_owned(), "NOT FOUND".to_owned()));
        found += usize::from(seed != "none");
        println!(
            "{:32} built in {built:4} s, seed {seed:>4} after {took:6.1} s: {said}",
            patch.name
        );
        println!("{:32} {}", "", patch.says);
    }
    println!("{found} of {} planted bugs were found", chosen.len());
    Ok(found == chosen.len())
}

/// The first seed that fails, and what it says.
fn caught(program: &Path) -> Result<Option<(String, String)>, String> {
    let seeds = SEEDS.to_string();
    let run = Command::new(program)
        .args(["--seeds", &seeds, "--first"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut run = run.map_err(|error| format!("the simulation does not start: {error}"))?;
    let said = said(&mut run)?;
    let line = said.lines().find_map(|line| line.strip_prefix("seed "));
    Ok(line
        .and_then(|line| line.split_once(": "))
        .map(|(seed, said)| (seed.to_owned(), said.to_owned())))
}

/// What a program printed until it ended, or until it was ended because it stands still.
fn said(run: &mut Child) -> Result<String, String> {
    let began = Instant::now();
    while run.try_wait().map_err(|error| error.to_string())?.is_none() {
        if began.elapsed() > PATIENCE {
            run.kill().map_err(|error| error.to_string())?;
            return Ok("seed ?: the run stands still".to_owned());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let mut said = String::new();
    let out = run.stdout.take().ok_or("the simulation says nothing")?;
    std::io::BufReader::new(out)
        .read_to_string(&mut said)
        .map_err(|error| error.to_string())?;
    Ok(said)
}
