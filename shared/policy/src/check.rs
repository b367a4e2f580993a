//! From the files to a policy: reading, the checks that need the whole, and what they found.

mod cover;
mod holidays;
mod ladders;
mod letters;
mod matching;
mod metrics;
mod order;
pub(crate) mod pages;
mod people;
mod prose;
mod reach;
mod routes;
mod unused;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::id::Lang;
use crate::letters::Letters;
use crate::policy::Policy;
use crate::problem::{Problem, Report, Severity};
use crate::read;
use crate::stored::MAX_BYTES;

/// The files of a policy.
#[derive(Debug, Clone, Default)]
pub struct Files<'a> {
    /// The text of `policy.toml`.
    pub source: &'a str,
    /// How problems name it; other files are named as they stand beside it.
    pub file: &'a str,
    /// `page.<lang>.md`, by language.
    pub pages: BTreeMap<Lang, String>,
    /// The holiday files, by the name that calendars use, such as `holidays/nsw.ics`.
    pub holidays: BTreeMap<String, String>,
    /// The company's own words for mails to customers.
    pub letters: Letters,
}

impl Policy {
    /// Reads and checks a policy that names no holiday file.
    ///
    /// `file` is how problems name `policy.toml`. Warnings are dropped; [`Policy::check`] keeps them.
    ///
    /// # Errors
    /// Everything that keeps the policy from being published, in the order of the files.
    pub fn parse(
        source: &str,
        file: &str,
        pages: BTreeMap<Lang, String>,
    ) -> Result<Self, Vec<Problem>> {
        let files = Files {
            source,
            file,
            pages,
            ..Files::default()
        };
        let (policy, mut problems) = Self::check(files, None);
        problems.retain(|problem| problem.severity == Severity::Error);
        policy.ok_or(problems)
    }

    /// Reads and checks a policy; the policy is there if no problem is an error.
    ///
    /// `at` is when the policy is looked at, for the warnings that depend on it: with none, they are left out.
    pub fn check(files: Files<'_>, at: Option<Timestamp>) -> (Option<Self>, Vec<Problem>) {
        let Files {
            source,
            file,
            pages,
            holidays,
            letters,
        } = files;
        let mut report = Report::new(file, source);
        // What depends on the whole is judged once its parts are right: a faulty part would only echo.
        let read = read::read(&mut report, source, &holidays).filter(|_| !report.has_errors());
        let policy = read.and_then(|(terms, places)| {
            matching::check(&mut report, &terms, &places);
            people::check(&mut report, &terms, &places);
            reach::check(&mut report, &terms, &places);
            ladders::check(&mut report, &terms, &places);
            routes::check(&mut report, &terms, &places);
            metrics::check(&mut report, &terms, &places);
            unused::check(&mut report, source, &pages, &places);
            if let Some(at) = at {
                holidays::check(&mut report, &terms, &places, at);
            }
            let policy = Self::new(terms, pages, letters, None).ok()?;
            if let Some(at) = at {
                cover::check(&mut report, &policy, &places, at);
                order::check(&mut report, &policy, &places, at);
            }
            Some((policy, places))
        });
        let mut page_problems = Vec::new();
        if let Some((policy, places)) = &policy {
            page_problems = policy.check_pages(file, places.prevailing.clone(), &mut report);
            page_problems.append(&mut letters::check(policy, &report));
            let size = policy.to_json().len();
            if size > MAX_BYTES {
                report.error(0..0, format!("the policy takes {size} bytes compiled; it must fit into {MAX_BYTES}, so shorten it"));
            }
        }
        let faulty = report.has_errors()
            || page_problems
                .iter()
                .any(|problem| problem.severity == Severity::Error);
        let mut problems = report.problems;
        problems.sort_by_key(|problem| (problem.line, problem.column));
        problems.append(&mut report.elsewhere);
        problems.append(&mut page_problems);
        (
            policy.map(|(policy, _)| policy).filter(|_| !faulty),
            problems,
        )
    }
}
