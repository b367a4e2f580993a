//! What changes between two versions, in words.

use policy::Policy;

use crate::{DESK, desk, lang, pages};

/// What changes when the desk's source is changed so.
fn changes(replaced: &[(&str, &str)]) -> Vec<String> {
    let mut source = DESK.to_owned();
    for (from, to) in replaced {
        assert!(source.contains(from), "{from}");
        source = source.replacen(from, to, 1);
    }
    desk().changes(&Policy::parse(&source, "policy.toml", pages()).unwrap())
}

#[test]
fn the_same_text_changes_nothing_and_a_comment_neither() {
    assert_eq!(changes(&[]), [""; 0]);
    assert_eq!(changes(&[("id =", "# a comment\nid =")]), [""; 0]);
}

#[test]
fn a_changed_text_of_a_page_is_said_for_its_language() {
    let mut pages = pages();
    pages.insert(lang("en"), format!("{} More.", pages[&lang("en")]));
    let newer = Policy::parse(DESK, "policy.toml", pages).unwrap();
    assert_eq!(
        desk().changes(&newer),
        ["the text of the page in English changes"]
    );
}
