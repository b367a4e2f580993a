//! `--demo` over the real binaries: one of its desks, played to the end.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its subject ends there"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use play::{Answer, Client};
use tests::programs;

/// The demo of one policy; ends with the test.
struct Demo {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

fn command(policy: &str) -> Command {
    let mut command = Command::new(programs::program("local"));
    command
        .args(["--demo", "--no-build", "--policy"])
        .arg(programs::root().join("infra/policies").join(policy))
        .arg("--template")
        .arg(programs::root().join("infra/template.yaml"));
    command
}

impl Demo {
    fn start(policy: &str) -> Self {
        let folder = tempfile::tempdir_in(programs::folder()).unwrap();
        let mut child = command(policy)
            .args(["--port", "0", "--data"])
            .arg(folder.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines: Vec<String> = lines.map_while(Result::ok).take(3).collect();
        let ready = lines
            .iter()
            .find_map(|line| line.strip_prefix("ready http://127.0.0.1:"));
        let port = ready.unwrap_or_else(|| panic!("it did not get ready: {lines:?}"));
        let port = port.split('/').next().unwrap().parse().unwrap();
        Self {
            child,
            port,
            folder,
        }
    }

    fn page(&self, path: &str) -> Answer {
        play::send(self.port, "GET", path, &[], b"").unwrap()
    }

    /// The desk that the demo has opened for a policy.
    fn desk(&self, id: &str) -> Client {
        let ports = self
            .folder
            .path()
            .join("data/demo")
            .join(id)
            .join("ports.json");
        let ports: serde_json::Value =
            serde_json::from_slice(&std::fs::read(ports).unwrap()).unwrap();
        let port = |name: &str| u16::try_from(ports[name].as_u64().unwrap()).unwrap();
        Client {
            http: port("http"),
            smtp: port("smtp"),
            troth: programs::program("troth"),
            scratch: self.folder.path().join("scratch"),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_desk_of_the_demo_is_played_told_in_words_and_ends_with_it() {
    let mut demo = Demo::start("web-host-vi");
    let desk = demo.desk("web-host-vi");

    let index = demo.page("/");
    assert_eq!(index.status, 200);
    let linked = format!("http://127.0.0.1:{}/policy", desk.http);
    for part in ["/desks/web-host-vi", &linked, "mails sent"] {
        assert!(index.body.contains(part), "{part} in {}", index.body);
    }
    // What happened, in the desk's time, in its people's words.
    let told = demo.page("/desks/web-host-vi").body;
    for part in [
        "Sunday, 7 February 2027",
        "09:10",
        "VI.9",
        "Máy chủ web bị treo",
        "Mail to director@",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    // The promise that was missed, and the fault that is out of scope, are what the desk itself says.
    let tickets = desk.tickets().unwrap();
    assert_eq!(tickets.len(), 5, "{tickets:#?}");
    assert_eq!(tickets[3]["status"], "solved");
    let late = tickets[2]["number"].as_str().unwrap();
    let shown = desk.troth_json(&["ticket", "show", late]).unwrap();
    let missed = shown["deadlines"].as_array().unwrap();
    let missed: Vec<_> = missed.iter().filter(|d| d["missed"] == true).collect();
    assert!(
        missed.iter().any(|d| d["promise"] == "technical-response"),
        "{shown:#}"
    );
    for page in ["explain", "evidence"] {
        let page = demo.page(&format!("/desks/web-host-vi/tickets/{late}/{page}"));
        assert_eq!(page.status, 200);
        assert!(page.body.contains("VI.5"), "{}", page.body);
    }
    let option = demo.page("/desks/web-host-vi/tickets/--help/explain");
    assert_eq!(option.status, 404, "{}", option.body);

    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for mail in desk.mails().unwrap() {
        *told
            .entry(mail.header("x-troth-notice").to_owned())
            .or_default() += 1;
    }
    assert!(!told.contains_key("") && told.len() > 20, "{told:?}");
    told.retain(|_, times| *times > 1);
    assert!(told.is_empty(), "told twice: {told:?}");

    // Ctrl-C ends everything.
    let pid = demo.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(demo.child.wait().unwrap().success());
    assert!(desk.now().is_err(), "the desk outlived the demo");
}

#[test]
fn a_demo_says_what_stands_in_its_way() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir_in(programs::folder()).unwrap();
    for (policy, port, said) in [
        (
            "web-host-vi",
            port.as_str(),
            "is taken; choose another with --port",
        ),
        ("no-such-policy", "0", "has no story to play"),
    ] {
        let mut command = command(policy);
        command
            .args(["--port", port, "--data"])
            .arg(folder.path().join("data"));
        let output = command.output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && words.contains(said), "{words}");
    }
}
