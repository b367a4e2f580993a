//! HTML to readable text, in one pass.
//!
//! Not a browser: a tokenizer with a short list of what matters for reading a mail. Block elements
//! become lines, quotations get `> `, and the places where clients mark older mail by class or id get a
//! mark (see [`crate::marks`]) that the reply finder reads. A full HTML engine would build a tree, whose
//! depth and repair rules are where hostile mail makes such engines slow or deep.

mod shape;
mod tokens;

pub(crate) use shape::is_flat;
use tokens::{Tag, Token, Tokens};

use crate::{clean, marks};

/// Nesting of quotations that is still drawn; deeper ones are drawn at this depth.
const MAX_QUOTE: usize = 6;

/// Reduces HTML to text, with marks.
pub(crate) fn reduce(html: &str) -> String {
    let mut out = Writer {
        text: String::with_capacity(html.len() / 2),
        ..Writer::default()
    };
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => out.text(text),
            Token::Open(tag) => out.open(&tag),
            Token::Close(name) => out.close(&name),
        }
    }
    out.text.truncate(out.text.trim_end().len());
    out.text
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Lines to break before the next word.
    breaks: usize,
    space: bool,
    pre: usize,
    /// Open blockquotes: whether each counts as a quotation.
    quotes: Vec<bool>,
    depth: usize,
    /// The address of the open link and where its words begin.
    link: Option<(String, usize)>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        let decoded = tokens::decode_entities(text);
        for c in decoded.chars() {
            if self.pre > 0 && c == '\n' {
                self.line(1, true);
            } else if self.pre > 0 && matches!(c, ' ' | '\t') {
                self.char(c);
            } else if c.is_whitespace() {
                self.space = true;
            } else if !clean::is_unwanted(c) {
                self.char(c);
            }
        }
    }

    fn char(&mut self, c: char) {
        if self.breaks > 0 || self.text.is_empty() {
            self.start_line();
        } else if self.space {
            self.text.push(' ');
        }
        self.space = false;
        self.text.push(c);
    }

    fn start_line(&mut self) {
        let quoted = self.depth.min(MAX_QUOTE);
        if !self.text.is_empty() {
            for i in 0..self.breaks {
                self.text.push('\n');
                if i + 1 < self.breaks {
                    self.text.push_str(&">".repeat(quoted));
                }
            }
        }
        self.breaks = 0;
        for _ in 0..quoted {
            self.text.push_str("> ");
        }
    }

    /// At least `n` line breaks before the next word; `add` adds to those already due (`<br>`).
    fn line(&mut self, n: usize, add: bool) {
        self.breaks = if add {
            (self.breaks + n).min(3)
        } else {
            self.breaks.max(n)
        };
        self.space = false;
    }

    /// A line of its own that only says what follows.
    fn mark(&mut self, mark: char) {
        self.line(1, false);
        self.start_line();
        self.text.push(mark);
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name.as_str() {
            "br" => self.line(1, true),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "dl" => {
                self.line(2, false);
            }
            "div" | "tr" | "section" | "article" | "header" | "footer" | "center" | "form"
            | "dt" | "dd" | "address" | "body" | "html" | "hr" => self.line(1, false),
            "td" | "th" => self.space = true,
            "li" => {
                self.line(1, false);
                self.char('-');
                self.space = true;
            }
            "pre" => {
                self.line(1, false);
                self.pre += 1;
            }
            "blockquote" => self.quote(tag),
            "a" => self.link = tag.attribute("href").map(|href| (href, self.text.len())),
            _ => {}
        }
        if let Some(mark) = quotation_mark(tag) {
            self.mark(mark);
        }
    }

    fn quote(&mut self, tag: &Tag<'_>) {
        // A blockquote without a border is how clients indent.
        let indent = tag
            .attribute("style")
            .is_some_and(|s| s.replace(' ', "").contains("border:none"));
        self.line(1, false);
        self.quotes.push(!indent);
        self.depth += usize::from(!indent);
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "dl" => {
                self.line(2, false);
            }
            "div" | "tr" | "li" | "section" | "article" | "header" | "footer" | "center"
            | "form" | "dt" | "dd" | "address" => self.line(1, false),
            "td" | "th" => self.space = true,
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.line(1, false);
            }
            "blockquote" => {
                self.line(1, false);
                if self.quotes.pop() == Some(true) {
                    self.depth -= 1;
                }
            }
            "a" => self.end_link(),
            _ => {}
        }
    }

    /// A link whose words do not show where it leads is followed by its address.
    fn end_link(&mut self) {
        let Some((href, start)) = self.link.take() else {
            return;
        };
        let words = self.text.get(start..).unwrap_or_default().trim();
        let web = href.starts_with("https://") || href.starts_with("http://");
        let shown = |text: &str| href.contains(text) || text.contains(href.trim_end_matches('/'));
        if web && !words.is_empty() && !shown(words) && href.len() <= 300 {
            self.text.push_str(" <");
            self.text.extend(
                href.chars()
                    .filter(|c| !c.is_whitespace() && !c.is_control() && !marks::is_mark(*c)),
            );
            self.text.push('>');
        }
    }
}

