//! Transfer encodings and charsets, decoded without ever giving up: a broken byte costs itself, not the part.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

/// Base64; what is not in the alphabet is skipped, and what follows padding up to the end of its line.
///
/// Data with so much else in it that it cannot be base64 is given back as it is, borrowed: some clients
/// declare base64 and send text.
pub(crate) fn base64(data: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    let (mut bits, mut have, mut junk) = (0u32, 0u32, 0usize);
    let mut padded = false;
    let mut at = 0;
    while let Some(b) = data.get(at) {
        // Four at a time where nothing stands between them, as in nearly every line.
        if have == 0
            && !padded
            && let Some(group) = data[at..].first_chunk::<4>()
        {
            let [a, b, c, d] = group.map(|b| u32::from(SIX_BITS[usize::from(b)]));
            if a | b | c | d < 64 {
                let [_, bytes @ ..] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
                out.extend_from_slice(&bytes);
                at += 4;
                continue;
            }
        }
        at += 1;
        match SIX_BITS[usize::from(*b)] {
            _ if *b == b'\n' => padded = false,
            _ if padded => {}
            value @ 0..64 => {
                bits = (bits << 6) | u32::from(value);
                have += 6;
                if have >= 8 {
                    have -= 8;
                    out.push(((bits >> have) & 0xFF) as u8);
                }
            }
            _ if *b == b'=' => {
                have = 0;
                padded = true;
            }
            _ => junk += usize::from(!b.is_ascii_whitespace()),
        }
    }
    if junk * 20 > data.len() {
        Cow::Borrowed(data)
    } else {
        Cow::Owned(out)
    }
}

/// The value of each character of base64, of RFC 4648's URL alphabet too; 64 for all others.
const SIX_BITS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [64; 256];
    let mut value = 0u8;
    while value < 64 {
        table[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

fn hex(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'A'..=b'F' => Some(b - b'A' + 10),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    }
}

/// The Q encoding of encoded words.
pub(crate) fn q_word(data: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = data
        .iter()
        .map(|b| if *b == b'_' { b' ' } else { *b })
        .collect();
    hex_escapes(&spaced)
}

fn hex_escapes(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        if data[i] == b'='
            && let (Some(high), Some(low)) = (
                data.get(i + 1).copied().and_then(hex),
                data.get(i + 2).copied().and_then(hex),
            )
        {
            out.push(high << 4 | low);
            i += 3;
        } else {
            out.push(data[i]);
            i += 1;
        }
    }
    out
}

/// Quoted-printable: soft breaks join, white space before a break goes, an `=` that escapes nothing stays.
pub(crate) fn quoted_printable(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    for line in data.split_inclusive(|b| *b == b'\n') {
        let broken = line.ends_with(b"\n");
        let body = if broken { line.trim_ascii_end() } else { line };
        if let Some(soft) = body.strip_suffix(b"=") {
            out.extend(hex_escapes(soft));
        } else {
            out.extend(hex_escapes(body));
            if broken {
                let end: &[u8] = if line.ends_with(b"\r\n") {
                    b"\r\n"
                } else {
                    b"\n"
                };
                out.extend_from_slice(end);
            }
        }
    }
    out
}

/// A body by its `Content-Transfer-Encoding`.
pub(crate) fn transfer<'a>(data: &'a [u8], encoding: Option<&str>) -> Cow<'a, [u8]> {
    match encoding {
        Some("base64") => base64(data),
        Some("quoted-printable") => Cow::Owned(quoted_printable(data)),
        Some("x-uuencode" | "uuencode" | "x-uue" | "uue") => {
            Cow::Owned(super::attachment::whole_uu(data))
        }
        _ => Cow::Borrowed(data),
    }
}

/// Bytes as text by a charset name. Valid UTF-8 beats a declared single-byte charset only where the
/// declaration is ASCII or missing: clients under-declare, they rarely over-declare.
pub(crate) fn charset(data: &[u8], name: Option<&[u8]>) -> String {
    let name = name.map(<[u8]>::trim_ascii).filter(|n| !n.is_empty());
    let vague = name.is_none_or(|n| {
        [
            &b"us-ascii"[..],
            b"ascii",
            b"utf-8",
            b"utf8",
            b"unknown-8bit",
            b"x-unknown",
            b"default",
            b"binary",
        ]
        .iter()
        .any(|v| n.eq_ignore_ascii_case(v))
    });
    if vague {
        return guess(data);
    }
    match name.and_then(charset_decoder) {
        Some(decoder) => decoder(data),
        None => guess(data),
    }
}

/// Bytes of no stated charset: UTF-8 where it is valid or nearly so, else Windows-1252.
pub(crate) fn guess(data: &[u8]) -> String {
    let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    let lossy = match std::str::from_utf8(data) {
        Ok(text) => return text.to_owned(),
        Err(_) => String::from_utf8_lossy(data),
    };
    let broken = lossy
        .chars()
        .filter(|c| *c == char::REPLACEMENT_CHARACTER)
        .count();
    let good = lossy.chars().filter(|c| !c.is_ascii()).count() - broken;
    if good > broken {
        return lossy.into_owned();
    }
    charset_decoder(b"windows-1252")
        .map_or_else(|| lossy.clone().into_owned(), |decoder| decoder(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_noise_joined_segments_and_trailing_words() {
        assert_eq!(
            &*base64(b"SGVsbG8sIHdv\r\ncmxk!IQ==\r\nSGk= ignored"),
            b"Hello, world!Hi"
        );
    }

    #[test]
    fn text_that_claims_to_be_base64_stays_text() {
        assert_eq!(
            &*base64("Grüße, how are you? I'm fine.".as_bytes()),
            "Grüße, how are you? I'm fine.".as_bytes()
        );
    }

    #[test]
    fn quoted_printable_joins_soft_breaks_and_keeps_a_lone_equals_sign() {
        assert_eq!(quoted_printable(b"a=3D=\r\nb  \r\nc=zz"), b"a=b\r\nc=zz");
    }

    #[test]
    fn an_under_declared_charset_is_read_as_what_it_is() {
        assert_eq!(charset("Grüße".as_bytes(), Some(b"us-ascii")), "Grüße");
        assert_eq!(charset(b"Gr\xfc\xdfe", Some(b"utf-8")), "Grüße");
        assert_eq!(charset(b"Gr\xfc\xdfe", Some(b"no-such-charset")), "Grüße");
    }
}
