//! winmail.dat (TNEF, MS-OXTNEF): the text and the files in it.
//!
//! Outlook packs a mail so when it believes that the other side is Outlook. Read are the plain text, the
//! HTML text, and the files with their long names; formatted text (RTF) and calendar fields are not.

use std::ops::Range;

use crate::inbound::{decode, html};

/// What a winmail.dat holds.
#[derive(Debug, Default)]
pub(crate) struct Tnef {
    /// Its text, HTML reduced, with marks.
    pub(crate) text: Option<String>,
    pub(super) files: Vec<File>,
}

/// A file in it; `data` lies within the decoded winmail.dat.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) data: Range<usize>,
}

const SIGNATURE: u32 = 0x223E_9F78;
const ATTACH_BEGINS: u32 = 0x0006_9002;
const ATTACH_TITLE: u32 = 0x0001_8010;
const ATTACH_DATA: u32 = 0x0006_800F;
const ATTACH_PROPERTIES: u32 = 0x0006_9005;
const BODY: u32 = 0x0002_800C;
const PROPERTIES: u32 = 0x0006_9003;
const LONG_NAME: u16 = 0x3707;
const PLAIN_BODY: u16 = 0x1000;
const HTML_BODY: u16 = 0x1013;
/// Properties of one block, and values of one property, that are read.
const MAX_PROPERTIES: u32 = 2_000;

/// Reads little-endian numbers; every step checks the end.
struct Cursor<'a> {
    data: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn take(&mut self, count: usize) -> Option<Range<usize>> {
        let end = self.at.checked_add(count)?;
        let range = self.at..end;
        self.data.get(range.clone())?;
        self.at = end;
        Some(range)
    }

    fn u16(&mut self) -> Option<u16> {
        let range = self.take(2)?;
        Some(u16::from_le_bytes(self.data[range].try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        let range = self.take(4)?;
        Some(u32::from_le_bytes(self.data[range].try_into().ok()?))
    }

    /// A counted value, padded to four bytes.
    fn counted(&mut self) -> Option<Range<usize>> {
        let length = usize::try_from(self.u32()?).ok()?;
        let range = self.take(length)?;
        self.at = self.at.checked_add((4 - length % 4) % 4)?;
        Some(range)
    }
}

impl Tnef {
    /// Reads it, at most `room` files; `None` if it is none. What is cut off is read up to there.
    pub(crate) fn read(data: &[u8], room: usize, max_text: usize) -> Option<Self> {
        let mut cursor = Cursor { data, at: 0 };
        if cursor.u32()? != SIGNATURE {
            return None;
        }
        cursor.u16()?;
        let mut found = Self::default();
        while found.attribute(&mut cursor, room, max_text).is_some() {}
        found.files.retain(|file| !file.data.is_empty());
        Some(found)
    }

    fn attribute(&mut self, cursor: &mut Cursor<'_>, room: usize, max_text: usize) -> Option<()> {
        cursor.take(1)?;
        let id = cursor.u32()?;
        let length = usize::try_from(cursor.u32()?).ok()?;
        let range = cursor.take(length)?;
        cursor.u16()?;
        let value = &cursor.data[range.clone()];
        match id {
            ATTACH_BEGINS if self.files.len() >= room => return None,
            ATTACH_BEGINS => self.files.push(File::default()),
            ATTACH_TITLE => {
                let file = self.files.last_mut()?;
                if file.name.is_empty() {
                    file.name = string(value, false);
                }
            }
            ATTACH_DATA => self.files.last_mut()?.data = range,
            ATTACH_PROPERTIES => {
                let name = property(value, &[LONG_NAME]);
                if let (Some((_, wide, name)), Some(file)) = (name, self.files.last_mut()) {
                    file.name = string(name, wide);
                }
            }
            BODY if self.text.is_none() => {
                self.text = Some(string(&value[..value.len().min(max_text)], false));
            }
            PROPERTIES if self.text.is_none() => {
                if let Some((id, wide, text)) = property(value, &[PLAIN_BODY, HTML_BODY]) {
                    let text = string(&text[..text.len().min(max_text)], wide);
                    let rich = id == HTML_BODY;
                    self.text = Some(if rich { html::reduce(&text) } else { text });
                }
            }
            _ => {}
        }
        Some(())
    }
}

/// The first of the wanted properties: its id, whether it is UTF-16, and its value.
fn property<'a>(data: &'a [u8], wanted: &[u16]) -> Option<(u16, bool, &'a [u8])> {
    let mut cursor = Cursor { data, at: 0 };
    let count = cursor.u32()?.min(MAX_PROPERTIES);
    for _ in 0..count {
        let kind = cursor.u16()?;
        let id = cursor.u16()?;
        if id >= 0x8000 {
            named(&mut cursor)?;
        }
        let value = values(&mut cursor, kind)?;
        if wanted.contains(&id) && !value.is_empty() {
            return Some((id, kind == 0x1F, &data[value]));
        }
    }
    None
}

