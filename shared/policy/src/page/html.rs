//! The published page as HTML: from Markdown, with an anchor at every clause and every promise.
//!
//! Raw HTML and pictures in the Markdown are left out, and links lead to web pages, mail or places of ours only: whoever
//! may edit a page's text must not thereby be able to run scripts on the company's site.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

use super::texts::texts;
use crate::id::Lang;
use crate::policy::Policy;
use crate::terms::Promise;

/// Stands before a promise's target while the Markdown is read; the promise's place in the terms is added to it. The
/// plane is private, so no author's letter is lost.
const OPEN: u32 = 0xF_0000;

/// Stands behind a promise's target.
const CLOSE: char = '\u{10_FFFD}';

/// So many promises can have anchors; no policy comes near.
const MOST: u32 = 0xFFF0;

/// A page ready to be put into a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPage {
    /// The language it is in, which is the prevailing one where the wanted has no page.
    pub lang: Lang,
    /// What stands above it, label and value: version, from when it is in force, languages, which one binds.
    pub imprint: Vec<(&'static str, String)>,
    /// The text as HTML without foreign markup.
    pub html: String,
}

impl Policy {
    /// The page in this language, or in the prevailing one if there is none, as HTML; `effective` is the instant from
    /// which this version is in force, where that is known.
    ///
    /// None if this copy carries no pages (see [`Policy::to_json`]).
    pub fn page_html(&self, lang: &Lang, effective: Option<Timestamp>) -> Option<PublishedPage> {
        let (lang, markdown) = self.filled_page(lang, marked)?;
        Some(PublishedPage {
            lang: lang.clone(),
            imprint: self.imprint(lang, effective),
            html: self.html(lang, &markdown),
        })
    }

    /// The page as a document of its own, to be read in a browser or printed.
    pub fn page_document(&self, lang: &Lang, effective: Option<Timestamp>) -> Option<String> {
        let page = self.page_html(lang, effective)?;
        let company = escaped(&self.terms().company.name);
        let entries = page.imprint.iter();
        let entry = |(label, value): &(&str, String)| {
            format!("<dt>{label}</dt><dd>{}</dd>", escaped(value))
        };
        let imprint = entries.map(entry).collect::<Vec<_>>().concat();
        Some(format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{company}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<dl>{imprint}</dl>\n{html}</main>\n</body>\n</html>\n",
            lang = page.lang,
            html = page.html,
        ))
    }

    fn imprint(&self, lang: &Lang, effective: Option<Timestamp>) -> Vec<(&'static str, String)> {
        let texts = texts(lang);
        let names: Vec<_> = self.pages().keys().map(Lang::name).collect();
        let mut imprint = vec![(texts.version, self.hash().to_string())];
        if let Some(at) = effective {
            imprint.push((texts.effective, self.terms().zone.instant_text(at, lang)));
        }
        imprint.push((texts.languages, names.join(", ")));
        imprint.push((texts.prevailing, self.terms().prevailing.name().to_owned()));
        imprint
    }

    fn html(&self, lang: &Lang, markdown: &str) -> String {
        let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES)
            .filter_map(harmless)
            .collect();
        anchor_headings(&mut events);
        let mut anchors = Anchors {
            promises: &self.terms().promises,
            clause: texts(lang).clause,
            seen: BTreeSet::new(),
            open: false,
        };
        let events = events.into_iter().flat_map(|event| match event {
            Event::Text(text) => anchors.text(&text),
            Event::Code(code) => vec![Event::Code(unmarked(&code).into())],
            event => vec![event],
        });
        let mut page = String::with_capacity(markdown.len() * 2);
        push_html(&mut page, events);
        page
    }
}

/// A promise's target between its marks.
fn marked(index: usize, value: &str) -> String {
    let index = u32::try_from(index).unwrap_or(MOST).min(MOST);
    let open = char::from_u32(OPEN + index).unwrap_or(CLOSE);
    format!("{open}{value}{CLOSE}")
}

fn is_mark(c: char) -> bool {
    c == CLOSE || (OPEN..=OPEN + MOST).contains(&u32::from(c))
}

/// Text without marks; also what an author's own text is cleaned with, so that it cannot hold any.
pub(super) fn unmarked(text: &str) -> String {
    text.chars().filter(|&c| !is_mark(c)).collect()
}

/// Turns marks into elements: the first mention of each promise carries its anchor.
struct Anchors<'p> {
    promises: &'p [Promise],
    clause: &'static str,
    seen: BTreeSet<usize>,
    open: bool,
}

