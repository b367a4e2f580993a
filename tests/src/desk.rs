//! One desk: the runner with its own data directory, and everything a test may ask of it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use play::{Answer, Client, Mail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::launch::{folder, launch, ports};
use crate::programs;

/// Lines of each function's log that a failure shows.
const LOG_LINES: usize = 12;

/// Of more tickets than this, logs are verified here and there only: each takes a run of `troth`.
const LOGS_READ: usize = 20;

/// A runner that is asked to end has this long.
const ENDING: Duration = Duration::from_secs(20);

/// How a desk is started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where its clock starts.
    pub at: Timestamp,
    /// The folder under `infra/policies` whose policy is published; none for a desk without a policy.
    pub policy: Option<String>,
    /// Whether idle ticks run too.
    pub every_tick: bool,
    /// The seed of the faults that are put between functions and services.
    pub chaos: Option<u64>,
    /// Where the functions' programs are, if they are not the ones built with this test.
    pub programs: Option<PathBuf>,
}

impl Setup {
    /// A desk under one of the policies in `infra/policies`, without faults.
    pub fn under(policy: &str, at: Timestamp) -> Self {
        Self {
            at,
            policy: Some(policy.to_owned()),
            every_tick: false,
            chaos: None,
            programs: None,
        }
    }
}

/// A running desk. Dropping it ends the runner and, unless the test has failed already, fails the test if anything was
/// left undone.
#[derive(Debug)]
pub struct Desk {
    child: Child,
    setup: Setup,
    folder: TempDir,
    ports: Value,
    /// Whether somebody has looked already at what is left undone.
    looked_at: bool,
}

impl Desk {
    /// Starts a desk with nothing in it.
    ///
    /// # Panics
    /// The runner does not start; its words say why.
    pub fn start(setup: Setup) -> Self {
        let folder = folder();
        let child = launch(&setup, folder.path());
        let ports = ports(folder.path());
        Self {
            child,
            setup,
            folder,
            ports,
            looked_at: false,
        }
    }

    /// Kills the runner where it stands; its functions die with it.
    pub fn kill(&mut self) {
        self.child.kill().expect("the runner can be killed");
        self.child.wait().expect("the runner has ended");
    }

    /// Starts the runner again on the same data.
    pub fn restart(&mut self) {
        self.child = launch(&self.setup, self.folder.path());
        self.ports = ports(self.folder.path());
    }

    /// A port by its name in `ports.json`.
    pub fn port(&self, name: &str) -> u16 {
        let port = self.ports[name].as_u64().expect("the port is named");
        u16::try_from(port).expect("a port")
    }

    /// The folder that holds all that the desk stores: table, buckets, mail that was sent.
    pub fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The desk as its users reach it.
    pub fn client(&self) -> Client {
        Client {
            http: self.port("http"),
            smtp: self.port("smtp"),
            troth: programs::program("troth"),
            scratch: self.folder.path().join("scratch"),
        }
    }

    fn sure<T>(&self, answer: Result<T, String>) -> T {
        answer.unwrap_or_else(|error| panic!("{error}\n{}", self.logs()))
    }

