//! Introductions of quotations: "On Monday, Jo wrote:" in many languages, wrapped in many ways.

use super::{signs, words};
use crate::marks;

/// Lines, and bytes, that one introduction may take.
const MAX_LINES: usize = 6;
const MAX_BYTES: usize = 600;

/// The number of lines of the introduction that starts at a line, if one does.
pub(super) fn introduction(raw: &[&str], at: usize) -> Option<usize> {
    if raw[at].len() > 2 * MAX_BYTES || signs::is_quote(raw[at]) || !may_end(&raw[at..]) {
        return None;
    }
    let first = clean(raw[at]);
    if first.len() > MAX_BYTES || !may_start(&first) {
        return None;
    }
    let dated = dated_start(first.trim_start_matches(['-', ' ']));
    let mut joined = first;
    let mut empty = 0;
    for (count, line) in (1..).zip(raw[at..].iter().skip(1).map(Some).chain([None])) {
        if is_introduction(&joined) {
            return Some(count);
        }
        let line = clean(line?);
        if line.is_empty() {
            empty += 1;
            if empty > 1 || !has_time(&joined) {
                return None;
            }
        }
        // A line that begins one by itself is not the rest of another.
        if !dated && dated_start(&line) {
            return None;
        }
        joined.push(' ');
        joined.push_str(&line);
        if count >= MAX_LINES || joined.len() > MAX_BYTES {
            return None;
        }
    }
    None
}

/// Whether an introduction may end in one of these lines, by its last sign; in most of a text none ends like one, and
/// nothing else need be looked at. One that begins with a date has other ends.
fn may_end(lines: &[&str]) -> bool {
    let around = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    // The semicolon ends `&gt;`.
    let ends = |line: &&str| {
        let line = line.trim_end_matches(around);
        line.ends_with([':', '：', '-', '>', ';'])
    };
    let first = lines
        .first()
        .and_then(|line| line.chars().find(|c| c.is_alphanumeric()));
    first.is_some_and(|c| c.is_ascii_digit()) || lines.iter().take(MAX_LINES).any(ends)
}

/// Words that stand on the same line before an English introduction.
pub(super) fn after_words(line: &str) -> Option<&str> {
    if line.len() > MAX_BYTES || !line.trim_end().ends_with("wrote:") {
        return None;
    }
    let (at, _) = line.rmatch_indices("On ").find(|(at, _)| {
        let before = line[..*at].chars().next_back();
        *at > 0 && matches!(before, Some(' ' | '-')) && dated_start(&line[*at..].to_lowercase())
    })?;
    Some(line[..at].trim_end_matches([' ', '-']))
}

fn clean(line: &str) -> String {
    let line = line
        .trim()
        .trim_matches(['*', '_'])
        .trim_start_matches(marks::ATTRIBUTION);
    let lower = line.to_lowercase();
    if lower.is_ascii() && !lower.contains('&') {
        return lower;
    }
    lower
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace(['\u{a0}', '\u{202f}'], " ")
}

/// Whether an introduction may begin with this line; the rest may be wrapped into the next ones.
fn may_start(line: &str) -> bool {
    let bare = line.trim_start_matches(['-', ' ']);
    dated_start(bare)
        || has_time(bare)
        || starts_with_date(bare)
        || has_address(line)
        || ends_with_verb(bare)
        || bare.ends_with('<')
        || words::VERBS_INSIDE.are_in(bare)
}

/// Begins with a word like "On" and a day or a number.
fn dated_start(text: &str) -> bool {
    words::STARTERS.beginning(text).any(|s| {
        let mut rest = text[s.len()..].trim_start().chars().take(24);
        rest.any(|c| c.is_ascii_digit())
    })
}

/// An address somewhere; a name set off by `@` is none.
fn has_address(text: &str) -> bool {
    if !text.contains('@') {
        return false;
    }
    let mut words = text.split(|c: char| c.is_whitespace() || "<>()[]\",;".contains(c));
    words.any(|w| {
        w.split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    })
}

/// A time of day somewhere: `9:30`.
fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(b':', bytes)
        .any(|at| at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2))
}

/// `2016-03-03 ...`, `2013/7/20 ...`, `26.06.2014, ...`
fn starts_with_date(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let token: &str = text.split([' ', ',']).next().unwrap_or_default();
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let marks = token
        .bytes()
        .filter(|b| matches!(b, b'-' | b'/' | b'.'))
        .count();
    digits >= 6 && marks == 2 && digits + marks == token.len()
}

fn ends_with_verb(text: &str) -> bool {
    let text = text.trim_end_matches([':', '：', '-', ' ', '>', '*', '.']);
    words::VERBS_AT_END.ending(text).any(|v| {
        let rest = &text[..text.len() - v.len()];
        let ideographic = v.chars().all(|c| !c.is_ascii() && !c.is_lowercase());
        ideographic || rest.ends_with([' ', '>', '"', ')', ']'])
    })
}

fn is_introduction(joined: &str) -> bool {
    let text = joined.trim();
    let bare = text.trim_start_matches(['-', ' ']);
    let framed = text.starts_with("--") && text.ends_with("--");
    let closed = text.ends_with([':', '：']) || framed;
    if closed && ends_with_verb(bare) {
        return framed
            || dated_start(bare)
            || has_time(bare)
            || has_address(bare)
            || starts_with_date(bare)
            || bare.ends_with("you wrote:");
    }
    if closed
        && (dated_start(bare) || has_time(bare) || has_address(bare))
        && words::VERBS_INSIDE.are_in(bare)
    {
        return bare.bytes().any(|b| b.is_ascii_digit());
    }
    // Without a verb: a date and an address.
    let addressed = bare.contains('@')
        && (bare.ends_with(">:") || bare.ends_with("):") || bare.ends_with("]:"));
    if addressed && (has_time(bare) || starts_with_date(bare)) {
        return true;
    }
    starts_with_date(bare)
        && (bare.ends_with('>') && bare.contains('@') || (has_time(bare) && bare.contains(" gmt")))
}
