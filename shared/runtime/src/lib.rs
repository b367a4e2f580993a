#![doc = include_str!("../README.md")]

pub mod batch;
mod clients;
mod config;
mod files;
pub mod http;
mod invoke;
pub mod links;
mod operator;
pub mod outbox;
mod run;
mod secrets;
mod seen;
pub mod telemetry;
#[cfg(test)]
mod testing;
mod wire;

pub use clients::{Clients, Seams};
pub use config::{Aws, Config, ConfigError, Fault, Links};
pub use files::{Files, FilesError, LINK_LIVES, name as file_object};
pub use invoke::{Functions, InvokeError};
pub use operator::OperatorConfig;
pub use run::{Diagnostic, Invocation, run};
pub use secrets::{Secrets, SecretsError, Unlocked, pepper};
pub use seen::{NAMESPACE, Seen, of_report};