impl Anchors<'_> {
    fn text(&mut self, text: &str) -> Vec<Event<'static>> {
        let mut events = Vec::new();
        let mut run = String::new();
        for c in text.chars() {
            if !is_mark(c) {
                run.push(c);
                continue;
            }
            if !run.is_empty() {
                events.push(Event::Text(std::mem::take(&mut run).into()));
            }
            let tag = if c == CLOSE {
                self.close()
            } else {
                self.begin(c)
            };
            events.push(Event::InlineHtml(tag.into()));
        }
        if !run.is_empty() {
            events.push(Event::Text(run.into()));
        }
        events
    }

    fn begin(&mut self, mark: char) -> String {
        let index = usize::try_from(u32::from(mark) - OPEN).unwrap_or_default();
        let Some(promise) = self.promises.get(index).filter(|_| !self.open) else {
            return String::new();
        };
        self.open = true;
        let id = if self.seen.insert(index) {
            format!(" id=\"promise-{}\"", promise.id)
        } else {
            String::new()
        };
        let clause = promise
            .clause
            .as_deref()
            .map_or_else(String::new, |clause| {
                format!(" title=\"{} {}\"", self.clause, escaped(clause))
            });
        format!("<span class=\"promise\"{id}{clause}>")
    }

    fn close(&mut self) -> String {
        let tag = if self.open { "</span>" } else { "" };
        self.open = false;
        tag.to_owned()
    }
}

/// Gives a heading that begins with a clause's name, such as `AU.2`, that name as its anchor; the first of each.
fn anchor_headings(events: &mut [Event<'_>]) {
    let mut seen = BTreeSet::new();
    for index in 1..events.len() {
        let (before, after) = events.split_at_mut(index);
        if let (Some(Event::Start(Tag::Heading { id, .. })), Some(Event::Text(text))) =
            (before.last_mut(), after.first())
        {
            let anchor = clause_of(text).filter(|clause| seen.insert(clause.clone()));
            *id = anchor.map(CowStr::from);
        }
    }
}

/// `AU.2` of `AU.2 When we answer`: letters, a dot, a number.
fn clause_of(heading: &str) -> Option<String> {
    let word = heading.split_whitespace().next()?.trim_end_matches(':');
    let (letters, number) = word.split_once('.')?;
    let is_clause = !letters.is_empty()
        && letters.bytes().all(|b| b.is_ascii_alphanumeric())
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.');
    is_clause.then(|| word.to_owned())
}

fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let dest_url = if is_harmless(&dest_url) {
                dest_url
            } else {
                "#".into()
            };
            Some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }))
        }
        Event::Html(_)
        | Event::InlineHtml(_)
        | Event::Start(Tag::Image { .. })
        | Event::End(TagEnd::Image) => None,
        event => Some(event),
    }
}

fn is_harmless(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["https://", "http://", "mailto:", "#"]
        .iter()
        .any(|start| lower.starts_with(start))
        || (lower.starts_with('/') && !lower.starts_with("//"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Readable on a phone and on paper.
const STYLE: &str = "\
body{margin:0;font:1.0625rem/1.55 system-ui,sans-serif;color:#1b1f23;background:#fff}\
main{max-width:44rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\
h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2rem}\
dl{display:grid;grid-template-columns:fit-content(40%) 1fr;gap:.2rem 1rem;color:#4a5560}dt{font-weight:600}dd{margin:0}\
table{border-collapse:collapse}td,th{border:1px solid #6b7785;padding:.3rem .6rem;text-align:left}\
@media print{body{font-size:10.5pt}main{max-width:none;padding:0}h2{break-after:avoid}li,tr{break-inside:avoid}a{color:inherit}}\
@page{margin:2cm}";

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        let mut events: Vec<_> = Parser::new_ext(source, Options::ENABLE_TABLES)
            .filter_map(harmless)
            .collect();
        anchor_headings(&mut events);
        let mut page = String::new();
        push_html(&mut page, events.into_iter());
        page
    }

    #[test]
    fn markdown_becomes_html_without_foreign_html_scripts_and_pictures() {
        for (source, page) in [
            (
                "# A & B\n\n- *c*",
                "<h1>A &amp; B</h1>\n<ul>\n<li><em>c</em></li>\n</ul>\n",
            ),
            ("<!-- note -->\n\na", "<p>a</p>\n"),
            ("a <script>alert(1)</script> b", "<p>a alert(1) b</p>\n"),
            (
                "[a](https://example.com)",
                "<p><a href=\"https://example.com\">a</a></p>\n",
            ),
            (
                "[a](#top) [b](/policy)",
                "<p><a href=\"#top\">a</a> <a href=\"/policy\">b</a></p>\n",
            ),
            ("![a](https://example.com/x.png)", "<p>a</p>\n"),
            (
                "## AU.2 When\n\n## AU.2 Again",
                "<h2 id=\"AU.2\">AU.2 When</h2>\n<h2>AU.2 Again</h2>\n",
            ),
            ("## 24.7 `x`", "<h2 id=\"24.7\">24.7 <code>x</code></h2>\n"),
            ("## e.g. this", "<h2>e.g. this</h2>\n"),
        ] {
            assert_eq!(html(source), page, "{source}");
        }
    }

    #[test]
    fn a_link_that_is_no_web_or_mail_link_leads_nowhere() {
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,a",
            "//evil.example",
            "vbscript:a",
        ] {
            assert_eq!(
                html(&format!("[a]({url})")),
                "<p><a href=\"#\">a</a></p>\n",
                "{url}"
            );
        }
    }
}