/// The mark for an element by which a client marks older mail or a signature.
fn quotation_mark(tag: &Tag<'_>) -> Option<char> {
    if let Some(class) = tag.attribute("class") {
        for class in class.split_ascii_whitespace() {
            match class {
                "gmail_attr" | "moz-cite-prefix" | "protonmail_quote" | "zmail_extra"
                | "yahoo_quoted" => {
                    return Some(marks::ATTRIBUTION);
                }
                "OutlookMessageHeader"
                | "WordSection1Reply"
                | "ms-outlook-mobile-reference-message" => {
                    return Some(marks::CUT);
                }
                "gmail_signature"
                | "moz-signature"
                | "ms-outlook-mobile-signature"
                | "protonmail_signature_block" => {
                    return Some(marks::SIGNATURE);
                }
                _ => {}
            }
        }
    }
    if let Some(id) = tag.attribute("id") {
        match id.as_str() {
            "divRplyFwdMsg"
            | "appendonsend"
            | "mail-editor-reference-message-container"
            | "stopSpelling"
            | "OLK_SRC_BODY_SECTION"
            | "replySplit"
            | "ms-outlook-mobile-body-separator-line" => {
                return Some(marks::CUT);
            }
            "Signature" | "ms-outlook-mobile-signature" => return Some(marks::SIGNATURE),
            "yahoo_quoted" => return Some(marks::ATTRIBUTION),
            _ => {}
        }
    }
    if tag.name == "div" && tag.attribute("name").as_deref() == Some("quote") {
        return Some(marks::ATTRIBUTION);
    }
    // Word and Outlook draw a line above the header of the mail answered.
    let style = tag
        .attribute("style")?
        .to_ascii_lowercase()
        .replace(' ', "");
    let line = style.contains("border:none;border-top:solid#e1e1e11.0pt")
        || style.contains("border:none;border-top:solid#b5c4df1.0pt");
    (tag.name == "div" && line).then_some(marks::CUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_white_space_collapses() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><p>Hello\n  <b>you</b>&nbsp;&amp; me</p><p>One<br>Two</p><ul><li>a<li>b</ul></body>";
        assert_eq!(reduce(html), "Hello you & me\n\nOne\nTwo\n\n- a\n- b");
    }

    #[test]
    fn quotations_are_drawn_and_indents_are_not() {
        let html = "Yes<blockquote type=cite>Do you<br>agree?</blockquote><blockquote style='border: none'>indented</blockquote>";
        assert_eq!(reduce(html), "Yes\n> Do you\n> agree?\nindented");
    }

    #[test]
    fn a_link_shows_where_it_leads() {
        assert_eq!(
            reduce("<a href='https://a.example/x'>here</a>"),
            "here <https://a.example/x>"
        );
        assert_eq!(
            reduce("<a href='https://a.example/'>a.example</a>"),
            "a.example"
        );
        assert_eq!(reduce("<a href='javascript:alert(1)'>here</a>"), "here");
    }

    #[test]
    fn scripts_comments_and_broken_markup_do_not_leak_or_swallow() {
        assert_eq!(reduce("a<script>if(a<b)</script>b<!-- c > -->d"), "abd");
        assert_eq!(reduce("1 < 2 and <b>3"), "1 < 2 and 3");
        assert_eq!(reduce("a<style>never closed"), "anever closed");
        assert_eq!(reduce("a <img alt=\"unclosed>b"), "a b");
    }

    #[test]
    fn deep_quotations_stay_linear() {
        let html = "<blockquote>x".repeat(20_000);
        assert!(reduce(&html).len() < 20_000 * 20);
    }
}
