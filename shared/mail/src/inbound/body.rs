//! From parts to what a reader sees: the text, and what is attached.

use std::borrow::Cow;

use super::{
    attachment::{self, Attachment, Tnef},
    decode, html,
    limits::{Bound, Limits, Over},
    mime::{Part, Shape},
};
use crate::{clean, marks};

/// The readable content of a mail.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Plain text, without marks.
    pub(crate) text: String,
    /// The same with the marks of reduced HTML; what the reply finder reads.
    pub(crate) marked: String,
    /// The words of damaged parts, marked too, where there is no other text.
    pub(crate) fragment: String,
    /// Whether text over the bound was left out.
    pub(crate) truncated: bool,
    pub(crate) attachments: Vec<Attachment>,
}

struct Reader<'a, 'l> {
    raw: &'a [u8],
    parts: &'l [Part<'a>],
    children: Vec<Vec<usize>>,
    limits: &'l Limits,
    body: Body,
    /// The text of a winmail.dat.
    packed: String,
    /// Text parts that came damaged.
    damaged: Vec<usize>,
}

/// Reads the parts of a mail.
pub(crate) fn read(raw: &[u8], parts: &[Part<'_>], limits: &Limits) -> Result<Body, Over> {
    let mut children = vec![Vec::new(); parts.len()];
    for (index, part) in parts.iter().enumerate() {
        if let Some(parent) = part.parent {
            children[parent].push(index);
        }
    }
    let mut reader = Reader {
        raw,
        parts,
        children,
        limits,
        body: Body::default(),
        packed: String::new(),
        damaged: Vec::new(),
    };
    if !parts.is_empty() {
        reader.part(0, true)?;
    }
    if reader.body.marked.trim().is_empty() && !reader.packed.is_empty() {
        let text = clean::multi_line(&reader.packed);
        reader.append(&text);
    }
    if reader.body.marked.trim().is_empty() {
        reader.body.fragment = reader.fragment();
    }
    let mut body = reader.body;
    body.marked = body.marked.trim_matches('\n').to_owned();
    body.text = marks::remove(&body.marked);
    Ok(body)
}

/// The HTML that the mail shows.
pub(crate) fn html(raw: &[u8], parts: &[Part<'_>], limits: &Limits) -> String {
    let mut out = String::new();
    for part in own(parts, "text/html") {
        let room = limits.text_bytes.saturating_sub(out.len());
        out.push_str(&decoded(raw, part, room));
    }
    out
}

/// What each of the mail's own text parts says, shown or not; of one that is too long, its beginning.
pub(crate) fn texts(
    raw: &[u8],
    parts: &[Part<'_>],
    limits: &Limits,
) -> impl Iterator<Item = String> {
    let plain = own(parts, "text/plain").map(|part| decoded(raw, part, limits.text_bytes));
    let rich = own(parts, "text/html").map(|part| decoded(raw, part, limits.text_bytes));
    plain.chain(rich.map(|html| marks::remove(&html::reduce(&html))))
}

/// The mail's own parts of a type, those of forwarded mails and files apart.
fn own<'p, 'a>(parts: &'p [Part<'a>], mime: &'static str) -> impl Iterator<Item = &'p Part<'a>> {
    let mut inside = vec![false; parts.len()];
    parts.iter().enumerate().filter_map(move |(index, part)| {
        let parent = part.parent;
        inside[index] = parent.is_some_and(|p| inside[p] || parts[p].shape == Shape::Message);
        let own = part.mime == mime
            && !inside[index]
            && !attachment::is_attached(part)
            && !attachment::is_named(part);
        own.then_some(part)
    })
}

fn decoded(raw: &[u8], part: &Part<'_>, most: usize) -> String {
    let bytes = part.bytes(raw);
    let cut = &bytes[..bytes.len().min(most)];
    decode::charset(cut, part.charset.as_deref().map(str::as_bytes))
}

impl Reader<'_, '_> {
    /// Reads a part; `first` says that nothing came before it in its container, so that it may be text
    /// even under a file name.
    fn part(&mut self, index: usize, first: bool) -> Result<(), Over> {
        let part = &self.parts[index];
        match part.shape {
            Shape::Multipart if part.mime == "multipart/alternative" => self.alternative(index),
            Shape::Multipart => {
                for (i, child) in self.children[index].clone().into_iter().enumerate() {
                    self.part(child, i == 0)?;
                }
                Ok(())
            }
            Shape::Leaf if self.is_text(index, first) => {
                if self.is_damaged(index) {
                    return self.set_aside(index);
                }
                let text = self.text_of(index);
                self.append(&text);
                Ok(())
            }
            Shape::Message | Shape::Leaf => self.attach(index),
        }
    }

    /// Of alternatives the plain text is read if there is any, else the HTML; the rest is the same said
    /// otherwise, except what is neither, such as an invitation.
    fn alternative(&mut self, index: usize) -> Result<(), Over> {
        let mut leaves = Vec::new();
        self.leaves(index, &mut leaves);
        let (mut plain, mut rich) = (
            self.texts(&leaves, "text/plain"),
            self.texts(&leaves, "text/html"),
        );
        leaves.retain(|leaf| !plain.contains(leaf) && !rich.contains(leaf));
        let take_damaged = |list: &mut Vec<usize>| {
            list.extract_if(.., |i| self.is_damaged(*i))
                .collect::<Vec<_>>()
        };
        let mut damaged = take_damaged(&mut plain);
        damaged.extend(take_damaged(&mut rich));
        let before = self.body.marked.len();
        let plain_text = plain
            .iter()
            .map(|i| self.text_of(*i))
            .collect::<Vec<_>>()
            .join("\n");
        if plain_text.trim().is_empty() {
            for i in &rich {
                let text = self.text_of(*i);
                self.append(&text);
            }
        } else {
            self.append(&plain_text);
        }
        // Beside an alternative that is whole they say nothing new.
        if self.body.marked[before..].trim().is_empty() {
            for leaf in damaged {
                self.set_aside(leaf)?;
            }
        }
        for leaf in leaves {
            self.attach(leaf)?;
        }
        Ok(())
    }

    /// Whether a text part is not what its sender sent: no boundary closes it, so that its end may be missing, or it
    /// is not in the encoding that it declares.
    fn is_damaged(&self, index: usize) -> bool {
        let part = &self.parts[index];
        let encoded = part.encoding.as_deref() == Some("base64");
        part.cut_off || encoded && matches!(part.bytes(self.raw), Cow::Borrowed([_, ..]))
    }

    /// A damaged part is a file, as it came; its words are shown where the mail has no others. One of which nothing came
    /// is none.
    fn set_aside(&mut self, index: usize) -> Result<(), Over> {
        if self.parts[index].body.is_empty() {
            return Ok(());
        }
        self.attach(index)?;
        self.damaged.push(index);
        if let Some(file) = self.body.attachments.last_mut() {
            file.damaged = true;
        }
        Ok(())
    }

    fn fragment(&mut self) -> String {
        let mut out = String::new();
        for index in std::mem::take(&mut self.damaged) {
            let text = self.text_of(index);
            let text = clean::floor(&text, self.limits.text_bytes.saturating_sub(out.len()));
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(text.trim_matches('\n'));
        }
        out
    }

    fn texts(&self, leaves: &[usize], mime: &str) -> Vec<usize> {
        let fits =
            |i: &usize| self.parts[*i].mime == mime && !attachment::is_attached(&self.parts[*i]);
        leaves.iter().copied().filter(fits).collect()
    }

    fn leaves(&self, index: usize, out: &mut Vec<usize>) {
        for child in &self.children[index] {
            match self.parts[*child].shape {
                Shape::Multipart => self.leaves(*child, out),
                Shape::Leaf | Shape::Message => out.push(*child),
            }
        }
    }

    fn is_text(&self, index: usize, first: bool) -> bool {
        let part = &self.parts[index];
        let readable = matches!(part.mime.as_str(), "text/plain" | "text/html");
        readable && !attachment::is_attached(part) && (first || !attachment::is_named(part))
    }

    fn text_of(&mut self, index: usize) -> String {
        let part = &self.parts[index];
        let mut bytes = part.bytes(self.raw);
        if part.mime == "text/plain" && memchr::memmem::find(&bytes, b"begin ").is_some() {
            let room = self.room();
            let (rest, files) = attachment::take_uu_files(&bytes, room);
            bytes = rest.into();
            self.body
                .attachments
                .extend(attachment::read_uu(self.raw, part, files));
        }
        let bound = self.limits.text_bytes;
        let cut = if bytes.len() > bound {
            &bytes[..bound]
        } else {
            &bytes[..]
        };
        self.body.truncated |= cut.len() < bytes.len();
        let decoded = decode::charset(cut, part.charset.as_deref().map(str::as_bytes));
        if part.mime == "text/html" {
            html::reduce(&decoded)
        } else if part.flowed {
            unflow(&clean::multi_line(&decoded))
        } else {
            clean::multi_line(&decoded)
        }
    }

    fn append(&mut self, text: &str) {
        let room = self
            .limits
            .text_bytes
            .saturating_sub(self.body.marked.len());
        let cut = clean::floor(text, room);
        self.body.truncated |= cut.len() < text.len();
        if !self.body.marked.is_empty() && !cut.is_empty() && !self.body.marked.ends_with('\n') {
            self.body.marked.push('\n');
        }
        self.body.marked.push_str(cut);
    }

    fn attach(&mut self, index: usize) -> Result<(), Over> {
        let count = self.body.attachments.len() + 1;
        Over::check(Bound::Attachments, self.limits.attachments, count)?;
        let part = &self.parts[index];
        let found = attachment::read(self.raw, self.parts, index, count);
        let packed = part.mime.ends_with("/ms-tnef") || part.mime.ends_with("/vnd.ms-tnef");
        let packed = packed || found.filename.eq_ignore_ascii_case("winmail.dat");
        self.body.attachments.push(found);
        if packed && part.shape == Shape::Leaf {
            self.unpack(index);
        }
        Ok(())
    }

    /// Attachments that may still come.
    fn room(&self) -> usize {
        self.limits
            .attachments
            .saturating_sub(self.body.attachments.len())
    }

    /// Files in the winmail.dat read last, and its text, which counts if the mail has no other.
    fn unpack(&mut self, index: usize) {
        let part = &self.parts[index];
        let outer = self.body.attachments.len() - 1;
        let Some(tnef) = Tnef::read(&part.bytes(self.raw), self.room(), self.limits.text_bytes)
        else {
            return;
        };
        let files = attachment::read_tnef(self.raw, part, &tnef, outer);
        self.body.attachments.extend(files);
        if let Some(text) = tnef.text {
            self.packed.push_str(&text);
        }
    }
}

/// Undoes `format=flowed` (RFC 3676): a line that ends with a space goes on in the next, except a
/// signature marker and across a change of quotation depth.
fn unflow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let words = line[depth..].strip_prefix(' ').unwrap_or(&line[depth..]);
        if open == Some(depth) && words != "-- " {
            out.push_str(words);
        } else {
            if !out.is_empty() || open.is_some() {
                out.push('\n');
            }
            out.push_str(&">".repeat(depth.min(8)));
            if depth > 0 {
                out.push(' ');
            }
            out.push_str(words);
        }
        open = (words.ends_with(' ') && words != "-- ").then_some(depth);
        if open.is_none() && out.is_empty() {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unflow;

    #[test]
    fn flowed_lines_join_within_their_quotation() {
        assert_eq!(unflow("a \nb\n> q \n> r\n-- \nx"), "a b\n> q r\n-- \nx");
    }

    #[test]
    fn flowed_text_of_one_paragraph_stays_linear() {
        let text = "word \n".repeat(100_000);
        assert_eq!(unflow(&text).lines().count(), 1);
    }
}