    /// Asks the HTTP API or the runner's pages.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.sure(self.client().ask(method, path, headers, body))
    }

    /// Calls a service of the runner by AWS's JSON protocol, as nobody: the local ones check no signature. `target` names
    /// API and operation, such as `DynamoDB_20120810.Scan`.
    ///
    /// # Panics
    /// It refuses.
    pub fn aws(&self, port: &str, target: &str, body: &Value) -> Value {
        let headers = [
            ("X-Amz-Target", target),
            ("Content-Type", "application/x-amz-json-1.0"),
            ("X-Amz-Date", "20261123T000000Z"),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=nobody/20261123/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
            ),
        ];
        let body = body.to_string();
        let answer = play::send(self.port(port), "POST", "/", &headers, body.as_bytes());
        let answer = answer.expect("the service answers");
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("the service answers in JSON")
    }

    /// Waits until nothing runs or waits to run at this instant.
    pub fn settle(&self) {
        self.sure(self.client().settle());
    }

    /// Moves the clock on by an ISO 8601 duration; everything due happens.
    pub fn advance(&self, by: &str) {
        self.sure(self.client().clock(&json!({ "advance": by })));
    }

    /// Moves the clock to an instant; everything due by then happens.
    pub fn advance_to(&self, to: Timestamp) {
        self.sure(self.client().clock(&json!({ "to": to })));
    }

    /// The desk's clock.
    pub fn now(&self) -> Timestamp {
        self.sure(self.client().now())
    }

    /// Tells SES how to answer.
    pub fn ses(&self, order: &Value) {
        self.sure(self.client().json("POST", "/_local/ses", order));
    }

    /// Of so many mails to come, the event gets lost.
    pub fn drop_events(&self, mails: u64) {
        let order = json!({ "drop": mails });
        self.sure(self.client().json("POST", "/_local/receiving", &order));
    }

    /// Turns faults on or off, takes services away or brings them back; only at a desk with a seed.
    pub fn chaos(&self, order: &Value) {
        self.sure(self.client().json("POST", "/_local/chaos", order));
    }

    /// Every fault that has happened.
    pub fn strikes(&self) -> Vec<Value> {
        let chaos = self.sure(self.client().json("GET", "/_local/chaos", &Value::Null));
        chaos["strikes"].as_array().cloned().unwrap_or_default()
    }

    /// The runner's state.
    pub fn state(&self) -> Value {
        self.sure(
            self.client()
                .json("GET", "/_local/state.json", &Value::Null),
        )
    }

    /// Every mail that left, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.sure(self.client().mails())
    }

    /// Runs `troth ... --json`.
    ///
    /// # Panics
    /// It fails, or prints something else.
    pub fn troth_json(&self, arguments: &[&str]) -> Value {
        self.sure(self.client().troth_json(arguments))
    }

    /// All tickets, in the order in which they were opened.
    pub fn tickets(&self) -> Vec<Value> {
        self.sure(self.client().tickets())
    }

    /// The last lines of every function's log, and what the runner complained about.
    pub fn logs(&self) -> String {
        let mut out = String::new();
        let logs = std::fs::read_dir(self.folder.path().join("data/logs"));
        let mut files: Vec<PathBuf> = logs
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        files.push(self.folder.path().join("runner.log"));
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let last = &lines[lines.len().saturating_sub(LOG_LINES)..];
            if !last.is_empty() {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let _ = writeln!(out, "--- {name}\n{}", last.join("\n"));
            }
        }
        out
    }

    /// What a desk at rest must not show: messages that wait or failed, functions that failed, logs that do not verify.
    pub fn undone(&self) -> Vec<String> {
        let state = self.state();
        let mut undone = Vec::new();
        for (name, queue) in state["queues"].as_object().into_iter().flatten() {
            let waiting: u64 = ["visible", "in_flight", "delayed"]
                .iter()
                .filter_map(|depth| queue[depth].as_u64())
                .sum();
            if waiting > 0 {
                undone.push(format!("{waiting} messages in {name}: {queue}"));
            }
        }
        for letter in state["dead_letters"].as_array().into_iter().flatten() {
            undone.push(format!("a dead letter: {letter}"));
        }
        for (name, function) in state["functions"].as_object().into_iter().flatten() {
            if function["errors"] != 0 && self.setup.chaos.is_none() {
                undone.push(format!("{name} failed: {function}"));
            }
        }
        let tickets = state["tickets"].as_array().map_or(&[][..], Vec::as_slice);
        for ticket in tickets.iter().step_by(tickets.len() / LOGS_READ + 1) {
            let number = ticket["number"].as_str().unwrap_or_default();
            let log = self.troth_json(&["ticket", "history", number]);
            if log["chain_verifies"] != true || log["snapshot_is_fold"] != true {
                undone.push(format!("the log of {number} does not verify"));
            }
        }
        // Under faults on purpose, what was put off may still wait.
        if self.setup.chaos.is_none() {
            undone.extend(self.findings());
        }
        undone
    }

    /// Ends the desk without looking at what is left undone.
    pub fn end(mut self) {
        self.looked_at = true;
        self.interrupt();
    }

    /// What `troth verify` finds wrong; a desk at rest has nothing of it.
    ///
    /// # Panics
    /// It cannot look.
    pub fn findings(&self) -> Vec<String> {
        let (_, said) = self.troth(&["verify", "--json"]);
        let report: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        findings
            .iter()
            .map(|it| format!("troth verify: {}: {}", it["problem"], it["what"]))
            .collect()
    }

    /// Runs `troth` on this desk; answers its status and what it printed, with its complaint behind where there is one.
    ///
    /// # Panics
    /// It cannot be started.
    pub fn troth(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let local = format!("--local=http://127.0.0.1:{}/_local", self.port("http"));
        let output = Command::new(programs::program("troth"))
            .arg(local)
            .args(arguments)
            .env_remove("TABLE_NAME")
            .output()
            .expect("troth can be started");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if said.is_empty() {
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            return (output.status.code(), complaint);
        }
        (output.status.code(), said)
    }

    fn interrupt(&mut self) -> Option<ExitStatus> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().ok()?;
        let start = Instant::now();
        while start.elapsed() < ENDING {
            if let Some(status) = self.child.try_wait().ok()? {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.looked_at {
            self.settle();
            let undone = self.undone();
            let logs = self.logs();
            let ended = self.interrupt();
            if undone.is_empty() && ended.is_some_and(|status| status.success()) {
                return;
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
            panic!(
                "the desk did not end in order ({ended:?}):\n{}\n{logs}",
                undone.join("\n")
            );
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
