//! The MIME structure: one walk over the lines, linear, bounded, and forgiving.
//!
//! The parser crate finds parts by searching for each declared boundary anew and bounds neither parts
//! nor depth; a mail of a few megabytes can make that quadratic. This walk looks at each line once and
//! compares only lines that begin with `--` with the open boundaries, of which there are few.

use std::ops::Range;

use super::{
    headers::{Headers, line_end},
    limits::{Bound, Limits, Over},
};

/// What a part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Leaf,
    Multipart,
    Message,
}

/// The type given to the source of a multipart that cannot be taken apart.
pub(crate) const UNREADABLE: &str = "application/octet-stream";

/// One part of the mail; parents come before their children.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    pub(crate) headers: Headers<'a>,
    /// `type/subtype` in lower case.
    pub(crate) mime: String,
    pub(crate) charset: Option<String>,
    pub(crate) flowed: bool,
    pub(crate) encoding: Option<String>,
    pub(crate) shape: Shape,
    pub(crate) body: Range<usize>,
    pub(crate) parent: Option<usize>,
    /// Whether the mail ended before a boundary closed it: the rest of it never came, or its sender forgot the boundary.
    pub(crate) cut_off: bool,
    boundary: Option<Vec<u8>>,
}

impl Part<'_> {
    /// The body with its transfer encoding undone.
    pub(crate) fn bytes<'r>(&self, raw: &'r [u8]) -> std::borrow::Cow<'r, [u8]> {
        super::decode::transfer(&raw[self.body.clone()], self.encoding.as_deref())
    }
}

struct Walk<'a, 'l> {
    raw: &'a [u8],
    limits: &'l Limits,
    parts: Vec<Part<'a>>,
    /// Open multiparts: (part, boundary).
    open: Vec<(usize, Vec<u8>)>,
}

/// How a line closes or continues an open multipart.
struct Delimiter {
    level: usize,
    last: bool,
}

/// The parts of a mail, root first. On a bound, what was found so far and the bound.
pub(crate) fn walk<'a>(raw: &'a [u8], limits: &Limits) -> (Vec<Part<'a>>, Option<Over>) {
    let mut walk = Walk {
        raw,
        limits,
        parts: Vec::new(),
        open: Vec::new(),
    };
    let over = walk.run().err();
    (walk.parts, over)
}

impl Walk<'_, '_> {
    fn run(&mut self) -> Result<(), Over> {
        let mut at = self.part(0, None)?;
        while at < self.raw.len() {
            at = self.body(at)?;
        }
        self.settle();
        Ok(())
    }

    /// Reads a part's headers at `at`, and those of a message it holds; gives where a body begins.
    fn part(&mut self, mut at: usize, mut parent: Option<usize>) -> Result<usize, Over> {
        loop {
            Over::check(Bound::Parts, self.limits.parts, self.parts.len() + 1)?;
            Over::check(Bound::Depth, self.limits.depth, self.depth(parent))?;
            let read = Headers::read(self.raw, at, self.limits, |line| {
                self.delimiter(line).is_some()
            });
            let (headers, body, over) = match read {
                Ok((headers, body)) => (headers, body, None),
                Err((headers, over)) => (headers, at, Some(over)),
            };
            let digest = parent.is_some_and(|p| self.parts[p].mime == "multipart/digest");
            let part = describe(headers, body, parent, digest);
            let (shape, boundary) = (part.shape.clone(), part.boundary.clone());
            self.parts.push(part);
            if let Some(over) = over {
                return Err(over);
            }
            let index = self.parts.len() - 1;
            match (shape, boundary) {
                (Shape::Message, _) => {
                    parent = Some(index);
                    at = body;
                }
                (Shape::Multipart, Some(boundary)) => {
                    self.open.push((index, boundary));
                    return Ok(body);
                }
                _ => return Ok(body),
            }
        }
    }

    fn depth(&self, parent: Option<usize>) -> usize {
        let mut depth = 0;
        let mut at = parent;
        while let Some(index) = at {
            depth += 1;
            at = self.parts[index].parent;
        }
        depth
    }

    /// Goes on from `at` to the next delimiter of an open multipart, ends the parts it ends, and reads
    /// the part that follows; gives where to go on.
    fn body(&mut self, mut at: usize) -> Result<usize, Over> {
        while at < self.raw.len() {
            let (end, next) = line_end(self.raw, at);
            Over::check(Bound::LineBytes, self.limits.line_bytes, end - at)?;
            if let Some(found) = self.delimiter(&self.raw[at..end]) {
                self.close(found.level + 1, at);
                let (parent, _) = self.open[found.level];
                self.end_children(parent, at);
                if found.last {
                    self.parts[parent].body.end = next;
                    self.open.truncate(found.level);
                    at = next;
                    continue;
                }
                return self.part(next, Some(parent));
            }
            at = next;
        }
        Ok(at)
    }

