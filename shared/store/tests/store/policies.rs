//! Policy versions and the pointer to the one in force.

use store::{Published, Store, StoreError};

use crate::desk::{Desk, MONDAY, instant};

#[tokio::test]
async fn publishing_twice_is_the_same_as_once() {
    let desk = Desk::without_policy().await;
    let first = desk
        .store
        .publish(&desk.policy, instant(MONDAY))
        .await
        .unwrap();
    let written = desk.everything().await;
    let later = instant("2026-12-01T00:00:00Z");
    let second = desk.store.publish(&desk.policy, later).await.unwrap();
    assert_eq!((first, second), (Published::New, Published::Unchanged));
    assert_eq!(desk.everything().await, written);
}

#[tokio::test]
async fn a_stack_without_a_policy_says_so() {
    let desk = Desk::without_policy().await;
    let current = desk.store.current_policy(instant(MONDAY)).await.unwrap();
    assert!(current.is_none());
    let published = desk.store.publish(&desk.policy, instant(MONDAY)).await;
    published.unwrap();
    // That nothing was there is not remembered: the first publication counts at once.
    let current = desk.store.current_policy(instant(MONDAY)).await.unwrap();
    assert_eq!(current.unwrap().hash(), desk.policy.hash());
}

#[tokio::test]
async fn an_older_version_comes_back_into_force_and_the_newer_one_stays_readable() {
    let desk = Desk::new().await;
    let newer = desk.changed_policy();
    let now = instant("2026-12-01T00:00:00Z");
    assert_eq!(
        desk.store.publish(&newer, now).await.unwrap(),
        Published::New
    );
    assert_eq!(current(&desk).await, *newer.hash());
    assert_eq!(
        desk.store.publish(&desk.policy, now).await.unwrap(),
        Published::Again
    );
    assert_eq!(current(&desk).await, *desk.policy.hash());
    let kept = desk.store.policy(newer.hash()).await.unwrap();
    assert_eq!(kept.terms(), newer.terms());
}

/// What a process that has just started takes for current.
async fn current(desk: &Desk) -> policy::PolicyHash {
    let fresh = Store::new(desk.client.clone(), "tickets");
    let current = fresh.current_policy(instant(MONDAY)).await.unwrap();
    current.unwrap().hash().clone()
}

#[tokio::test]
async fn a_running_process_sees_a_new_version_within_a_minute() {
    let desk = Desk::new().await;
    let current = async |now| {
        let policy = desk.store.current_policy(instant(now)).await.unwrap();
        policy.unwrap().hash().clone()
    };
    assert_eq!(current("2026-11-23T00:00:00Z").await, *desk.policy.hash());
    let newer = desk.changed_policy();
    desk.store
        .publish(&newer, instant("2026-11-23T00:00:01Z"))
        .await
        .unwrap();
    let before = desk.calls();
    assert_eq!(current("2026-11-23T00:00:59Z").await, *desk.policy.hash());
    assert_eq!(desk.calls(), before, "within the minute nothing is asked");
    assert_eq!(current("2026-11-23T00:01:00Z").await, *newer.hash());
}

#[tokio::test]
async fn a_ticket_keeps_the_version_it_was_opened_under() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let newer = desk.changed_policy();
    desk.store
        .publish(&newer, instant("2026-12-01T00:00:00Z"))
        .await
        .unwrap();
    let stored = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(stored.policy.hash(), desk.policy.hash());
}

#[tokio::test]
async fn a_version_that_was_never_published_is_not_there() {
    let desk = Desk::new().await;
    let missing = desk.store.policy(desk.changed_policy().hash()).await;
    assert!(matches!(missing, Err(StoreError::Corrupt { .. })));
}
