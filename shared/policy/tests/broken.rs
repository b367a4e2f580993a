//! Every rule of `Policy::check` with a policy that breaks it: `broken/<rule>/`, what is said of it in `expected.txt`.
#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use policy::{Files, Lang, Letters, Policy, Severity};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// What the check says of a folder, one problem a line, and whether it yields a policy.
fn said(folder: &Path) -> (bool, Vec<policy::Problem>) {
    let source = fs::read_to_string(folder.join("policy.toml")).unwrap();
    let mut pages = BTreeMap::new();
    for file in files_in(folder) {
        let name = name(&file);
        if let Some(lang) = name
            .strip_prefix("page.")
            .and_then(|name| name.strip_suffix(".md"))
        {
            pages.insert(Lang::new(lang).unwrap(), fs::read_to_string(&file).unwrap());
        }
    }
    let holidays = files_in(&folder.join("holidays"));
    let holidays = holidays.iter().map(|file| {
        (
            format!("holidays/{}", name(file)),
            fs::read_to_string(file).unwrap(),
        )
    });
    let letters = files_in(&folder.join("mail")).into_iter();
    let letters = letters.map(|file| (name(&file), fs::read_to_string(&file).unwrap()));
    let files = Files {
        source: &source,
        file: "policy.toml",
        pages,
        holidays: holidays.collect(),
        letters: Letters::from_files(letters),
    };
    let (policy, problems) = Policy::check(files, Some("2026-11-23T00:00:00Z".parse().unwrap()));
    (policy.is_some(), problems)
}

#[test]
fn every_broken_policy_is_told_with_its_place_and_its_sentence() {
    let mut wrong = String::new();
    let (mut refused, mut warned) = (0, 0);
    for folder in files_in(&folder()) {
        let (policy, problems) = said(&folder);
        let have: String = problems.iter().fold(String::new(), |text, problem| {
            text + &problem.to_string() + "\n"
        });
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap();
        let errors = problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        assert_eq!(policy, !errors, "{}", folder.display());
        if errors {
            refused += 1;
        } else {
            warned += 1;
        }
        if have.is_empty() || have != expected {
            write!(wrong, "{}\n  want {expected}\n  have {have}", name(&folder)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(refused >= 40, "{refused} refused, {warned} warned");
}
