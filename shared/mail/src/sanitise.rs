//! HTML of strangers made safe to show: an allow-list, nothing loaded from outside, nothing placed over the page.
//!
//! The parser is `ammonia`'s, which reads HTML as browsers do. Before it, our own tokenizer counts how
//! deep and how wide the markup is, since a tree of nested formatting grows faster than its source;
//! what is over that is shown as its text. After it, the result must read the same again, since markup
//! that a second reading changes is how sanitisers are outwitted: where its structure does not tell that
//! it does ([`settled`]), it is read again.

mod settled;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use crate::{clean, inbound::html};

/// Bytes of HTML that are shown as such, and of text in place of what is not.
const MAX_HTML: usize = 2 * 1024 * 1024;
const MAX_TEXT: usize = 256 * 1024;
/// Readings until the result must be stable.
const READINGS: usize = 3;

const TAGS: [&str; 44] = [
    "a",
    "abbr",
    "address",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "u",
];
const LISTS_AND_HEADS: [&str; 3] = ["thead", "tfoot", "ul"];

/// Elements that go with all that is in them.
const DROPPED: [&str; 20] = [
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "applet",
    "textarea",
    "select",
    "svg",
    "math",
    "audio",
    "video",
    "canvas",
    "frameset",
    "noframes",
    "xmp",
    "plaintext",
];

static RULES: LazyLock<Builder<'static>> = LazyLock::new(rules);

fn rules() -> Builder<'static> {
    let attributes = HashMap::from([
        ("a", HashSet::from(["href"])),
        ("img", HashSet::from(["alt", "src", "width", "height"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan"])),
        ("ol", HashSet::from(["start"])),
    ]);
    let mut rules = Builder::empty();
    rules
        .tags(TAGS.into_iter().chain(LISTS_AND_HEADS).collect())
        .clean_content_tags(HashSet::from(DROPPED))
        .generic_attributes(HashSet::from(["dir", "lang"]))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(attribute)
        .strip_comments(true);
    rules
}

/// Links lead to web, mail and telephone only; pictures come from the mail itself only, so that opening
/// a ticket tells nobody that it was opened. Numbers are small, so that no picture or cell fills the page.
fn attribute<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let begins = |start: &str| {
        let head = value.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let fits = match (element, name) {
        ("img", "src") => begins("cid:"),
        ("a", "href") => ["http://", "https://", "mailto:", "tel:"]
            .into_iter()
            .any(begins),
        (_, "colspan" | "rowspan" | "width" | "height" | "start") => {
            (1..=3).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
        }
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        (_, "lang") => {
            value.len() <= 20
                && value
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }
        _ => true,
    };
    fits.then_some(Cow::Borrowed(value))
}

/// HTML that is safe to show within a page of ours, and that stays the same when it is made safe again.
///
/// No scripts, styles, positions, forms, frames, `svg` or `math`; nothing is loaded but pictures of the
/// mail itself (`cid:`); links carry `rel="noopener noreferrer nofollow"`. HTML that is too large, too
/// deep, or not stable under a second reading is shown as its text.
pub fn sanitise(html: &str) -> String {
    let mut now = Cow::Borrowed(html);
    for _ in 0..READINGS {
        if now.len() > MAX_HTML || !html::is_flat(&now) {
            break;
        }
        let next = RULES.clean(&now).to_string();
        if next == *now || is_final(&next) {
            return next;
        }
        now = Cow::Owned(next);
    }
    as_text(html)
}

/// Whether a second reading of what the parser wrote would change nothing.
fn is_final(html: &str) -> bool {
    html.len() <= MAX_HTML && settled::is_settled(html) && html::is_flat(html)
}

/// The HTML as its text.
fn as_text(html: &str) -> String {
    let reduced = html::reduce(html);
    let unmarked = crate::marks::remove(&reduced);
    let text = clean::floor(unmarked.trim(), MAX_TEXT);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str("<pre>");
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
    out.push_str("</pre>");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RULES, is_final};

    /// Pieces that close, move and nest each other.
    const PIECES: &str = "<p> </p> <div> </div> <a> </a> <b> </b> <i> </i> <table> </table> <caption> </caption> <tbody> <tr> </tr> <td> </td> <th> <ul> </ul> <li> </li> <dl> <dt> <dd> </dd> <h1> </h1> <h2> <pre>\n\n </pre> <br> <hr> <img> <blockquote> </blockquote> <span> </span> <q> <address> <thead> &#13; &#0; &amp;lt; x";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn what_passes_as_final_is_not_changed_by_the_parser(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES.split(' ').collect::<Vec<_>>()), 0..24)
        ) {
            let once = RULES.clean(&pieces.concat()).to_string();
            if is_final(&once) {
                prop_assert_eq!(RULES.clean(&once).to_string(), once);
            }
        }
    }
}
