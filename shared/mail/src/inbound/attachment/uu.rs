//! Files in uuencode, as old mail programs put them into the text.

use std::ops::Range;

/// One file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(super) name: String,
    /// Its encoded lines, without `begin` and `end`.
    pub(super) lines: Range<usize>,
}

/// The text without its files, and at most `room` files. What does not look like one from `begin` to `end` stays.
pub(crate) fn take_files(data: &[u8], room: usize) -> (Vec<u8>, Vec<File>) {
    let mut text = Vec::new();
    let mut files = Vec::new();
    let (mut at, mut kept) = (0, 0);
    while at < data.len() && files.len() < room {
        let end = line_end(data, at);
        if let Some(name) = begins(&data[at..end])
            && let Some((lines, after)) = body(data, end)
        {
            text.extend_from_slice(&data[kept..at]);
            files.push(File { name, lines });
            (at, kept) = (after, after);
        } else {
            at = end;
        }
    }
    text.extend_from_slice(&data[kept..]);
    (text, files)
}

fn line_end(data: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &data[at..]).map_or(data.len(), |i| at + i + 1)
}

/// `begin 644 name`
fn begins(line: &[u8]) -> Option<String> {
    let rest = line.strip_prefix(b"begin ")?;
    let mode = rest.iter().take_while(|b| matches!(b, b'0'..=b'7')).count();
    let name = rest.get(mode..)?.strip_prefix(b" ")?.trim_ascii();
    ((3..=4).contains(&mode) && !name.is_empty() && name.len() < 500)
        .then(|| crate::inbound::decode::guess(name))
}

/// The encoded lines from `start` up to `end`, and what comes after it. A line that is none ends the
/// attempt at once, so that many a false `begin` costs no more than one look at each line.
fn body(data: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
    let mut at = start;
    while at < data.len() {
        let next = line_end(data, at);
        let line = data[at..next].trim_ascii_end();
        if line == b"end" {
            return (at > start).then_some((start..at, next));
        }
        if !line.is_empty() && !is_encoded(line) {
            return None;
        }
        at = next;
    }
    None
}

/// Bytes a line holds, by its first character.
fn length(first: u8) -> usize {
    usize::from(first.wrapping_sub(b' ') & 63)
}

/// Whether a line has the length that it says; some programs cut spaces at its end or add a check sign.
fn is_encoded(line: &[u8]) -> bool {
    let Some(first) = line.first() else {
        return false;
    };
    let full = length(*first).div_ceil(3) * 4 + 1;
    let signs = line.iter().all(|b| (b' '..=b'`').contains(b));
    signs && line.len() <= full + 2 && (line.len() + 8 >= full || full <= 5)
}

/// The bytes of encoded lines.
pub(super) fn decode(lines: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len() / 4 * 3);
    for line in lines.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((first, signs)) = line.split_first() else {
            continue;
        };
        let want = out.len() + length(*first);
        for group in signs.chunks(4) {
            let sign = |i: usize| u32::from(group.get(i).map_or(0, |b| b.wrapping_sub(b' ') & 63));
            let bits = sign(0) << 18 | sign(1) << 12 | sign(2) << 6 | sign(3);
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            if out.len() >= want {
                break;
            }
        }
        out.resize(want.min(out.len() + 63), 0);
    }
    out
}

/// The content of a part whose transfer encoding is uuencode: its first file, else the part as it is.
pub(crate) fn whole(data: &[u8]) -> Vec<u8> {
    let (_, files) = take_files(data, 1);
    files
        .first()
        .map_or_else(|| data.to_vec(), |file| decode(&data[file.lines.clone()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_out_of_its_text() {
        let text = b"See this:\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye\r\n";
        let (rest, files) = take_files(text, 9);
        assert_eq!(rest, b"See this:\r\nBye\r\n");
        assert_eq!(files[0].name, "cat.txt");
        assert_eq!(decode(&text[files[0].lines.clone()]), b"Cat");
    }

    #[test]
    fn words_that_begin_so_stay_words() {
        for text in [
            "begin 644 of the rules\nThis is a sentence, not a file.\nend\n",
            "begin 644 x\n#0V%T\n`\n",
            "begin 9 x\nend\n",
        ] {
            let (rest, files) = take_files(text.as_bytes(), 9);
            assert_eq!((rest.as_slice(), files.len()), (text.as_bytes(), 0));
        }
    }
}
