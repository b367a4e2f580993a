use super::*;
use proptest::prelude::*;

fn pepper() -> Pepper {
    Pepper::new("pepper for tests")
}

#[test]
fn a_number_is_read_back_in_every_way_people_type_it() {
    let id = TicketId::derive(&pepper(), "form", "nonce", 0);
    let number = id.number("EH");
    assert_eq!(number.len(), "EH-7K3Q-9M2X".len());
    for typed in [
        number.clone(),
        number.to_lowercase(),
        number.replace('-', " "),
        number.replace('-', ""),
        id.to_string(),
    ] {
        assert_eq!(TicketId::from_number("EH", &typed), Some(id), "{typed}");
    }
}

#[test]
fn every_single_wrong_symbol_is_noticed() {
    let id = TicketId::derive(&pepper(), "form", "nonce", 0);
    for place in 0..8 {
        for &symbol in base32::ALPHABET {
            let mut wrong = id.as_str().as_bytes().to_vec();
            wrong[place] = symbol;
            let text = std::str::from_utf8(&wrong).unwrap();
            assert_eq!(
                text.parse::<TicketId>().is_ok(),
                wrong == id.as_str().as_bytes(),
                "{text}"
            );
        }
    }
}

#[test]
fn the_same_source_gives_the_same_id_and_the_next_attempt_another() {
    let first = TicketId::derive(&pepper(), "form", "nonce", 0);
    assert_eq!(first, TicketId::derive(&pepper(), "form", "nonce", 0));
    assert_ne!(first, TicketId::derive(&pepper(), "form", "nonce", 1));
    assert_ne!(first, TicketId::derive(&pepper(), "email", "nonce", 0));
}

#[test]
fn an_address_hashes_the_same_in_any_case() {
    let hash = AddressHash::of(&pepper(), " Customer@Example.com");
    assert_eq!(hash, AddressHash::of(&pepper(), "customer@example.com"));
    assert_eq!(AddressHash::from_stored(hash.as_str()), Some(hash));
}

#[test]
fn a_rotated_key_still_verifies_and_an_unknown_one_does_not() {
    let old = Keyring::new([('1', "old")]);
    let new = Keyring::new([('2', "new"), ('1', "old")]);
    let tag = old.sign("link", &["a", "b"]);
    assert!(new.verify("link", &["a", "b"], tag.as_str()));
    assert!(!Keyring::new([('2', "new")]).verify("link", &["a", "b"], tag.as_str()));
    assert!(!new.verify("reply", &["a", "b"], tag.as_str()));
    assert!(!new.verify("link", &["ab", ""], tag.as_str()));
}

#[test]
fn an_empty_ring_verifies_nothing() {
    let ring = Keyring::new([]);
    let tag = ring.sign("link", &["a"]);
    assert!(!ring.verify("link", &["a"], tag.as_str()));
}

proptest! {
    #[test]
    fn a_tag_with_any_changed_symbol_is_refused(place in 0usize..27, symbol in "[0-9a-z]") {
        let ring = Keyring::new([('1', "key")]);
        let tag = ring.sign("link", &["a"]).to_string();
        let mut forged: Vec<char> = tag.chars().collect();
        forged[place] = symbol.chars().next().unwrap();
        let forged: String = forged.into_iter().collect();
        prop_assert_eq!(ring.verify("link", &["a"], &forged), forged == tag);
    }
}

#[test]
fn a_number_is_read_with_any_prefix_and_without() {
    let id = TicketId::derive(&Pepper::new("pepper"), "form", "a", 0);
    for number in [
        id.number("EH"),
        id.number("OLD"),
        id.to_string(),
        id.number("EH").to_lowercase(),
    ] {
        assert_eq!(TicketId::with_any_prefix(&number), Some(id), "{number}");
    }
    for number in ["", "EH", "EH-0000-0001", "../../etc", "EH-7K3Q-9M2X-7K3Q"] {
        assert_eq!(TicketId::with_any_prefix(number), None, "{number}");
    }
}
