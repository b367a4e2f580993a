//! Text from strangers made fit for one line: no control characters, no invisible tricks.

/// Whether a character changes what is seen without being seen: bidi marks and overrides, zero-width
/// characters, tags, soft hyphen. The joiners U+200C and U+200D are not here: Persian and emoji need them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character ends a line for any reader we know of.
pub(crate) fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// One line of at most `max` characters: breaks and runs of white space become one space, control and
/// invisible characters go, the ends are trimmed.
pub(crate) fn single_line(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max * 4));
    let mut count = 0;
    let mut space = false;
    for c in text.chars() {
        if is_line_break(c) || c.is_whitespace() {
            space = !line.is_empty();
        } else if !c.is_control() && !is_invisible(c) {
            if space {
                line.push(' ');
                count += 1;
                space = false;
            }
            if count >= max {
                break;
            }
            line.push(c);
            count += 1;
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// The beginning of a text as one line of at most `max` characters; one that is cut ends after a word, with an ellipsis.
pub(crate) fn beginning(text: &str, max: usize) -> String {
    let whole = single_line(text, max + 1);
    if whole.chars().count() <= max {
        return whole;
    }
    let cut: String = whole.chars().take(max.saturating_sub(1)).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!(
        "{}…",
        cut[..end].trim_end_matches([',', '.', ';', ':', ' '])
    )
}

/// Whether a character has no place in body text: controls, bidi overrides, our marks.
pub(crate) fn is_unwanted(c: char) -> bool {
    let bidi = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    bidi || c.is_control() || crate::marks::is_mark(c)
}

/// Body text: line ends become `\n`, other control characters and bidi overrides go, tabs stay.
pub(crate) fn multi_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        // Most of a text is plain ASCII, which is taken over in one piece.
        let plain = rest
            .bytes()
            .take_while(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t'))
            .count();
        let (taken, odd) = rest.split_at(plain);
        out.push_str(taken);
        let mut chars = odd.chars();
        let Some(c) = chars.next() else {
            return out;
        };
        rest = chars.as_str();
        match c {
            '\r' => {
                if !rest.starts_with('\n') {
                    out.push('\n');
                }
            }
            c if is_line_break(c) => out.push('\n'),
            c if is_unwanted(c) => {}
            c => out.push(c),
        }
    }
}

/// The longest start of `text` of at most `max` bytes that ends between characters.
pub(crate) fn floor(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_stays_one_line_without_tricks() {
        assert_eq!(
            single_line(
                " Hi\r\nBcc: x\u{0}\u{202E}gpj.exe \u{2028} end\u{200B} ",
                99
            ),
            "Hi Bcc: xgpj.exe end"
        );
    }

    #[test]
    fn a_beginning_ends_after_a_word() {
        assert_eq!(beginning("Please let\nus know.", 99), "Please let us know.");
        assert_eq!(beginning("Please, let us know", 17), "Please, let us…");
        assert_eq!(beginning("Please, let us know", 9), "Please…");
        assert_eq!(beginning("未关闭的请求", 4), "未关闭…");
    }

    #[test]
    fn a_line_is_capped_by_characters_and_keeps_joiners() {
        assert_eq!(single_line("äöü ß", 3), "äöü");
        assert_eq!(single_line("👩\u{200D}💻", 9), "👩\u{200D}💻");
    }

    #[test]
    fn body_text_keeps_lines_and_tabs_only() {
        assert_eq!(multi_line("a\r\nb\rc\u{7}\td\u{2029}e"), "a\nb\nc\td\ne");
    }
}
