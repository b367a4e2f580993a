//! `troth verify`: whether the table and the bucket are what they must be, and the repair of what can be repaired.

mod bucket;
mod files;
mod restored;

use crate::say::say;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;
use store::{Examined, Finding, Problem, Survey};
use ticket::FileKey;

use crate::LEFT;
use crate::connection::{self, Flags, Stack};
use crate::text;

/// Look at every ticket, notice, record and raw mail, and say what is wrong
///
/// Reads the whole table twice and lists the bucket; a desk may be at work meanwhile: nothing is reported that was seen
/// only once, and nothing is repaired that changed since. Doing it again is harmless.
///
/// Status 0: nothing is wrong. 3: something is, or was before the repair left it to a person. 1: the command failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Repair what loses nothing: snapshots from their logs, timers, index entries
    #[arg(long)]
    repair: bool,
    /// After a restore, before any function runs: arm every timer, and hold back every notice of before until a person
    /// says `troth redrive held`
    #[arg(long, requires = "repair")]
    restored: bool,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("the bucket could not be listed: {0}")]
    Bucket(String),
}

connection::takes_store_errors!(Error);

/// What a run came to.
#[derive(Debug, Default)]
struct Report {
    tickets: usize,
    findings: Vec<(Finding, bool)>,
    held: usize,
}

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<ExitCode, Error> {
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    let report = connection::wait(verified(&stack, args, now))??;
    let printed = if args.json {
        report.json()
    } else {
        report.text(args)
    };
    say(printed);
    let open = report.findings.iter().any(|(_, mended)| !mended);
    Ok(if open {
        ExitCode::from(LEFT)
    } else {
        ExitCode::SUCCESS
    })
}

async fn verified(stack: &Stack, args: &Args, now: Timestamp) -> Result<Report, Error> {
    let survey = stack.store.survey(now, &mut scanned()).await?;
    let mut report = Report {
        tickets: survey.tickets.len(),
        ..Report::default()
    };
    if args.restored {
        report.held = restored::hold(stack, &survey, now).await?;
    }
    let elsewhere = stack.store.examine_records(&survey, now).await?;
    report.take(stack, args, elsewhere.findings, now).await?;
    let named = look_at_tickets(stack, args, &survey, &mut report, now).await?;
    let found = bucket::examine(stack, &survey, &named.raw, now).await?;
    report.take(stack, args, found, now).await?;
    let found = files::examine(stack, &named.files, now).await?;
    report.take(stack, args, found, now).await?;
    Ok(report)
}

/// What messages name in the bucket.
#[derive(Debug, Default)]
struct NamedObjects {
    raw: Vec<bucket::Named>,
    files: BTreeSet<FileKey>,
}

/// Looks at each ticket; answers what each one's messages name in the bucket.
async fn look_at_tickets(
    stack: &Stack,
    args: &Args,
    survey: &Survey,
    report: &mut Report,
    now: Timestamp,
) -> Result<NamedObjects, Error> {
    let mut named = NamedObjects::default();
    for (place, ticket) in survey.tickets.iter().enumerate() {
        if place % 500 == 0 && place > 0 {
            eprintln!("{place} of {} tickets", survey.tickets.len());
        }
        let examined = stack.store.examine(*ticket, survey, now).await?;
        let Examined {
            findings,
            raw,
            files,
            ..
        } = examined;
        let raw = raw.into_iter().map(|ses_id| bucket::Named {
            ticket: *ticket,
            ses_id,
        });
        named.raw.extend(raw);
        named.files.extend(files);
        report.take(stack, args, findings, now).await?;
    }
    Ok(named)
}

/// Says after every page how far a scan has come.
pub(crate) fn scanned() -> impl FnMut(usize) + Send {
    let mut said = 0;
    move |items| {
        if items >= said + 5000 {
            eprintln!("{items} items");
            said = items;
        }
    }
}

impl Report {
    /// Notes findings, and mends those that can be.
    async fn take(
        &mut self,
        stack: &Stack,
        args: &Args,
        findings: Vec<Finding>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for finding in findings {
            let mended = match (&finding.mend, args.repair) {
                (Some(mend), true) => stack.store.mend(mend, now).await?,
                _ => false,
            };
            self.findings.push((finding, mended));
        }
        Ok(())
    }

    fn by_problem(&self) -> BTreeMap<Problem, Vec<&(Finding, bool)>> {
        let mut sorted = BTreeMap::<_, Vec<_>>::new();
        for found in &self.findings {
            sorted.entry(found.0.problem).or_default().push(found);
        }
        sorted
    }

    fn text(&self, args: &Args) -> String {
        let mut out = String::new();
        for (problem, found) in self.by_problem() {
            let mended = found.iter().filter(|(_, mended)| *mended).count();
            let _ = write!(out, "{}: {}", problem.name(), found.len());
            if args.repair {
                let _ = write!(out, ", {mended} repaired");
            }
            out.push('\n');
            for (finding, mended) in &found {
                let word = if *mended { " (repaired)" } else { "" };
                let _ = writeln!(out, "    {}{word}", text::line(&finding.what));
            }
            if mended < found.len() {
                let _ = writeln!(out, "  {}", problem.advice());
            }
        }
        if args.restored {
            let held = self.held;
            let _ = writeln!(
                out,
                "{held} notices of before the restore are held back: `troth redrive held --dry-run` lists them"
            );
        }
        let total = self.findings.len();
        let mended = self.findings.iter().filter(|(_, mended)| *mended).count();
        let said = match (total, mended) {
            (0, _) => "nothing is wrong".to_owned(),
            (_, 0) => format!("{total} findings"),
            _ => format!("{total} findings, {mended} repaired"),
        };
        let _ = writeln!(out, "{} tickets: {said}", self.tickets);
        out
    }

    fn json(&self) -> String {
        let findings: Vec<_> = self
            .findings
            .iter()
            .map(|(finding, mended)| {
                json!({
                    "problem": finding.problem.name(),
                    "what": finding.what,
                    "repaired": mended,
                    "advice": if *mended { "" } else { finding.problem.advice() },
                })
            })
            .collect();
        text::json(&json!({
            "tickets": self.tickets,
            "findings": findings,
            "held": self.held,
        }))
    }
}
