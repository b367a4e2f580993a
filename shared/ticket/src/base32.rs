//! Crockford base 32: the alphabet of ticket numbers, hashes and tags.
//!
//! It has no `I`, `L`, `O` and `U`, so a number survives being read out on the telephone.

/// The 32 symbols in order of value.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Writes the first `symbols` groups of five bits of `bytes` in lower case.
///
/// Bits past the end of `bytes` count as zero.
pub(crate) fn encode_lower(bytes: &[u8], symbols: usize) -> String {
    (0..symbols)
        .map(|symbol| {
            let value = (0..5).fold(0u8, |value, bit| {
                let position = symbol * 5 + bit;
                let byte = bytes.get(position / 8).copied().unwrap_or(0);
                (value << 1) | ((byte >> (7 - position % 8)) & 1)
            });
            char::from(ALPHABET[usize::from(value)]).to_ascii_lowercase()
        })
        .collect()
}

/// The value of one symbol, read as leniently as Crockford allows: either case, `O` as 0, `I` and `L` as 1.
pub(crate) fn value_of(symbol: char) -> Option<u8> {
    let upper = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let position = ALPHABET
        .iter()
        .position(|&byte| char::from(byte) == upper)?;
    u8::try_from(position).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_reads_back_as_its_value_in_either_case() {
        for (value, &byte) in ALPHABET.iter().enumerate() {
            let symbol = char::from(byte);
            assert_eq!(value_of(symbol).map(usize::from), Some(value));
            assert_eq!(
                value_of(symbol.to_ascii_lowercase()).map(usize::from),
                Some(value)
            );
        }
    }

    #[test]
    fn letters_that_look_like_digits_are_read_as_digits() {
        assert_eq!(value_of('o'), Some(0));
        assert_eq!(value_of('I'), Some(1));
        assert_eq!(value_of('l'), Some(1));
        assert_eq!(value_of('U'), None);
    }

    #[test]
    fn bytes_are_written_five_bits_at_a_time() {
        assert_eq!(encode_lower(&[0xff, 0x00], 4), "zw00");
    }
}
