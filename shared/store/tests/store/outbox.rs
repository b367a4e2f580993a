//! Notices on their way out.

use jiff::Timestamp;
use store::{Claim, DueKind, MailKey, SHARDS, State};
use ticket::{NoticeId, TicketId};

use crate::desk::{Desk, broken, instant};

const NOW: &str = "2026-11-23T00:00:05Z";
const LEASE: &str = "2026-11-23T00:02:05Z";

/// A ticket and its acknowledgement.
async fn acknowledgement(desk: &Desk) -> (TicketId, NoticeId) {
    let id = desk.open("nonce").await.ticket.id;
    let notices = desk.store.notices(id).await.unwrap();
    let acknowledgement = notices
        .iter()
        .find(|entry| entry.notice.text == ticket::Text::Acknowledgement);
    (id, acknowledgement.unwrap().notice.id.clone())
}

async fn claim(desk: &Desk, id: TicketId, notice: &NoticeId, now: &str, lease: &str) -> Claim {
    let claim = desk.store.claim(id, notice, instant(now), instant(lease));
    claim.await.unwrap()
}

async fn state(desk: &Desk, id: TicketId, notice: &NoticeId) -> State {
    desk.store.notice(id, notice).await.unwrap().unwrap().state
}

/// Instants at which the due index names the notice.
async fn due_at(desk: &Desk, notice: &NoticeId) -> Vec<Timestamp> {
    let far = instant("2030-01-01T00:00:00Z");
    let mut found = Vec::new();
    for shard in 0..SHARDS {
        let due = desk.store.due(shard, far, 100, None).await.unwrap();
        let of_notice = |kind: &DueKind| matches!(kind, DueKind::Notice(_, id) if id == notice);
        let entries = due.entries.iter().filter(|entry| of_notice(&entry.kind));
        found.extend(entries.map(|entry| entry.at));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_senders_at_the_same_instant_one_gets_the_notice() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    let (one, two) = tokio::join!(
        claim(&desk, id, &notice, NOW, LEASE),
        claim(&desk, id, &notice, NOW, LEASE),
    );
    let (won, lost) = if matches!(one, Claim::Yes(_)) {
        (one, two)
    } else {
        (two, one)
    };
    let Claim::Yes(entry) = won else {
        panic!("nobody got it: {won:?} {lost:?}")
    };
    assert_eq!((entry.notice.id, entry.tries), (notice, 1));
    assert_eq!(lost, Claim::Taken(instant(LEASE)));
}

#[tokio::test]
async fn a_lease_that_has_run_out_can_be_taken_over_and_not_before() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    claim(&desk, id, &notice, NOW, LEASE).await;
    assert_eq!(due_at(&desk, &notice).await, [instant(LEASE)]);
    let early = claim(
        &desk,
        id,
        &notice,
        "2026-11-23T00:02:04Z",
        "2026-11-23T00:04:04Z",
    )
    .await;
    assert_eq!(early, Claim::Taken(instant(LEASE)));
    let Claim::Yes(entry) = claim(&desk, id, &notice, LEASE, "2026-11-23T00:04:05Z").await else {
        panic!("the lease is over")
    };
    assert_eq!(entry.tries, 2);
}

#[tokio::test]
async fn a_sent_notice_leaves_the_index_and_its_ses_id_leads_to_the_ticket() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    claim(&desk, id, &notice, NOW, LEASE).await;
    desk.store
        .sent(id, &notice, "0100-ses", instant(NOW))
        .await
        .unwrap();
    assert_eq!(due_at(&desk, &notice).await, []);
    let sent = State::Sent {
        ses_id: "0100-ses".to_owned(),
        at: instant(NOW),
    };
    assert_eq!(state(&desk, id, &notice).await, sent);
    let mapped = desk.store.sent_mail("0100-ses").await.unwrap();
    assert_eq!(
        mapped,
        Some(MailKey {
            ticket: id,
            notice: notice.clone()
        })
    );
    assert_eq!(desk.store.sent_mail("0100-other").await.unwrap(), None);
    let again = claim(
        &desk,
        id,
        &notice,
        "2026-12-01T00:00:00Z",
        "2026-12-01T00:02:00Z",
    )
    .await;
    assert!(matches!(again, Claim::Done(entry) if entry.state == sent));
}

