//! One page, written twice: as HTML and as plain text, from the same blocks, so that they cannot say
//! different things.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::clean;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Our words.
    Paragraph(String),
    /// Someone's words exactly as they wrote them: no line is wrapped, no space is lost.
    Words(String),
    /// Someone's words, set apart.
    Quote(String),
    /// Labels and values, one a line.
    Facts(Vec<(String, String)>),
    /// A link on its own line.
    Link {
        /// What it opens.
        label: String,
        /// Where it leads; shown as text unless it is `https:`, `http:` or `mailto:`.
        url: String,
    },
    /// The line above which an answer is to be written. Stands alone and unstyled, so that it survives
    /// quoting by every mail program.
    Marker(String),
    /// Small print at the end, one entry a line: legal name, address, `Privacy: https://...`.
    Footer(Vec<String>),
}

/// A mail's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// BCP 47 language tag.
    pub lang: String,
    /// The title, as the subject says it.
    pub title: String,
    /// Its pieces.
    pub blocks: Vec<Block>,
}

/// Columns at which plain text wraps; words longer than that, such as links, stay whole.
const COLUMNS: usize = 74;

impl Page {
    /// The page as HTML: one column, readable on a phone, without colours that a dark theme would fight,
    /// without anything that is loaded from elsewhere, and in order without any style.
    pub fn html(&self) -> String {
        html! {
            (DOCTYPE)
            html lang=(self.lang) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (line(&self.title)) }
                }
                body style="margin:0;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5" {
                    div style="max-width:40em;margin:0 auto" {
                        @for block in &self.blocks { (html_block(block)) }
                    }
                }
            }
        }
        .into_string()
    }

    /// The page as plain text, wrapped.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            let block = text_block(block);
            if !block.is_empty() {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(&block);
            }
        }
        out
    }
}

/// Blocks as a part of a page that has a style sheet of its own: the words and order of the mail without its styles.
pub fn fragment(blocks: &[Block]) -> Markup {
    html! {
        @for block in blocks {
            @match block {
                Block::Paragraph(text) => p { (lines(text)) },
                Block::Facts(facts) => dl {
                    @for (label, value) in facts { dt { (line(label)) } dd { (lines(value)) } }
                },
                other => (html_block(other)),
            }
        }
    }
}

fn line(text: &str) -> String {
    clean::single_line(text, 500)
}

fn lines(text: &str) -> Markup {
    broken(&clean::multi_line(text.trim()))
}

/// Breaks as elements, so that they also survive in a reader that knows no styles.
fn broken(text: &str) -> Markup {
    html! { @for (i, line) in text.split('\n').enumerate() { @if i > 0 { br; } (line) } }
}

fn verbatim(text: &str) -> String {
    let text = clean::multi_line(text);
    text.trim_start_matches('\n').trim_end().to_owned()
}

fn html_block(block: &Block) -> Markup {
    match block {
        Block::Paragraph(text) => html! { p style="margin:0 0 16px" { (lines(text)) } },
        Block::Words(text) => html! {
            div style="margin:0 0 16px;white-space:pre-wrap" { (broken(&verbatim(text))) }
        },
        Block::Quote(text) => html! {
            blockquote style="margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #8a8f98" { (lines(text)) }
        },
        Block::Facts(facts) => html! {
            table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px;border-collapse:collapse" {
                @for (label, value) in facts {
                    tr {
                        td style="padding:2px 12px 2px 0;vertical-align:top" { b { (line(label)) ":" } }
                        td style="padding:2px 0;vertical-align:top" { (" ") (lines(value)) }
                    }
                }
            }
        },
        Block::Link { label, url } => html! {
            p style="margin:0 0 16px" {
                @if safe_url(url) { a href=(url) { (line(label)) } } @else { (line(label)) ": " (line(url)) }
            }
        },
        Block::Marker(text) => html! { p { (line(text)) } },
        Block::Footer(entries) => html! {
            hr style="border:0;border-top:1px solid #8a8f98;margin:24px 0 12px" {}
            p style="margin:0;font-size:13px" {
                @for (i, entry) in entries.iter().enumerate() { @if i > 0 { (PreEscaped("<br>")) } (footnote(&line(entry))) }
            }
        },
    }
}

/// An entry of the footer; `label: https://...` becomes a link that shows where it leads.
fn footnote(entry: &str) -> Markup {
    match entry.split_once(": ") {
        Some((label, url)) if safe_url(url) => html! { (label) ": " a href=(url) { (url) } },
        _ => html! { (entry) },
    }
}

