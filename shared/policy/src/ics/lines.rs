//! Content lines: unfolded, taken apart into name, parameters and value.

use std::borrow::Cow;
use std::ops::Range;

/// One line of the file, continuation lines joined.
#[derive(Debug)]
pub(super) struct Line<'s> {
    text: Cow<'s, str>,
    /// Where its name ends in `text`, and where its value begins; parameters stand between them.
    name: usize,
    value: usize,
    /// Where it stands in the file.
    pub(super) span: Range<usize>,
}

impl Line<'_> {
    /// Whether it is this property with this value; case does not matter.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.has_name(name) && self.value().trim().eq_ignore_ascii_case(value)
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.text[..self.name].eq_ignore_ascii_case(name)
    }

    pub(super) fn value(&self) -> &str {
        &self.text[self.value..]
    }

    /// The value as a text, its escapes resolved.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut escaped = false;
        for c in self.value().chars() {
            match (escaped, c) {
                (false, '\\') => escaped = true,
                (true, 'n' | 'N') => {
                    text.push(' ');
                    escaped = false;
                }
                (_, c) => {
                    text.push(c);
                    escaped = false;
                }
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The lines of a file; one without a colon is none and is left out.
pub(super) fn unfold(source: &str) -> Vec<Line<'_>> {
    let mut joined: Vec<(Cow<'_, str>, Range<usize>)> = Vec::new();
    let mut at = 0;
    for raw in source.split_inclusive('\n') {
        let text = raw.trim_end_matches(['\n', '\r']);
        let text = if at == 0 {
            text.trim_start_matches('\u{feff}')
        } else {
            text
        };
        let span = at..at + raw.len();
        at += raw.len();
        match (text.strip_prefix([' ', '\t']), joined.last_mut()) {
            (Some(more), Some((line, place))) => {
                line.to_mut().push_str(more);
                place.end = span.end;
            }
            _ => joined.push((Cow::Borrowed(text), span)),
        }
    }
    joined
        .into_iter()
        .filter_map(|(text, span)| line(text, span))
        .collect()
}

fn line(text: Cow<'_, str>, span: Range<usize>) -> Option<Line<'_>> {
    let name = text.find([';', ':'])?;
    // A colon inside quotes belongs to a parameter.
    let mut quoted = false;
    let value = text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at + 1)
    })?;
    Some(Line {
        text,
        name,
        value,
        span,
    })
}
