//! The company's own words for the mails that customers get: `mail/<letter>.<lang>.md`.
//!
//! A letter is a subject, if its first line is a heading, and paragraphs; the greeting, the parts that the desk fills in
//! and the company's words stand in the order in which they are written. What stands below, the legal name, the
//! address and the links, is always the desk's and cannot be written away. A letter that is not there is said in
//! the desk's words.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::Lang;
use crate::page::placeholders;
use crate::policy::Policy;

/// A mail to customers that a company may word itself. What an agent writes is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// A request came in.
    Acknowledgement,
    /// A request is solved.
    Solved,
    /// A published promise was not kept.
    PromiseMissed,
    /// Another tier has the request.
    PassedOn,
    /// An agent said when it will be done.
    ExpectationSet,
    /// It is outside the scope of support.
    OutOfScope,
    /// A complaint is reviewed.
    UnderReview,
    /// A newer version of the policy was published.
    PolicyChanged,
}

/// A part of a letter that the desk fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its name, in braces on a line of its own.
    pub name: &'static str,
    /// Whether the letter is not a letter of its kind without it.
    pub required: bool,
}

const fn must(name: &'static str) -> Part {
    Part {
        name,
        required: true,
    }
}

const fn may(name: &'static str) -> Part {
    Part {
        name,
        required: false,
    }
}

const GREETING: Part = may("greeting");
const TICKET: Part = must("ticket");
const PROMISES: Part = must("promises");
const MISSING: Part = must("missing");
const CLOSURES: Part = must("closures");
const PAGE: Part = must("page");
const ADDING: Part = must("adding");
const HOW_TO_ADD: Part = may("adding");
const POLICY: Part = must("policy");
const PROMISED: Part = must("promised");
const EXPECTED: Part = must("expected");
const REASON: Part = must("reason");
const SCOPE: Part = must("scope");
const EFFECTIVE: Part = must("effective");
const VERSIONS: Part = must("versions");

/// What every letter can say in a sentence: the number of the ticket.
pub(crate) const NUMBER: &str = "ticket.number";

impl LetterKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Acknowledgement,
        Self::Solved,
        Self::PromiseMissed,
        Self::PassedOn,
        Self::ExpectationSet,
        Self::OutOfScope,
        Self::UnderReview,
        Self::PolicyChanged,
    ];

    /// Its name in file names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Solved => "solved",
            Self::PromiseMissed => "promise-missed",
            Self::PassedOn => "passed-on",
            Self::ExpectationSet => "expectation-set",
            Self::OutOfScope => "out-of-scope",
            Self::UnderReview => "under-review",
            Self::PolicyChanged => "policy-changed",
        }
    }

    /// The parts that the desk fills in, in the order of its own letter.
    pub const fn parts(self) -> &'static [Part] {
        match self {
            Self::Acknowledgement => &[
                GREETING, TICKET, PROMISES, MISSING, CLOSURES, PAGE, ADDING, POLICY,
            ],
            Self::PromiseMissed => &[GREETING, PROMISED, EXPECTED, PAGE, HOW_TO_ADD],
            Self::Solved | Self::PassedOn | Self::UnderReview => &[GREETING, PAGE],
            Self::ExpectationSet => &[GREETING, EXPECTED, REASON, HOW_TO_ADD, PAGE],
            Self::OutOfScope => &[GREETING, SCOPE, PAGE],
            Self::PolicyChanged => &[GREETING, EFFECTIVE, VERSIONS],
        }
    }
}

/// A name that is no letter's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no letter is called `{0}`")]
pub struct UnknownLetter(String);

impl FromStr for LetterKind {
    type Err = UnknownLetter;
    fn from_str(text: &str) -> Result<Self, UnknownLetter> {
        let kinds = Self::ALL.iter().copied();
        let mut named = kinds.filter(|kind| kind.as_str() == text);
        named.next().ok_or_else(|| UnknownLetter(text.to_owned()))
    }
}

impl fmt::Display for LetterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The sources of a policy's letters, by the names of their files without folder and ending, such as `solved.en`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Letters(BTreeMap<String, String>);

impl Letters {
    /// Letters from file names such as `mail/solved.en.md` and their texts.
    pub fn from_files(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let name = |file: &str| {
            let name = file.strip_prefix("mail/").unwrap_or(file);
            name.strip_suffix(".md").unwrap_or(name).to_owned()
        };
        let files = files.into_iter();
        Self(files.map(|(file, text)| (name(&file), text)).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and sources, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let letters = self.0.iter();
        letters.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The file in which a letter stands, as the policy's directory has it.
    pub fn file(name: &str) -> String {
        format!("mail/{name}.md")
    }

    fn get(&self, kind: LetterKind, lang: &Lang) -> Option<&str> {
        self.0.get(&format!("{kind}.{lang}")).map(String::as_str)
    }
}

/// A piece of a letter in the company's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The subject; the desk puts the ticket's number before it.
    Subject(String),
    /// A paragraph.
    Paragraph(String),
    /// The part of this name, which the desk fills in.
    Part(String),
}

impl Policy {
    /// The company's own words for a letter, with everything filled in that the policy knows and the number of the
    /// ticket; none where the desk's words are to be used.
    pub fn letter(&self, kind: LetterKind, lang: &Lang, number: &str) -> Option<Vec<Piece>> {
        let source = self.letters().get(kind, lang)?;
        let mut values = self.values(lang);
        values.insert(NUMBER.to_owned(), number.to_owned());
        let filled = |text: &str| fill(text, &values);
        let piece = |piece| match piece {
            Piece::Subject(text) => Piece::Subject(filled(&text)),
            Piece::Paragraph(text) => Piece::Paragraph(filled(&text)),
            part @ Piece::Part(_) => part,
        };
        let pieces = pieces(kind, source).into_iter();
        Some(pieces.map(piece).collect())
    }
}

fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut copied = 0;
    for placeholder in placeholders(text) {
        if let Some(value) = values.get(placeholder.name) {
            filled.push_str(&text[copied..placeholder.span.start]);
            filled.push_str(value);
            copied = placeholder.span.end;
        }
    }
    filled + &text[copied..]
}

/// Reads a letter: a heading in the first line, then paragraphs between empty lines. The lines of a list stay lines,
/// those of other paragraphs run on.
pub(crate) fn pieces(kind: LetterKind, source: &str) -> Vec<Piece> {
    let source = source.replace("\r\n", "\n");
    let mut text = source.trim_start();
    let mut pieces = Vec::new();
    if let Some(rest) = text.strip_prefix("# ") {
        let (subject, rest) = rest.split_once('\n').unwrap_or((rest, ""));
        pieces.push(Piece::Subject(subject.trim().to_owned()));
        text = rest;
    }
    let paragraphs = text.split("\n\n").map(str::trim);
    pieces.extend(paragraphs.filter(|it| !it.is_empty()).map(|paragraph| {
        match paragraph
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'))
        {
            Some(name) if kind.parts().iter().any(|part| part.name == name) => {
                Piece::Part(name.to_owned())
            }
            _ => Piece::Paragraph(run_on(paragraph)),
        }
    }));
    pieces
}

fn run_on(paragraph: &str) -> String {
    let mut text = String::with_capacity(paragraph.len());
    for line in paragraph.lines().map(str::trim) {
        if !text.is_empty() {
            let entry = line.starts_with("- ");
            text.push(if entry { '\n' } else { ' ' });
        }
        text.push_str(line);
    }
    text
}
