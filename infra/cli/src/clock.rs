//! `troth clock`: business-time questions in, answers out, one JSON object a line.
//!
//! The answers come from the same timetable and run that decide every deadline of a ticket.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

use jiff::Timestamp;
use policy::{
    Calendar, CalendarError, Closure, Dates, Day, Interval, InvalidDates, InvalidInterval, Pause,
    Run, Timetable, UnknownWord, UnknownZone, Zone,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Answer business-time cases: JSON lines in, JSON lines out
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the cases stand; standard input if left out
    file: Option<PathBuf>,
}

/// Why the command could not finish; a case that has no answer is answered `"error"` instead.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path} cannot be read")]
    Open {
        path: PathBuf,
        #[source]
        err: io::Error,
    },
    #[error("line {line} is not a case")]
    Case {
        line: usize,
        #[source]
        err: serde_json::Error,
    },
    #[error("cases or answers could not be moved")]
    Io(#[from] io::Error),
}

/// One question; what else stands on the line (tags, the expected answer) is not looked at.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    zone: String,
    weekly: BTreeMap<String, Vec<(String, String)>>,
    holidays: Vec<String>,
    #[serde(flatten)]
    question: Question,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Question {
    Due {
        start: Timestamp,
        seconds: i64,
    },
    Elapsed {
        start: Timestamp,
        end: Timestamp,
    },
    Clock {
        target_seconds: i64,
        changes: Vec<Change>,
        asof: Timestamp,
    },
}

#[derive(Debug, Deserialize)]
struct Change {
    at: Timestamp,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Running,
    Paused,
}

/// Why a case has no answer.
#[derive(Debug, thiserror::Error)]
enum Unanswerable {
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    #[error(transparent)]
    Day(#[from] UnknownWord),
    #[error(transparent)]
    Interval(#[from] InvalidInterval),
    #[error(transparent)]
    Dates(#[from] InvalidDates),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error("a clock needs a first change, which starts it")]
    NeverStarted,
}

pub(crate) fn run(args: &Args) -> Result<(), Error> {
    let stdout = BufWriter::new(io::stdout().lock());
    match &args.file {
        None => answer_all(io::stdin().lock(), stdout),
        Some(path) => {
            let file = File::open(path).map_err(|err| Error::Open {
                path: path.clone(),
                err,
            })?;
            answer_all(BufReader::new(file), stdout)
        }
    }
}

fn answer_all(cases: impl BufRead, mut answers: impl Write) -> Result<(), Error> {
    for (index, line) in cases.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let case: Case = serde_json::from_str(&line).map_err(|err| Error::Case {
            line: index + 1,
            err,
        })?;
        let answer = answer(&case).unwrap_or_else(|problem| {
            eprintln!("{}: {problem}", case.id);
            json!("error")
        });
        writeln!(answers, "{}", json!({ "id": case.id, "answer": answer }))?;
    }
    answers.flush()?;
    Ok(())
}

fn answer(case: &Case) -> Result<Value, Unanswerable> {
    let timetable = Timetable::new(&calendar(case)?)?;
    Ok(match &case.question {
        Question::Due { start, seconds } => json!(Run::since(*start).reached(&timetable, *seconds)),
        Question::Elapsed { start, end } => json!(Run::since(*start).used(&timetable, *end)),
        Question::Clock {
            target_seconds,
            changes,
            asof,
        } => {
            let run = run_of(changes).ok_or(Unanswerable::NeverStarted)?;
            json!({ "elapsed": run.used(&timetable, *asof), "due": run.reached(&timetable, *target_seconds) })
        }
    })
}

fn calendar(case: &Case) -> Result<Calendar, Unanswerable> {
    let mut week = BTreeMap::new();
    for (day, intervals) in &case.weekly {
        let intervals: Result<Vec<_>, _> = intervals
            .iter()
            .map(|(from, to)| Interval::new(from, to))
            .collect();
        week.insert(day.parse::<Day>()?, intervals?);
    }
    let mut closed = Vec::new();
    for dates in &case.holidays {
        closed.push(Closure {
            dates: dates.parse::<Dates>()?,
            name: dates.clone(),
            file: None,
        });
    }
    Ok(Calendar {
        zone: Zone::new(&case.zone)?,
        week,
        closed,
        days: BTreeMap::new(),
        reviewed: None,
    })
}

/// The first change starts the clock, paused or not; a repeated state changes nothing.
fn run_of(changes: &[Change]) -> Option<Run> {
    let mut run = Run::since(changes.first()?.at);
    for change in changes {
        let paused = run.pauses.last().is_some_and(|pause| pause.until.is_none());
        match (change.state, run.pauses.last_mut()) {
            (State::Running, Some(pause)) if paused => pause.until = Some(change.at),
            (State::Paused, _) if !paused => run.pauses.push(Pause {
                from: change.at,
                until: None,
            }),
            _ => {}
        }
    }
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(cases: &str) -> String {
        let mut out = Vec::new();
        answer_all(cases.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const OFFICE: &str = r#""zone":"Australia/Sydney","weekly":{"fri":[["09:00","17:00"]],"mon":[["09:00","17:00"]]}"#;

    #[test]
    fn a_due_question_is_answered_with_an_instant_in_utc() {
        let case = format!(
            r#"{{"id":"a",{OFFICE},"holidays":[],"kind":"due","start":"2026-11-20T05:00:00Z","seconds":7200,"tags":[]}}"#
        );
        assert_eq!(
            answers(&case),
            "{\"answer\":\"2026-11-22T23:00:00Z\",\"id\":\"a\"}\n"
        );
    }

    #[test]
    fn a_paused_clock_is_due_never_and_keeps_what_it_used() {
        let case = format!(
            r#"{{"id":"b",{OFFICE},"holidays":[],"kind":"clock","target_seconds":7200,"asof":"2026-11-20T06:00:00Z",
                "changes":[{{"at":"2026-11-20T04:00:00Z","state":"running"}},{{"at":"2026-11-20T05:00:00Z","state":"paused"}}]}}"#
        )
        .replace('\n', "");
        assert_eq!(
            answers(&case),
            "{\"answer\":{\"due\":null,\"elapsed\":3600},\"id\":\"b\"}\n"
        );
    }

    #[test]
    fn a_calendar_that_cannot_be_counted_on_is_answered_with_error() {
        let case = r#"{"id":"c","zone":"UTC","weekly":{},"holidays":[],"kind":"due","start":"2026-01-05T09:00:00Z","seconds":1}"#;
        assert_eq!(answers(case), "{\"answer\":\"error\",\"id\":\"c\"}\n");
    }

    #[test]
    fn a_line_that_is_no_case_is_named() {
        let err = answer_all("\n{\"id\":\"d\"}".as_bytes(), Vec::new()).unwrap_err();
        assert_eq!(err.to_string(), "line 2 is not a case");
    }
}
