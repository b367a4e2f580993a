//! `troth policy`: look at a policy's files before anybody is held to them.

use crate::say::say;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use policy::{Files, InvalidId, Lang, Letters, Policy, Problem, Severity};
use serde_json::json;

/// Check policies
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Read and check the policy in a directory; exits with 1 if it cannot be published
    Check {
        /// The directory with `policy.toml` and `page.<lang>.md`
        dir: PathBuf,
        /// The instant to judge by, such as 2026-11-23T00:00:00Z; now if left out
        #[arg(long)]
        at: Option<Timestamp>,
        /// Print the problems as JSON: severity, file, line, column, sentence, suggestion
        #[arg(long)]
        json: bool,
    },
}

/// Why the files could not be read; what is wrong inside them is printed as problems instead.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path} cannot be read")]
    Read {
        path: PathBuf,
        #[source]
        err: io::Error,
    },
    #[error("{path} does not name a language as in `page.en.md`")]
    PageName {
        path: PathBuf,
        #[source]
        err: InvalidId,
    },
}

/// The files of a policy directory.
pub(crate) struct Sources {
    /// `policy.toml`, and how problems name it.
    pub(crate) policy: String,
    pub(crate) file: String,
    /// `page.<lang>.md`
    pub(crate) pages: BTreeMap<Lang, String>,
    /// `holidays/*.ics`
    pub(crate) holidays: BTreeMap<String, String>,
    /// `mail/*.md`
    letters: BTreeMap<String, String>,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Error> {
    match command {
        Command::Check { dir, at, json } => {
            let at = at.unwrap_or_else(Timestamp::now);
            if *json {
                check_as_json(dir, at)
            } else {
                check(dir, at)
            }
        }
    }
}

/// A policy that may be published.
pub(crate) struct Checked {
    pub(crate) policy: Policy,
    /// `policy.toml` as it stands in the directory.
    pub(crate) source: String,
    /// `holidays/*.ics`, by their places in the directory.
    pub(crate) holidays: BTreeMap<String, String>,
    warnings: usize,
}

/// Reads and checks a directory; prints every problem, and why there is none if no policy comes of it.
pub(crate) fn checked(dir: &Path, at: Timestamp) -> Result<Option<Checked>, Error> {
    let sources = Sources::read(dir)?;
    let (policy, problems) = sources.check(at);
    for problem in &problems {
        eprintln!("{problem}");
    }
    let warnings = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Warning)
        .count();
    let Some(policy) = policy else {
        eprintln!(
            "{}, {}: this policy cannot be published",
            counted(problems.len() - warnings, "error"),
            counted(warnings, "warning")
        );
        return Ok(None);
    };
    Ok(Some(Checked {
        policy,
        source: sources.policy,
        holidays: sources.holidays,
        warnings,
    }))
}

/// `1 error`, `2 errors`
fn counted(many: usize, what: &str) -> String {
    format!("{many} {what}{}", if many == 1 { "" } else { "s" })
}

/// The same for machines: a list on standard output, also when there is no problem.
fn check_as_json(dir: &Path, at: Timestamp) -> Result<ExitCode, Error> {
    let (policy, problems) = Sources::read(dir)?.check(at);
    let problems: Vec<_> = problems.iter().map(as_json).collect();
    say(format_args!("{:#}\n", json!(problems)));
    Ok(if policy.is_some() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn as_json(problem: &Problem) -> serde_json::Value {
    json!({
        "severity": problem.severity.as_str(),
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "sentence": problem.sentence(),
        "suggestion": problem.suggestion(),
    })
}

fn check(dir: &Path, at: Timestamp) -> Result<ExitCode, Error> {
    let Some(Checked {
        policy, warnings, ..
    }) = checked(dir, at)?
    else {
        return Ok(ExitCode::FAILURE);
    };
    let terms = policy.terms();
    let published = terms
        .promises
        .iter()
        .filter(|promise| promise.published)
        .count();
    say(format_args!(
        "{} version {}: {} departments, {} people, {} promises ({published} published), pages in {}; warnings: {warnings}\n",
        terms.id,
        policy.hash(),
        terms.departments.len(),
        terms.people.len(),
        terms.promises.len(),
        policy
            .pages()
            .keys()
            .map(Lang::name)
            .collect::<Vec<_>>()
            .join(", "),
    ));
    Ok(ExitCode::SUCCESS)
}

impl Sources {
    /// Reads the directory's `policy.toml`, every `page.<lang>.md` in it, every `.ics` in its `holidays` and every
    /// `.md` in its `mail`.
    pub(crate) fn read(dir: &Path) -> Result<Self, Error> {
        let path = dir.join("policy.toml");
        let policy = read(&path)?;
        let mut pages = BTreeMap::new();
        for page in files_in(dir)? {
            let Some(lang) = language_of(&page) else {
                continue;
            };
            let lang = Lang::new(lang).map_err(|err| Error::PageName {
                path: page.clone(),
                err,
            })?;
            pages.insert(lang, read(&page)?);
        }
        Ok(Self {
            policy,
            file: path.display().to_string(),
            pages,
            holidays: folder(dir, "holidays", "ics")?,
            letters: folder(dir, "mail", "md")?,
        })
    }

    fn check(&self, at: Timestamp) -> (Option<Policy>, Vec<Problem>) {
        let files = Files {
            source: &self.policy,
            file: &self.file,
            pages: self.pages.clone(),
            holidays: self.holidays.clone(),
            letters: Letters::from_files(self.letters.clone()),
        };
        Policy::check(files, Some(at))
    }
}

/// The files of a folder with this ending, by their places in the directory; none if there is no such folder.
fn folder(dir: &Path, name: &str, ending: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut texts = BTreeMap::new();
    let path = dir.join(name);
    if !path.is_dir() {
        return Ok(texts);
    }
    for file in files_in(&path)? {
        let is_one = file.extension().is_some_and(|it| it == ending);
        if let Some(own) = file
            .file_name()
            .and_then(|it| it.to_str())
            .filter(|_| is_one)
        {
            texts.insert(format!("{name}/{own}"), read(&file)?);
        }
    }
    Ok(texts)
}

fn files_in(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |err| Error::Read {
        path: dir.to_owned(),
        err,
    };
    let entries = fs::read_dir(dir).map_err(failed)?;
    let paths = entries.map(|entry| Ok(entry.map_err(failed)?.path()));
    paths.collect()
}

/// `en` of `page.en.md`; none for other files.
fn language_of(path: &Path) -> Option<&str> {
    path.file_name()?
        .to_str()?
        .strip_prefix("page.")?
        .strip_suffix(".md")
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|err| Error::Read {
        path: path.to_owned(),
        err,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/web-host-au")
    }

    #[test]
    fn a_shipped_policy_is_read_with_its_page_and_passes() {
        let sources = Sources::read(&shipped()).unwrap();
        assert_eq!(
            sources.pages.keys().map(Lang::as_str).collect::<Vec<_>>(),
            ["en"]
        );
        let at = "2026-11-23T00:00:00Z".parse().unwrap();
        let (policy, problems) = sources.check(at);
        assert_eq!(problems, []);
        assert!(policy.is_some());
    }

    #[test]
    fn a_directory_without_a_policy_is_named() {
        let err = Sources::read(Path::new("no/such/policy")).err().unwrap();
        assert_eq!(err.to_string(), "no/such/policy/policy.toml cannot be read");
    }
}
