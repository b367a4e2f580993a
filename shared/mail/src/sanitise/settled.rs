//! Whether markup that the sanitiser wrote reads the same again, told without building its tree.
//!
//! What the parser wrote is well nested and escaped; a second reading changes it only where HTML closes or moves an
//! element by itself: a block inside a paragraph, a link inside a link, an entry inside an entry, words between table
//! rows, the first line break of `<pre>`. Here only markup passes that holds none of these. What does not pass may still be
//! stable: then the parser tells.

/// Elements at which the search for an open `<p>` or `<a>` ends (HTML, "scope" and "marker").
const CELLS: [&str; 3] = ["td", "th", "caption"];
const ROWS: [&str; 5] = ["table", "thead", "tbody", "tfoot", "tr"];
const VOID: [&str; 3] = ["br", "hr", "img"];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
/// Start tags that close an open `<p>`, headings apart.
const CLOSE_P: [&str; 13] = [
    "address",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];
/// Elements that the search for an open `<li>`, `<dd>` or `<dt>` goes past: those that HTML does not call special, and three that it names.
const PASSED: [&str; 24] = [
    "a", "abbr", "address", "b", "bdi", "cite", "code", "del", "div", "em", "i", "ins", "kbd", "p",
    "q", "s", "small", "span", "strong", "sub", "sup", "u", "br", "img",
];

/// Whether a second reading is sure to change nothing. `html` is what the parser wrote: each tag in it is allowed, and
/// every other `<` is escaped.
pub(super) fn is_settled(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    if memchr::memchr2(b'\0', b'\r', html.as_bytes()).is_some() {
        return false;
    }
    loop {
        let (text, tag) = match memchr::memchr(b'<', rest.as_bytes()) {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, ""),
        };
        if open.last().is_some_and(|parent| ROWS.contains(parent)) && !is_space(text) {
            return false;
        }
        if tag.is_empty() {
            return open.is_empty();
        }
        let Some((name, after)) = name_of(tag) else {
            return false;
        };
        if let Some(name) = name.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else {
            if !may_open(name, &open) || name == "pre" && after.starts_with('\n') {
                return false;
            }
            if !VOID.contains(&name) {
                open.push(name);
            }
        }
        rest = after;
    }
}

fn is_space(text: &str) -> bool {
    let space = |b| matches!(b, b' ' | b'\n' | b'\t' | b'\x0c');
    text.bytes().all(space)
}

/// The name of a tag, with its slash if it closes, and what comes after the tag.
fn name_of(tag: &str) -> Option<(&str, &str)> {
    let bytes = tag.as_bytes();
    let in_name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'/';
    let end = bytes.iter().position(|b| !in_name(b))?;
    let mut at = end;
    while *bytes.get(at)? != b'>' {
        // ` name="value"`: in the value every quotation mark is escaped.
        let value = at + memchr::memchr(b'"', bytes.get(at..)?)? + 1;
        at = value + memchr::memchr(b'"', bytes.get(value..)?)? + 1;
    }
    Some((tag.get(..end)?, tag.get(at + 1..)?))
}

/// Whether HTML lets an element begin inside those that are open, and closes or moves nothing for it.
fn may_open(name: &str, open: &[&str]) -> bool {
    let parent = open.last().copied().unwrap_or_default();
    let placed = match name {
        "caption" | "thead" | "tbody" | "tfoot" => parent == "table",
        "tr" => matches!(parent, "thead" | "tbody" | "tfoot"),
        "td" | "th" => parent == "tr",
        _ => !ROWS.contains(&parent),
    };
    let is_open = |what: &str| {
        let mut near = open.iter().rev().take_while(|it| !CELLS.contains(it));
        near.any(|it| *it == what)
    };
    let heading = HEADINGS.contains(&name);
    placed
        && !(heading && HEADINGS.contains(&parent))
        && !((heading || CLOSE_P.contains(&name)) && is_open("p"))
        && !(name == "a" && is_open("a"))
        && match name {
            "li" => !inside(open, &["li"]),
            "dd" | "dt" => !inside(open, &["dd", "dt"]),
            _ => true,
        }
}

/// Whether one of `names` is open with only elements above it that the search for it goes past.
fn inside(open: &[&str], names: &[&str]) -> bool {
    let stop = open.iter().rev().find(|it| !PASSED.contains(it));
    stop.is_some_and(|it| names.contains(it))
}

#[cfg(test)]
mod tests {
    use super::is_settled;

    #[test]
    fn markup_that_people_write_is_settled() {
        for html in [
            "a &lt; b",
            "<p>a<br>b <a href=\"https://x.example/?a=1&amp;b=%3E\" rel=\"x\">c</a></p><p></p>",
            "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>",
            "<table> <tbody>\n<tr><td><p>a</p><table><tbody></tbody></table></td></tr></tbody></table>",
            "<p></p><dl><dt>a</dt><dd>b</dd></dl><a>c</a><a>d</a><img alt=\">\">",
        ] {
            assert!(is_settled(html), "{html}");
        }
    }

    #[test]
    fn markup_in_which_html_would_close_or_move_something_is_not() {
        for html in [
            "<p><b><div>a</div></b></p>",
            "<a><b><a>x</a></b></a>",
            "<ul><li><div><li>a</li></div></li></ul>",
            "<dl><dd><b><dt>a</dt></b></dd></dl>",
            "<table>a<tbody></tbody></table>",
            "<table><tr></tr></table>",
            "<td>a</td>",
            "<h1><h2>a</h2></h1>",
            "<pre>\n\na</pre>",
            "<p>a\r</p>",
            "<p>a",
            "<p><b></p></b>",
        ] {
            assert!(!is_settled(html), "{html}");
        }
    }
}
