//! A desk of the demo: this program once more, as a child, with a policy and a clock of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::Timestamp;
use play::Client;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::flags::Flags;
use crate::lambda::{Launcher, shim};
use crate::stop::{Doing, Stop};

/// Of a child that ended, this many of its last words are passed on.
const LAST_LINES: usize = 5;

/// A running desk; dropping it ends it, and the kernel ends it with this process.
#[derive(Debug)]
pub(super) struct Desk {
    id: String,
    child: Child,
    log: PathBuf,
    pub(super) client: Client,
}

/// How a desk is started.
pub(super) struct Start<'a> {
    pub(super) id: &'a str,
    pub(super) policy: &'a Path,
    pub(super) at: Timestamp,
    /// The folder of all desks.
    pub(super) folder: &'a Path,
    pub(super) bin_dir: &'a Path,
}

impl Desk {
    /// Returns once the desk is open.
    pub(super) async fn start(
        start: Start<'_>,
        flags: &Flags,
        launcher: &Launcher,
    ) -> Result<Self, Stop> {
        let (id, data) = (start.id, start.folder.join(start.id));
        let log = start.folder.join(format!("{id}.log"));
        let said = std::fs::File::create(&log).doing(format!("write {}", log.display()))?;
        let own = std::env::current_exe().doing("find this binary")?;
        let mut command = shim::command(&own).doing(format!("start the desk {id}"))?;
        command
            .args(["--no-build", "--port", "0", "--smtp-port", "0", "--at"])
            .arg(start.at.to_string())
            .arg("--data")
            .arg(&data)
            .arg("--policy")
            .arg(start.policy)
            .arg("--template")
            .arg(&flags.template)
            .arg("--bin-dir")
            .arg(start.bin_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(said)
            // Ctrl-C is for us; what ends a desk is our end.
            .process_group(0)
            .kill_on_drop(true);
        let child = launcher.launch(command).await;
        let mut child = child.doing(format!("start the desk {id}"))?;
        let open = opened(&mut child).await;
        let mut desk = Self {
            id: id.to_owned(),
            child,
            log,
            client: Client {
                http: 0,
                smtp: 0,
                troth: start.bin_dir.join("troth"),
                scratch: data.join("scratch"),
            },
        };
        if !open {
            return Err(desk.ended().await);
        }
        let ports = data.join("ports.json");
        let text = std::fs::read(&ports).doing(format!("read {}", ports.display()))?;
        let ports: Value = serde_json::from_slice(&text).doing("read the desk's ports")?;
        let port = |name: &str| {
            ports[name]
                .as_u64()
                .and_then(|port| u16::try_from(port).ok())
        };
        desk.client.http = port("http").unwrap_or_default();
        desk.client.smtp = port("smtp").unwrap_or_default();
        Ok(desk)
    }

    /// Waits until the desk has ended by itself, and says so: it never should.
    pub(super) async fn ended(&mut self) -> Stop {
        let status = self.child.wait().await;
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let last = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
        Stop::new(format!("the desk {} has ended ({status}): {last}", self.id))
    }
}

/// Reads what the desk says until it is open; false when it ended before. What it says later goes nowhere.
async fn opened(child: &mut Child) -> bool {
    let Some(out) = child.stdout.take() else {
        return false;
    };
    let mut lines = BufReader::new(out).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.starts_with("ready ") {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return true;
        }
    }
    false
}
