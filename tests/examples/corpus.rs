//! Pours a folder of mail into a desk over SMTP and compares what became of each with how the mail reads.
//!
//! `cargo run -p tests --example corpus -- FOLDER`: every file below the folder whose name ends in `.eml` is sent to the
//! real runner with the real functions. Each must end on a ticket if a person wrote it, and filed as what it is if not;
//! none may be lost, nothing automatic answered, `inbox/` and the dead letters empty. It prints its figures and what
//! differs, and fails if anything does.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use mail::{InboundMail, Kind, is_setup_notice};
use play::{as_sent, before, deliver_bytes};
use tests::desk::{Desk, Setup};

/// A Tuesday morning at the desk.
const AT: &str = "2026-11-24T00:00:00Z";
const POLICY: &str = "web-host-au";
const DOMAIN: &str = "support.example.com";

/// Where mail ended: `ticket`, or the kind it was filed as.
type Ends = BTreeMap<usize, String>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("name the folder of the mails")?;
    let files = mails(Path::new(&folder))?;
    let at = AT.parse()?;
    let desk = Desk::start(Setup::under(POLICY, before(at)));
    desk.advance_to(at);
    let began = Instant::now();
    let (mut expected, mut ids) = (Ends::new(), BTreeMap::new());
    let mut answerable = BTreeSet::new();
    let mut refused = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let raw = fs::read(file)?;
        let envelope = envelope_of(&raw);
        let to = format!("corpus-{n}@{DOMAIN}");
        if let Err(said) = deliver_bytes(desk.port("smtp"), &envelope, &to, &raw) {
            refused.push(format!("{}: {said}", file.display()));
            continue;
        }
        // As SES hands it on: a mail whose first line is no header is read otherwise behind SES's own lines.
        let stamped = [
            format!("Return-Path: <{envelope}>\r\n").into_bytes(),
            as_sent(&raw),
        ]
        .concat();
        let read = mail::parse(&stamped, Some(&envelope)).unwrap_or_else(Into::into);
        if read.verdict.may_be_answered() {
            let from = read
                .from
                .first()
                .map_or(envelope.as_str(), |it| it.address.as_str());
            answerable.insert(from.to_lowercase());
        }
        ids.extend(read.message_id.as_ref().map(|id| (n, id.to_string())));
        expected.insert(n, end_of(&read, &envelope).to_owned());
    }
    desk.settle();
    desk.advance("PT10M");
    let found = ends(&desk, &ids)?;
    let seconds = began.elapsed().as_secs();
    let faults = faults(&files, &expected, &found, &refused, &desk, &answerable);
    report(&expected, &faults, seconds);
    Ok(if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Every mail below a folder, in the order of the names.
fn mails(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "eml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The envelope sender: as the file's own Return-Path has it, else a sender that tells nothing.
fn envelope_of(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(64 * 1024)]).into_owned();
    let path = text
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .find(|line| line.to_ascii_lowercase().starts_with("return-path:"));
    let address = path.and_then(|line| Some(line.split_once('<')?.1.split_once('>')?.0));
    let plain = |address: &&str| {
        address.is_empty() || address.contains('@') && address.bytes().all(|b| b.is_ascii_graphic())
    };
    address
        .filter(plain)
        .unwrap_or("corpus@sender.example")
        .to_owned()
}

/// How a mail is to end by what it says.
fn end_of(mail: &InboundMail, envelope: &str) -> &'static str {
    let ours = |it: &mail::Mailbox| it.address.to_lowercase().ends_with(&format!("@{DOMAIN}"));
    match mail.verdict.kind {
        Kind::Human if mail.from.is_empty() && envelope.is_empty() => "no_sender",
        _ if mail.from.first().is_some_and(ours) => "own",
        _ if is_setup_notice(mail) => "setup",
        Kind::Human => "ticket",
        kind => kind.as_str(),
    }
}

