//! The version item.

use policy::{Policy, ReadError};

use crate::{DESK, PAGE, desk, lang, pages};

#[test]
fn a_policy_survives_its_item_exactly() {
    let desk = desk();
    let back = Policy::from_json(&desk.to_json()).unwrap();
    assert_eq!(back.terms(), desk.terms());
    assert_eq!(back.pages(), desk.pages());
    assert_eq!(back.hash(), desk.hash());
    assert_eq!(back.to_json(), desk.to_json());
}

#[test]
fn the_hash_follows_terms_and_pages_and_nothing_else() {
    let comment = format!("# a remark\n{DESK}");
    let same = Policy::parse(&comment, "elsewhere.toml", pages()).unwrap();
    assert_eq!(same.hash(), desk().hash());
    let other_terms = Policy::parse(
        &DESK.replace("4 open hours", "5 open hours"),
        "policy.toml",
        pages(),
    )
    .unwrap();
    assert_ne!(other_terms.hash(), desk().hash());
    let other_page = [(lang("en"), format!("{PAGE}\nMore."))].into();
    assert_ne!(
        Policy::parse(DESK, "policy.toml", other_page)
            .unwrap()
            .hash(),
        desk().hash()
    );
}

#[test]
fn pages_that_do_not_fit_are_left_out_of_the_item() {
    let long = [(lang("en"), PAGE.to_owned() + &"long ".repeat(20_000))].into();
    let policy = Policy::parse(DESK, "policy.toml", long).unwrap();
    let json = policy.to_json();
    assert!(json.len() < 64 * 1024);
    let back = Policy::from_json(&json).unwrap();
    assert_eq!(back.hash(), policy.hash());
    assert_eq!(back.render_page(&lang("en")), None);
}

#[test]
fn an_item_of_a_newer_release_is_told_apart_from_a_broken_one() {
    let newer = desk().to_json().replace("\"schema\":1", "\"schema\":2");
    assert!(matches!(
        Policy::from_json(&newer),
        Err(ReadError::NewerSchema { found: 2 })
    ));
    assert!(matches!(
        Policy::from_json("{\"schema\":9,\"unheard\":[]}"),
        Err(ReadError::NewerSchema { found: 9 })
    ));
    assert!(matches!(
        Policy::from_json("{}"),
        Err(ReadError::Malformed(_))
    ));
}
