//! The HTML tokenizer: text, opening and closing tags; comments, scripts and styles are skipped.

use std::borrow::Cow;

use mail_parser::decoders::html::add_html_token;

/// An opening tag.
pub(super) struct Tag<'a> {
    pub(super) name: String,
    attributes: &'a str,
}

pub(super) enum Token<'a> {
    Text(&'a str),
    Open(Tag<'a>),
    Close(String),
}

/// Elements whose content is never read.
const SKIPPED: [&str; 5] = ["script", "style", "title", "template", "svg"];

/// The tokens of a text. Each search that fails is remembered, so that no later tag repeats it and the
/// whole stays linear.
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    quotes_close: bool,
    tags_close: bool,
    comments_close: bool,
    skips_close: [bool; SKIPPED.len()],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self {
            html,
            at: 0,
            quotes_close: true,
            tags_close: true,
            comments_close: true,
            skips_close: [true; SKIPPED.len()],
        }
    }

    /// The end (`>`) of the tag that starts at `at`.
    fn tag_end(&mut self, at: usize) -> Option<usize> {
        if !self.tags_close {
            return None;
        }
        let bytes = self.html.as_bytes();
        if self.quotes_close {
            let mut quote = None;
            let mut after_equals = false;
            for (i, b) in bytes.iter().enumerate().skip(at) {
                match (quote, *b) {
                    (None, b'>') => return Some(i),
                    (None, b'"' | b'\'') if after_equals => quote = Some(*b),
                    (Some(q), b) if q == b => quote = None,
                    _ => {}
                }
                if !b.is_ascii_whitespace() {
                    after_equals = *b == b'=';
                }
            }
            self.quotes_close = false;
        }
        let end = memchr::memchr(b'>', &bytes[at..]).map(|i| at + i);
        self.tags_close = end.is_some();
        end
    }

    fn comment(&mut self) -> bool {
        if !self.comments_close {
            return false;
        }
        let end = self.html[self.at + 4..].find("-->");
        match end {
            Some(i) => self.at += 4 + i + 3,
            None => self.comments_close = false,
        }
        end.is_some()
    }

    /// Goes past the content of a skipped element, if it is closed at all.
    fn skip(&mut self, name: &str) {
        let Some(which) = SKIPPED.iter().position(|s| *s == name) else {
            return;
        };
        if !self.skips_close[which] {
            return;
        }
        let bytes = self.html.as_bytes();
        let mut at = self.at;
        while let Some(i) = memchr::memmem::find(&bytes[at..], b"</") {
            at += i + 2;
            if bytes[at..]
                .get(..name.len())
                .is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()))
            {
                self.at = at - 2;
                return;
            }
        }
        self.skips_close[which] = false;
    }

    /// The tag, comment or declaration at `at` (a `<`), or `None` if it is only a character.
    fn markup(&mut self) -> Option<Markup<'a>> {
        let rest = &self.html[self.at..];
        if rest.starts_with("<!--") && self.comment() {
            return Some(Markup::Nothing);
        }
        let kind = *rest.as_bytes().get(1)?;
        if !(kind.is_ascii_alphabetic() || matches!(kind, b'/' | b'!' | b'?')) {
            return None;
        }
        let end = self.tag_end(self.at)?;
        let inside = &self.html[self.at + 1..end];
        self.at = end + 1;
        if matches!(kind, b'!' | b'?') {
            return Some(Markup::Nothing);
        }
        let bare = inside.strip_prefix('/').unwrap_or(inside);
        let cut = bare
            .find(|c: char| c.is_whitespace() || c == '/')
            .unwrap_or(bare.len());
        let name = bare[..cut].to_ascii_lowercase();
        if kind == b'/' {
            return Some(Markup::Token(Token::Close(name)));
        }
        self.skip(&name);
        let attributes = &bare[cut..];
        Some(Markup::Token(Token::Open(Tag { name, attributes })))
    }
}

/// What a `<` begins.
enum Markup<'a> {
    Token(Token<'a>),
    /// A comment or declaration.
    Nothing,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let start = self.at;
            if start >= self.html.len() {
                return None;
            }
            if self.html.as_bytes()[start] == b'<' {
                match self.markup() {
                    Some(Markup::Token(token)) => return Some(token),
                    Some(Markup::Nothing) => continue,
                    None => self.at += 1,
                }
            }
            let from = self.at;
            self.at = memchr::memchr(b'<', &self.html.as_bytes()[from..])
                .map_or(self.html.len(), |i| from + i);
            return Some(Token::Text(&self.html[start..self.at]));
        }
    }
}

impl Tag<'_> {
    /// The value of an attribute, entities decoded.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let cut = rest
                .find(|c: char| c.is_whitespace() || c == '=')
                .unwrap_or(rest.len());
            let key = &rest[..cut];
            let after = rest[cut..].trim_start();
            let Some(value) = after.strip_prefix('=') else {
                rest = if cut == 0 {
                    &rest[rest.chars().next().map_or(1, char::len_utf8)..]
                } else {
                    &rest[cut..]
                };
                continue;
            };
            let value = value.trim_start();
            let (value, tail) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &value[1..];
                    let end = inner.find(quote).unwrap_or(inner.len());
                    (&inner[..end], inner.get(end + 1..).unwrap_or_default())
                }
                _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(decode_entities(value).into_owned());
            }
            rest = tail;
        }
    }
}

/// Text with its character references decoded; what is no reference stays.
pub(super) fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find('&') {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        let name = rest
            .bytes()
            .skip(1)
            .take(32)
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
            .count();
        let end = 1 + name;
        if name == 0 {
            out.push('&');
            rest = &rest[1..];
            continue;
        }
        let closed = rest.as_bytes().get(end) == Some(&b';');
        let mut token = rest.as_bytes()[..end].to_vec();
        token.push(b';');
        let mut decoded = String::new();
        add_html_token(&mut decoded, &token, false);
        let known = !decoded.starts_with('&') || decoded == "&";
        // Without its semicolon only a number or one of the old names is a reference.
        let old = rest.as_bytes()[1] == b'#'
            || matches!(&rest[1..end], "nbsp" | "amp" | "lt" | "gt" | "quot");
        if known && (closed || old) {
            out.push_str(&decoded);
            rest = &rest[end + usize::from(closed)..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_and_others_stay() {
        assert_eq!(
            decode_entities("a&amp;b &lt; &#228;&#xE4; &nbsp R&D &bogus; &"),
            "a&b < ää \u{a0} R&D &bogus; &"
        );
    }

    #[test]
    fn attributes_are_found_however_they_are_quoted() {
        let tag = Tag {
            name: "a".into(),
            attributes: " x = 'y z' href=\"a&amp;b\" =broken class=c",
        };
        assert_eq!(tag.attribute("HREF").as_deref(), Some("a&b"));
        assert_eq!(tag.attribute("class").as_deref(), Some("c"));
        assert_eq!(tag.attribute("none"), None);
    }
}
