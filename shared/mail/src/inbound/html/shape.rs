//! How deep and wide markup is, before a parser builds a tree of it.

use std::collections::HashMap;

/// Elements that may be open at once.
const MAX_DEPTH: usize = 250;
/// The sum, over all tags, of the elements open around them: what a tree costs at worst.
const MAX_COST: usize = 2_000_000;
/// Different names of elements; real mail has a few dozen.
const MAX_NAMES: usize = 500;
const MAX_NAME: usize = 24;

/// Elements that hold nothing, or that the next of their kind closes.
fn closes_itself(name: &[u8]) -> bool {
    const NAMES: &[u8] = b"|area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|tr|tbody|thead|tfoot|dd|dt|option|html|body|head|";
    let framed = [b"|", name, b"|"].concat();
    memchr::memmem::find(NAMES, &framed).is_some()
}

/// Whether a tree of the markup stays in proportion to its source. An element that is never closed
/// counts as open to the end, as formatting that is reopened in every paragraph is.
///
/// Every `<` before a letter counts, also where it is a comment, a script or an attribute: which of them
/// are, parsers see differently, and a count that can be talked down is none.
pub(crate) fn is_flat(html: &str) -> bool {
    let bytes = html.as_bytes();
    let mut open: HashMap<Vec<u8>, usize> = HashMap::new();
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
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
        let end = rest.iter().take(MAX_NAME).position(ends);
        let name = rest[..end.unwrap_or(rest.len().min(MAX_NAME))].to_ascii_lowercase();
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
