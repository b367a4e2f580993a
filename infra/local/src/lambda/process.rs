//! One process slot: starts the binary, hands it invocations, restarts it when it ends.

use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::process::Command;
use tokio::sync::{Notify, oneshot};

use super::function::{Failure, Function, Invocation};
use super::output::copy;
use super::shim;
use crate::chaos::Kill;
use crate::environment::ACCESS_KEY;

/// Longest wait before a binary that cannot start is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A place for one process at a time.
#[derive(Debug)]
pub(crate) struct Slot {
    index: usize,
    state: Mutex<State>,
    kill: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Counts the processes that ran here; a request of an earlier one is void.
    run: u64,
    alive: bool,
    /// The run that is to be killed.
    condemned: u64,
    pid: Option<u32>,
    /// Whether this process has asked for work at least once.
    ready: bool,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    id: String,
    spared: bool,
    kill: Option<Kill>,
    answer: oneshot::Sender<Result<Bytes, Failure>>,
}

impl Slot {
    pub(super) fn new(index: usize) -> Arc<Self> {
        Arc::new(Self {
            index,
            state: Mutex::default(),
            kill: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the process could take an invocation now or once it has started.
    pub(super) fn is_free(&self) -> bool {
        self.state().current.is_none()
    }

    /// The process that runs here now.
    pub(super) fn pid(&self) -> Option<u32> {
        self.state().pid
    }

    /// The process asks for work, for the first time or again; names its run.
    pub(super) fn ready(&self) -> u64 {
        let mut state = self.state();
        state.ready = true;
        state.run
    }

    /// Gives the invocation to the process that asked; gives it back if that process has ended since. `kill` says when
    /// the process is to die of it.
    pub(super) fn assign(
        &self,
        run: u64,
        invocation: Invocation,
        kill: Option<Kill>,
    ) -> Result<Bytes, Invocation> {
        let mut state = self.state();
        if !state.alive || state.run != run || state.current.is_some() {
            return Err(invocation);
        }
        state.current = Some(Current {
            id: invocation.id,
            spared: invocation.spared,
            kill,
            answer: invocation.answer,
        });
        Ok(invocation.payload)
    }

    /// Whether the process works on something that may go wrong.
    pub(crate) fn may_be_struck(&self) -> bool {
        let state = self.state();
        state
            .current
            .as_ref()
            .is_some_and(|current| !current.spared)
    }

    /// When the process is to die of the invocation that it works on.
    pub(super) fn fate(&self) -> Option<Kill> {
        self.state().current.as_ref()?.kill
    }

    /// Kills the process; returns when it is gone, and with it whatever it was about to do.
    pub(crate) async fn kill(&self) {
        let run = self.condemn();
        let lives = || {
            let state = self.state();
            state.alive && state.run == run
        };
        while lives() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn condemn(&self) -> u64 {
        let mut state = self.state();
        state.condemned = state.run;
        self.kill.notify_one();
        state.run
    }

    /// Ends the current invocation if it is the one named; false if it is not.
    pub(super) fn finish(&self, id: &str, outcome: Result<Bytes, Failure>) -> bool {
        let mut state = self.state();
        if state
            .current
            .as_ref()
            .is_none_or(|current| current.id != id)
        {
            return false;
        }
        if let Some(current) = state.current.take() {
            drop(state);
            // The caller may have gone away; the work is done all the same.
            let _ = current.answer.send(outcome);
        }
        true
    }

    /// Kills the process if it still works on the invocation when its time is up.
    pub(super) async fn watch(self: Arc<Self>, function: Arc<Function>, id: String) {
        tokio::time::sleep(function.spec.timeout).await;
        let message = format!(
            "RequestId: {id} Error: Task timed out after {}.00 seconds",
            function.spec.timeout.as_secs()
        );
        if self.finish(&id, Err(Failure::new("Sandbox.Timedout", message.clone()))) {
            function.stats().timeouts += 1;
            function.log(message);
            self.condemn();
        }
    }

    /// Runs process after process until the runner ends.
    pub(super) async fn supervise(self: Arc<Self>, function: Arc<Function>) {
        let mut pause = Duration::from_millis(50);
        loop {
            let ending = match self.run_one(&function).await {
                Ok(status) => format!("Runtime exited with {status}"),
                Err(error) => format!("cannot start {}: {error}", function.spec.package),
            };
            let (current, was_ready) = {
                let mut state = self.state();
                state.alive = false;
                state.pid = None;
                (state.current.take(), std::mem::take(&mut state.ready))
            };
            function.log(ending.clone());
            let failure = Failure::new("Runtime.ExitError", ending);
            if let Some(current) = current {
                let _ = current.answer.send(Err(failure));
                pause = Duration::from_millis(50);
            } else if was_ready {
                pause = Duration::from_millis(50);
            } else {
                // It never asked for work: as in Lambda, an invocation pays for a failed init.
                if let Some(invocation) = function.take() {
                    let _ = invocation.answer.send(Err(failure));
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                function.work_or(pause).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn run_one(&self, function: &Arc<Function>) -> std::io::Result<std::process::ExitStatus> {
        let run = {
            // Before the start: the process may ask for work before we know its id.
            let mut state = self.state();
            state.run += 1;
            state.alive = true;
            state.run
        };
        let mut child = function
            .host
            .launcher
            .launch(self.command(function)?)
            .await?;
        self.state().pid = child.id();
        function.stats().processes_started += 1;
        let out = child.stdout.take().map(|pipe| copy(pipe, function.clone()));
        let err = child.stderr.take().map(|pipe| copy(pipe, function.clone()));
        let readers = [out.map(tokio::spawn), err.map(tokio::spawn)];
        let status = loop {
            tokio::select! {
                status = child.wait() => break status,
                // A call to kill an earlier process may still be waiting to be heard.
                () = self.kill.notified() => if self.state().condemned == run {
                    child.kill().await?;
                },
            }
        };
        for reader in readers.into_iter().flatten() {
            let _ = reader.await;
        }
        status
    }

    fn command(&self, function: &Function) -> std::io::Result<Command> {
        let host = &function.host;
        let spec = &function.spec;
        let mut command = shim::command(&host.bin_dir.join(&spec.package))?;
        command
            .env_clear()
            .envs(&host.environment)
            .envs(&spec.environment)
            .env(
                "AWS_LAMBDA_RUNTIME_API",
                format!("http://{}/{}/{}", host.runtime_api, spec.id, self.index),
            )
            .env("AWS_ACCESS_KEY_ID", access_key(&spec.id, self.index))
            .env("AWS_LAMBDA_FUNCTION_NAME", &spec.id)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env(
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                spec.memory_mib.to_string(),
            )
            .env(
                "AWS_LAMBDA_LOG_GROUP_NAME",
                format!("/aws/lambda/{}", spec.id),
            )
            .env("AWS_LAMBDA_LOG_STREAM_NAME", self.index.to_string())
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .env("_HANDLER", "bootstrap")
            .env("TZ", ":UTC")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Ok(command)
    }
}

/// The access key of a process: whoever sees a call knows who makes it.
pub(crate) fn access_key(function: &str, slot: usize) -> String {
    format!("{ACCESS_KEY}.{function}.{slot}")
}
