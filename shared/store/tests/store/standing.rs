//! Decisions about an address: which one stands when, and that nothing is forgotten.

use store::{Standing, TakenBack};
use ticket::{Pepper, TicketId};

use crate::desk::{Desk, MONDAY, instant};

fn standing(level: &str, from: &str, until: &str) -> Standing {
    Standing {
        level: level.parse().unwrap(),
        from: instant(from),
        until: instant(until),
        reason: "Threats.".to_owned(),
        by: "lead".parse().unwrap(),
        ticket: TicketId::derive(&Pepper::new("pepper"), "form", "a", 0),
        ended: None,
    }
}

#[tokio::test]
async fn a_decision_stands_from_its_beginning_until_before_its_end() {
    let desk = Desk::new().await;
    let who = desk.customer();
    let decided = standing("limited", MONDAY, "2026-11-30T00:00:00Z");
    desk.store.set_standing(&who, &decided).await.unwrap();
    desk.store.set_standing(&who, &decided).await.unwrap();
    for (at, stands) in [
        ("2026-11-22T23:59:59Z", false),
        (MONDAY, true),
        ("2026-11-29T23:59:59Z", true),
        ("2026-11-30T00:00:00Z", false),
    ] {
        let found = desk.store.standing(&who, instant(at)).await.unwrap();
        assert_eq!(found.is_some(), stands, "{at}");
    }
    assert_eq!(desk.store.standings(&who).await.unwrap(), [decided]);
}

#[tokio::test]
async fn a_newer_decision_replaces_the_older_and_lifting_it_brings_nothing_back() {
    let desk = Desk::new().await;
    let (store, who) = (&desk.store, desk.customer());
    let first = standing("limited", MONDAY, "2026-11-30T00:00:00Z");
    let second = standing("closed", "2026-11-24T00:00:00Z", "2026-11-29T00:00:00Z");
    store.set_standing(&who, &first).await.unwrap();
    store.set_standing(&who, &second).await.unwrap();
    let at = instant("2026-11-25T00:00:00Z");
    assert_eq!(store.standing(&who, at).await.unwrap(), Some(second));
    let lifted = TakenBack {
        at,
        by: "director".parse().unwrap(),
        reason: "An apology.".to_owned(),
    };
    let ended = store.end_standing(&who, &lifted).await.unwrap();
    assert_eq!(ended.unwrap().level.as_str(), "closed");
    assert_eq!(store.end_standing(&who, &lifted).await.unwrap(), None);
    assert_eq!(store.standing(&who, at).await.unwrap(), None);
    // What was written while the first stood was written under the first.
    let then = instant("2026-11-23T12:00:00Z");
    let then = store.standing(&who, then).await.unwrap().unwrap();
    assert_eq!(then.level.as_str(), "limited");
    let history = store.standings(&who).await.unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!(history[1].ended, Some(lifted));
}
