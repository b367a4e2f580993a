//! The new words of a mail, apart from quotation and signature.
//!
//! Conventions differ; these are followed. The sign-off ("Regards, Jo") is part of the words, what stands
//! below `-- ` is not. A quotation that was introduced ("On ... wrote:") goes; one that was set by hand
//! stays, and so do all quotations between several answers, which would be unreadable without them. A
//! forwarded mail is the matter itself and stays. If nothing would be left, everything stays.

mod attribution;
mod lines;
mod marker;
mod signs;
mod words;

use lines::{Class, classify};

use crate::{inbound::html, marks};

pub use marker::above_marker;

/// The new words of a plain text body; the text itself, trimmed, if nothing else would be left.
pub fn reply_text(text: &str) -> String {
    let classified = classify(text);
    let kept = without_quotations(without_signatures(cut(classified)));
    let reply = join(&kept);
    if reply.trim().is_empty() {
        marks::remove(text).trim().to_owned()
    } else {
        reply
    }
}

/// The new words of an HTML body, as plain text.
pub fn reply_text_of_html(html: &str) -> String {
    reply_text(&html::reduce(html))
}

/// A line and what it is.
#[derive(Debug, Clone)]
struct Line<'a> {
    text: &'a str,
    class: Class,
}

type Lines<'a> = Vec<Line<'a>>;

fn words_before(lines: &[Line<'_>], index: usize) -> bool {
    lines[..index].iter().any(|l| l.class == Class::Text)
}

/// Ends at the first sign that all that follows is an older mail. Where nothing stands above that sign,
/// the sign alone goes.
fn cut(mut lines: Lines<'_>) -> Lines<'_> {
    while let Some(at) = lines.iter().position(|l| l.class == Class::Older) {
        if words_before(&lines, at) {
            lines.truncate(at);
        } else {
            let signs = lines[at..]
                .iter()
                .take_while(|l| l.class == Class::Older)
                .count();
            lines.drain(at..at + signs);
        }
    }
    lines
}

/// Removes each signature up to the next introduction, and adverts of mail programs after the last words.
fn without_signatures(mut lines: Lines<'_>) -> Lines<'_> {
    let mut inside = false;
    let mut words = false;
    lines.retain(|line| {
        match line.class {
            Class::Signature => inside = words,
            Class::Introduction => inside = false,
            _ => {}
        }
        let sign = matches!(line.class, Class::Signature | Class::Advert);
        words |= line.class == Class::Text && !inside;
        let dropped = inside || sign && words;
        !dropped
    });
    lines
}

/// Takes out the quotations that are only carried along.
fn without_quotations(mut lines: Lines<'_>) -> Lines<'_> {
    // An introduction before words that are not marked as quoted: they are the older mail, unless
    // nothing stands above it; then a client without marks was answered below.
    let mut at = 0;
    while let Some(i) = lines[at..]
        .iter()
        .position(|l| l.class == Class::Introduction)
        .map(|i| at + i)
    {
        let next = lines[i..]
            .iter()
            .map(|l| l.class)
            .find(|c| !matches!(c, Class::Introduction | Class::Empty));
        if next == Some(Class::Text) && words_before(&lines, i) {
            lines.truncate(i);
        }
        at = i + 1;
        if at >= lines.len() {
            break;
        }
    }
    let interleaved = blocks(&lines) > 1;
    let carried = |c: Class| matches!(c, Class::Empty | Class::Quote | Class::Introduction);
    while words_before(&lines, lines.len()) && lines.last().is_some_and(|l| carried(l.class)) {
        lines.pop();
    }
    if !interleaved && introduced(&lines) {
        lines.retain(|l| l.class != Class::Quote);
    }
    lines.retain(|l| l.class != Class::Introduction);
    lines
}

/// How many quotations words separate.
fn blocks(lines: &[Line<'_>]) -> usize {
    let marked = lines
        .iter()
        .map(|l| l.class)
        .filter(|c| matches!(c, Class::Quote | Class::Text));
    let mut count = 0;
    let mut last = Class::Text;
    for class in marked {
        count += usize::from(class == Class::Quote && last == Class::Text);
        last = class;
    }
    count
}

/// Whether the first quotation was introduced.
fn introduced(lines: &[Line<'_>]) -> bool {
    let quote = lines
        .iter()
        .position(|l| l.class == Class::Quote)
        .unwrap_or(0);
    let before = lines[..quote]
        .iter()
        .rev()
        .find(|l| l.class != Class::Empty);
    before.is_some_and(|l| l.class == Class::Introduction)
}

/// The lines as text: trimmed, runs of empty lines where something was taken out made one.
fn join(lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    for line in lines {
        out.push_str(line.text);
        out.push('\n');
    }
    marks::remove(out.trim_matches('\n').trim_end())
}

#[cfg(test)]
mod tests;
