//! A running desk, as its users reach it.

use std::path::PathBuf;
use std::process::Command;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::http::{self, Answer};
use super::mailbox::Mail;
use super::smtp;

/// Where a desk is reached. Every error is a sentence that says what was asked and what came back.
#[derive(Debug, Clone)]
pub struct Client {
    /// The port of the form and of the runner's pages.
    pub http: u16,
    /// The port that takes mail.
    pub smtp: u16,
    /// The built `troth`.
    pub troth: PathBuf,
    /// A folder for files of whoever plays; nobody has made it yet.
    pub scratch: PathBuf,
}

impl Client {
    /// Asks the HTTP API or the runner's pages.
    ///
    /// # Errors
    /// There was no whole answer; the request may have been carried out all the same.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, String> {
        http::send(self.http, method, path, headers, body)
            .map_err(|error| format!("{method} {path}: {error}"))
    }

    /// Asks one of the runner's JSON pages; `null` sends no body.
    ///
    /// # Errors
    /// The runner refused, or answered something else.
    pub fn json(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = self.ask(method, path, &[], text.as_bytes())?;
        if answer.status != 200 {
            return Err(format!("{method} {path}: {}", answer.body));
        }
        serde_json::from_str(&answer.body).map_err(|error| format!("{method} {path}: {error}"))
    }

    /// Moves the clock: `{"advance": duration}` or `{"to": instant}`; answers when all that is due has happened.
    ///
    /// # Errors
    /// The runner refused.
    pub fn clock(&self, order: &Value) -> Result<(), String> {
        self.json("POST", "/_local/clock", order).map(drop)
    }

    /// Waits until nothing runs or waits to run at this instant.
    ///
    /// # Errors
    /// As [`Client::clock`].
    pub fn settle(&self) -> Result<(), String> {
        self.clock(&json!({ "advance": "PT0S" }))
    }

    /// The desk's clock.
    ///
    /// # Errors
    /// The runner does not answer.
    pub fn now(&self) -> Result<Timestamp, String> {
        let clock = self.json("GET", "/_local/clock", &Value::Null)?;
        let now = clock["now"].as_str().and_then(|now| now.parse().ok());
        now.ok_or_else(|| format!("no time in {clock}"))
    }

    /// Every mail that left, oldest first.
    ///
    /// # Errors
    /// The runner does not answer.
    pub fn mails(&self) -> Result<Vec<Mail>, String> {
        let mails = self.json("GET", "/_local/mail.json", &Value::Null)?;
        serde_json::from_value(mails).map_err(|error| format!("mail.json: {error}"))
    }

    /// Hands a raw mail to the desk.
    ///
    /// # Errors
    /// The SMTP server's own words.
    pub fn deliver(&self, from: &str, to: &str, raw: &str) -> Result<(), String> {
        smtp::deliver(self.smtp, from, to, raw)
    }

    /// Runs `troth` on this desk.
    ///
    /// # Errors
    /// What it printed when it failed.
    pub fn troth(&self, arguments: &[&str]) -> Result<String, String> {
        let local = format!("--local=http://127.0.0.1:{}/_local", self.http);
        let output = Command::new(&self.troth)
            .arg(local)
            .args(arguments)
            .env_remove("TABLE_NAME")
            .output()
            .map_err(|error| format!("{}: {error}", self.troth.display()))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs `troth ... --json`.
    ///
    /// # Errors
    /// It failed, or printed something else.
    pub fn troth_json(&self, arguments: &[&str]) -> Result<Value, String> {
        let text = self
            .troth(&[arguments, &["--json"]].concat())
            .map_err(|said| format!("troth {arguments:?}: {said}"))?;
        serde_json::from_str(&text).map_err(|error| format!("troth {arguments:?}: {error}"))
    }

    /// All tickets, in the order in which they were opened.
    ///
    /// # Errors
    /// As [`Client::troth_json`].
    pub fn tickets(&self) -> Result<Vec<Value>, String> {
        let list = self.troth_json(&["ticket", "list"])?;
        let mut tickets = list.as_array().cloned().unwrap_or_default();
        tickets.sort_by_key(|ticket| {
            let opened = ticket["opened_at"].as_str().and_then(|at| at.parse().ok());
            opened.unwrap_or(Timestamp::MIN)
        });
        Ok(tickets)
    }
}
