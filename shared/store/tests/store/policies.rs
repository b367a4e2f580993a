//! Policy versions, what was published when, and what is in force.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use policy::{Policy, PolicyHash};
use store::{Published, Release, Store, StoreError, in_force};

use crate::desk::{Desk, MONDAY, instant, text};

/// As soon as possible.
fn soon(now: &str) -> Release {
    Release::soon(instant(now), "the board")
}

fn from(effective: &str, now: &str) -> Release {
    Release {
        effective: Some(instant(effective)),
        ..soon(now)
    }
}

async fn publish(desk: &Desk, policy: &Policy, release: &Release) -> Published {
    desk.store.publish(policy, release).await.unwrap()
}

/// What a process that has just started takes for current.
async fn current(desk: &Desk, now: &str) -> Option<PolicyHash> {
    let fresh = Store::new(desk.client.clone(), desk.table.as_str());
    let current = fresh.current_policy(instant(now)).await.unwrap();
    current.map(|policy| policy.hash().clone())
}

#[tokio::test]
async fn publishing_twice_is_the_same_as_once() {
    let desk = Desk::without_policy().await;
    let first = publish(&desk, &desk.policy, &soon(MONDAY)).await;
    let written = desk.everything().await;
    let second = publish(&desk, &desk.policy, &soon("2026-12-01T00:00:00Z")).await;
    assert_eq!(first, Published::New(instant(MONDAY)));
    assert_eq!(second, Published::Unchanged);
    assert_eq!(desk.everything().await, written);
}

#[tokio::test]
async fn a_stack_without_a_policy_says_so() {
    let desk = Desk::without_policy().await;
    let current = desk.store.current_policy(instant(MONDAY)).await.unwrap();
    assert!(current.is_none());
    publish(&desk, &desk.policy, &soon(MONDAY)).await;
    // That nothing was there is not remembered: the first publication counts at once.
    let current = desk.store.current_policy(instant(MONDAY)).await.unwrap();
    assert_eq!(current.unwrap().hash(), desk.policy.hash());
}

#[tokio::test]
async fn a_newer_version_is_in_force_when_every_function_can_know_it_and_not_before() {
    let desk = Desk::new().await;
    let newer = desk.changed_policy();
    // A process that looked just before the publication believes what it read for a minute.
    let running = desk.store.current_policy(instant("2026-11-23T00:59:59Z"));
    assert_eq!(running.await.unwrap().unwrap().hash(), desk.policy.hash());
    let now = "2026-11-23T01:00:00Z";
    let too_soon = publish(&desk, &newer, &from("2026-11-23T01:00:59Z", now)).await;
    let minute = instant("2026-11-23T01:01:00Z");
    assert_eq!(too_soon, Published::TooSoon(minute));
    assert_eq!(
        publish(&desk, &newer, &soon(now)).await,
        Published::New(minute)
    );
    for (at, expected) in [
        ("2026-11-23T01:00:59.999Z", desk.policy.hash()),
        ("2026-11-23T01:01:00Z", newer.hash()),
    ] {
        let warm = desk
            .store
            .current_policy(instant(at))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(warm.hash(), expected, "a running process at {at}");
        assert_eq!(
            current(&desk, at).await.as_ref(),
            Some(expected),
            "a new one at {at}"
        );
    }
}

#[tokio::test]
async fn a_scheduled_version_comes_into_force_without_anybody_and_without_being_asked_for_again() {
    let desk = Desk::new().await;
    let newer = desk.changed_policy();
    let release = from("2026-12-01T00:00:00Z", MONDAY);
    publish(&desk, &newer, &release).await;
    let last = desk
        .store
        .current_policy(instant("2026-11-30T23:59:30Z"))
        .await;
    assert_eq!(last.unwrap().unwrap().hash(), desk.policy.hash());
    desk.store.policy(newer.hash()).await.unwrap();
    let before = desk.calls();
    let first = desk
        .store
        .current_policy(instant("2026-12-01T00:00:00Z"))
        .await;
    assert_eq!(first.unwrap().unwrap().hash(), newer.hash());
    assert_eq!(desk.calls(), before, "within the minute nothing is asked");
}

