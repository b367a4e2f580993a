//! The company's own letters: that each is one, in a language of the policy, and says what it has to.

use crate::id::Lang;
use crate::letters::{LetterKind, Letters, NUMBER, Piece, pieces};
use crate::page::placeholders;
use crate::policy::Policy;
use crate::problem::{Problem, Report, instead};

/// Checks all letters; problems name their files as they stand beside the policy's.
pub(crate) fn check(policy: &Policy, report: &Report<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, source) in policy.letters().iter() {
        let mut report = Report::new(report.beside(&Letters::file(name)), source);
        if let Some((kind, lang)) = named(policy, name, &mut report) {
            letter(policy, kind, &lang, source, &mut report);
        }
        problems.append(&mut report.problems);
    }
    problems
}

fn named(policy: &Policy, name: &str, report: &mut Report<'_>) -> Option<(LetterKind, Lang)> {
    let (kind, lang) = name.rsplit_once('.').unwrap_or((name, ""));
    let Ok(kind) = kind.parse::<LetterKind>() else {
        let instead = instead(kind, LetterKind::ALL.iter().map(|kind| kind.as_str()));
        report.error(0..0, format!("no letter is called `{kind}`; {instead}"));
        return None;
    };
    let languages = &policy.terms().languages;
    let spoken = languages.iter().find(|known| known.as_str() == lang);
    if spoken.is_none() {
        let instead = instead(lang, languages.iter().map(Lang::as_str));
        let message = format!("`languages` does not list `{lang}`; {instead} in the file's name");
        report.error(0..0, message);
    }
    Some((kind, spoken?.clone()))
}

fn letter(policy: &Policy, kind: LetterKind, lang: &Lang, source: &str, report: &mut Report<'_>) {
    super::prose::check(report, source);
    super::pages::internal(policy, source, "the letter", report);
    let values = policy.values(lang);
    let parts = kind.parts().iter().map(|part| part.name);
    let known: Vec<&str> = values.keys().map(String::as_str).chain(parts).collect();
    for placeholder in placeholders(source) {
        let name = placeholder.name;
        if name != NUMBER && !known.contains(&name) {
            let names = known.iter().copied().chain([NUMBER]);
            let instead = instead(name, names);
            let message = format!("`{{{name}}}` stands for nothing; {instead}, in braces");
            report.error(placeholder.span, message);
        }
    }
    let pieces = pieces(kind, source);
    for part in kind.parts() {
        let name = part.name;
        let is_there = pieces.contains(&Piece::Part(name.to_owned()));
        let inside = placeholders(source).find(|it| it.name == name);
        match inside {
            _ if is_there => {}
            Some(place) => {
                let message = format!(
                    "`{{{name}}}` stands for several lines; write it as a paragraph of its own"
                );
                report.error(place.span, message);
            }
            None if part.required => {
                let message = format!(
                    "this letter must say what `{{{name}}}` stands for; write it as a paragraph of its own"
                );
                report.error(0..0, message);
            }
            None => {}
        }
    }
    if !placeholders(source).any(|it| it.name == NUMBER) && kind != LetterKind::Acknowledgement {
        let message = format!("this letter does not name the ticket; write `{{{NUMBER}}}` in it");
        report.error(0..0, message);
    }
}
