//! `Accept-Language` (RFC 9110, 12.5.4).

use policy::Lang;

/// More entries than any browser sends; the rest of a longer header is not looked at.
const MOST: usize = 20;

/// The languages a header asks for, most wanted first, by their primary tags; `*` and `q=0` ask for nothing.
pub fn preferred(header: &str) -> Vec<Lang> {
    let mut wanted: Vec<(u16, Lang)> = Vec::new();
    for entry in header.split(',').take(MOST) {
        let mut parts = entry.split(';').map(str::trim);
        let tag = parts
            .next()
            .unwrap_or_default()
            .split(['-', '_'])
            .next()
            .unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Some(1000), thousandths);
        if let (Ok(lang), Some(weight @ 1..)) = (Lang::new(tag.to_ascii_lowercase()), weight) {
            wanted.push((weight, lang));
        }
    }
    // Stable: equal weights keep the header's order.
    wanted.sort_by_key(|&(weight, _)| std::cmp::Reverse(weight));
    wanted.into_iter().map(|(_, lang)| lang).collect()
}

/// `0.8` as 800; none for what is not a weight.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_come_in_the_order_of_their_weights() {
        for (header, wanted) in [
            ("de-AT,de;q=0.9,en;q=0.8", "de de en"),
            ("en;q=0.5, vi", "vi en"),
            ("en;q=0.5,de;q=0.5", "en de"),
            ("fr;q=0, *;q=0.3, de ; q=0.1", "de"),
            ("DE_de", "de"),
            ("", ""),
            ("en;q=2, de;q=x, vi;q=0.1234, 123, <script>", ""),
        ] {
            let langs: Vec<String> = preferred(header).iter().map(ToString::to_string).collect();
            assert_eq!(langs.join(" "), wanted, "{header}");
        }
    }

    #[test]
    fn an_endless_header_is_read_in_part() {
        assert_eq!(preferred(&"en,".repeat(10_000)).len(), MOST);
    }
}
