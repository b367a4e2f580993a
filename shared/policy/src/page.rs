//! The published page: prose with placeholders, filled from the terms.
//!
//! A number or an hour in the prose comes from the terms, so that the page cannot promise what the desk does not do.

mod html;
mod texts;

use std::ops::Range;

pub use html::PublishedPage;

use crate::id::{CalendarId, Lang, PromiseId};
use crate::policy::Policy;
use crate::problem::{Problem, Report, instead};

/// A placeholder's name and its place, braces included.
pub(crate) struct Placeholder<'p> {
    pub(crate) name: &'p str,
    pub(crate) span: Range<usize>,
}

impl Policy {
    /// The page in this language, or in the prevailing one if there is none, as Markdown with everything filled in.
    ///
    /// None if this copy carries no pages (see [`Policy::to_json`]).
    pub fn render_page(&self, lang: &Lang) -> Option<String> {
        let (_, page) = self.filled_page(lang, |_, target| target.to_owned())?;
        Some(page)
    }

    /// The page and its language; `target` says how the target of the promise at this place in the terms is written.
    fn filled_page(
        &self,
        lang: &Lang,
        target: impl Fn(usize, &str) -> String,
    ) -> Option<(&Lang, String)> {
        let (lang, source) = self
            .pages()
            .get_key_value(lang)
            .or(self.pages().get_key_value(&self.terms().prevailing))?;
        let source = html::unmarked(source);
        let mut values = self.values(lang);
        for (index, promise) in self.terms().promises.iter().enumerate() {
            for name in [target_of(&promise.id), within_of(&promise.id)] {
                if let Some(value) = values.get_mut(&name) {
                    *value = target(index, value);
                }
            }
        }
        let mut page = String::with_capacity(source.len() * 2);
        let mut copied = 0;
        for placeholder in placeholders(&source) {
            if let Some(value) = values.get(placeholder.name) {
                page.push_str(&source[copied..placeholder.span.start]);
                page.push_str(value);
                copied = placeholder.span.end;
            }
        }
        page.push_str(&source[copied..]);
        Some((lang, page))
    }

    /// What is wrong with the pages: a placeholder that names nothing, a published promise that is not told.
    pub(crate) fn check_pages(
        &self,
        policy_file: &str,
        prevailing: Range<usize>,
        report: &mut Report<'_>,
    ) -> Vec<Problem> {
        let prevailing_lang = &self.terms().prevailing;
        if !self.pages().contains_key(prevailing_lang) {
            let page = page_name(prevailing_lang);
            report.error(
                prevailing,
                format!("there is no page in the prevailing language; write `{page}`"),
            );
        }
        let mut problems = Vec::new();
        for (lang, source) in self.pages() {
            let mut report = Report::new(beside(policy_file, lang), source);
            self.check_page(lang, source, &mut report);
            problems.append(&mut report.problems);
        }
        problems
    }

    fn check_page(&self, lang: &Lang, source: &str, report: &mut Report<'_>) {
        if !self.terms().languages.contains(lang) {
            let message =
                format!("`languages` does not list `{lang}`; add it there, or remove this page");
            report.error(0..0, message);
        }
        let values = self.values(lang);
        for Placeholder { name, span } in placeholders(source) {
            if !values.contains_key(name) {
                let instead = instead(name, values.keys().map(String::as_str));
                report.error(
                    span,
                    format!("`{{{name}}}` stands for nothing; {instead}, in braces"),
                );
            }
        }
        for promise in self
            .terms()
            .promises
            .iter()
            .filter(|promise| promise.published)
        {
            let (told, within) = (target_of(&promise.id), within_of(&promise.id));
            if !placeholders(source).any(|it| it.name == told || it.name == within) {
                let id = &promise.id;
                report.error(0..0, format!("the page does not tell of published promise `{id}`; write `{{{told}}}` in it"));
            }
        }
        crate::check::pages::check(self, lang, source, report);
        for (id, calendar) in &self.terms().calendars {
            if !calendar.days.is_empty()
                && told_of(source, id, "closed")
                && !told_of(source, id, "days")
            {
                let message = format!(
                    "the page does not tell of the dates on which `{id}` has hours of its own; write `{{calendar.{id}.days}}` in it"
                );
                report.warn(0..0, message);
            }
        }
    }
}

pub(crate) fn target_of(promise: &PromiseId) -> String {
    format!("promise.{promise}.target")
}

/// The target as a phrase of a sentence: "within 4 open hours".
pub(crate) fn within_of(promise: &PromiseId) -> String {
    format!("promise.{promise}.within")
}

pub(crate) fn expected_of(promise: &PromiseId) -> String {
    format!("promise.{promise}.expected")
}

fn told_of(source: &str, calendar: &CalendarId, what: &str) -> bool {
    source.contains(&format!("{{calendar.{calendar}.{what}}}"))
}

/// The file in which the page of a language is looked for.
pub(crate) fn page_name(lang: &Lang) -> String {
    format!("page.{lang}.md")
}

/// The page's file as it stands beside the policy's.
fn beside(policy_file: &str, lang: &Lang) -> String {
    let directory = policy_file
        .rfind('/')
        .map_or("", |slash| &policy_file[..=slash]);
    format!("{directory}{}", page_name(lang))
}

/// `{…}` without blanks or braces inside; any other brace is text.
pub(crate) fn placeholders(source: &str) -> impl Iterator<Item = Placeholder<'_>> {
    source.match_indices('{').filter_map(|(start, _)| {
        let rest = &source[start + 1..];
        let name = &rest[..rest.find(|c: char| c == '}' || c == '{' || c.is_whitespace())?];
        let end = start + 1 + name.len();
        (!name.is_empty() && source[end..].starts_with('}')).then(|| Placeholder {
            name,
            span: start..end + 1,
        })
    })
}
