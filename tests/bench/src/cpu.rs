//! What a ticket costs in CPU time of the function's process alone.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::binaries::{BARE, INTAKE};
use crate::desk::Desk;
use crate::events::{self, By};
use crate::process::Process;
use crate::report::{Report, Target};
use crate::{Fallible, answered};

/// Invocations that are counted, in rounds that take turns, so that a slow moment of the machine meets all.
const ROUNDS: u32 = 10;
const EACH: u32 = 100;

/// Invocations before those.
const WARM: u32 = 100;

pub(crate) async fn measure(folder: &Path, report: &mut Report) -> Fallible<()> {
    let desk = Desk::open(String::new()).await?;
    let message = "x".repeat(800);
    let form = |key: &str| events::opening(By::Form, key, &message, desk.now);
    let json = |key: &str| events::opening(By::Json, key, &message, desk.now);
    let mut bare = Counted::start(folder, BARE, &desk, events::key).await?;
    let mut by_form = Counted::start(folder, INTAKE, &desk, form).await?;
    let mut by_json = Counted::start(folder, INTAKE, &desk, json).await?;
    for _ in 0..ROUNDS {
        bare.round(&desk, EACH).await?;
        by_form.round(&desk, EACH).await?;
        by_json.round(&desk, EACH).await?;
    }
    let bare = bare.each()?;
    for (counted, by) in [(by_form.each()?, "form"), (by_json.each()?, "JSON")] {
        let ratio = counted.as_secs_f64() / bare.as_secs_f64();
        let measured = format!("{} µs ({ratio:.2}x)", counted.as_micros());
        let figure = format!(
            "CPU per ticket through `POST /tickets`, by {by}, mean of {}",
            ROUNDS * EACH
        );
        report.row(
            figure,
            measured,
            &Target::none(),
            format!("{} µs", bare.as_micros()),
        );
    }
    Ok(())
}

/// A warm process with its event, and what it had used when it was warm.
struct Counted<E> {
    process: Process,
    event: E,
    done: u32,
    before: Duration,
}

impl<E: Fn(&str) -> Value> Counted<E> {
    async fn start(folder: &Path, binary: &str, desk: &Desk, event: E) -> Fallible<Self> {
        let process = Process::start(&folder.join(binary), &desk.environment).await?;
        let mut counted = Self {
            process,
            event,
            done: 0,
            before: Duration::ZERO,
        };
        counted.round(desk, WARM).await?;
        counted.before = counted.process.cpu()?;
        Ok(counted)
    }

    async fn round(&mut self, desk: &Desk, times: u32) -> Fallible<()> {
        for _ in 0..times {
            self.done += 1;
            let event = (self.event)(&format!("cpu-{}", self.done));
            let answer = self.process.invoke(&event, desk.now).await?;
            if answer["statusCode"]
                .as_u64()
                .is_some_and(|status| status >= 300)
            {
                return Err(answered(INTAKE, &answer));
            }
        }
        Ok(())
    }

    fn each(&self) -> Fallible<Duration> {
        Ok(self.process.cpu()?.saturating_sub(self.before) / (ROUNDS * EACH))
    }
}
