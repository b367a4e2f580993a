//! Which stack a command works on, and how it gets there.

use std::collections::BTreeMap;
use std::env;
use std::io;

use jiff::Timestamp;
use runtime::{Clients, ConfigError, Functions, OperatorConfig, Seams, SecretsError};
use store::{Store, StoreError};
use ticket::Pepper;

use crate::local_env;

/// Where a local runner answers unless told otherwise.
const LOCAL: &str = "http://127.0.0.1:8080/_local";

/// Variables that lead to a local stack; without both, `--local` asks the runner.
const OF_A_LOCAL_STACK: [&str; 2] = ["TABLE_NAME", "AWS_ENDPOINT_URL_DYNAMODB"];

/// Flags of every command that touches a stack.
#[derive(Debug, clap::Args)]
pub(crate) struct Flags {
    /// Work on the stack that a local runner serves, at this URL if not at the usual one
    ///
    /// Without it, the stack is found by the variables that its functions have: `TABLE_NAME` and `MAIL_BUCKET` (both
    /// among the stack's outputs; `PEPPER_SECRET` too for what names people), `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary
    /// credentials, `AWS_SESSION_TOKEN` (`aws configure export-credentials --format env` prints those).
    #[arg(
        long,
        global = true,
        value_name = "URL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    local: Option<String>,
    /// What time it is for the stack, if it does not go by this machine's clock; a local runner is asked
    #[arg(long, global = true, value_name = "INSTANT")]
    pub(crate) now: Option<Timestamp>,
}

/// Why a stack cannot be worked on: it is not found, it does not answer, or it has no policy yet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "no stack is named: use --local for the one on this machine, or set the variables of a deployed one (see --help)"
    )]
    Nowhere(#[source] ConfigError),
    #[error("the runner at {url} gives no complete environment")]
    Runner {
        url: String,
        #[source]
        source: ConfigError,
    },
    #[error("PEPPER_SECRET is missing; it is `PepperSecretArn` among the stack's outputs")]
    NoPepper,
    #[error("the pepper could not be read")]
    Pepper(#[from] SecretsError),
    #[error(transparent)]
    LocalEnv(#[from] local_env::Error),
    #[error("no executor could be started")]
    Executor(#[from] io::Error),
    #[error("the table could not be used")]
    Store(#[from] StoreError),
    #[error("no policy is published on this stack; publish one with `troth policy publish DIR`")]
    NoPolicy,
}

/// Lets `?` take an error of the table for a command's own, which has [`Error`] as its variant `Connection`.
macro_rules! takes_store_errors {
    ($error:ty) => {
        impl From<store::StoreError> for $error {
            fn from(error: store::StoreError) -> Self {
                Self::Connection(error.into())
            }
        }
    };
}
pub(crate) use takes_store_errors;

/// A stack to work on.
pub(crate) struct Stack {
    /// The table.
    pub(crate) store: Store,
    /// The files.
    pub(crate) s3: aws_sdk_s3::Client,
    /// The bucket of the files.
    pub(crate) bucket: String,
    /// The queues' client.
    pub(crate) sqs: aws_sdk_sqs::Client,
    /// The queues by their variables, as far as they are named.
    pub(crate) queues: BTreeMap<&'static str, String>,
    /// Whom events are given back to.
    pub(crate) functions: Functions,
    secrets: aws_sdk_secretsmanager::Client,
    pepper: Option<String>,
    /// Where a local runner answers, whose clock may be anywhere.
    runner: Option<String>,
    now: Option<Timestamp>,
}

impl Stack {
    /// Finds the stack that the flags or the environment name; asks nothing of it yet.
    pub(crate) fn find(flags: &Flags) -> Result<Self, Error> {
        let variables = environment();
        let runner = match flags.local.as_deref() {
            None => None,
            Some("") if leads_to_a_local_stack(&variables) => None,
            Some("") => Some(LOCAL.to_owned()),
            Some(url) => Some(url.trim_end_matches('/').to_owned()),
        };
        let config = match &runner {
            None => OperatorConfig::read(&variables).map_err(Error::Nowhere)?,
            Some(url) => of_runner(url)?,
        };
        let clients = Clients::new(&config, Seams::real(&config));
        Ok(Self {
            store: Store::new(clients.dynamodb(), config.table.as_str()),
            s3: clients.s3(),
            sqs: clients.sqs(),
            functions: Functions::new(&config),
            queues: config.queues,
            bucket: config.mail_bucket,
            secrets: clients.secrets_manager(),
            pepper: config.pepper_secret,
            runner,
            now: flags.now,
        })
    }

    /// The pepper, which turns addresses into pseudonyms and mails into ticket numbers.
    pub(crate) async fn pepper(&self) -> Result<Pepper, Error> {
        let secret = self.pepper.as_ref().ok_or(Error::NoPepper)?;
        Ok(runtime::pepper(&self.secrets, secret).await?)
    }

    /// What time it is for the stack: as the flag says, else the runner's for a local one and this machine's otherwise.
    pub(crate) fn now(&self) -> Result<Timestamp, Error> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let Some(runner) = &self.runner else {
            return Ok(Timestamp::now());
        };
        let url = format!("{runner}/clock");
        let now = local_env::fetch::<Clock>(&url)?.now;
        Ok(now)
    }
}

/// The runner's clock.
#[derive(serde::Deserialize)]
struct Clock {
    now: Timestamp,
}

fn of_runner(url: &str) -> Result<OperatorConfig, Error> {
    let url = format!("{url}/env.json");
    OperatorConfig::read(&local_env::fetch(&url)?).map_err(|source| Error::Runner { url, source })
}

fn environment() -> BTreeMap<String, String> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    env::vars_os().filter_map(text).collect()
}

fn leads_to_a_local_stack(variables: &BTreeMap<String, String>) -> bool {
    OF_A_LOCAL_STACK
        .iter()
        .all(|name| variables.get(*name).is_some_and(|value| !value.is_empty()))
}

/// Runs a command that talks to a stack.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    let executor = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(executor.block_on(work))
}
