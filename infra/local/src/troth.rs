//! Calls the built `troth` binary: the runner itself knows no ticket and no policy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::Timestamp;
use serde_json::Value;
use tokio::process::Command;

use crate::stop::Stop;

/// The binary and the variables it needs.
#[derive(Debug)]
pub(crate) struct Troth {
    pub(crate) binary: PathBuf,
    pub(crate) environment: BTreeMap<String, String>,
}

impl Troth {
    /// Publishes a policy directory at a virtual instant.
    pub(crate) async fn publish(&self, policy: &Path, now: Timestamp) -> Result<String, Stop> {
        let now = now.to_string();
        let mut command = self.command();
        command.args(["policy", "publish"]).arg(policy);
        command.args(["--now", &now, "--approved-by", "the local runner"]);
        self.output(command).await.map_err(Stop::new)
    }

    /// The tickets, as `troth ticket list --json` prints them.
    pub(crate) async fn tickets(&self) -> Result<Value, String> {
        let mut command = self.command();
        command.args(["ticket", "list", "--json"]);
        let text = self.output(command).await?;
        serde_json::from_str(&text).map_err(|error| format!("troth's answer is not JSON: {error}"))
    }

    /// Every notice of the policy in force, as `troth mail preview --json` prints them.
    pub(crate) async fn previews(&self) -> Result<Value, String> {
        let mut command = self.command();
        command.args(["mail", "preview", "--json"]);
        let text = self.output(command).await?;
        serde_json::from_str(&text).map_err(|error| format!("troth's answer is not JSON: {error}"))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("--local")
            .envs(&self.environment)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn output(&self, mut command: Command) -> Result<String, String> {
        let shown = self.binary.display();
        if !self.binary.is_file() {
            return Err(format!("the binary {shown} is missing"));
        }
        let output = command
            .output()
            .await
            .map_err(|error| format!("cannot run {shown}: {error}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(if said.is_empty() {
            format!("troth ended with {}", output.status)
        } else {
            said
        })
    }
}
