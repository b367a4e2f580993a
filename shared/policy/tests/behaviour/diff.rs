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

#[test]
fn each_change_is_said_in_words_with_what_it_was() {
    for (replaced, said) in [
        (
            &[("within = \"4 open hours\"", "within = \"2 open hours\"")][..],
            &["tickets: first response 4 open hours -> 2 open hours"][..],
        ),
        (
            &[("within = \"1 open day\"", "within = \"2 open days\"")],
            &["sales tickets: first response 1 open day -> 2 open days"],
        ),
        (
            &[(
                "priorities = [\"urgent\"]\nwithin",
                "priorities = [\"urgent\", \"high\"]\nwithin",
            )],
            &[
                "urgent high tickets: first response (internal): holds for urgent high tickets, was for urgent tickets",
            ],
        ),
        (
            &[("strength = \"commitment\"", "strength = \"target\"")],
            &["promise response strength: commitment -> target"],
        ),
        (
            &[(
                "mon-fri = [\"09:00-17:00\"]",
                "mon-thu = [\"09:00-17:00\"]\nfri = [\"09:00-15:00\"]\nsat = [\"09:00-12:00\"]",
            )],
            &[
                "sales on Friday 09:00-17:00 -> 09:00-15:00",
                "sales opens on Saturday 09:00-12:00",
            ],
        ),
        (
            &[("sat = [\"09:00-12:00\"]\n", "")],
            &["calendar split closes on Saturday, was open 09:00-12:00"],
        ),
        (
            &[(
                "2026-12-26 = \"Second day of Christmas\"",
                "2026-12-31 = \"New Year's Eve\"",
            )],
            &[
                "sales: holiday added, 2026-12-31 (New Year's Eve)",
                "sales: holiday removed, 2026-12-26 (Second day of Christmas)",
            ],
        ),
        (
            &[("2026-12-24 = [\"09:00-13:00\"]\n", "")],
            &["sales on 2026-12-24: 09:00-13:00 -> as every week"],
        ),
        (
            &[("at = \"75%\"", "at = \"50%\"")],
            &["promise response levels warn at: 75% -> 50%"],
        ),
        (
            &[(
                "address = \"b@staff.example\"",
                "address = \"c@staff.example\"",
            )],
            &["people ben address: b@staff.example -> c@staff.example"],
        ),
        (
            &[("prefix = \"TD\"", "prefix = \"XD\"")],
            &["prefix: TD -> XD"],
        ),
    ] {
        assert_eq!(changes(replaced), said);
    }
}

#[test]
fn a_promise_that_comes_or_goes_is_said_with_its_time() {
    let solution = "[[promises]]\nid = \"solution\"";
    let urgent = format!(
        "[[promises]]\nid = \"pressing\"\nmetric = \"resolution\"\npriorities = [\"urgent\"]\nwithin = \"8 open hours\"\nstrength = \"target\"\npublished = false\n\n{solution}"
    );
    assert_eq!(
        changes(&[(solution, &urgent)]),
        ["urgent tickets: resolution (internal): new, 8 open hours"]
    );
    let newer = desk();
    let with = Policy::parse(&DESK.replacen(solution, &urgent, 1), "policy.toml", pages()).unwrap();
    assert_eq!(
        with.changes(&newer),
        ["urgent tickets: resolution (internal): no longer promised, was 8 open hours"]
    );
}