/// Goes past the name of a named property.
fn named(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.take(16)?;
    if cursor.u32()? == 0 {
        cursor.u32()?;
    } else {
        cursor.counted()?;
    }
    Some(())
}

/// Goes past the values of a property; the first of them.
fn values(cursor: &mut Cursor<'_>, kind: u16) -> Option<Range<usize>> {
    let fixed = match kind & 0x0FFF {
        0x02 | 0x03 | 0x04 | 0x0A | 0x0B => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        0x0D | 0x1E | 0x1F | 0x102 => None,
        _ => return None,
    };
    let many = kind & 0x1000 != 0;
    let count = if many || fixed.is_none() {
        cursor.u32()?.min(MAX_PROPERTIES)
    } else {
        1
    };
    let mut first = None;
    for _ in 0..count {
        let value = match fixed {
            Some(size) => cursor.take(size)?,
            None => cursor.counted()?,
        };
        first.get_or_insert(value);
    }
    Some(first.unwrap_or(0..0))
}

fn string(value: &[u8], wide: bool) -> String {
    let text = if wide {
        let units = value
            .chunks_exact(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]));
        char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    } else {
        decode::guess(value)
    };
    text.trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(id: u32, value: &[u8]) -> Vec<u8> {
        let mut out = vec![1];
        out.extend(id.to_le_bytes());
        out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        out.extend(value);
        out.extend([0, 0]);
        out
    }

    /// A property block with a number and a wide string of four-byte padding.
    fn properties(id: u16, text: &str) -> Vec<u8> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut out = 2u32.to_le_bytes().to_vec();
        out.extend([0x03, 0, 0x05, 0x37, 1, 0, 0, 0]);
        out.extend([0x1F, 0]);
        out.extend(id.to_le_bytes());
        out.extend(1u32.to_le_bytes());
        out.extend(u32::try_from(wide.len()).unwrap().to_le_bytes());
        out.extend(&wide);
        out.extend(vec![0; (4 - wide.len() % 4) % 4]);
        out
    }

    fn example() -> Vec<u8> {
        let mut data = SIGNATURE.to_le_bytes().to_vec();
        data.extend([0, 0]);
        data.extend(attribute(PROPERTIES, &properties(PLAIN_BODY, "Hello")));
        data.extend(attribute(ATTACH_BEGINS, &[0; 14]));
        data.extend(attribute(ATTACH_TITLE, b"SHORT~1.TXT\0"));
        data.extend(attribute(ATTACH_DATA, b"content"));
        data.extend(attribute(
            ATTACH_PROPERTIES,
            &properties(LONG_NAME, "long name.txt"),
        ));
        data
    }

    #[test]
    fn text_and_files_are_read() {
        let data = example();
        let found = Tnef::read(&data, 9, 999).unwrap();
        assert_eq!(found.text.as_deref(), Some("Hello"));
        assert_eq!(found.files[0].name, "long name.txt");
        assert_eq!(&data[found.files[0].data.clone()], b"content");
    }

    #[test]
    fn what_is_cut_off_anywhere_is_read_up_to_there() {
        let data = example();
        for end in 0..data.len() {
            let found = Tnef::read(&data[..end], 9, 999);
            assert_eq!(found.is_some(), end >= 6);
        }
        assert!(Tnef::read(&data, 0, 999).unwrap().files.is_empty());
        assert!(Tnef::read(b"not one", 9, 999).is_none());
    }

    #[test]
    fn counts_that_lie_end_the_reading() {
        let mut data = SIGNATURE.to_le_bytes().to_vec();
        data.extend([0, 0]);
        data.extend(attribute(PROPERTIES, &[0xFF; 40]));
        assert_eq!(Tnef::read(&data, 9, 999).unwrap().text, None);
    }
}
