//! What each line of a body is.

use super::{Line, Lines, attribution, signs};
use crate::marks;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Empty,
    Text,
    Quote,
    /// "On ... wrote:".
    Introduction,
    /// From here on all is an older mail: "Original Message", a block of From, Sent, To, Subject.
    Older,
    /// Begins a signature.
    Signature,
    /// "Sent from my phone", and small print.
    Advert,
}

/// How many lines a signature under a line of underscores may have; below a longer text it is a ruler.
const SHORT_SIGNATURE: usize = 12;

/// Lines that are looked at closely; what stands further down is words or quotation by its first sign.
const LOOKED_AT: usize = 10_000;

/// Splits a text and tells what each line is. Linear: a line is looked at by itself and, as the start
/// of an introduction or header block, with a bounded number of lines that follow.
pub(super) fn classify(text: &str) -> Lines<'_> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    // Counted first: a list that grows holds up to three times its own bytes, and a text may be nothing but ends of lines.
    let mut raw: Vec<&str> = Vec::with_capacity(ends + 1);
    raw.extend(text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l)));
    let mut lines: Lines<'_> = Vec::with_capacity(raw.len());
    let (mut code, mut forwarded) = (false, false);
    let mut at = 0;
    while at < raw.len() {
        let line = raw[at];
        // What follows a forward is its matter, header block and all.
        forwarded |= signs::forwarded_message(line);
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code
            && !forwarded
            && at < LOOKED_AT
            && let Some(found) = special(&raw, at)
        {
            if let Some(words) = found.before {
                lines.push(Line {
                    text: words,
                    class: Class::Text,
                });
            }
            lines.extend(raw[at..at + found.lines].iter().map(|l| Line {
                text: l,
                class: found.class,
            }));
            at += found.lines;
            continue;
        }
        let class = match plain(line) {
            Class::Quote if code || forwarded => Class::Text,
            class => class,
        };
        lines.push(Line { text: line, class });
        at += 1;
    }
    mend_quotes(&mut lines);
    lines
}

/// Some clients wrap a quoted line and do not mark the rest: a line that goes on in lower case after a
/// long quoted line and before another belongs to them.
fn mend_quotes(lines: &mut [Line<'_>]) {
    const LONG: usize = 60;
    for i in 1..lines.len().saturating_sub(1) {
        let between = lines[i - 1].class == Class::Quote && lines[i + 1].class == Class::Quote;
        let goes_on =
            lines[i].class == Class::Text && lines[i].text.starts_with(char::is_lowercase);
        if between && goes_on && lines[i - 1].text.len() >= LONG {
            lines[i].class = Class::Quote;
        }
    }
}

/// Lines that are more than text.
struct Special<'a> {
    class: Class,
    lines: usize,
    /// Words on the first line before it begins.
    before: Option<&'a str>,
}

fn special<'a>(raw: &[&'a str], at: usize) -> Option<Special<'a>> {
    let line = raw[at].trim();
    if line.is_empty() {
        return None;
    }
    let one = |class| {
        Some(Special {
            class,
            lines: 1,
            before: None,
        })
    };
    match line.chars().next() {
        Some(marks::CUT) => return one(Class::Older),
        Some(marks::SIGNATURE) => return one(Class::Signature),
        Some(marks::ATTRIBUTION) => {
            let rest = line.trim_start_matches(marks::ATTRIBUTION);
            let lines = if rest.is_empty() {
                1
            } else {
                attribution::introduction(raw, at).unwrap_or(1)
            };
            return Some(Special {
                class: Class::Introduction,
                lines,
                before: None,
            });
        }
        _ => {}
    }
    if signs::is_quote(raw[at]) {
        return None;
    }
    if let Some(before) = attribution::after_words(raw[at]) {
        return Some(Special {
            class: Class::Introduction,
            lines: 1,
            before: Some(before),
        });
    }
    if let Some(lines) = attribution::introduction(raw, at) {
        return Some(Special {
            class: Class::Introduction,
            lines,
            before: None,
        });
    }
    if signs::original_message(line) || signs::outlook_advert(line) {
        return one(Class::Older);
    }
    if signs::is_ruler(line)
        && following(raw, at).is_some_and(|next| header_block(raw, next).is_some())
    {
        return one(Class::Older);
    }
    if let Some(lines) = header_block(raw, at) {
        return Some(Special {
            class: Class::Older,
            lines,
            before: None,
        });
    }
    if signs::signature_marker(line) {
        return one(Class::Signature);
    }
    if signs::underscores(line)
        && raw[at + 1..].iter().take(SHORT_SIGNATURE + 1).count() <= SHORT_SIGNATURE
    {
        return one(Class::Signature);
    }
    if let Some(lines) = signs::disclaimer(&raw[at..]) {
        return Some(Special {
            class: Class::Advert,
            lines,
            before: None,
        });
    }
    signs::advert(line).then_some(Special {
        class: Class::Advert,
        lines: 1,
        before: None,
    })
}

fn plain(line: &str) -> Class {
    // A line with nothing but a mail tracker's sign is empty to a reader.
    if line
        .chars()
        .all(|c| c.is_whitespace() || c == '\u{1427}' || marks::is_mark(c))
    {
        Class::Empty
    } else if signs::is_quote(line) {
        Class::Quote
    } else {
        Class::Text
    }
}

/// The next line that is not empty, if it is near.
fn following(raw: &[&str], at: usize) -> Option<usize> {
    (at + 1..raw.len().min(at + 4)).find(|i| !raw[*i].trim().is_empty())
}

/// The length of the header block of an older mail that starts at a line: three different ones of From,
/// Date, To and Subject, From or Date first, before an empty line.
fn header_block(raw: &[&str], at: usize) -> Option<usize> {
    const LONGEST: usize = 16;
    let first = signs::header_field(raw[at])?;
    if !matches!(first, signs::Field::From | signs::Field::Date) {
        return None;
    }
    let mut seen = [false; 4];
    let mut end = at;
    let mut loose = 0;
    for (i, line) in raw.iter().enumerate().skip(at).take(LONGEST) {
        match signs::header_field(line) {
            Some(field) => {
                if i > at && field == first {
                    break;
                }
                if let Some(slot) = seen.get_mut(field as usize) {
                    *slot = true;
                }
                end = i;
                loose = 0;
            }
            None if line.trim().is_empty() => break,
            // A long list of recipients or a long subject goes on in the next lines.
            None if loose >= 3 => break,
            None => loose += 1,
        }
    }
    (seen.iter().filter(|s| **s).count() >= 3).then_some(end - at + 1)
}
