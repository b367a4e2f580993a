//! `troth redrive`: what was given up by a machine goes back to its handler, once its cause is gone.

mod letter;
mod parked;
mod queues;

use crate::say::say;
use std::collections::BTreeSet;
use std::error::Error;
use std::process::ExitCode;

use crate::LEFT;
use crate::connection::{self, Flags, Stack};
use crate::text;

/// Give what was given up back to its handler, or list it
///
/// Without WHAT: everything but what a restore holds back. Each thing leaves its place only after its handler has it, so
/// that the command may be killed at any instant; what is handled twice is handled once. What fails again comes back.
///
/// Status 0: nothing is left. 3: something is, with a sentence what to do. 1: the command failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to give back
    #[arg(value_enum)]
    what: Vec<What>,
    /// Only list what is there and why
    #[arg(long)]
    dry_run: bool,
    /// Give held notices up instead of sending them
    #[arg(long, conflicts_with = "dry_run")]
    drop: bool,
}

/// Where things end up that were given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
enum What {
    /// Events of functions that failed three times, and ticks that could not be delivered
    OnFailure,
    /// Notices whose message could not be handled five times
    DeadLetters,
    /// Tickets, notices, rollouts and digests that failed too often and left the due index
    Parked,
    /// Notices that a restore holds back; only when named
    Held,
}

/// What a place came to.
#[derive(Debug, Default)]
struct Came {
    /// A line for each thing: where, which, since when, why, what became of it.
    lines: Vec<[String; 5]>,
    /// How many were given back.
    back: usize,
    /// How many are left.
    left: usize,
    /// What to do about those that are left.
    advice: BTreeSet<&'static str>,
}

impl Came {
    fn add(&mut self, line: [String; 4], outcome: Outcome) {
        let word = match outcome {
            Outcome::Waits => "waits",
            Outcome::Back => "given back",
            Outcome::Gone => "gone meanwhile",
            Outcome::Dropped => "given up",
            Outcome::Left(..) => "LEFT",
        };
        match outcome {
            Outcome::Waits => self.left += 1,
            Outcome::Back | Outcome::Dropped => self.back += 1,
            Outcome::Gone => {}
            Outcome::Left(advice) => {
                self.left += 1;
                self.advice.insert(advice);
            }
        }
        let [place, which, since, why] = line;
        eprintln!("{word}: {place} {which}");
        self.lines.push([place, which, since, why, word.to_owned()]);
    }
}

/// What became of one thing.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// It was only listed.
    Waits,
    /// Its handler has it.
    Back,
    /// Somebody else gave it back.
    Gone,
    /// It is never done.
    Dropped,
    /// It stays where it was; what to do about it.
    Left(&'static str),
}

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<ExitCode, Box<dyn Error>> {
    let all = [What::OnFailure, What::DeadLetters, What::Parked];
    let what: BTreeSet<What> = match &args.what[..] {
        [] => all.into(),
        named => named.iter().copied().collect(),
    };
    if args.drop && what != BTreeSet::from([What::Held]) {
        return Err("--drop gives held notices up: say `troth redrive held --drop`".into());
    }
    let stack = Stack::find(flags)?;
    let came = connection::wait(all_of(&stack, &what, args))??;
    say(report(&came, args));
    Ok(match came.left {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(LEFT),
    })
}

async fn all_of(stack: &Stack, what: &BTreeSet<What>, args: &Args) -> Result<Came, Box<dyn Error>> {
    let mut came = Came::default();
    for what in what {
        match what {
            What::OnFailure => queues::on_failure(stack, args.dry_run, &mut came).await?,
            What::DeadLetters => queues::dead_letters(stack, args.dry_run, &mut came).await?,
            What::Parked => parked::run(stack, args, false, &mut came).await?,
            What::Held => parked::run(stack, args, true, &mut came).await?,
        }
    }
    Ok(came)
}

fn report(came: &Came, args: &Args) -> String {
    if came.lines.is_empty() {
        return "nothing was given up\n".to_owned();
    }
    let heading = ["WHERE", "WHICH", "SINCE", "WHY", ""].map(str::to_owned);
    let mut lines = vec![heading];
    lines.extend(came.lines.iter().cloned());
    let mut out = text::columns(&lines);
    let (back, left) = (came.back, came.left);
    let said = match (args.dry_run, args.drop) {
        (true, _) => format!("\n{left} wait; without --dry-run they go back to their handlers\n"),
        (_, true) => format!("\n{back} given up, {left} left\n"),
        _ => format!("\n{back} given back, {left} left\n"),
    };
    out += &said;
    if came.back > 0 && !args.drop {
        out.push_str("What fails again comes back: ask again in 10 minutes with --dry-run.\n");
    }
    for advice in &came.advice {
        out.push_str(advice);
        out.push('\n');
    }
    out
}
