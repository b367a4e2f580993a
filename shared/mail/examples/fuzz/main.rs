//! A fuzzer for what reads strangers' bytes: `cargo run --release -p mail --example fuzz -- TARGET --seconds 600`.
//!
//! Targets: mail, address, reply, sanitise, reply-address, all. It knows the structure of each input:
//! pieces that mean something are joined, repeated, cut and mutated. The shortest input of each behaviour is kept,
//! mutated further, and written at the end to `TARGET` in the corpus (`--corpus FOLDER`, else `fuzz/` of this package),
//! from which the next run starts and which `cargo test -p mail --test fuzz` plays again; `--seed N` repeats a run. A
//! finding is written to `finding-TARGET` in the folder and ends the run. It needs no nightly compiler; in return it
//! sees what a target answers, not which branches it took.

mod corpus;
mod pieces;
mod random;
mod targets;

use std::{
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use corpus::Corpus;
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
        corpus: Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz"),
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

fn run(target: &Target, options: &Options) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(&options.corpus)?;
    let path = options.corpus.join(target.name);
    let mut corpus = Corpus::default();
    for input in corpus::read(&path)? {
        corpus.keep((target.check)(&input)?, input);
    }
    let (started_with, mut random) = (corpus.inputs.len(), Random::new(options.seed));
    let (start, mut runs) = (Instant::now(), 0u64);
    while start.elapsed() < options.time {
        let input = pieces::input(target.pieces, &corpus.inputs, &mut random);
        runs += 1;
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(&input)));
        match outcome {
            Ok(Ok(behaviour)) => corpus.keep(behaviour, input),
            Ok(Err(why)) => return finding(target, options, &input, &why),
            Err(_) => return finding(target, options, &input, "panic"),
        }
    }
    let kept = corpus.inputs.len();
    corpus.write(&path)?;
    println!(
        "{:<14} {runs} inputs in {} s, {kept} behaviours ({started_with} before), no finding",
        target.name,
        start.elapsed().as_secs(),
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
