//! Agents answer by mail above a line of ours.

use super::reply_text;
use crate::marks;

/// The words above our marker line, or `None` if the marker is not there.
///
/// The marker may be quoted (`> `, at any depth), wrapped, or set apart by other white space; only its
/// letters, digits and signs count. What introduces the quotation that holds it goes too. The result may
/// be empty: an answer without words.
pub fn above_marker(text: &str, marker: &str) -> Option<String> {
    let signs =
        |c: &char| !c.is_whitespace() && !matches!(c, '>' | '|' | '*' | '_') && !marks::is_mark(*c);
    let wanted: String = marker.chars().filter(signs).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut run = String::with_capacity(text.len());
    let mut line_starts = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        line_starts.push((run.len(), offset));
        run.extend(line.chars().filter(signs));
        offset += line.len();
    }
    let found = run.find(&wanted)?;
    let line = line_starts.partition_point(|(start, _)| *start <= found) - 1;
    let above = &text[..line_starts[line].1];
    if above.trim().is_empty() {
        return Some(String::new());
    }
    Some(only_new(above))
}

/// The new words of what stands above the marker; where there are none but a quotation, none.
fn only_new(above: &str) -> String {
    let reply = reply_text(above);
    let carried = super::classify(&reply)
        .iter()
        .all(|l| l.class != super::Class::Text);
    if carried { String::new() } else { reply }
}

#[cfg(test)]
mod tests {
    use super::above_marker;

    const MARKER: &str = "=== Write your answer above this line ===";

    #[test]
    fn words_above_a_quoted_marker_are_the_answer() {
        let text = "Done.\n\nBest, Jo\n\nOn Mon, 3 Mar 2025 at 10:00, Desk <t@x.example> wrote:\n\n> === Write your answer above this line ===\n> The ticket\n";
        assert_eq!(
            above_marker(text, MARKER).as_deref(),
            Some("Done.\n\nBest, Jo")
        );
    }

    #[test]
    fn a_wrapped_or_deeply_quoted_marker_is_found() {
        let text = "Done\n> > === Write your answer\n> > above this line ===\n> > x";
        assert_eq!(above_marker(text, MARKER).as_deref(), Some("Done"));
    }

    #[test]
    fn without_the_marker_there_is_no_answer() {
        assert_eq!(above_marker("Done", MARKER), None);
        assert_eq!(above_marker("Done", ""), None);
    }

    #[test]
    fn an_answer_without_words_is_empty() {
        assert_eq!(
            above_marker("=== Write your answer above this line ===\nx", MARKER).as_deref(),
            Some("")
        );
        let text = "On Mon, 3 Mar 2025 at 10:00, Desk <t@x.example> wrote:\n> === Write your answer above this line ===\n";
        assert_eq!(above_marker(text, MARKER).as_deref(), Some(""));
    }

    #[test]
    fn a_customers_text_below_our_marker_cannot_move_it() {
        let text = "New\n> === Write your answer above this line ===\n> old === Write your answer above this line ===";
        assert_eq!(above_marker(text, MARKER).as_deref(), Some("New"));
    }
}
