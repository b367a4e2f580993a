//! The keys under which requests come over the web.

/// Two keys may come to the same ticket number: it has 35 bits. Such pairs were looked for among half a million keys of the
/// form and as many of the API; the tickets of a story that stand side by side may be opened under one.
const MEETING: [[(&str, &str); 2]; 4] = [
    [("form", "nonce-222777"), ("form", "nonce-237853")],
    [("form", "nonce-387228"), ("form", "nonce-405603")],
    [("form", "nonce-411065"), ("api", "key-24434")],
    [("api", "key-1339"), ("api", "key-119936")],
];

/// The key under which a ticket of the story is opened by `source`.
pub(super) fn key(source: &str, ticket: usize) -> String {
    let pair = MEETING.get(ticket / 2).map(|pair| pair[ticket % 2]);
    match pair.filter(|(by, _)| *by == source) {
        Some((_, key)) => key.to_owned(),
        None => format!("{source}-{ticket}"),
    }
}

#[cfg(test)]
mod tests {
    use ticket::{Pepper, TicketId};

    use super::MEETING;
    use crate::aws::PEPPER;

    #[test]
    fn the_keys_of_a_pair_come_to_the_same_number() {
        let pepper = Pepper::new(PEPPER);
        for pair in MEETING {
            let [one, other] = pair.map(|(by, key)| TicketId::derive(&pepper, by, key, 0));
            assert_eq!(one, other, "{pair:?}");
        }
    }
}
