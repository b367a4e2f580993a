//! Lists of words, looked for at the beginning, at the end or anywhere of a text.

use std::sync::OnceLock;

use crate::clean;

/// Bytes of a line that are looked at for its beginning.
const LINE: usize = 80;

/// Entries by one of their bytes.
type ByByte = Vec<Vec<&'static str>>;

/// A list of words or phrases in lower case.
///
/// Each line of a mail is held against dozens of lists; only entries that share a byte with the text are
/// compared, so that a long list costs about what a short one does.
pub(crate) struct Words {
    list: &'static str,
    by_first: OnceLock<ByByte>,
    by_last: OnceLock<ByByte>,
}

impl Words {
    /// A list written as one text, entries set apart by `|`; the spaces in them count.
    pub(crate) const fn new(list: &'static str) -> Self {
        Self {
            list,
            by_first: OnceLock::new(),
            by_last: OnceLock::new(),
        }
    }

    /// The entries that a text in lower case begins with.
    pub(crate) fn beginning(&self, text: &str) -> impl Iterator<Item = &'static str> {
        let table = self.by_first.get_or_init(|| by(self.list, <[u8]>::first));
        let near = text
            .as_bytes()
            .first()
            .map_or(&[][..], |b| &table[usize::from(*b)]);
        near.iter().copied().filter(move |w| text.starts_with(w))
    }

    /// The entries that a text in lower case ends with.
    pub(crate) fn ending(&self, text: &str) -> impl Iterator<Item = &'static str> {
        let table = self.by_last.get_or_init(|| by(self.list, <[u8]>::last));
        let near = text
            .as_bytes()
            .last()
            .map_or(&[][..], |b| &table[usize::from(*b)]);
        near.iter().copied().filter(move |w| text.ends_with(w))
    }

    /// Whether a text in lower case begins with an entry.
    pub(crate) fn begin(&self, text: &str) -> bool {
        self.beginning(text).next().is_some()
    }

    /// Whether a text in any case begins with an entry of at most 80 bytes.
    pub(crate) fn begin_in_any_case(&self, text: &str) -> bool {
        let mut utf8 = [0; 4];
        let first = text.chars().next().and_then(|c| c.to_lowercase().next());
        first.is_some_and(|c| self.begin_with(c.encode_utf8(&mut utf8)))
            && self.begin(&clean::floor(text, LINE).to_lowercase())
    }

    /// Whether any entry shares the first byte of a text.
    fn begin_with(&self, text: &str) -> bool {
        let table = self.by_first.get_or_init(|| by(self.list, <[u8]>::first));
        text.bytes()
            .next()
            .is_some_and(|b| !table[usize::from(b)].is_empty())
    }

    /// Whether a text is an entry.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.beginning(text).any(|w| w == text)
    }

    /// Whether an entry stands anywhere in a text in lower case.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let table = self.by_first.get_or_init(|| by(self.list, <[u8]>::first));
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|at| {
            let rest = &bytes[at..];
            let near = table[usize::from(rest[0])].iter().map(|w| w.as_bytes());
            // The second byte is compared by itself: it refuses most, and a whole comparison is a call.
            near.filter(|w| w.get(1) == rest.get(1) || w.len() == 1)
                .any(|w| rest.starts_with(w))
        })
    }
}

fn by(list: &'static str, byte: fn(&[u8]) -> Option<&u8>) -> ByByte {
    let mut table = vec![Vec::new(); 256];
    for entry in list.split('|') {
        if let Some(b) = byte(entry.as_bytes()) {
            table[usize::from(*b)].push(entry);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::Words;

    static LIST: Words = Words::new("on |wrote|schrieb|đã viết");

    #[test]
    fn entries_are_found_where_they_are_asked_for() {
        assert!(LIST.begin("on monday") && !LIST.begin("only"));
        assert_eq!(LIST.ending("lan đã viết").next(), Some("đã viết"));
        assert!(LIST.are_in("jo wrote: x") && !LIST.are_in("jo said"));
        assert!(LIST.begin_in_any_case("Đã Viết: x") && !LIST.begin_in_any_case("Only"));
        assert!(LIST.has("wrote") && !LIST.has("wrote it") && !LIST.begin(""));
    }
}
