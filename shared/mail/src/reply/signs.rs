//! What a single line says by itself: a header field, a quoted line, a signature marker, an advert.

use super::words;

/// A field of an older mail's header block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    From = 0,
    Date = 1,
    To = 2,
    Subject = 3,
    Other = 4,
}

/// The header field a line is, however it is set in bold.
pub(super) fn header_field(line: &str) -> Option<Field> {
    let line = line.trim().trim_start_matches(['*', '_', '>', ' ']);
    let mut start = line.char_indices().take(20);
    let colon = start
        .find(|(_, c)| matches!(c, ':' | '：'))
        .map(|(i, _)| i)?;
    let name = line[..colon]
        .trim_matches(['*', '_', ' ', '\u{a0}'])
        .to_lowercase();
    [
        (&words::FROM, Field::From),
        (&words::DATE, Field::Date),
        (&words::TO, Field::To),
        (&words::SUBJECT, Field::Subject),
        (&words::OTHER_FIELDS, Field::Other),
    ]
    .into_iter()
    .find(|(list, _)| list.has(&name))
    .map(|(_, field)| field)
}

/// "-----Original Message-----" and its like. A forwarded message is not meant.
pub(super) fn original_message(line: &str) -> bool {
    let line = line.trim().trim_matches('*').trim();
    let framed = line.starts_with(['-', '_', '=']) && line.ends_with(['-', '_', '=']);
    if !framed || line.len() > 120 {
        return false;
    }
    let inner = line.trim_matches(['-', '_', '=', ' ']).to_lowercase();
    words::ORIGINAL_MESSAGE.has(&inner)
}

/// "---------- Forwarded message ---------" and its like.
pub(super) fn forwarded_message(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 120 || !line.starts_with("--") {
        return false;
    }
    let inner = line.trim_matches(['-', ' ']).to_lowercase();
    words::FORWARDED_MESSAGE.begin(&inner)
}

/// An advert of the Outlook app.
pub(super) fn outlook_advert(line: &str) -> bool {
    line.len() < 120 && words::OUTLOOK_ADVERTS.begin_in_any_case(line)
}

/// "Sent from my phone": short, and begins so.
pub(super) fn advert(line: &str) -> bool {
    let line = line.trim_matches(['*', '_', '(', '<', ' ']);
    words::ADVERTS.begin_in_any_case(line) && line.chars().count() <= 90
}

/// The length of a paragraph of small print that begins at a line: it opens like one and says that it
/// is confidential. Longer than a screen it is a text of its own.
pub(super) fn disclaimer(lines: &[&str]) -> Option<usize> {
    const LONGEST: usize = 20;
    const MAX_BYTES: usize = 4_000;
    let first = lines.first()?.trim_matches(['*', '_', '-', ' ']);
    words::DISCLAIMERS.begin_in_any_case(first).then_some(())?;
    let paragraph: Vec<&str> = lines
        .iter()
        .take(LONGEST)
        .take_while(|l| !l.trim().is_empty())
        .copied()
        .collect();
    let joined = paragraph.join(" ");
    let text = crate::clean::floor(&joined, MAX_BYTES).to_lowercase();
    words::SMALL_PRINT.are_in(&text).then_some(paragraph.len())
}

/// A quoted line: `>`, or initials and `>`.
pub(super) fn is_quote(line: &str) -> bool {
    let line = line.trim_start();
    let initials = line
        .bytes()
        .take(3)
        .take_while(u8::is_ascii_uppercase)
        .count();
    match line.as_bytes().get(initials) {
        Some(b'>') if initials == 0 => !line.starts_with(">From "),
        Some(b'>') => line
            .as_bytes()
            .get(initials + 1)
            .is_none_or(u8::is_ascii_whitespace),
        _ => false,
    }
}

/// `-- `, or what clients make of it.
pub(super) fn signature_marker(line: &str) -> bool {
    matches!(line, "--" | "-- " | "--\u{a0}" | "\u{2013}\u{2013}")
}

pub(super) fn underscores(line: &str) -> bool {
    line.len() >= 2 && line.bytes().all(|b| b == b'_')
}

/// A line drawn with one character.
pub(super) fn is_ruler(line: &str) -> bool {
    let line = line.trim_matches('*');
    line.len() >= 5
        && ["-", "_", "=", "\u{2014}", "\u{2500}"]
            .iter()
            .any(|r| line.trim_start_matches(r).is_empty())
}