/// Where each mail lies now, by the number in its recipient.
fn ends(desk: &Desk, ids: &BTreeMap<usize, String>) -> Result<Ends, Box<dyn Error>> {
    let filed = desk.troth_json(&["mail", "filed"]);
    let kinds: BTreeMap<&str, &str> = filed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| Some((it["ses_id"].as_str()?, it["kind"].as_str()?)))
        .collect();
    let (mut ends, mut masked) = (Ends::new(), Vec::new());
    let data = desk.client().scratch.with_file_name("data");
    let mut open = vec![data];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let names: Vec<String> = path
                .iter()
                .map(|it| it.to_string_lossy().into_owned())
                .collect();
            let name = names.last().map_or("", String::as_str);
            let end = if names.iter().any(|it| it == "tickets") {
                "ticket"
            } else if names.iter().any(|it| it == "filed") {
                kinds.get(name).copied().unwrap_or("filed and not listed")
            } else if names.iter().any(|it| it == "inbox") {
                "inbox"
            } else {
                continue;
            };
            let stored = fs::read(&path)?;
            if is_masked(&stored) {
                masked.extend(id_of(&stored).map(|id| (id, end)));
            } else if let Some(n) = number_of(&stored) {
                let twice = ends.insert(n, end.to_owned());
                if let Some(other) = twice {
                    ends.insert(n, format!("{other} and {end}"));
                }
            }
        }
    }
    // A masked copy has no line of SES: it is the mail of its Message-ID that was not found otherwise.
    for (id, end) in masked {
        let mut numbers = ids.iter().filter(|(_, known)| **known == id);
        if let Some((n, _)) = numbers.find(|(n, _)| !ends.contains_key(n)) {
            ends.insert(*n, end.to_owned());
        }
    }
    Ok(ends)
}

/// Whether a stored mail is the masked copy of one that held secrets.
fn is_masked(raw: &[u8]) -> bool {
    let top = String::from_utf8_lossy(&raw[..raw.len().min(64 * 1024)]).into_owned();
    top.lines()
        .take_while(|line| !line.trim().is_empty())
        .any(|line| line.starts_with("X-Troth-Copy:"))
}

fn id_of(raw: &[u8]) -> Option<String> {
    let mail = mail::parse(raw, None).ok()?;
    mail.message_id.map(|id| id.to_string())
}

/// The number that stands in the recipient which SES noted on top.
fn number_of(raw: &[u8]) -> Option<usize> {
    let top = String::from_utf8_lossy(&raw[..raw.len().min(2_000)]).into_owned();
    let (_, rest) = top.split_once("for corpus-")?;
    rest.split_once('@')?.0.parse().ok()
}

fn faults(
    files: &[PathBuf],
    expected: &Ends,
    found: &Ends,
    refused: &[String],
    desk: &Desk,
    answerable: &BTreeSet<String>,
) -> Vec<String> {
    let mut faults: Vec<String> = refused
        .iter()
        .map(|it| format!("not taken: {it}"))
        .collect();
    for (n, wanted) in expected {
        let end = found.get(n).map_or("lost", String::as_str);
        if end != wanted {
            faults.push(format!(
                "{}: reads as {wanted}, ended as {end}",
                files[*n].display()
            ));
        }
    }
    let staff = |address: &str| address.ends_with("@staff.example.com");
    let answered = desk.mails().into_iter().flat_map(|mail| mail.to);
    let wrong: BTreeSet<String> = answered
        .map(|address| address.to_lowercase())
        .filter(|address| !staff(address) && !answerable.contains(address))
        .collect();
    faults.extend(
        wrong
            .into_iter()
            .map(|it| format!("an answer to a machine at {it}")),
    );
    faults.extend(desk.undone());
    faults
}

fn report(expected: &Ends, faults: &[String], seconds: u64) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for end in expected.values() {
        *counts.entry(end).or_default() += 1;
    }
    println!("{} mails in {seconds} s", expected.len());
    for (end, count) in counts {
        println!("{count:>6} {end}");
    }
    println!("{:>6} differ, are lost or answered wrongly", faults.len());
    for fault in faults {
        println!("       {fault}");
    }
}
