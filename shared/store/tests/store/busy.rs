//! Declared busy times.

use store::{Busy, BusyUntil, Store};

use crate::desk::{Desk, MONDAY, instant};

fn declared(from: &str, until: &str) -> Busy {
    Busy {
        from: instant(from),
        until: instant(until),
        reason: "A data centre is down.".to_owned(),
        reasons: std::collections::BTreeMap::new(),
        by: "duty manager".to_owned(),
        ended: None,
    }
}

async fn reason_at(store: &Store, at: &str) -> Option<String> {
    let times = store.busy_known(instant(at)).await.unwrap();
    let busy = times.iter().find(|busy| busy.lasts_at(instant(at)));
    busy.map(|busy| busy.reason.clone())
}

#[tokio::test]
async fn a_busy_time_lasts_from_its_declaration_until_before_its_end() {
    let desk = Desk::new().await;
    let busy = declared(MONDAY, "2026-11-23T06:00:00Z");
    desk.store.declare_busy(&busy).await.unwrap();
    for (at, lasts) in [
        ("2026-11-22T23:59:59Z", false),
        (MONDAY, true),
        ("2026-11-23T05:59:59Z", true),
        ("2026-11-23T06:00:00Z", false),
    ] {
        assert_eq!(reason_at(&desk.store, at).await.is_some(), lasts, "{at}");
    }
}

#[tokio::test]
async fn a_busy_time_that_is_ended_stays_on_record_with_who_ended_it() {
    let desk = Desk::new().await;
    let busy = declared(MONDAY, "2026-11-23T06:00:00Z");
    desk.store.declare_busy(&busy).await.unwrap();
    desk.store.declare_busy(&busy).await.unwrap();
    let noon = instant("2026-11-23T01:00:00Z");
    let ended = desk.store.end_busy(noon, "lead").await.unwrap();
    assert!(matches!(ended, BusyUntil::Ended(_)));
    assert_eq!(
        desk.store.end_busy(noon, "lead").await.unwrap(),
        BusyUntil::NotBusy
    );
    let times = desk.store.busy_times().await.unwrap();
    let kept = Busy {
        ended: Some((noon, "lead".to_owned())),
        ..busy
    };
    assert_eq!(times, [kept]);
    assert_eq!(reason_at(&desk.store, "2026-11-23T01:00:00Z").await, None);
}

#[tokio::test]
async fn a_newer_declaration_ends_the_one_that_lasts() {
    let desk = Desk::new().await;
    let first = declared(MONDAY, "2026-11-23T06:00:00Z");
    desk.store.declare_busy(&first).await.unwrap();
    let second = Busy {
        reason: "Shorter than we thought.".to_owned(),
        ..declared("2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")
    };
    desk.store.declare_busy(&second).await.unwrap();
    let said = reason_at(&desk.store, "2026-11-23T01:30:00Z").await;
    assert_eq!(said.as_deref(), Some("Shorter than we thought."));
    assert_eq!(reason_at(&desk.store, "2026-11-23T03:00:00Z").await, None);
}

#[tokio::test]
async fn what_was_read_is_believed_for_a_minute() {
    let desk = Desk::new().await;
    assert_eq!(reason_at(&desk.store, MONDAY).await, None);
    let fresh = Store::new(desk.client.clone(), desk.table.as_str());
    fresh
        .declare_busy(&declared(MONDAY, "2026-11-23T06:00:00Z"))
        .await
        .unwrap();
    assert_eq!(reason_at(&desk.store, "2026-11-23T00:00:59Z").await, None);
    assert!(
        reason_at(&desk.store, "2026-11-23T00:01:00Z")
            .await
            .is_some()
    );
}

#[tokio::test]
async fn a_ticket_carries_the_busy_times_that_were_declared_when_it_was_opened_and_no_later_ones() {
    let desk = Desk::new().await;
    let first = desk.open("before").await.ticket;
    assert_eq!(first.busy, []);
    let busy = declared(MONDAY, "2026-11-23T06:00:00Z");
    desk.store.declare_busy(&busy).await.unwrap();
    let later = crate::desk::at("2026-11-23T02:00:00Z");
    let second = desk.send(desk.request("during"), later).await.ticket;
    assert_eq!(second.busy, [busy.span()]);
    let stored = desk.store.load(first.id).await.unwrap().unwrap();
    assert_eq!(stored.ticket.busy, [], "what runs is never touched");
}
