//! What each of a mail's own text parts says, shown or not; those of forwarded mails and files apart.

use super::{
    attachment, decode, html,
    limits::Limits,
    mime::{Part, Shape},
};
use crate::marks;

/// The HTML that the mail shows.
pub(crate) fn html(raw: &[u8], parts: &[Part<'_>], limits: &Limits) -> String {
    let mut out = String::new();
    for part in of_type(parts, "text/html") {
        let room = limits.text_bytes.saturating_sub(out.len());
        out.push_str(&decoded(part, beginning(&part.bytes(raw), room)));
    }
    out
}

/// What each of them says, plain text first; of one that is too long, its beginning.
pub(crate) fn all(raw: &[u8], parts: &[Part<'_>], limits: &Limits) -> Vec<String> {
    let plain = of_type(parts, "text/plain");
    let texts = plain.chain(of_type(parts, "text/html"));
    texts.map(|part| of(raw, part, limits)).collect()
}

/// What one of them says.
pub(crate) fn of(raw: &[u8], part: &Part<'_>, limits: &Limits) -> String {
    let text = decoded(part, beginning(&part.bytes(raw), limits.text_bytes));
    if part.mime == "text/html" {
        marks::remove(&html::reduce(&text))
    } else {
        text
    }
}

/// Which parts they are.
pub(crate) fn own(parts: &[Part<'_>]) -> Vec<bool> {
    let mut inside = vec![false; parts.len()];
    let mut own = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let parent = part.parent;
        inside[index] = parent.is_some_and(|p| inside[p] || parts[p].shape == Shape::Message);
        own.push(
            matches!(part.mime.as_str(), "text/plain" | "text/html")
                && !inside[index]
                && !attachment::is_attached(part)
                && !attachment::is_named(part),
        );
    }
    own
}

/// Bytes of a part in the characters that it declares.
pub(crate) fn decoded(part: &Part<'_>, bytes: &[u8]) -> String {
    decode::charset(bytes, part.charset.as_deref().map(str::as_bytes))
}

fn of_type<'p, 'a>(
    parts: &'p [Part<'a>],
    mime: &'static str,
) -> impl Iterator<Item = &'p Part<'a>> {
    let own = parts.iter().zip(own(parts));
    own.filter_map(move |(part, own)| (own && part.mime == mime).then_some(part))
}

fn beginning(bytes: &[u8], most: usize) -> &[u8] {
    &bytes[..bytes.len().min(most)]
}
