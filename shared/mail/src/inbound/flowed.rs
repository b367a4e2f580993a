//! Text whose lines were broken for transport.

/// Undoes `format=flowed` (RFC 3676): a line that ends with a space goes on in the next, except a
/// signature marker and across a change of quotation depth.
pub(crate) fn unflow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let words = line[depth..].strip_prefix(' ').unwrap_or(&line[depth..]);
        if open == Some(depth) && words != "-- " {
            out.push_str(words);
        } else {
            if !out.is_empty() || open.is_some() {
                out.push('\n');
            }
            out.push_str(&">".repeat(depth.min(8)));
            if depth > 0 {
                out.push(' ');
            }
            out.push_str(words);
        }
        open = (words.ends_with(' ') && words != "-- ").then_some(depth);
        if open.is_none() && out.is_empty() {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unflow;

    #[test]
    fn flowed_lines_join_within_their_quotation() {
        assert_eq!(unflow("a \nb\n> q \n> r\n-- \nx"), "a b\n> q r\n-- \nx");
    }

    #[test]
    fn flowed_text_of_one_paragraph_stays_linear() {
        let text = "word \n".repeat(100_000);
        assert_eq!(unflow(&text).lines().count(), 1);
    }
}
