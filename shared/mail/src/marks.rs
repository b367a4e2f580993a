//! Marks that the HTML reducer leaves in its text for the reply finder, and that no other text can hold.
//!
//! HTML says where a quotation begins (by class or id) in places where the words alone do not. The
//! marks are private-use characters; they are removed from everything that comes in and goes out.

/// A line that introduces a quotation ("On ... wrote:").
pub(crate) const ATTRIBUTION: char = '\u{F8F0}';
/// All that follows is older mail.
pub(crate) const CUT: char = '\u{F8F1}';
/// All that follows is a signature.
pub(crate) const SIGNATURE: char = '\u{F8F2}';

/// Whether a character is one of the marks.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(c, ATTRIBUTION..=SIGNATURE)
}

/// The text without marks.
pub(crate) fn remove(text: &str) -> String {
    // All of them begin with the same two bytes, which nearly no text holds.
    if memchr::memmem::find(text.as_bytes(), b"\xEF\xA3").is_none() {
        return text.to_owned();
    }
    text.chars().filter(|c| !is_mark(*c)).collect()
}
