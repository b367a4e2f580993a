//! Header blocks: split by lines, bounded, and read field by field.

use std::{borrow::Cow, ops::Range};

use mail_parser::{Attribute, ContentType, HeaderValue, parsers::MessageStream};

use super::{
    encoded_word,
    limits::{Bound, Limits, Over},
};

/// One field: its name as written and where its raw (folded) value lies.
#[derive(Debug, Clone)]
struct Field<'a> {
    name: &'a [u8],
    value: Range<usize>,
}

/// The header fields of one mail or part, in order.
#[derive(Debug, Clone)]
pub(crate) struct Headers<'a> {
    raw: &'a [u8],
    fields: Vec<Field<'a>>,
}

/// The end of the line that starts at `at`: (end without the line break, start of the next line).
pub(crate) fn line_end(raw: &[u8], at: usize) -> (usize, usize) {
    match memchr::memchr(b'\n', &raw[at..]) {
        Some(i) => {
            let end = at + i;
            (
                if end > at && raw[end - 1] == b'\r' {
                    end - 1
                } else {
                    end
                },
                end + 1,
            )
        }
        None => (raw.len(), raw.len()),
    }
}

/// The length of the field name that a line starts with, colon not counted.
fn name_len(line: &[u8]) -> Option<usize> {
    let colon = line.iter().take(128).position(|b| *b == b':')?;
    let name = line[..colon].trim_ascii_end();
    let good = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    good.then_some(colon)
}

impl<'a> Headers<'a> {
    /// Reads the block that starts at `at`; `stop` tells a line that ends it without a blank line (a
    /// boundary). Gives the block and where the body starts.
    ///
    /// A line that is no field is skipped when the block goes on after it, else the body starts there:
    /// both kinds of broken mail are common.
    pub(crate) fn read(
        raw: &'a [u8],
        at: usize,
        limits: &Limits,
        stop: impl Fn(&[u8]) -> bool,
    ) -> Result<(Self, usize), (Self, Over)> {
        let mut headers = Self {
            raw,
            fields: Vec::new(),
        };
        let mut pos = at;
        while pos < raw.len() {
            let (end, next) = line_end(raw, pos);
            let line = &raw[pos..end];
            if line.is_empty() {
                return Ok((headers, next));
            }
            if stop(line) {
                return Ok((headers, pos));
            }
            let over =
                Over::check(Bound::HeaderBytes, limits.header_bytes, next - at).and_then(|()| {
                    Over::check(
                        Bound::HeaderCount,
                        limits.header_count,
                        headers.fields.len() + 1,
                    )
                });
            if let Err(over) = over {
                return Err((headers, over));
            }
            if line[0] == b' ' || line[0] == b'\t' {
                match headers.fields.last_mut() {
                    Some(field) => field.value.end = end,
                    None if line.trim_ascii().is_empty() => return Ok((headers, next)),
                    None => {}
                }
            } else if let Some(colon) = name_len(line) {
                headers.fields.push(Field {
                    name: line[..colon].trim_ascii_end(),
                    value: pos + colon + 1..end,
                });
            } else if !Self::goes_on(raw, next, pos == at, line) {
                return Ok((headers, pos));
            }
            pos = next;
        }
        Ok((headers, raw.len()))
    }

    /// Whether the block goes on after a line that is no field.
    fn goes_on(raw: &[u8], next: usize, first: bool, line: &[u8]) -> bool {
        if first && (line.starts_with(b"From ") || line.starts_with(b">From ")) {
            return true;
        }
        let (end, _) = line_end(raw, next.min(raw.len()));
        let following = &raw[next.min(raw.len())..end];
        name_len(following)
            .is_some_and(|n| n < 40 && following.get(n + 1).is_none_or(u8::is_ascii_whitespace))
    }

    /// Raw values of all fields of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let raw = self.raw;
        self.fields
            .iter()
            .filter(move |f| f.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(move |f| &raw[f.value.clone()])
    }

    /// Whether a field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The first field of a name as text on one line, encoded words decoded.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.all(name).next().map(encoded_word::decode_text)
    }

    /// The first field of a name as a bare lower-case token, parameters and comments cut.
    pub(crate) fn token(&self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let end = text.find([';', '(']).unwrap_or(text.len());
        Some(text[..end].trim().to_ascii_lowercase())
    }

    /// A content-type-like field; of several the last, which the writer's own mail program added.
    pub(crate) fn content_type(&self, name: &str) -> Option<ContentType<'static>> {
        let raw = self.all(name).last()?;
        let value = terminated(&encoded_word::repair(raw));
        match MessageStream::new(&value).parse_content_type() {
            HeaderValue::ContentType(ct) => Some(owned(&ct)),
            _ => None,
        }
    }

    /// Ids (`<local@domain>`) in all fields of a name, brackets removed.
    pub(crate) fn ids(&self, name: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for raw in self.all(name) {
            match MessageStream::new(&terminated(raw)).parse_id() {
                HeaderValue::Text(id) => ids.push(id.into_owned()),
                HeaderValue::TextList(list) => ids.extend(list.into_iter().map(Cow::into_owned)),
                _ => {}
            }
        }
        ids
    }
}

fn owned(ct: &ContentType<'_>) -> ContentType<'static> {
    let attribute = |a: &Attribute<'_>| Attribute {
        name: a.name.to_string().into(),
        value: a.value.to_string().into(),
    };
    ContentType {
        c_type: ct.c_type.to_string().into(),
        c_subtype: ct.c_subtype.as_ref().map(|s| s.to_string().into()),
        attributes: ct
            .attributes
            .as_ref()
            .map(|list| list.iter().map(attribute).collect()),
    }
}

/// The parsers read up to a line end.
pub(crate) fn terminated(raw: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(raw.len() + 2);
    value.push(b' ');
    value.extend_from_slice(raw);
    value.push(b'\n');
    value
}
