//! Numbers that the prose of a page writes out itself. They would stay when the terms change.

use std::ops::Range;

use crate::problem::Report;

/// Words after which a number is an amount of time, in the three languages.
const UNITS: &[&str] = &[
    "second",
    "seconds",
    "minute",
    "minutes",
    "min",
    "mins",
    "hour",
    "hours",
    "hr",
    "hrs",
    "h",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "sekunde",
    "sekunden",
    "minuten",
    "stunde",
    "stunden",
    "std",
    "tag",
    "tage",
    "tagen",
    "werktag",
    "werktage",
    "werktagen",
    "arbeitstag",
    "arbeitstage",
    "arbeitstagen",
    "woche",
    "wochen",
    "monat",
    "monate",
    "monaten",
    "giây",
    "phút",
    "giờ",
    "tiếng",
    "ngày",
    "tuần",
    "tháng",
];

/// Words that may stand between a number and its unit.
const KINDS: &[&str] = &[
    "business", "working", "calendar", "open", "elapsed", "weekday", "full", "volle", "vollen",
    "ganze", "offene", "full-day",
];

/// What follows an hour of the day.
const HOURS: &[&str] = &["am", "pm", "uhr", "o'clock"];

/// Numbers as words, from two on: "one" and its like are articles too often.
const NUMBERS: &[&str] = &[
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "twenty-four",
    "forty-eight",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "zwölf",
    "fünfzehn",
    "zwanzig",
    "dreißig",
    "vierundzwanzig",
    "achtundvierzig",
    "hai",
    "ba",
    "bốn",
    "năm",
    "sáu",
    "bảy",
    "tám",
    "chín",
    "mười",
];

/// Refuses durations and hours that are no placeholders.
pub(super) fn check(report: &mut Report<'_>, source: &str) {
    let words = words(source);
    let mut passed = 0;
    for at in 0..words.len() {
        if at < passed {
            continue;
        }
        if let Some(length) = time_at(&words[at..]) {
            let span = words[at].1.start..words[at + length - 1].1.end;
            let written = source[span.clone()]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            report.error(span, format!("`{written}` is written out and would stay when the terms change; write a placeholder, such as `{{promise.ID.target}}` for a time allowed, `{{calendar.ID.hours}}` for hours or `{{calendar.ID.days}}` for single dates"));
            passed = at + length;
        }
    }
}

/// How many words of a time stand here: `24 hours`, `2 business days`, `08:00`, `8 am`, `24/7`.
fn time_at(words: &[(String, Range<usize>)]) -> Option<usize> {
    let word = |index: usize| words.get(index).map_or("", |(word, _)| word.as_str());
    let first = word(0);
    if is_clock_time(first) || first == "24/7" || first == "24/7/365" || is_joined(first) {
        return Some(1);
    }
    let number = is_number(first) || NUMBERS.contains(&first);
    if !number {
        return None;
    }
    if HOURS.contains(&word(1)) && is_number(first) {
        return Some(2);
    }
    // `5 tháng 2` is a date.
    let date = |unit: usize| word(unit) == "tháng" && is_number(word(unit + 1));
    if UNITS.contains(&word(1)) && !date(1) {
        return Some(2);
    }
    (KINDS.contains(&word(1)) && UNITS.contains(&word(2))).then_some(3)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// `08:00`
fn is_clock_time(word: &str) -> bool {
    word.split_once(':').is_some_and(|(hour, minute)| {
        is_number(hour) && is_number(minute) && hour.len() <= 2 && minute.len() == 2
    })
}

/// `24h`, `8am`, `11h30`, `24-hour`
fn is_joined(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits == word.len() {
        return false;
    }
    let rest = word[digits..].trim_start_matches('-');
    let clock = rest
        .strip_prefix('h')
        .is_some_and(|minutes| minutes.is_empty() || is_number(minutes));
    clock || UNITS.contains(&rest) || HOURS.contains(&rest)
}

/// The words of the prose in lower case with their places; placeholders, addresses and links are none.
fn words(source: &str) -> Vec<(String, Range<usize>)> {
    let mut words = Vec::new();
    let mut from = 0;
    // A heading begins with the id of its clause: the `2` of `## 2 Hours` is no amount.
    let mut heading = false;
    let ends = |c: char| c.is_whitespace() || "()[],;!?*_\"“”„–—".contains(c);
    for (at, c) in source.char_indices().chain([(source.len(), ' ')]) {
        if !ends(c) {
            continue;
        }
        let trimmed = source[from..at].trim_end_matches(['.', ':']);
        let plain = !trimmed.contains(['{', '}', '@', '#', '<']) && !trimmed.contains("://");
        let is_heading_id = heading;
        heading = !trimmed.is_empty() && trimmed.bytes().all(|b| b == b'#');
        if plain && !trimmed.is_empty() && !is_heading_id {
            words.push((trimmed.to_lowercase(), from..from + trimmed.len()));
        } else if !trimmed.is_empty() {
            // What stands before and after a placeholder does not belong together.
            words.push((String::new(), from..at));
        }
        from = at + c.len_utf8();
    }
    words
}
