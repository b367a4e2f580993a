//! Starts the runner on free ports and talks to it as its users do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A running runner; ends with the test.
pub(crate) struct Runner {
    child: Child,
    flags: Vec<String>,
    dir: tempfile::TempDir,
    ports: Value,
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local"));
    let probes = Path::new(env!("CARGO_BIN_EXE_local")).with_file_name("examples");
    command
        .args(["--no-build", "--port", "0", "--smtp-port", "0"])
        .arg("--template")
        .arg(fixture("template.yaml"))
        .arg("--bin-dir")
        .arg(probes)
        .arg("--data")
        .arg(data);
    command
}

pub(crate) fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Starts with flags that must fail; returns what it said. Later flags win over the usual ones.
pub(crate) fn refused(flags: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command(&dir.path().join("data"));
    let mut arguments: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
    for pair in flags.chunks(2) {
        if let Some(at) = arguments.iter().position(|a| a == pair[0]) {
            arguments.drain(at..at + 2);
        }
    }
    let program = command.get_program().to_owned();
    command = Command::new(program);
    let output = command.args(arguments).args(flags).output().unwrap();
    assert!(!output.status.success(), "{flags:?} started");
    String::from_utf8(output.stderr).unwrap()
}

/// Whether a process still runs; a zombie does not.
pub(crate) fn runs(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let state = status.lines().find(|line| line.starts_with("State:"));
    state.is_some_and(|state| !state.contains('Z'))
}

impl Runner {
    pub(crate) fn start(flags: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let child = launch(&dir.path().join("data"), &flags);
        let ports = read_ports(dir.path());
        Self {
            child,
            flags,
            dir,
            ports,
        }
    }

    pub(crate) fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = launch(&self.dir.path().join("data"), &self.flags);
        self.ports = read_ports(self.dir.path());
    }

    pub(crate) fn interrupt(&mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(self.child.wait().unwrap().success());
    }

    /// The processes that the runner started.
    pub(crate) fn children(&self) -> Vec<u32> {
        let own = format!("PPid:\t{}", self.child.id());
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid: &u32| {
                let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
                status.is_ok_and(|status| status.lines().any(|line| line == own))
            })
            .collect()
    }

    pub(crate) fn port(&self, name: &str) -> u16 {
        u16::try_from(self.ports[name].as_u64().unwrap()).unwrap()
    }

    pub(crate) fn raw(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        request(self.port("http"), method, path, headers, body)
    }

    pub(crate) fn text(&self, path: &str) -> (u16, String) {
        self.raw("GET", path, "", "")
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        let (status, text) = self.text(path);
        (status, serde_json::from_str(&text).unwrap())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let (status, text) = self.raw("POST", path, "", &body.to_string());
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn state(&self) -> Value {
        self.get("/_local/state.json").1
    }

    pub(crate) fn mails(&self) -> Value {
        self.get("/_local/mail.json").1
    }

    pub(crate) fn now(&self) -> Timestamp {
        let clock = self.get("/_local/clock").1;
        clock["now"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) fn advance(&self, duration: &str) -> Value {
        self.post("/_local/clock", &json!({ "advance": duration }))
    }

    /// Puts a message on the probes' queue.
    pub(crate) fn queue(&self, body: &str) {
        let port = self.port("services");
        let url = format!("http://127.0.0.1:{port}/123456789012/Work");
        let message = json!({ "QueueUrl": url, "MessageBody": body }).to_string();
        let target = "X-Amz-Target: AmazonSQS.SendMessage\r\n";
        let (status, text) = request(port, "POST", "/", target, &message);
        assert_eq!(status, 200, "{text}");
    }

    /// Calls `SendEmail` with a small raw message; `extra` joins the call's body.
    pub(crate) fn send_mail(&self, extra: &Value, subject: &str) -> (u16, Value) {
        let raw = format!(
            "From: help@desk.example\r\nTo: c@customer.example\r\nSubject: {subject}\r\n\
             Message-ID: <own@desk.example>\r\n\r\nHi\r\n"
        );
        let data = base64::engine::general_purpose::STANDARD.encode(raw);
        let mut call = json!({ "Content": { "Raw": { "Data": data } } });
        for (key, value) in extra.as_object().unwrap() {
            call[key] = value.clone();
        }
        let path = "/v2/email/outbound-emails";
        let json = "Content-Type: application/json\r\n";
        let (status, text) = request(self.port("services"), "POST", path, json, &call.to_string());
        (status, serde_json::from_str(&text).unwrap())
    }

    /// Sends a mail over SMTP.
    pub(crate) fn mail(&self, subject: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port("smtp"))).unwrap();
        let mut answers = BufReader::new(stream.try_clone().unwrap());
        let mut expect = |code: &str| {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "{line}");
        };
        expect("220");
        let mail = format!("From: c@customer.example\r\nSubject: {subject}\r\n\r\nHi\r\n.\r\n");
        for (line, code) in [
            ("HELO test\r\n", "250"),
            ("MAIL FROM:<c@customer.example>\r\n", "250"),
            ("RCPT TO:<nobody@elsewhere.example>\r\n", "550"),
            ("RCPT TO:<help@desk.example>\r\n", "250"),
            ("DATA\r\n", "354"),
            (&mail, "250"),
            ("QUIT\r\n", "221"),
        ] {
            stream.write_all(line.as_bytes()).unwrap();
            expect(code);
        }
    }

    /// The virtual instants at which a function logged a line that starts so.
    ///
    /// The log comes through a pipe, so it trails the answers: first every
    /// invocation that the runner counts must have its line.
    pub(crate) fn log_instants(&self, function: &str, start: &str) -> Vec<i64> {
        let path: PathBuf = self.dir.path().join(format!("data/logs/{function}.log"));
        let read = || std::fs::read_to_string(&path).unwrap_or_default();
        let said = ["mail ", "message ", "tick "];
        self.wait_for("the log of every invocation", |runner| {
            let counted = &runner.state()["functions"][function]["invocations"];
            let log = read();
            let lines = log
                .lines()
                .filter(|l| said.iter().any(|s| l.starts_with(s)));
            lines.count() as u64 >= counted.as_u64().unwrap()
        });
        read()
            .lines()
            .filter(|line| line.starts_with(start))
            .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
            .collect()
    }

    /// Looks until it is so; gives up only when something is surely broken.
    pub(crate) fn wait_for(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !so(self) {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "no sign of {what}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(data: &Path, flags: &[String]) -> Child {
    let mut child = command(data)
        .args(flags)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    assert!(line.starts_with("ready http://127.0.0.1:"), "{line}");
    child
}

fn read_ports(dir: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(dir.join("data/ports.json")).unwrap()).unwrap()
}

fn request(port: u16, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer[9..12].parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    (status, body.to_owned())
}
