//! Introductions of quotations: "On Monday, Jo wrote:" in many languages, wrapped in many ways.

use super::{
    signs,
    words::{self, entries},
};
use crate::marks;

/// Lines, and bytes, that one introduction may take.
const MAX_LINES: usize = 6;
const MAX_BYTES: usize = 600;

/// The number of lines of the introduction that starts at a line, if one does.
pub(super) fn introduction(raw: &[&str], at: usize) -> Option<usize> {
    let first = clean(raw[at]);
    if first.len() > MAX_BYTES || signs::is_quote(raw[at]) || !may_start(&first) {
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
    line.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace(['\u{a0}', '\u{202f}'], " ")
        .to_lowercase()
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
        || entries(words::VERBS_INSIDE).any(|v| bare.contains(v))
}

/// Begins with a word like "On" and a day or a number.
fn dated_start(text: &str) -> bool {
    entries(words::STARTERS).any(|s| {
        text.strip_prefix(s).is_some_and(|rest| {
            let start: String = rest.trim_start().chars().take(24).collect();
            start.chars().any(|c| c.is_ascii_digit())
        })
    })
}

/// An address somewhere; a name set off by `@` is none.
fn has_address(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || "<>()[]\",;".contains(c));
    words.any(|w| {
        w.split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    })
}

/// A time of day somewhere: `9:30`, `17.45`.
fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).any(|w| {
        w[0].is_ascii_digit()
            && matches!(w[1], b':')
            && w[2].is_ascii_digit()
            && w[3].is_ascii_digit()
    })
}

/// `2016-03-03 ...`, `2013/7/20 ...`, `26.06.2014, ...`
fn starts_with_date(text: &str) -> bool {
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
    entries(words::VERBS_AT_END).any(|v| {
        text.strip_suffix(v).is_some_and(|rest| {
            let ideographic = v.chars().all(|c| !c.is_ascii() && !c.is_lowercase());
            ideographic || rest.ends_with([' ', '>', '"', ')', ']'])
        })
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
        && entries(words::VERBS_INSIDE).any(|v| bare.contains(v))
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
