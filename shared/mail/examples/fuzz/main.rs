//! A fuzzer for what reads strangers' bytes: `cargo run --release -p mail --example fuzz -- TARGET --seconds 600`.
//!
//! Targets: mail, address, reply, sanitise, reply-address, all. It knows the structure of each input:
//! pieces that mean something are joined, repeated, cut and mutated, and inputs of new behaviour are kept
//! and mutated further. `--corpus FOLDER` adds files as a start and gets what is kept; `--seed N` repeats
//! a run. A finding is written to `finding-TARGET` in the folder and ends the run. It needs no nightly
//! compiler; in return it sees what a target answers, not which branches it took.

mod pieces;
mod random;
mod targets;

use std::{
    collections::HashSet,
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    time::{Duration, Instant},
};

use random::Random;
use targets::Target;

struct Options {
    target: String,
    time: Duration,
    corpus: PathBuf,
    seed: u64,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        target: "all".to_owned(),
        time: Duration::from_mins(1),
        corpus: PathBuf::from("target/fuzz"),
        seed: 1,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--seconds" => options.time = Duration::from_secs(value()?.parse()?),
            "--corpus" => options.corpus = PathBuf::from(value()?),
            "--seed" => options.seed = value()?.parse()?,
            name => name.clone_into(&mut options.target),
        }
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let chosen: Vec<&Target> = targets::ALL
        .iter()
        .filter(|t| options.target == "all" || options.target == t.name)
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = targets::ALL.iter().map(|t| t.name).collect();
        return Err(format!("choose one of {}, all", names.join(", ")).into());
    }
    for target in chosen {
        run(target, &options)?;
    }
    Ok(())
}

/// Inputs kept; more would only repeat.
const KEPT: usize = 2_000;

fn run(target: &Target, options: &Options) -> Result<(), Box<dyn Error>> {
    let folder = options.corpus.join(target.name);
    std::fs::create_dir_all(&folder)?;
    let mut kept: Vec<Vec<u8>> = std::fs::read_dir(&folder)?
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path()).ok())
        .take(KEPT)
        .collect();
    let (started_with, mut seen) = (kept.len(), HashSet::new());
    let mut random = Random::new(options.seed);
    let (start, mut runs) = (Instant::now(), 0u64);
    while start.elapsed() < options.time {
        let input = pieces::input(target.pieces, &kept, &mut random);
        runs += 1;
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(&input)));
        match outcome {
            Ok(Ok(behaviour)) if seen.insert(behaviour) && kept.len() < KEPT => {
                std::fs::write(
                    folder.join(format!("{}-{}", options.seed, kept.len())),
                    &input,
                )?;
                kept.push(input);
            }
            Ok(Ok(_)) => {}
            Ok(Err(why)) => return finding(target, options, &input, &why),
            Err(_) => return finding(target, options, &input, "panic"),
        }
    }
    println!(
        "{:<14} {runs} inputs in {} s, {} kept ({started_with} before), no finding",
        target.name,
        start.elapsed().as_secs(),
        kept.len()
    );
    Ok(())
}

fn finding(
    target: &Target,
    options: &Options,
    input: &[u8],
    why: &str,
) -> Result<(), Box<dyn Error>> {
    let path = options.corpus.join(format!("finding-{}", target.name));
    std::fs::write(&path, input)?;
    Err(format!("{}: {why}; the input is in {}", target.name, path.display()).into())
}
