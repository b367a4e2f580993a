//! Lambda: real function binaries against a Runtime API, and asynchronous events that outlive the runner.

pub(crate) mod asynchronous;
mod function;
mod launcher;
mod output;
mod process;
pub(crate) mod runtime_api;
pub(crate) mod shim;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::activity::Activity;
use crate::chaos::Chaos;
use crate::clock::Clock;
use crate::template::FunctionSpec;

pub(crate) use function::{Failure, Function, PROCESSES};
pub(crate) use process::{Slot, access_key};

/// What the processes of all functions have in common.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) clock: Arc<Clock>,
    pub(crate) activity: Activity,
    pub(crate) launcher: Launcher,
    pub(crate) chaos: Arc<Chaos>,
    /// `127.0.0.1:PORT` of the Runtime API.
    pub(crate) runtime_api: String,
    /// Variables that every function gets besides its own.
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) bin_dir: PathBuf,
    pub(crate) log_dir: PathBuf,
}

pub(crate) use launcher::Launcher;

/// All functions, by logical id.
pub(crate) type Functions = BTreeMap<String, Arc<Function>>;

/// Makes the functions and starts one process of each.
pub(crate) fn start(specs: &[FunctionSpec], host: &Host) -> Functions {
    let functions: Functions = specs
        .iter()
        .map(|spec| (spec.id.clone(), Function::new(spec.clone(), host.clone())))
        .collect();
    for function in functions.values() {
        function.warm();
    }
    functions
}
