//! File names that are safe to show and to offer for download.

use unicode_normalization::UnicodeNormalization as _;

use crate::clean;

const MAX_NAME: usize = 120;
/// Characters of a name that are looked at; its ending is at the end.
const MAX_READ: usize = 8_000;
/// Names that Windows opens as a device whatever their ending.
const DEVICES: &str = "|con|prn|aux|nul|com1|com2|com3|com4|com5|com6|com7|com8|com9|lpt1|lpt2|lpt3|lpt4|lpt5|lpt6|lpt7|lpt8|lpt9|";

/// A name without path, control or invisible characters and without what a file system or a header
/// gives a meaning to, in composed letters (NFC). Cleaning and composing come first and the checks last,
/// so that no removed character hides a dot and no composed one becomes a sign. A long name keeps its ending.
pub(super) fn safe_name(name: &str) -> String {
    let line = clean::single_line(name, MAX_READ);
    let composed: String = line
        .chars()
        .filter(|c| !matches!(c, '\u{200C}' | '\u{200D}'))
        .nfc()
        .collect();
    let last = composed.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .map(|c| {
            if "<>:\"|?*;`$\u{2215}\u{2044}\u{29F8}\u{FF0F}\u{FF3C}".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let trimmed = cleaned.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = trimmed.split('.').next().unwrap_or_default().trim_end();
    if DEVICES.contains(&format!("|{}|", stem.to_ascii_lowercase())) && !stem.is_empty() {
        return format!("_{trimmed}");
    }
    if trimmed.chars().count() <= MAX_NAME {
        return trimmed.to_owned();
    }
    let ending = trimmed
        .rsplit_once('.')
        .map(|(_, e)| e)
        .filter(|e| e.len() <= 10);
    let keep = MAX_NAME - ending.map_or(0, |e| e.chars().count() + 1);
    let stem: String = trimmed.chars().take(keep).collect();
    ending.map_or(stem.clone(), |e| format!("{stem}.{e}"))
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_cannot_leave_its_folder_hide_its_ending_or_be_a_dot_file() {
        for (given, want) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.png", "a.png"),
            ("\u{200B}.htaccess", "htaccess"),
            (".\u{200D}.", ""),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("a\r\nb\0.txt", "a b.txt"),
            ("na:me?.txt", "na_me_.txt"),
            ("Ho\u{302}\u{323}p.pdf", "H\u{1ed9}p.pdf"),
            ("a\u{37e}b\u{1fef}.sh", "a_b_.sh"),
            ("NUL.txt", "_NUL.txt"),
            ("console.txt", "console.txt"),
            ("..\u{2215}..\u{ff0f}x", "_.._x"),
            ("\u{e0041}\u{2066}cod\u{ad}.exe\u{2069}", "cod.exe"),
        ] {
            assert_eq!(safe_name(given), want, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.pdf", "ä".repeat(4000)));
        assert_eq!(name.chars().count(), 120);
        assert_eq!(name, format!("{}.pdf", "ä".repeat(116)));
    }
}