    /// The open multipart whose boundary the line begins with, the innermost first. More may follow on
    /// the line (RFC 2046 5.1.1), and in broken mail it does.
    fn delimiter(&self, line: &[u8]) -> Option<Delimiter> {
        let rest = line.strip_prefix(b"--")?;
        let mut open = self.open.iter().enumerate().rev();
        open.find_map(|(level, (_, boundary))| {
            let tail = rest.strip_prefix(boundary.as_slice())?;
            Some(Delimiter {
                level,
                last: tail.starts_with(b"--"),
            })
        })
    }

    /// Closes the multiparts above a level at `at`.
    fn close(&mut self, level: usize, at: usize) {
        while self.open.len() > level {
            if let Some((index, _)) = self.open.pop() {
                self.end_children(index, at);
                self.end(index, at);
            }
        }
    }

    /// Ends what is still open inside a container before the line at `at`: its newest part and that
    /// part's ancestors.
    fn end_children(&mut self, container: usize, at: usize) {
        let mut index = self.parts.len() - 1;
        while index > container {
            self.end(index, at);
            match self.parts[index].parent {
                Some(parent) => index = parent,
                None => break,
            }
        }
    }

    /// The line break before a delimiter belongs to the delimiter.
    fn end(&mut self, index: usize, at: usize) {
        let start = self.parts[index].body.start;
        if self.parts[index].body.end == usize::MAX {
            let mut end = at.max(start);
            if end > start && self.raw[end - 1] == b'\n' {
                end -= 1;
                if end > start && self.raw[end - 1] == b'\r' {
                    end -= 1;
                }
            }
            self.parts[index].body.end = end;
        }
    }

    /// Ends what is open at the end of the mail; a multipart in which no part was found is
    /// unread source, kept as an attachment as mail programs do.
    fn settle(&mut self) {
        let len = self.raw.len();
        for index in 0..self.parts.len() {
            let parent = self.parts[index].parent;
            let within = parent.is_some_and(|p| self.parts[p].shape == Shape::Multipart);
            let part = &mut self.parts[index];
            if part.body.end == usize::MAX {
                part.body.end = len.max(part.body.start);
                part.cut_off = within;
            }
        }
        let mut parents = vec![false; self.parts.len()];
        for parent in self.parts.iter().filter_map(|p| p.parent) {
            parents[parent] = true;
        }
        for (part, has_children) in self.parts.iter_mut().zip(parents) {
            if part.shape == Shape::Multipart && !has_children {
                part.shape = Shape::Leaf;
                UNREADABLE.clone_into(&mut part.mime);
            }
        }
    }
}

fn describe(headers: Headers<'_>, body: usize, parent: Option<usize>, digest: bool) -> Part<'_> {
    let content_type = headers.content_type("content-type");
    let attribute = |name: &str| {
        content_type
            .as_ref()
            .and_then(|c| c.attribute(name))
            .map(str::to_owned)
    };
    let declared = content_type.as_ref().map(|c| {
        let subtype = c.subtype().unwrap_or_default();
        format!("{}/{}", c.ctype(), subtype).to_ascii_lowercase()
    });
    let mime = match declared {
        Some(mime) if mime == "text/" || mime == "/" => "text/plain".to_owned(),
        Some(mime) => mime,
        None if digest => "message/rfc822".to_owned(),
        None => "text/plain".to_owned(),
    };
    let boundary = attribute("boundary")
        .map(|b| b.trim_end().as_bytes().to_vec())
        .filter(|b| !b.is_empty());
    let encoding = headers.token("content-transfer-encoding");
    let encoded = matches!(encoding.as_deref(), Some("base64" | "quoted-printable"));
    let shape = match mime.as_str() {
        m if m.starts_with("multipart/") => Shape::Multipart,
        "message/rfc822" | "message/global" if !encoded => Shape::Message,
        _ => Shape::Leaf,
    };
    Part {
        charset: attribute("charset"),
        flowed: attribute("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")),
        headers,
        mime,
        encoding,
        shape,
        body: body..usize::MAX,
        parent,
        cut_off: false,
        boundary,
    }
}
