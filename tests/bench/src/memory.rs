//! The most memory that a process ever held, after several inputs of 100 KB.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::binaries::{BARE, INBOUND_EMAIL, INTAKE, NOTIFIER, SLA_TICK};
use crate::desk::Desk;
use crate::events::{self, By};
use crate::process::Process;
use crate::report::{Report, Target};
use crate::{Fallible, answered};

/// Inputs to one process: what is not given back after the first shows.
const TIMES: usize = 20;

/// Two bytes each, six in a form: 16,500 of them are a form of 99 KB that is within the limit of 20,000 characters.
const LARGE: (&str, usize) = ("ü", 16_500);

/// What is long in bytes.
const BYTES: usize = 100_000;

/// So long after the openings every deadline has passed.
const LATE: SignedDuration = SignedDuration::from_hours(24 * 10);

const MOST_MIB: u64 = 20;

/// Inputs to one function, and what a right answer to each of them is.
struct Load<'a> {
    function: &'a str,
    input: &'a str,
    events: Vec<Value>,
    right: fn(&Value) -> bool,
    now: Timestamp,
}

pub(crate) async fn measure(folder: &Path, report: &mut Report) -> Fallible<()> {
    let desk = Desk::open(events::raw_mail(BYTES)).await?;
    let now = desk.now;
    let bare = bare(folder, &desk).await?;
    let mut memory = Memory {
        folder,
        desk: &desk,
        bare,
        report,
    };
    for (input, by, message, right) in [
        (
            "a form of 99 KB, taken",
            By::Form,
            LARGE.0.repeat(LARGE.1),
            is_taken as fn(&Value) -> bool,
        ),
        (
            "a form of 100 KB, refused",
            By::Form,
            "x".repeat(BYTES),
            is_refused,
        ),
        (
            "JSON of 100 KB, refused",
            By::Json,
            "x".repeat(BYTES),
            is_refused,
        ),
    ] {
        let opening = |n| events::opening(by, &format!("{by:?}-{n}"), &message, now);
        let events = (0..TIMES).map(opening).collect();
        memory
            .of(Load {
                function: INTAKE,
                input,
                events,
                right,
                now,
            })
            .await?;
    }
    let events = (0..TIMES)
        .map(|n| events::mail(&format!("mail-{n}"), now))
        .collect();
    let input = "a mail of 100 KB";
    memory
        .of(Load {
            function: INBOUND_EMAIL,
            input,
            events,
            right: |_| true,
            now,
        })
        .await?;
    let queued = desk.services.take_queued().concat();
    let events = queued.chunks(10).map(events::batch).collect();
    let input = "batches of ten notices of those";
    memory
        .of(Load {
            function: NOTIFIER,
            input,
            events,
            right: is_done,
            now,
        })
        .await?;
    if desk.services.sent() != queued.len() {
        return Err(format!(
            "of {} notices {} were sent",
            queued.len(),
            desk.services.sent()
        )
        .into());
    }
    let events = vec![events::tick(now)];
    let input = "a tick that fires the clocks of those";
    memory
        .of(Load {
            function: SLA_TICK,
            input,
            events,
            right: has_fired,
            now: now.checked_add(LATE)?,
        })
        .await
}

fn is_taken(answer: &Value) -> bool {
    answer["statusCode"] == 201
}

fn is_refused(answer: &Value) -> bool {
    answer["statusCode"] == 422
}

fn is_done(answer: &Value) -> bool {
    answer["batchItemFailures"] == json!([])
}

fn has_fired(answer: &Value) -> bool {
    answer["fired"].as_u64() > Some(0)
}

struct Memory<'a> {
    folder: &'a Path,
    desk: &'a Desk,
    bare: u64,
    report: &'a mut Report,
}

impl Memory<'_> {
    /// Hands the events to one process and reports its peak.
    async fn of(&mut self, load: Load<'_>) -> Fallible<()> {
        let binary = self.folder.join(load.function);
        let mut process = Process::start(&binary, &self.desk.environment).await?;
        for event in &load.events {
            let answer = process.invoke(event, load.now).await?;
            if !(load.right)(&answer) {
                return Err(answered(load.function, &answer));
            }
        }
        let peak = process.peak_memory()?;
        let target = Target::of("at most 20 MiB", peak <= MOST_MIB * 1024);
        let figure = format!("peak memory of `{}`: {}", load.function, load.input);
        self.report
            .row(figure, mebibytes(peak), &target, mebibytes(self.bare));
        Ok(())
    }
}

async fn bare(folder: &Path, desk: &Desk) -> Fallible<u64> {
    let mut process = Process::start(&folder.join(BARE), &desk.environment).await?;
    for n in 0..TIMES {
        process
            .invoke(&events::key(&format!("memory-{n}")), desk.now)
            .await?;
    }
    process.peak_memory()
}

fn mebibytes(kib: u64) -> String {
    format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024)
}
