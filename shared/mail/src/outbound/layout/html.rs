//! Pages as HTML that mail programs show alike.
//!
//! Tables and inline styles, because Outlook knows little else and Gmail drops style sheets of forwarded mail. No colour
//! is set but the company's own, writing and ground together, so that a dark theme turns all or nothing of it around.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Band, Block, NO_BREAK, Page, glued, line, safe_url, verbatim};
use crate::clean;

/// Older Outlook knows no greatest width; it gets a table of this many pixels, which is what the others are held to.
const OUTLOOK_OPENS: &str = "<!--[if mso]><table role=\"presentation\" width=\"600\" align=\"center\" cellpadding=\"0\" cellspacing=\"0\"><tr><td><![endif]-->";
const OUTLOOK_CLOSES: &str = "<!--[if mso]></td></tr></table><![endif]-->";

const BODY: &str = "margin:0;padding:0;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5;-webkit-text-size-adjust:100%";

/// Out of sight for people, in sight for lists of mails.
const HIDDEN: &str = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all";

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 4] = ["ar", "fa", "he", "ur"];

pub(super) fn page(page: &Page) -> String {
    let dir = if RIGHT_TO_LEFT.contains(&page.lang.as_str()) {
        "rtl"
    } else {
        "ltr"
    };
    let (marker, rest) = match page.blocks.split_first() {
        Some((marker @ Block::Marker(_), rest)) => (Some(marker), rest),
        _ => (None, page.blocks.as_slice()),
    };
    let colours = page.band.as_ref().map(|band| band.colours);
    html! {
        (DOCTYPE)
        html lang=(page.lang) dir=(dir) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (line(&page.title)) }
            }
            body style=(BODY) {
                @if let Some(marker) = marker { (block(marker, None)) }
                @else if !page.preheader.is_empty() { (preheader(&page.preheader)) }
                (PreEscaped(OUTLOOK_OPENS))
                table role="presentation" dir=(dir) width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;margin:0 auto" {
                    @if let Some(band) = &page.band { (strip(band)) }
                    tr { td style="padding:20px 16px" { @for it in rest { (block(it, colours)) } } }
                }
                (PreEscaped(OUTLOOK_CLOSES))
            }
        }
    }
    .into_string()
}

/// The spaces behind it keep the list from going on with the text of the mail.
fn preheader(text: &str) -> Markup {
    let rest = PreEscaped("&#8199;&#65279;&#847; ".repeat(20));
    html! { div style=(HIDDEN) aria-hidden="true" { (line(text)) (rest) } }
}

fn strip(band: &Band) -> Markup {
    let (colour, text) = band.colours;
    html! {
        tr {
            td bgcolor=(colour) style={ "background-color:" (colour) ";padding:14px 16px" } {
                b style={ "color:" (text) ";font-size:18px" } { (line(&band.name)) }
            }
        }
    }
}

/// Blocks as a part of a page that has a style sheet of its own: the words and order of the mail without its styles.
pub fn fragment(blocks: &[Block]) -> Markup {
    html! {
        @for it in blocks {
            @match it {
                Block::Paragraph(text) => p { (broken(&text_of(text))) },
                Block::Facts(facts) => dl {
                    @for (label, value) in facts { dt { (line(label)) } dd { (broken(&text_of(value))) } }
                },
                other => (block(other, None)),
            }
        }
    }
}

/// Our words: what belongs together stays on one line.
fn lines(text: &str) -> Markup {
    let text = text_of(text);
    html! { @for (i, line) in text.split('\n').enumerate() { @if i > 0 { br; } (whole(line)) } }
}

fn text_of(text: &str) -> String {
    glued(&clean::multi_line(text.trim()))
}

/// Breaks as elements, so that they also survive in a reader that knows no styles.
fn broken(text: &str) -> Markup {
    html! { @for (i, line) in text.split('\n').enumerate() { @if i > 0 { br; } (line) } }
}

/// The line with its [`code`]s held together by their style: another kind of hyphen would be copied with them.
fn whole(line: &str) -> Markup {
    html! {
        @for word in line.split_inclusive([' ', NO_BREAK]) {
            @if let Some((before, code, after)) = code(word) {
                (before) span style="white-space:nowrap" { (code) } (after)
            } @else { (word) }
        }
    }
}

