#![doc = include_str!("../README.md")]

pub mod batch;
mod clients;
mod config;
pub mod http;
pub mod links;
mod operator;
pub mod outbox;
mod run;
mod secrets;
pub mod telemetry;
#[cfg(test)]
mod testing;
mod wire;

pub use clients::{Clients, Seams};
pub use config::{Aws, Config, ConfigError, Fault, Links};
pub use operator::OperatorConfig;
pub use run::{Diagnostic, Invocation, run};
pub use secrets::{Secrets, SecretsError, Unlocked, pepper};