#[tokio::test]
async fn a_notice_put_off_waits_for_its_instant() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    claim(&desk, id, &notice, NOW, LEASE).await;
    let next = "2026-11-23T01:00:00Z";
    desk.store.later(id, &notice, instant(next)).await.unwrap();
    assert_eq!(due_at(&desk, &notice).await, [instant(next)]);
    let early = claim(&desk, id, &notice, "2026-11-23T00:59:59Z", next).await;
    assert_eq!(early, Claim::NotBefore(instant(next)));
    let then = claim(&desk, id, &notice, next, "2026-11-23T01:02:00Z").await;
    assert!(matches!(then, Claim::Yes(entry) if entry.tries == 2));
}

#[tokio::test]
async fn superseded_and_failed_notices_are_over() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    claim(&desk, id, &notice, NOW, LEASE).await;
    desk.store
        .superseded(id, &notice, instant(NOW))
        .await
        .unwrap();
    assert_eq!(state(&desk, id, &notice).await, State::Superseded);
    assert_eq!(due_at(&desk, &notice).await, []);

    let other = desk.store.notices(id).await.unwrap();
    let other = other
        .iter()
        .find(|entry| entry.notice.id != notice)
        .unwrap();
    let other = &other.notice.id;
    claim(&desk, id, other, NOW, LEASE).await;
    desk.store
        .failed(id, other, "550 no such user", instant(NOW))
        .await
        .unwrap();
    let reason = "550 no such user".to_owned();
    assert_eq!(state(&desk, id, other).await, State::Failed { reason });
    let after = "2026-11-24T00:00:00Z";
    for notice in [&notice, other] {
        let claim = claim(&desk, id, notice, after, "2026-11-24T00:02:00Z").await;
        assert!(matches!(claim, Claim::Done(_)), "{claim:?}");
    }
}

#[tokio::test]
async fn a_sender_that_comes_late_does_not_undo_what_another_has_sent() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    claim(&desk, id, &notice, NOW, LEASE).await;
    claim(&desk, id, &notice, LEASE, "2026-11-23T00:04:05Z").await;
    let now = instant("2026-11-23T00:03:00Z");
    desk.store
        .sent(id, &notice, "0100-second", now)
        .await
        .unwrap();
    let sent = state(&desk, id, &notice).await;
    // The first sender was only slow.
    desk.store.later(id, &notice, now).await.unwrap();
    desk.store.superseded(id, &notice, now).await.unwrap();
    desk.store
        .failed(id, &notice, "too late", now)
        .await
        .unwrap();
    desk.store
        .sent(id, &notice, "0100-first", now)
        .await
        .unwrap();
    assert_eq!(state(&desk, id, &notice).await, sent);
    assert_eq!(due_at(&desk, &notice).await, []);
}

#[tokio::test]
async fn what_ses_has_taken_is_sent_whatever_became_of_the_claim() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    claim(&desk, id, &notice, NOW, LEASE).await;
    desk.store.later(id, &notice, instant(LEASE)).await.unwrap();
    desk.store
        .sent(id, &notice, "0100-ses", instant(LEASE))
        .await
        .unwrap();
    assert!(matches!(
        state(&desk, id, &notice).await,
        State::Sent { .. }
    ));
    assert_eq!(due_at(&desk, &notice).await, []);
}

#[tokio::test]
async fn a_parked_notice_that_is_put_off_is_found_again() {
    let desk = Desk::new().await;
    let (id, notice) = acknowledgement(&desk).await;
    let far = instant("2030-01-01T00:00:00Z");
    for _ in 0..5 {
        for shard in 0..SHARDS {
            let due = desk.store.due(shard, far, 100, None).await.unwrap();
            for entry in due.entries {
                desk.store.put_off(&entry, far, &broken()).await.unwrap();
            }
        }
    }
    assert_eq!(due_at(&desk, &notice).await, []);
    claim(&desk, id, &notice, NOW, LEASE).await;
    desk.store.later(id, &notice, instant(LEASE)).await.unwrap();
    assert_eq!(due_at(&desk, &notice).await, [instant(LEASE)]);
}

#[tokio::test]
async fn a_notice_that_is_not_there_is_unknown_and_is_not_made() {
    let desk = Desk::new().await;
    let (id, _) = acknowledgement(&desk).await;
    let written = desk.everything().await;
    let unknown = NoticeId::of(id, &["never decided"]);
    assert_eq!(claim(&desk, id, &unknown, NOW, LEASE).await, Claim::Unknown);
    desk.store
        .later(id, &unknown, instant(LEASE))
        .await
        .unwrap();
    desk.store
        .sent(id, &unknown, "0100-ses", instant(NOW))
        .await
        .unwrap();
    desk.store
        .superseded(id, &unknown, instant(NOW))
        .await
        .unwrap();
    assert_eq!(desk.everything().await, written);
}
