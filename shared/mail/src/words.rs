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
    pairs: OnceLock<Pairs>,
}

/// For the first two bytes of every entry one bit of 2,048, so that most places of a text are refused by one look.
struct Pairs([u64; 32]);

impl Pairs {
    fn of(list: &str) -> Self {
        let mut bits = [0; 32];
        for entry in list.split('|').map(str::as_bytes) {
            match entry {
                [] => {}
                // Anything may follow an entry of one byte.
                [only] => (0..=255).for_each(|next| Self::set(&mut bits, *only, next)),
                [first, second, ..] => Self::set(&mut bits, *first, *second),
            }
        }
        Self(bits)
    }

    fn place(first: u8, second: u8) -> (usize, u64) {
        let at = (usize::from(first) << 3 ^ usize::from(second)) & 2_047;
        (at / 64, 1 << (at % 64))
    }

    fn set(bits: &mut [u64; 32], first: u8, second: u8) {
        let (word, bit) = Self::place(first, second);
        bits[word] |= bit;
    }

    fn may_begin(&self, text: &[u8]) -> bool {
        let [first, second, ..] = text else {
            return true;
        };
        let (word, bit) = Self::place(*first, *second);
        self.0[word] & bit != 0
    }
}

impl Words {
    /// A list written as one text, entries set apart by `|`; the spaces in them count.
    pub(crate) const fn new(list: &'static str) -> Self {
        Self {
            list,
            by_first: OnceLock::new(),
            by_last: OnceLock::new(),
            pairs: OnceLock::new(),
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
        let pairs = self.pairs.get_or_init(|| Pairs::of(self.list));
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|at| {
            let rest = &bytes[at..];
            pairs.may_begin(rest)
                && table[usize::from(rest[0])]
                    .iter()
                    .any(|w| rest.starts_with(w.as_bytes()))
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
    fn an_entry_of_one_letter_is_found_at_the_end_and_anywhere() {
        static SHORT: Words = Words::new("x|ab");
        assert!(SHORT.are_in("..x") && SHORT.are_in("x..") && SHORT.are_in(".ab"));
        assert!(!SHORT.are_in("a") && !SHORT.are_in("ba") && !SHORT.are_in(""));
    }

    #[test]
    fn entries_are_found_where_they_are_asked_for() {
        assert!(LIST.begin("on monday") && !LIST.begin("only"));
        assert_eq!(LIST.ending("lan đã viết").next(), Some("đã viết"));
        assert!(LIST.are_in("jo wrote: x") && !LIST.are_in("jo said"));
        assert!(LIST.begin_in_any_case("Đã Viết: x") && !LIST.begin_in_any_case("Only"));
        assert!(LIST.has("wrote") && !LIST.has("wrote it") && !LIST.begin(""));
    }
}
