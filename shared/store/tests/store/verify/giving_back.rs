//! What was parked, held back or copied comes back as it was, and only then.

use store::{DueKind, Problem, PutOff};

use super::{desk, findings, problems};
use crate::desk::{Desk, MONDAY, broken, instant};

#[tokio::test]
async fn what_is_parked_is_listed_with_its_reason_and_comes_back_on_request() {
    let (desk, id) = desk().await;
    let mut far = instant("2026-12-23T00:00:00Z");
    loop {
        far += jiff::SignedDuration::from_hours(1);
        let mut entries = Vec::new();
        for shard in 0..store::SHARDS {
            entries.extend(desk.store.due(shard, far, 10, None).await.unwrap().entries);
        }
        let entry = entries
            .into_iter()
            .find(|entry| entry.kind == DueKind::Ticket(id))
            .unwrap();
        let put_off = desk.store.put_off(&entry, far, &broken()).await;
        if put_off.unwrap() == PutOff::Parked {
            break;
        }
    }
    let found = findings(&desk, MONDAY).await;
    assert_eq!(problems(&found), [Problem::Parked], "{found:?}");
    let parked = desk.store.parked(&mut |_| {}).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].kind, DueKind::Ticket(id));
    assert_eq!(parked[0].why, "an item cannot be read: it is broken");
    let now = instant(MONDAY);
    assert!(desk.store.give_back(&parked[0].kind, now).await.unwrap());
    assert!(!desk.store.give_back(&parked[0].kind, now).await.unwrap());
    assert_eq!(desk.store.parked(&mut |_| {}).await.unwrap(), []);
    assert_eq!(findings(&desk, MONDAY).await, []);
}

#[tokio::test]
async fn a_held_notice_is_claimed_by_nobody_until_a_person_gives_it_back() {
    let desk = Desk::new().await;
    let opened = desk.open("a").await;
    let (id, notice) = (opened.ticket.id, opened.notices[0].notice.clone());
    let now = instant(MONDAY);
    assert!(desk.store.hold(id, &notice, now).await.unwrap());
    assert!(!desk.store.hold(id, &notice, now).await.unwrap());
    let year = instant("2030-11-23T00:00:00Z");
    let claim = desk.store.claim(id, &notice, year, year).await.unwrap();
    assert!(matches!(claim, store::Claim::NotBefore(_)), "{claim:?}");
    let kind = DueKind::Notice(id, notice.clone());
    assert!(desk.store.give_back(&kind, now).await.unwrap());
    let claim = desk.store.claim(id, &notice, year, year).await.unwrap();
    assert!(matches!(claim, store::Claim::Yes(_)), "{claim:?}");
}

#[tokio::test]
async fn a_held_notice_that_is_given_up_is_never_sent() {
    let desk = Desk::new().await;
    let opened = desk.open("a").await;
    let (id, notice) = (opened.ticket.id, opened.notices[0].notice.clone());
    let now = instant(MONDAY);
    desk.store.hold(id, &notice, now).await.unwrap();
    let kind = DueKind::Notice(id, notice.clone());
    assert!(desk.store.drop_held(&kind, now).await.unwrap());
    let claim = desk.store.claim(id, &notice, now, now).await.unwrap();
    assert!(matches!(claim, store::Claim::Done(_)), "{claim:?}");
    assert!(!desk.store.give_back(&kind, now).await.unwrap());
}

#[tokio::test]
async fn a_copy_of_a_table_holds_everything_but_its_timers() {
    let (desk, id) = desk().await;
    let mut lines = Vec::new();
    let each = |line: String| lines.push(line);
    desk.store.every_line(&mut |_| {}, each).await.unwrap();
    assert_eq!(lines.len(), desk.everything().await.len());
    let other = Desk::without_policy().await;
    for line in &lines {
        assert!(other.store.put_copied(line.parse().unwrap()).await.unwrap());
        assert!(!other.store.put_copied(line.parse().unwrap()).await.unwrap());
    }
    let found = findings(&other, MONDAY).await;
    assert!(
        found.iter().all(|it| it.problem == Problem::Timer),
        "{found:?}"
    );
    assert!(found.iter().any(|it| it.what == format!("ticket {id}")));
    for finding in &found {
        let mend = finding.mend.as_ref().unwrap();
        assert!(other.store.mend(mend, instant(MONDAY)).await.unwrap());
    }
    assert_eq!(findings(&other, MONDAY).await, []);
}
