//! Text for a terminal: aligned columns, times of a zone, nothing that a stranger's text could do to the terminal.

use jiff::Timestamp;
use policy::Zone;
use serde_json::Value;

/// Lines of cells; every column but the last is as wide as its widest cell.
pub(crate) fn columns<const N: usize>(lines: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in lines {
        let padded: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// An instant as wall time of the zone, which is named once where the times stand.
pub(crate) fn time(at: Timestamp, zone: &Zone) -> String {
    let local = at.to_zoned(zone.rules().clone());
    local.strftime("%a %Y-%m-%d %H:%M:%S").to_string()
}

/// An instant that may be missing.
pub(crate) fn time_or(at: Option<Timestamp>, zone: &Zone, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), |at| time(at, zone))
}

/// One line of somebody's text: control characters could move the cursor or hide what follows.
pub(crate) fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A subject as one line, also where there is none.
pub(crate) fn subject(subject: &str) -> String {
    match line(subject).trim() {
        "" => "(no subject)".to_owned(),
        subject => subject.to_owned(),
    }
}

/// Somebody's text with its line breaks, each line behind a margin.
pub(crate) fn indented(text: &str, margin: &str) -> String {
    text.lines()
        .fold(String::new(), |out, part| out + margin + &line(part) + "\n")
}

/// A heading with the lines below it, or nothing where there are none.
pub(crate) fn section(heading: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("\n{heading}\n{}", indented(body, "  "))
}

/// JSON for programs: keys in a stable order, one value a line.
pub(crate) fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_counted_in_characters() {
        let lines = [["Kỹ thuật", "a"], ["x", "b"]].map(|line| line.map(str::to_owned));
        assert_eq!(columns(&lines), "Kỹ thuật  a\nx         b\n");
    }

    #[test]
    fn a_subject_cannot_send_commands_to_the_terminal() {
        assert_eq!(
            line("a\u{1b}[2Jb\r\nc\u{9b}31m"),
            "a [2Jb  c 31m".to_owned()
        );
        assert_eq!(indented("a\r\n\u{7}b", "| "), "| a\n|  b\n");
    }

    #[test]
    fn times_are_wall_times_of_the_zone() {
        let zone = Zone::new("Australia/Sydney").unwrap();
        let at = "2026-11-23T05:40:59Z".parse().unwrap();
        assert_eq!(time(at, &zone), "Mon 2026-11-23 16:40:59");
        assert_eq!(time_or(None, &zone, "never"), "never");
    }
}
