//! A function as a process of its own, behind a Lambda Runtime API of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::Fallible;
use crate::runtime_api::{self, Invocation, Line};

/// Variables of a process.
pub(crate) type Environment = BTreeMap<String, String>;

/// What the functions believe their timeout to be: the deadline minus this is their `now`.
pub(crate) const TIMEOUT: Duration = Duration::from_mins(1);

/// A process that does not answer for so long never will.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running function. It ends when this is dropped.
pub(crate) struct Process {
    child: Child,
    line: Line,
    server: JoinHandle<()>,
    /// From before the process was made until its first `/next`.
    pub(crate) start: Duration,
}

impl Process {
    /// Starts the binary and waits until it asks for work.
    pub(crate) async fn start(binary: &Path, environment: &Environment) -> Fallible<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (server, line) = runtime_api::serve(listener);
        let mut command = Command::new(binary);
        command
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let begun = Instant::now();
        let child = command.spawn()?;
        let mut process = Self {
            child,
            line,
            server,
            start: Duration::ZERO,
        };
        let ready = timeout(PATIENCE, process.line.ready()).await??;
        process.start = ready.duration_since(begun);
        Ok(process)
    }

    /// Hands an event to the function and waits for its answer; an error of the function is one here.
    pub(crate) async fn invoke(&mut self, event: &Value, now: Timestamp) -> Fallible<Value> {
        let deadline = now.checked_add(TIMEOUT)?;
        let invocation = Invocation {
            payload: event.to_string(),
            deadline,
        };
        let answer = timeout(PATIENCE, self.line.invoke(invocation)).await??;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// The most memory that was ever resident, in KiB.
    pub(crate) fn peak_memory(&self) -> Fallible<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("no VmHWM in the process' status")?.parse()?)
    }

    /// CPU time used so far, in user and system mode.
    pub(crate) fn cpu(&self) -> Fallible<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in brackets may hold spaces; utime and stime are the 14th and 15th field, the 12th and 13th behind it.
        let (_, behind) = stat.rsplit_once(')').ok_or("an unreadable stat line")?;
        let fields = behind.split_whitespace().skip(11).take(2);
        let ticks: Result<Vec<u64>, _> = fields.map(str::parse).collect();
        let per_second = rustix::param::clock_ticks_per_second();
        let milliseconds = ticks?.iter().sum::<u64>() * 1_000 / per_second;
        Ok(Duration::from_millis(milliseconds))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.server.abort();
        // It may have ended by itself; there is nothing to do about it then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