/// A number of a ticket, a date or an order, which a line would break at its hyphens, and what stands around it.
fn code(word: &str) -> Option<(&str, &str, &str)> {
    /// Longer ones fit on no line beside anything.
    const LONGEST: usize = 24;
    let is_part = |c: char| c.is_alphanumeric() || c == '/';
    let start = word.find(is_part)?;
    let end = start + word[start..].trim_end_matches(|c| !is_part(c)).len();
    let code = &word[start..end];
    let part = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    let held = code.contains('-')
        && code.len() <= LONGEST
        && (code.starts_with('/') || code.bytes().all(part));
    held.then_some((&word[..start], code, &word[end..]))
}

fn block(it: &Block, colours: Option<(policy::Colour, policy::Colour)>) -> Markup {
    match it {
        Block::Paragraph(text) => html! {
            @if let Some(entries) = list(text) {
                ul style="margin:0 0 16px;padding:0 0 0 24px" { @for entry in entries { li { (lines(entry)) } } }
            } @else {
                p style="margin:0 0 16px" { (lines(text)) }
            }
        },
        Block::Heading(text) => html! { p style="margin:24px 0 8px" { b { (lines(text)) } } },
        Block::Words(text) => html! {
            div style="margin:0 0 16px;white-space:pre-wrap" { (broken(&verbatim(text))) }
        },
        Block::Quote(text) => html! {
            blockquote style="margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #8a8f98" { (broken(&text_of(text))) }
        },
        Block::Facts(facts) => self::facts(facts),
        Block::Link { label, url } => html! { p style="margin:0 0 16px" { (link(label, url)) } },
        Block::Button { label, url } => html! {
            @if let Some((colour, text)) = colours.filter(|_| safe_url(url)) {
                (button(label, url, colour, text))
            } @else {
                p style="margin:0 0 16px" { b { (link(label, url)) } }
            }
        },
        Block::Marker(text) => html! { p style="margin:0;padding:12px 16px" { (line(text)) } },
        Block::Footer(entries) => html! {
            hr style="border:0;border-top:1px solid #8a8f98;margin:24px 0 12px";
            p style="margin:0;font-size:13px" {
                @for (i, entry) in entries.iter().enumerate() { @if i > 0 { (PreEscaped("<br>")) } (footnote(&line(entry))) }
            }
        },
    }
}

/// Values beside their labels, or below them where a label leaves too little room on a phone.
fn facts(facts: &[(String, String)]) -> Markup {
    if !facts.iter().all(|(label, _)| leaves_room(label)) {
        return html! {
            @for (place, (label, value)) in facts.iter().enumerate() {
                @let below = if place + 1 < facts.len() { 8 } else { 16 };
                p style={ "margin:0 0 " (below) "px;overflow-wrap:anywhere" } { b { (whole(&line(label))) ":" } br; (lines(value)) }
            }
        };
    }
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px;border-collapse:collapse" {
            @for (label, value) in facts {
                tr {
                    td style={ "padding:2px 12px 2px 0;vertical-align:top" @if label.chars().count() <= WORD { ";white-space:nowrap" } } { b { (whole(&line(label))) ":" } }
                    td style="padding:2px 0;vertical-align:top;overflow-wrap:anywhere" { (" ") (lines(value)) }
                }
            }
        }
    }
}

/// A column of labels is at least as wide as its longest word; one of so many characters takes half of a phone.
const WORD: usize = 16;

/// A label longer than this takes three lines and more.
const LABEL: usize = 24;

fn leaves_room(label: &str) -> bool {
    let longest = label.split(' ').map(|word| word.chars().count()).max();
    longest <= Some(WORD) && label.chars().count() <= LABEL
}

/// The entries of a paragraph that is a list.
fn list(text: &str) -> Option<Vec<&str>> {
    let entries = text.trim().lines().map(|line| line.strip_prefix("- "));
    entries.collect()
}

fn link(label: &str, url: &str) -> Markup {
    html! { @if safe_url(url) { a href=(url) { (whole(&line(label))) } } @else { (line(label)) ": " (line(url)) } }
}

/// A cell of colour, which every program shows, and in it a link that fills it.
fn button(label: &str, url: &str, colour: policy::Colour, text: policy::Colour) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px" {
            tr {
                td bgcolor=(colour) style={ "background-color:" (colour) ";border-radius:6px" } {
                    a href=(url) style={ "display:inline-block;padding:12px 18px;color:" (text) ";font-weight:bold;text-decoration:none" } { (line(label)) }
                }
            }
        }
    }
}

/// An entry of the footer; `label: https://...` becomes a link that shows where it leads.
fn footnote(entry: &str) -> Markup {
    match entry.split_once(": ") {
        Some((label, url)) if safe_url(url) => {
            html! { (label) ": " a href=(url) style="overflow-wrap:anywhere" { (url) } }
        }
        _ => html! { (entry) },
    }
}