#[tokio::test]
async fn an_older_version_comes_back_into_force_and_everything_published_stays_on_record() {
    let desk = Desk::new().await;
    let newer = desk.changed_policy();
    publish(&desk, &newer, &soon("2026-12-01T00:00:00Z")).await;
    let again = publish(&desk, &desk.policy, &soon("2026-12-02T00:00:00Z")).await;
    assert_eq!(again, Published::Again(instant("2026-12-02T00:01:00Z")));
    assert_eq!(
        current(&desk, "2026-12-03T00:00:00Z").await.as_ref(),
        Some(desk.policy.hash())
    );
    let kept = desk.store.policy(newer.hash()).await.unwrap();
    assert_eq!(kept.terms(), newer.terms());
    let all = desk.store.publications().await.unwrap();
    let versions: Vec<_> = all.iter().map(|one| &one.version).collect();
    assert_eq!(
        versions,
        [desk.policy.hash(), newer.hash(), desk.policy.hash()]
    );
    assert_eq!(all[1].approved_by.as_deref(), Some("the board"));
    let then = in_force(&all, instant("2026-12-01T12:00:00Z")).unwrap();
    assert_eq!(then.version, *newer.hash());
    assert_eq!(in_force(&all, instant("2026-11-22T00:00:00Z")), None);
}

#[tokio::test]
async fn who_approved_a_version_and_which_language_prevails_stand_in_its_item() {
    let desk = Desk::new().await;
    let item = desk
        .item(&format!("P#{}", desk.policy.hash()), "p")
        .await
        .unwrap();
    assert_eq!(item["approved"], text("tests"));
    assert_eq!(item["prevails"], text("en"));
}

#[tokio::test]
async fn pages_are_kept_beside_the_terms_and_found_again() {
    let desk = Desk::new().await;
    let none = std::collections::BTreeMap::new();
    let bare = desk.policy.as_ref().clone().with_pages(none);
    let whole = desk.store.with_pages(bare.into()).await.unwrap();
    assert_eq!(whole.pages(), desk.policy.pages());
    assert_eq!(whole.hash(), desk.policy.hash());
}

#[tokio::test]
async fn what_an_older_binary_published_is_still_in_force() {
    let desk = Desk::new().await;
    let publication = desk.everything().await;
    let publication = publication
        .iter()
        .find(|item| item["PK"] == text("P"))
        .unwrap();
    let delete = desk.client.delete_item().table_name(&desk.table);
    let key = ["PK", "SK"].map(|name| (name.to_owned(), publication[name].clone()));
    delete.set_key(Some(key.into())).send().await.unwrap();
    assert_eq!(current(&desk, MONDAY).await, None);
    let number = |value: &str| AttributeValue::N(value.to_owned());
    desk.put(HashMap::from(
        [
            ("PK", text("P")),
            ("SK", text("current")),
            ("v", number("1")),
            ("hash", text(desk.policy.hash().as_str())),
            ("published", number("1795392000000")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    ))
    .await;
    assert_eq!(
        current(&desk, MONDAY).await.as_ref(),
        Some(desk.policy.hash())
    );
    let newer = desk.changed_policy();
    publish(&desk, &newer, &soon(MONDAY)).await;
    assert_eq!(
        current(&desk, "2026-11-23T00:01:00Z").await.as_ref(),
        Some(newer.hash())
    );
}

#[tokio::test]
async fn a_ticket_keeps_the_version_it_was_opened_under() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let newer = desk.changed_policy();
    publish(&desk, &newer, &soon("2026-12-01T00:00:00Z")).await;
    let stored = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(stored.policy.hash(), desk.policy.hash());
}

#[tokio::test]
async fn a_version_that_was_never_published_is_not_there() {
    let desk = Desk::new().await;
    let missing = desk.store.policy(desk.changed_policy().hash()).await;
    assert!(matches!(missing, Err(StoreError::Corrupt { .. })));
}
