//! Pages as plain text.

use super::{Block, NO_BREAK, Page, glued, line, verbatim};
use crate::clean;

/// Columns at which plain text wraps; words longer than that, such as links, stay whole.
const COLUMNS: usize = 74;

/// Longer facts go on under their beginning.
const HANGING: &str = "  ";

pub(super) fn page(page: &Page) -> String {
    let mut out = String::new();
    for it in &page.blocks {
        let text = block(it);
        if !text.is_empty() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&text);
        }
    }
    out
}

fn block(it: &Block) -> String {
    match it {
        Block::Paragraph(text) | Block::Heading(text) => {
            wrapped(&clean::multi_line(text.trim()), "", "")
        }
        Block::Words(text) => format!("{}\n", verbatim(text)),
        Block::Quote(text) => wrapped(&clean::multi_line(text.trim()), "> ", ""),
        Block::Facts(facts) => facts
            .iter()
            .map(|(label, value)| {
                wrapped(&format!("{}: {}", line(label), line(value)), "", HANGING)
            })
            .collect(),
        Block::Link { label, url } | Block::Button { label, url } => {
            format!("{}:\n{}\n", line(label), line(url))
        }
        Block::Marker(text) => format!("{}\n", line(text)),
        Block::Footer(entries) => {
            let entries: Vec<String> = entries.iter().map(|entry| line(entry)).collect();
            format!("-- \n{}\n", entries.join("\n"))
        }
    }
}

/// Text wrapped at [`COLUMNS`], each line after a prefix, and after a margin where it goes on; the entries of a list
/// go on under their words. Lines that begin with white space are kept as they are: they are drawn, not written.
fn wrapped(text: &str, prefix: &str, margin: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split('\n') {
        let margin = if line.starts_with("- ") {
            HANGING
        } else {
            margin
        };
        out.push_str(prefix);
        if line.starts_with([' ', '\t']) {
            out.push_str(line.trim_end());
        } else {
            fill(&mut out, line, prefix, margin);
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}

fn fill(out: &mut String, line: &str, prefix: &str, margin: &str) {
    let mut column = 0;
    for word in glued(line).split_ascii_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > COLUMNS - prefix.len() {
            out.push('\n');
            out.push_str(prefix);
            out.push_str(margin);
            column = margin.len();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        // Readers of plain text search and copy it; an ordinary space does them better.
        out.extend(word.chars().map(|c| if c == NO_BREAK { ' ' } else { c }));
        column += width;
    }
}
