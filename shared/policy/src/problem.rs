//! What is wrong with a policy's files, where, and what to write instead.

use std::fmt;
use std::ops::Range;

use crate::shape::Shapes;

/// Whether a policy can be published with this problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It can, but somebody should look.
    Warning,
    /// It cannot.
    Error,
}

/// One problem, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops publishing.
    pub severity: Severity,
    /// The file, named as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is wrong and what to write instead, in one sentence.
    pub message: String,
}

impl Problem {
    /// What is wrong.
    pub fn sentence(&self) -> &str {
        self.message
            .split_once("; ")
            .map_or(self.message.as_str(), |(sentence, _)| sentence)
    }

    /// What to write instead; none where the sentence says it all.
    pub fn suggestion(&self) -> Option<&str> {
        self.message
            .split_once("; ")
            .map(|(_, suggestion)| suggestion)
    }
}

impl Severity {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            severity,
            file,
            line,
            column,
            message,
        } = self;
        let word = if *severity == Severity::Warning {
            "warning: "
        } else {
            ""
        };
        write!(f, "{file}:{line}:{column}: {word}{message}")
    }
}

/// A file under examination, and the problems found in it.
pub(crate) struct Report<'s> {
    file: String,
    text: &'s str,
    pub(crate) problems: Vec<Problem>,
    /// Problems of files that this one names.
    pub(crate) elsewhere: Vec<Problem>,
    /// What the reader asked for, when somebody wants to know.
    pub(crate) shapes: Shapes,
}

impl<'s> Report<'s> {
    pub(crate) fn new(file: impl Into<String>, text: &'s str) -> Self {
        Self {
            file: file.into(),
            text,
            problems: Vec::new(),
            elsewhere: Vec::new(),
            shapes: Shapes::default(),
        }
    }

    /// How a file is named that stands beside this one.
    pub(crate) fn beside(&self, name: &str) -> String {
        let directory = self
            .file
            .rfind('/')
            .map_or("", |slash| &self.file[..=slash]);
        format!("{directory}{name}")
    }

    pub(crate) fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.add(Severity::Error, span, message.into());
    }

    pub(crate) fn warn(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.add(Severity::Warning, span, message.into());
    }

    fn add(&mut self, severity: Severity, span: Range<usize>, message: String) {
        let (line, column) = self.position(span.start);
        self.problems.push(Problem {
            severity,
            file: self.file.clone(),
            line,
            column,
            message,
        });
    }

    /// Whether an error is told of exactly this place.
    pub(crate) fn has_errors_at(&self, place: &Range<usize>) -> bool {
        let (line, column) = self.position(place.start);
        let here =
            |it: &&Problem| (it.line, it.column, it.severity) == (line, column, Severity::Error);
        self.problems.iter().any(|problem| here(&problem))
    }

    fn position(&self, start: usize) -> (usize, usize) {
        let before = self.text.get(..start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .chain(&self.elsewhere)
            .any(|problem| problem.severity == Severity::Error)
    }
}

/// The end of a sentence about an unknown name: the name that was probably meant, or what there is.
pub(crate) fn instead<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| (distance(wrong, name), name))
        .collect();
    known.sort_unstable();
    match known[..] {
        [] => "none is defined yet".to_owned(),
        [(distance, name), ..] if distance <= 2.max(wrong.len() / 3) && distance < name.len() => {
            format!("write `{name}`")
        }
        [(_, name)] => format!("write `{name}`"),
        _ => {
            let shown: Vec<_> = known
                .iter()
                .take(MOST_SHOWN)
                .map(|(_, name)| format!("`{name}`"))
                .collect();
            let more = if known.len() > MOST_SHOWN {
                ", …"
            } else {
                ""
            };
            format!("write one of {}{more}", shown.join(", "))
        }
    }
}

/// How many names a message lists before it stops being one sentence.
const MOST_SHOWN: usize = 8;

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_answered_with_the_near_one() {
        assert_eq!(instead("ofice", ["office", "phone"]), "write `office`");
        assert_eq!(
            instead("warehouse", ["office", "phone"]),
            "write one of `phone`, `office`"
        );
        assert_eq!(instead("x", []), "none is defined yet");
    }

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let mut report = Report::new("p.toml", "a\nxü = 1\n");
        report.error(5..6, "wrong");
        assert_eq!(report.problems[0].to_string(), "p.toml:2:3: wrong");
    }
}
