//! What only a few words of a row would not show: repairs beside work, and findings that hide one another.

use aws_sdk_dynamodb::types::AttributeValue;
use store::{Mend, Problem};
use ticket::Command;

use super::{desk, findings, problems};
use crate::desk::{MONDAY, at, instant, text};

#[tokio::test]
async fn a_lost_snapshot_comes_back_from_its_log_to_the_letter() {
    let (desk, id) = desk().await;
    let pk = format!("T#{id}");
    let before = desk.item(&pk, "ticket").await;
    desk.delete(&pk, "ticket").await;
    let found = findings(&desk, MONDAY).await;
    let mend = found[0].mend.as_ref().unwrap();
    assert!(desk.store.mend(mend, instant(MONDAY)).await.unwrap());
    assert_eq!(desk.item(&pk, "ticket").await, before);
}

#[tokio::test]
async fn of_an_open_ticket_without_a_policy_nothing_is_repaired_and_the_rest_is_still_looked_at() {
    let (desk, id) = desk().await;
    let pk = format!("T#{id}");
    let state = desk.item(&pk, "ticket").await.unwrap();
    for item in desk.everything().await {
        let pk = crate::desk::string(&item, "PK").to_owned();
        if pk.starts_with("P#") {
            desk.delete(&pk, "p").await;
        }
    }
    let mut bent = state.clone();
    bent.insert("state".to_owned(), text("{"));
    desk.put(bent.clone()).await;
    let person = desk.everything().await.into_iter().find(|item| {
        let sk = crate::desk::string(item, "SK");
        crate::desk::string(item, "PK") == pk && sk.starts_with("c#")
    });
    let mut person = person.unwrap();
    person.remove("person");
    desk.put(person).await;
    let found = findings(&desk, MONDAY).await;
    assert_eq!(
        problems(&found),
        [Problem::SnapshotDiffers, Problem::Index],
        "{found:?}"
    );
    let store = store::Store::new(desk.client.clone(), desk.table.as_str());
    for finding in &found {
        let mend = finding.mend.as_ref().unwrap();
        assert!(
            !store.mend(mend, instant(MONDAY)).await.unwrap(),
            "{mend:?}"
        );
    }
    assert_eq!(desk.item(&pk, "ticket").await, Some(bent));
}

#[tokio::test]
async fn a_log_that_was_cut_is_no_reason_to_forget_what_the_snapshot_knows() {
    let (desk, id) = desk().await;
    let pk = format!("T#{id}");
    let told = Command::Acknowledged;
    let instants = at("2026-11-23T00:10:00Z");
    desk.store.execute(id, &told, instants, None).await.unwrap();
    let seq = desk.store.load(id).await.unwrap().unwrap().ticket.seq;
    desk.delete(&pk, &format!("e#{seq:06}")).await;
    let before = desk.item(&pk, "ticket").await;
    let rewrite = Mend::Snapshot(id);
    assert!(!desk.store.mend(&rewrite, instants.now).await.unwrap());
    assert_eq!(desk.item(&pk, "ticket").await, before);
}

#[tokio::test]
async fn a_counter_that_was_raised_since_it_was_judged_is_left() {
    let (desk, _) = desk().await;
    let key = "R#typed#1795392000";
    let window = [
        ("PK".to_owned(), text(key)),
        ("SK".to_owned(), text("r")),
        ("v".to_owned(), AttributeValue::N("1".to_owned())),
        ("n".to_owned(), AttributeValue::N("7".to_owned())),
        (
            "ttl".to_owned(),
            AttributeValue::N((instant(MONDAY).as_second() + 7200).to_string()),
        ),
    ];
    let item: crate::desk::Item = window.into_iter().collect();
    desk.put(item.clone()).await;
    let mend = Mend::Counter(key.to_owned());
    assert!(!desk.store.mend(&mend, instant(MONDAY)).await.unwrap());
    assert_eq!(desk.item(key, "r").await, Some(item));
    let nothing = Mend::Counter("R#typed#0".to_owned());
    assert!(!desk.store.mend(&nothing, instant(MONDAY)).await.unwrap());
}
