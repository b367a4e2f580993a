//! Scenarios: what happens at a desk, written so that a support person can read it, and the play of it.

mod act;
mod expect;
mod script;
mod steps;
mod tickets;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use play::{Mail, Player, Step, before};
use serde_json::{Value, json};

use crate::clauses;
use crate::desk::{Desk, Setup};
use crate::programs;
use script::{Action, Script};

/// What a scenario left behind, without what differs between two plays of it: numbers and seconds.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// Every mail: minute, recipient, subject.
    pub mails: Vec<String>,
    /// Every ticket as the list shows it.
    pub tickets: Vec<Value>,
}

/// A scenario under way.
struct Play {
    desk: Desk,
    /// The people at it.
    player: Player,
    /// Mails that a step has expected, by their SES ids.
    expected: Vec<String>,
}

/// The folder of the scenarios.
pub fn folder() -> PathBuf {
    programs::root().join("tests/scenarios")
}

/// Plays a scenario by its file's name without the ending.
///
/// # Panics
/// Something is not as the file says: with file and line, what was expected, what was there, and the last log lines.
pub fn play(name: &str) -> Outcome {
    play_with(name, false)
}

/// Plays a scenario; with `every_tick` no tick is left out while the clock is advanced.
///
/// # Panics
/// As [`play`].
pub fn play_with(name: &str, every_tick: bool) -> Outcome {
    let path = folder().join(format!("{name}.toml"));
    let (script, steps) = read(&path);
    let desk = Desk::start(Setup {
        policy: script.published.then(|| script.policy.clone()),
        every_tick,
        ..Setup::under(&script.policy, before(script.at.0))
    });
    let mut play = Play {
        player: Player::new(desk.client()),
        desk,
        expected: Vec::new(),
    };
    play.desk.advance_to(script.at.0);
    for step in &steps {
        if let Err(problem) = play.step(step) {
            panic!(
                "{}:{}: [[{}]]\n{problem}\n\nmails so far:\n{}\n\n{}",
                path.display(),
                step.line,
                step.action.name(),
                lines(&play.desk.mails()),
                play.desk.logs()
            );
        }
    }
    let outcome = play.finish(&path);
    clauses::record(name, &script.shows, &outcome);
    outcome
}

/// The clauses that each scenario is about, by the names of their files.
///
/// # Panics
/// A scenario cannot be read; says which and why.
pub fn clauses_by_scenario() -> BTreeMap<String, Vec<String>> {
    let files = std::fs::read_dir(folder()).expect("the folder of the scenarios can be read");
    let paths = files.flatten().map(|file| file.path());
    let named = paths.map(|path| {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        (name, read(&path).0.clauses)
    });
    named.collect()
}

/// Reads and checks a scenario.
///
/// # Panics
/// It is not one; says where and why.
fn read(path: &Path) -> (Script, Vec<Step<Action>>) {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Script::read(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn lines(mails: &[Mail]) -> String {
    let lines: Vec<String> = mails.iter().map(Mail::line).collect();
    lines.join("\n")
}

impl Play {
    fn step(&mut self, step: &Step<Action>) -> Result<(), String> {
        match &step.action {
            Action::Form(form) => self.player.form(form),
            Action::Json(json) => self.json(json),
            Action::Post(post) => self.post(post),
            Action::Get(get) => self.get(get),
            Action::Page(page) => self.player.page(page),
            Action::File(file) => self.player.file(file),
            Action::Written(mail) => self.player.mail(mail),
            Action::Reply(reply) => self.player.reply(reply).map(drop),
            Action::Advance(advance) => self.player.advance(advance),
            Action::Ses(ses) => {
                self.ses(ses);
                Ok(())
            }
            Action::Receiving(order) => {
                self.desk.drop_events(order.drop);
                Ok(())
            }
            Action::Troth(troth) => self.player.troth(troth).map(drop),
            Action::ExpectMail(mail) => self.expect_mail(mail),
            Action::ExpectNoMoreMail(mail) => self.expect_no_more_mail(mail),
            Action::ExpectHttp(http) => self.expect_http(http),
            Action::ExpectTicket(ticket) => self.expect_ticket(ticket),
            Action::ExpectTickets(tickets) => self.expect_tickets(tickets),
            Action::ExpectHistory(history) => self.expect_history(history),
        }
    }

    fn finish(self, path: &Path) -> Outcome {
        self.desk.settle();
        let mails = self.desk.mails();
        for mail in &mails {
            if let Err(problem) = expect::well_formed(mail) {
                panic!(
                    "{}: {problem}: {}\n{:#?}",
                    path.display(),
                    mail.line(),
                    mail
                );
            }
        }
        let tickets = if self.player.answer.status == 503 {
            Vec::new()
        } else {
            self.desk.tickets()
        };
        let numbers: Vec<&str> = tickets
            .iter()
            .filter_map(|t| t["number"].as_str())
            .collect();
        let unnumbered = |text: &str| {
            numbers
                .iter()
                .enumerate()
                .fold(text.to_owned(), |text, (at, number)| {
                    text.replace(number, &format!("{{number {}}}", at + 1))
                })
        };
        let shown = |ticket: &Value| {
            let keys = [
                "subject",
                "status",
                "department",
                "priority",
                "assignee",
                "tier",
                "messages",
            ];
            json!(keys.map(|key| &ticket[key]))
        };
        let mut mails: Vec<String> = mails
            .iter()
            .map(|mail| unnumbered(&mail.minute_line()))
            .collect();
        // What leaves at one instant leaves in no order.
        mails.sort();
        Outcome {
            mails,
            tickets: tickets.iter().map(shown).collect(),
        }
    }
}