fn safe_url(url: &str) -> bool {
    let scheme = ["https://", "http://", "mailto:"]
        .iter()
        .any(|s| url.starts_with(s));
    scheme && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn text_block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => wrapped(&clean::multi_line(text.trim()), ""),
        Block::Words(text) => format!("{}\n", verbatim(text)),
        Block::Quote(text) => wrapped(&clean::multi_line(text.trim()), "> "),
        Block::Facts(facts) => {
            let fact =
                |(label, value): &(String, String)| format!("{}: {}", line(label), line(value));
            listed(facts.iter().map(fact))
        }
        Block::Link { label, url } => format!("{}:\n{}\n", line(label), line(url)),
        Block::Marker(text) => format!("{}\n", line(text)),
        Block::Footer(entries) => {
            format!("-- \n{}", listed(entries.iter().map(|e| line(e))))
        }
    }
}

fn listed(lines: impl Iterator<Item = String>) -> String {
    let mut out = lines.collect::<Vec<_>>().join("\n");
    out.push('\n');
    out
}

/// Text wrapped at [`COLUMNS`], each line after a prefix. Lines that begin with white space are kept as
/// they are: they are drawn, not written.
fn wrapped(text: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split('\n') {
        out.push_str(prefix);
        let mut column = 0;
        if line.starts_with([' ', '\t']) {
            out.push_str(line.trim_end());
        } else {
            for word in line.split_ascii_whitespace() {
                let width = word.chars().count();
                if column > 0 && column + 1 + width > COLUMNS - prefix.len() {
                    out.push('\n');
                    out.push_str(prefix);
                    column = 0;
                } else if column > 0 {
                    out.push(' ');
                    column += 1;
                }
                out.push_str(word);
                column += width;
            }
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(blocks: Vec<Block>) -> Page {
        Page {
            lang: "en".into(),
            title: "Your request".into(),
            blocks,
        }
    }

    #[test]
    fn both_forms_say_the_same_words() {
        let page = page(vec![
            Block::Marker("=== above ===".into()),
            Block::Paragraph("We have it.\nThank you.".into()),
            Block::Facts(vec![("Number".into(), "EH-1".into())]),
            Block::Quote("It broke\n\n  badly".into()),
            Block::Link {
                label: "Your ticket".into(),
                url: "https://x.example/t".into(),
            },
            Block::Footer(vec![
                "Example Ltd".into(),
                "Privacy: https://x.example/p".into(),
            ]),
        ]);
        assert_eq!(
            page.text(),
            "=== above ===\n\nWe have it.\nThank you.\n\nNumber: EH-1\n\n> It broke\n>\n>   badly\n\nYour ticket:\nhttps://x.example/t\n\n-- \nExample Ltd\nPrivacy: https://x.example/p\n"
        );
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric())
                .filter(|w| !w.is_empty())
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(
            words(&crate::inbound::html::reduce(&page.html())),
            words(&page.text())
        );
    }

    #[test]
    fn a_strangers_words_stay_words() {
        let hostile = "<script>alert(1)</script><img src=https://evil.example/x>";
        let html = page(vec![
            Block::Quote(hostile.into()),
            Block::Paragraph(hostile.into()),
            Block::Facts(vec![(hostile.into(), hostile.into())]),
            Block::Link {
                label: hostile.into(),
                url: "javascript:alert(1)".into(),
            },
            Block::Link {
                label: "x".into(),
                url: "https://x.example/\"onclick=\"alert(1)".into(),
            },
            Block::Footer(vec![hostile.into()]),
        ])
        .html();
        assert!(
            !html.contains("<script")
                && !html.contains("<img")
                && !html.contains("href=\"javascript")
        );
        assert!(!html.contains("\"onclick"));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let html = page(vec![Block::Link {
            label: "x".into(),
            url: "https://x.example/".into(),
        }])
        .html();
        for load in ["src=", "url(", "<link", "<iframe", "@import", "<script"] {
            assert!(!html.contains(load), "{load}");
        }
    }

    #[test]
    fn long_lines_wrap_and_links_stay_whole() {
        let url = format!("https://x.example/{}", "a".repeat(100));
        let text = page(vec![Block::Quote(format!("{} {url}", "word ".repeat(40)))]).text();
        assert!(text.lines().all(|l| l.len() <= 76 || l.contains(&url)));
        assert!(text.contains(&url) && text.lines().all(|l| l.starts_with("> ")));
    }
}
