//! How deep and wide markup is, before a parser builds a tree of it.

use std::collections::HashMap;

/// Elements that may be open at once.
const MAX_DEPTH: usize = 250;
/// The sum, over all tags, of the elements open around them: what a tree costs at worst.
const MAX_COST: usize = 2_000_000;
/// Different names of elements; real mail has a few dozen.
const MAX_NAMES: usize = 500;
const MAX_NAME: usize = 24;

/// The beginning of a name in lower case, filled up with zeros.
type Name = [u8; MAX_NAME];

/// Elements that hold nothing, or that the next of their kind closes.
#[rustfmt::skip]
fn closes_itself(name: &Name) -> bool {
    let end = name.iter().position(|b| *b == 0).unwrap_or(MAX_NAME);
    matches!(&name[..end],
        b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link" | b"meta" | b"param" | b"source"
        | b"track" | b"wbr" | b"p" | b"li" | b"td" | b"th" | b"tr" | b"tbody" | b"thead" | b"tfoot" | b"dd" | b"dt" | b"option"
        | b"html" | b"body" | b"head")
}

/// The name that begins a text.
fn name(text: &[u8]) -> Name {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
    let mut name = [0; MAX_NAME];
    for (to, from) in name.iter_mut().zip(text.iter().take_while(|b| !ends(b))) {
        *to = from.to_ascii_lowercase();
    }
    name
}

/// Whether a tree of the markup stays in proportion to its source. An element that is never closed
/// counts as open to the end, as formatting that is reopened in every paragraph is.
///
/// Every `<` before a letter counts, also where it is a comment, a script or an attribute: which of them
/// are, parsers see differently, and a count that can be talked down is none.
pub(crate) fn is_flat(html: &str) -> bool {
    let bytes = html.as_bytes();
    let mut open: HashMap<Name, usize> = HashMap::new();
    let (mut depth, mut cost) = (0usize, 0usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = &bytes[at + 1..];
        let (closing, rest) = match rest.strip_prefix(b"/") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let name = name(rest);
        cost += depth;
        if closing {
            if let Some(count) = open.get_mut(&name).filter(|count| **count > 0) {
                *count -= 1;
                depth -= 1;
            }
        } else if !closes_itself(&name) {
            depth += 1;
            *open.entry(name).or_default() += 1;
        }
        if depth > MAX_DEPTH || cost > MAX_COST || open.len() > MAX_NAMES {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_flat;

    #[test]
    fn real_markup_is_flat_and_growing_markup_is_not() {
        assert!(is_flat(
            &"<table><tr><td><p><b>x</b><br><li></table>".repeat(9_000)
        ));
        for growing in [
            "<div>",
            "<font color=1><p>",
            "<svg><g>",
            "<!--><i>",
            "<a =\"><b>",
        ] {
            assert!(!is_flat(&growing.repeat(300)), "{growing}");
        }
        let font = |n| format!("<font size={n}>");
        let font = (0..200).map(font).collect::<Vec<_>>().concat();
        assert!(!is_flat(&(font + &"<p>x".repeat(20_000))));
    }
}
