//! A number of bytes, for people.

use policy::Lang;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

/// Writes a size in KB, rounded up, or in MB with one decimal, in the way of the language.
pub fn size_text(bytes: u64, lang: &Lang) -> String {
    if bytes < MB {
        return format!("{} KB", bytes.div_ceil(KB));
    }
    let tenths = bytes.div_ceil(MB / 10);
    let point = match lang.as_str() {
        "de" | "vi" => ',',
        _ => '.',
    };
    format!("{}{point}{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_reads_as_people_of_the_language_write_it() {
        for (bytes, lang, said) in [
            (0, "en", "0 KB"),
            (1, "en", "1 KB"),
            (2048, "de", "2 KB"),
            (1_048_575, "en", "1024 KB"),
            (1_310_720, "en", "1.3 MB"),
            (1_310_720, "de", "1,3 MB"),
            (41_943_040, "vi", "40,1 MB"),
        ] {
            assert_eq!(size_text(bytes, &Lang::new(lang).unwrap()), said, "{bytes}");
        }
    }
}
