//! Encoded words (RFC 2047) as clients really write them.
//!
//! Clients cut a multi-byte character across two words, put raw 8-bit bytes in headers, and quote words.
//! Each run of words is therefore decoded as a whole and written back as one UTF-8 word, so that what
//! parses structured fields sees only well-formed ones, and a comma inside a word stays inside.

use super::decode;

/// One encoded word in a header.
struct Word<'a> {
    charset: &'a [u8],
    base64: bool,
    data: &'a [u8],
    end: usize,
}

/// The word that starts at `at` (`=?`). The data ends at `?=`; the search gives up at the next `=?` or
/// line end, so all searches together look at each byte a bounded number of times.
fn word_at(raw: &[u8], at: usize) -> Option<Word<'_>> {
    let rest = raw.get(at..)?.strip_prefix(b"=?")?;
    let charset_end = rest.iter().take(64).position(|b| *b == b'?')?;
    let charset = rest[..charset_end]
        .split(|b| *b == b'*')
        .next()
        .unwrap_or_default();
    let base64 = match rest.get(charset_end + 1)? {
        b'b' | b'B' => true,
        b'q' | b'Q' => false,
        _ => return None,
    };
    if rest.get(charset_end + 2) != Some(&b'?') || charset.is_empty() {
        return None;
    }
    let data = &rest[charset_end + 3..];
    let mut i = 0;
    while i + 1 < data.len() {
        match (data[i], data[i + 1]) {
            (b'?', b'=') => {
                let end = at + 2 + charset_end + 3 + i + 2;
                return Some(Word {
                    charset,
                    base64,
                    data: &data[..i],
                    end,
                });
            }
            // The start of another word, unless it is padding before the end of this one.
            (b'=', b'?') if data.get(i + 2) != Some(&b'=') => return None,
            _ => i += 1,
        }
    }
    None
}

fn word_bytes(word: &Word<'_>) -> Vec<u8> {
    if word.base64 {
        decode::base64(word.data).into_owned()
    } else {
        decode::q_word(word.data)
    }
}

/// The header value with every run of encoded words as one UTF-8 word and 8-bit bytes as UTF-8.
pub(crate) fn repair(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut plain = 0;
    let mut at = 0;
    while let Some(i) = memchr::memmem::find(&raw[at..], b"=?") {
        at += i;
        match run(raw, at) {
            Some((text, end)) => {
                write_plain(&mut out, &raw[plain..at]);
                write_word(&mut out, &text);
                at = end;
                plain = end;
            }
            None => at += 2,
        }
    }
    write_plain(&mut out, &raw[plain..]);
    out
}

/// A header value as text: encoded words decoded wherever they stand, folding removed.
pub(crate) fn decode_text(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    let (mut plain, mut at) = (0, 0);
    while let Some(i) = memchr::memmem::find(&raw[at..], b"=?") {
        at += i;
        match run(raw, at) {
            Some((word, end)) => {
                text.push_str(&decode::guess(&raw[plain..at]));
                text.push_str(&word);
                (at, plain) = (end, end);
            }
            None => at += 2,
        }
    }
    text.push_str(&decode::guess(&raw[plain..]));
    // A line break hidden in a word must not become one; a fold leaves the space that follows it.
    let mut words = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' && !c.is_control() && !crate::clean::is_line_break(c) {
            words.push(c);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.trim().to_owned()
}

fn write_plain(out: &mut Vec<u8>, raw: &[u8]) {
    if raw.is_ascii() {
        out.extend_from_slice(raw);
    } else {
        out.extend(decode::guess(raw).into_bytes());
    }
}

/// The text of the run of words at `at`, and its end. Words of one charset join as bytes first.
fn run(raw: &[u8], at: usize) -> Option<(String, usize)> {
    let mut word = word_at(raw, at)?;
    let mut text = String::new();
    let mut bytes = word_bytes(&word);
    loop {
        let gap = raw[word.end..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let Some(next) = word_at(raw, word.end + gap) else {
            break;
        };
        if next.charset.eq_ignore_ascii_case(word.charset) {
            bytes.extend(word_bytes(&next));
        } else {
            text.push_str(&decode::charset(&bytes, Some(word.charset)));
            bytes = word_bytes(&next);
        }
        word = next;
    }
    text.push_str(&decode::charset(&bytes, Some(word.charset)));
    Some((text, word.end))
}

/// One UTF-8 Q word; line breaks and controls hidden in a word become spaces here, not later.
fn write_word(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(b"=?utf-8?Q?");
    for c in text.chars() {
        let c = if c.is_control() || crate::clean::is_line_break(c) {
            ' '
        } else {
            c
        };
        if c.is_ascii_alphanumeric() {
            out.push(c as u8);
        } else {
            let mut buffer = [0; 4];
            for b in c.encode_utf8(&mut buffer).bytes() {
                out.extend_from_slice(&[b'=', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
            }
        }
    }
    out.extend_from_slice(b"?=");
}

#[cfg(test)]
mod tests {
    use super::decode_text;

    #[test]
    fn a_character_cut_across_two_words_is_whole_again() {
        assert_eq!(
            decode_text(b" =?UTF-8?B?w6TD?=\r\n =?utf-8?B?tg==?= x"),
            "äö x"
        );
    }

    #[test]
    fn raw_8_bit_headers_are_read_as_utf8_or_latin() {
        assert_eq!(decode_text("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode_text(b"Gr\xfc\xdfe"), "Grüße");
    }

    #[test]
    fn a_question_mark_inside_a_word_is_kept() {
        assert_eq!(decode_text(b"=?utf-8?Q?Really??= yes"), "Really? yes");
    }

    #[test]
    fn line_breaks_hidden_in_a_word_do_not_break_the_line() {
        assert!(!decode_text(b"=?utf-8?Q?a=0D=0ABcc:_x?=").contains(['\r', '\n']));
    }

    #[test]
    fn what_is_no_word_stays() {
        assert_eq!(
            decode_text(b"=?a=?b =?utf-8?x?y?= 1"),
            "=?a=?b =?utf-8?x?y?= 1"
        );
    }
}
