//! From parts to what a reader sees: the text, and what is attached.

mod damaged;

use super::{
    attachment::{self, Attachment, Tnef},
    flowed::unflow,
    html,
    limits::{Bound, Limits, Over},
    mime::{Part, Shape},
    texts,
};
use ticket::Masked;

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
    /// Secrets in the mail's own texts, read or not; of each kind the greatest number that one text holds.
    pub(crate) unseen: Vec<Masked>,
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
    /// The mail's own texts that were not searched for secrets yet.
    unsearched: Vec<bool>,
}

/// Reads the parts of a mail. On a bound, what was read so far and the bound; it is searched for secrets all the same.
pub(crate) fn read(raw: &[u8], parts: &[Part<'_>], limits: &Limits) -> (Body, Option<Over>) {
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
        unsearched: texts::own(parts),
    };
    let over = if parts.is_empty() {
        None
    } else {
        reader.part(0, true).err()
    };
    if over.is_none() {
        reader.settle();
    }
    reader.search_rest();
    (reader.body, over)
}

impl Reader<'_, '_> {
    /// Looks for words elsewhere where no part that is whole has any.
    fn settle(&mut self) {
        if self.body.marked.trim().is_empty() && !self.packed.is_empty() {
            let text = clean::multi_line(&std::mem::take(&mut self.packed));
            self.append(&text);
        }
        if self.body.marked.trim().is_empty() {
            self.body.fragment = self.fragment();
        }
        self.body.marked = self.body.marked.trim_matches('\n').to_owned();
        self.body.text = marks::remove(&self.body.marked);
    }

    /// Searches a text for secrets, once.
    fn search(&mut self, index: usize, text: &str) {
        if std::mem::take(&mut self.unsearched[index]) {
            ticket::at_least(&mut self.body.unseen, &ticket::mask(text).1);
        }
    }

    /// Searches the texts that nobody reads because another says the same.
    fn search_rest(&mut self) {
        for index in 0..self.parts.len() {
            if self.unsearched[index] {
                let text = texts::of(self.raw, &self.parts[index], self.limits);
                self.search(index, &text);
            }
        }
    }

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
        let packed = part.mime == "text/plain" && memchr::memmem::find(&bytes, b"begin ").is_some();
        if packed {
            let room = self.room();
            let (rest, files) = attachment::take_uu_files(&bytes, room);
            bytes = rest.into();
            self.body
                .attachments
                .extend(attachment::read_uu(self.raw, part, files));
        }
        let cut = &bytes[..bytes.len().min(self.limits.text_bytes)];
        self.body.truncated |= cut.len() < bytes.len();
        let decoded = texts::decoded(part, cut);
        if part.mime == "text/html" {
            let text = html::reduce(&decoded);
            self.search(index, &marks::remove(&text));
            return text;
        }
        // What was taken out is searched with the rest.
        if !packed {
            self.search(index, &decoded);
        }
        let text = clean::multi_line(&decoded);
        if part.flowed { unflow(&text) } else { text }
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
