//! Starts the runner.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::desk::Setup;
use crate::programs;

/// The variable that names another `DynamoDB`, as http://127.0.0.1:PORT: the desk's table is there then. One desk for one
/// such server, since all of them call their tables by the same name.
const SECOND_OPINION: &str = "SECOND_DYNAMODB";

/// A folder under `target/`, so that a killed test leaves nothing where nobody looks.
pub(crate) fn folder() -> TempDir {
    let tmp = programs::folder().join("desks");
    std::fs::create_dir_all(&tmp).expect("target/ can be written");
    tempfile::Builder::new()
        .prefix("desk-")
        .tempdir_in(tmp)
        .expect("a folder for the desk")
}

pub(crate) fn launch(setup: &Setup, folder: &Path) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("runner.log"))
        .expect("the desk's folder can be written");
    let template = programs::root().join("infra/template.yaml");
    let mut command = Command::new(programs::program("local"));
    command
        .args([
            "--no-build",
            "--port",
            "0",
            "--smtp-port",
            "0",
            "--at",
            &setup.at.to_string(),
        ])
        .arg("--data")
        .arg(folder.join("data"));
    if let Some(policy) = &setup.policy {
        let policies = programs::root().join("infra/policies");
        command.arg("--policy").arg(policies.join(policy));
        command.arg("--template").arg(template);
    } else {
        // The runner publishes the policy that stands beside the template; beside this copy stands none.
        let copy = folder.join("template.yaml");
        std::fs::copy(template, &copy).expect("the template can be copied");
        command.arg("--template").arg(copy);
    }
    if let Some(seed) = setup.chaos {
        command.arg("--chaos").arg(seed.to_string());
    }
    if setup.every_tick {
        command.arg("--every-tick");
    }
    if let Some(programs) = &setup.programs {
        command.arg("--bin-dir").arg(programs);
    }
    if let Ok(second) = std::env::var(SECOND_OPINION) {
        let (_, port) = second.rsplit_once(':').expect("an address with a port");
        command.args(["--dynamodb-port", port]);
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("the runner starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
    if !lines.any(|line| line.is_ok_and(|line| line.starts_with("ready "))) {
        let said = std::fs::read_to_string(folder.join("runner.log")).unwrap_or_default();
        panic!("the runner did not start: {said}");
    }
    child
}

pub(crate) fn ports(folder: &Path) -> Value {
    let text = std::fs::read(folder.join("data/ports.json")).expect("the runner wrote its ports");
    serde_json::from_slice(&text).expect("ports.json is JSON")
}
