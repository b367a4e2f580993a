//! `troth verify` beside the bucket: what it shows that the table alone does not. The table's own findings are broken one by
//! one in the store's tests.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::Value;
use store::Problem;
use tests::desk::{Desk, Setup};

/// A way to break a bucket.
enum Harm {
    /// An object that nobody wrote.
    Add(&'static str),
    /// The first object under a prefix is gone.
    Remove(&'static str),
}

const ROWS: &[(Problem, Harm)] = &[
    (Problem::RawOrphan, Harm::Add("tickets/0123456789ABC/stray")),
    (Problem::RawOrphan, Harm::Add("tickets/nobody/stray")),
    (Problem::RawOrphan, Harm::Add("filed/stray")),
    (Problem::RawMissing, Harm::Remove("tickets")),
    (Problem::RawMissing, Harm::Remove("filed")),
    (Problem::FileOrphan, Harm::Add("files/stray")),
    (Problem::FileMissing, Harm::Remove("files")),
    (Problem::Unfiled, Harm::Add("inbox/stray")),
];

/// A desk with a mail with a file on a ticket, and a mail that was filed without one.
fn desk() -> Desk {
    let desk = Desk::start(Setup::under(
        "web-host-au",
        "2026-11-23T22:00:00Z".parse().unwrap(),
    ));
    desk.advance("PT5M");
    let request = "From: <customer@example.net>\nTo: <technical@support.example.com>\nSubject: Log\n\
        MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_b_=\"\n\n--=_b_=\n\nThe log is with it.\n\
        --=_b_=\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nline 1\n--=_b_=--\n";
    let away = "From: <away@example.net>\nTo: <technical@support.example.com>\nSubject: Out of office\n\
        Auto-Submitted: auto-replied\n\nI am away.\n";
    for (from, raw) in [
        ("customer@example.net", request),
        ("away@example.net", away),
    ] {
        let to = "technical@support.example.com";
        desk.client().deliver(from, to, raw).unwrap();
        desk.settle();
    }
    desk
}

/// The kinds of findings, and whether anything was repaired.
fn found(desk: &Desk, arguments: &[&str]) -> Vec<(String, bool)> {
    let (status, said) = desk.troth(arguments);
    let report: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(status, Some(if findings.is_empty() { 0 } else { 3 }));
    let each = findings.iter().map(|it| {
        let problem = it["problem"].as_str().unwrap().to_owned();
        (problem, it["repaired"].as_bool().unwrap())
    });
    each.collect()
}

/// The first object under a folder; what the local S3 keeps for itself begins with a dot.
fn first(folder: &Path) -> Option<PathBuf> {
    let mut inside: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
        .collect();
    inside.sort();
    inside.into_iter().find_map(|path| {
        if path.is_dir() {
            first(&path)
        } else {
            Some(path)
        }
    })
}

#[test]
fn every_kind_of_finding_in_the_bucket_is_found_alone_and_left_to_a_person() {
    let desk = desk();
    let bucket = desk.data().join("data/s3/mailbucket");
    let long_ago: Timestamp = "2026-11-23T20:00:00Z".parse().unwrap();
    let long_ago = SystemTime::from(long_ago);
    let clean = ["verify", "--json"];
    assert_eq!(found(&desk, &clean), []);
    for (problem, harm) in ROWS {
        let expected = [(problem.name().to_owned(), false)];
        match harm {
            Harm::Add(key) => {
                let path = bucket.join(key);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let file = File::create(&path).unwrap();
                file.set_modified(long_ago).unwrap();
                assert_eq!(
                    found(&desk, &["verify", "--json", "--repair"]),
                    expected,
                    "{key}"
                );
                fs::remove_file(path).unwrap();
            }
            Harm::Remove(prefix) => {
                let path = first(&bucket.join(prefix)).unwrap();
                let aside = desk.data().join("aside");
                fs::rename(&path, &aside).unwrap();
                assert_eq!(
                    found(&desk, &["verify", "--json", "--repair"]),
                    expected,
                    "{prefix}"
                );
                fs::rename(aside, path).unwrap();
            }
        }
        assert_eq!(found(&desk, &clean), [], "{problem:?} was undone");
    }
}

#[test]
fn every_kind_of_finding_in_the_bucket_has_a_row_that_breaks_one() {
    let shown: BTreeSet<Problem> = ROWS.iter().map(|(problem, _)| *problem).collect();
    let all: BTreeSet<Problem> = Problem::BUCKET.iter().copied().collect();
    assert_eq!(shown, all);
}

#[test]
fn operators_read_of_every_kind_of_finding_what_it_means() {
    let guide = include_str!("../../docs/OPERATIONS.md");
    let rows: Vec<&str> = guide
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for problem in Problem::TABLE.iter().chain(Problem::BUCKET) {
        let name = format!("`{}`", problem.name());
        let told = rows
            .iter()
            .any(|row| row.split(" | ").next().unwrap().contains(&name));
        assert!(told, "{name} has no row in docs/OPERATIONS.md");
    }
}
