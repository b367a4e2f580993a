//! The due index: found when due, never before, whatever fails.

use jiff::{SignedDuration, Timestamp};
use store::{DueEntry, DueKind, PutOff, SHARDS, StoreError};
use ticket::{Actor, Command, Order, OrderLine, TicketId};

use crate::desk::{Desk, MONDAY, at, broken, instant, string};

/// Every shard's entries that are due.
async fn due(desk: &Desk, now: Timestamp) -> Vec<DueEntry> {
    let mut entries = Vec::new();
    for shard in 0..SHARDS {
        entries.extend(desk.store.due(shard, now, 100, None).await.unwrap().entries);
    }
    entries
}

/// The due entry of the ticket itself.
async fn due_ticket(desk: &Desk, id: TicketId, now: Timestamp) -> Option<DueEntry> {
    let entries = due(desk, now).await;
    let mut entries = entries.into_iter();
    entries.find(|entry| entry.kind == DueKind::Ticket(id))
}

async fn next_due(desk: &Desk, id: TicketId) -> Option<Timestamp> {
    desk.store.load(id).await.unwrap().unwrap().next_due
}

#[tokio::test]
async fn a_ticket_is_found_when_it_is_due_and_not_a_second_before() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let when = next_due(&desk, id).await.unwrap();
    let second = SignedDuration::from_secs(1);
    assert_eq!(due_ticket(&desk, id, when - second).await, None);
    assert_eq!(due_ticket(&desk, id, when).await.unwrap().at, when);
}

#[tokio::test]
async fn the_next_instant_is_told_while_nothing_is_due() {
    let desk = Desk::new().await;
    let mut request = desk.request("nonce");
    request.acknowledge = false;
    let id = desk.send(request, at(MONDAY)).await.ticket.id;
    let notices = desk.store.notices(id).await.unwrap();
    assert!(!notices.is_empty(), "the agents have notices");
    let mut next = Vec::new();
    for shard in 0..SHARDS {
        let answer = desk
            .store
            .due(shard, instant(MONDAY), 100, None)
            .await
            .unwrap();
        assert_eq!(answer.entries, []);
        next.extend(answer.next);
    }
    // The unsent notices' grace ends before any clock of the ticket.
    assert_eq!(next, [instant("2026-11-23T00:05:00Z")]);
}

#[tokio::test]
async fn what_was_due_long_ago_is_found_first() {
    let desk = Desk::new().await;
    let old = desk
        .send(desk.request("old"), at("2001-01-01T00:00:00Z"))
        .await;
    let new = desk.open("new").await;
    let now = instant("2027-03-01T00:00:00Z");
    let old = due_ticket(&desk, old.ticket.id, now).await.unwrap();
    assert!(old.at < instant("2001-01-03T00:00:00Z"), "{}", old.at);
    assert!(due_ticket(&desk, new.ticket.id, now).await.is_some());
    for shard in 0..SHARDS {
        let due = desk.store.due(shard, now, 100, None).await.unwrap();
        assert!(due.entries.is_sorted_by_key(|entry| entry.at));
    }
}

#[tokio::test]
async fn a_solved_ticket_leaves_the_index_and_a_reopened_one_comes_back() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let far = instant("2027-11-23T00:00:00Z");
    let solve = Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "/solve".to_owned(),
            order: Ok(Order::Status(policy::Status::Solved)),
        }],
    };
    let now = at("2026-11-23T00:10:00Z");
    desk.store
        .execute(id, &Command::Acknowledged, now, None)
        .await
        .unwrap();
    assert!(due_ticket(&desk, id, far).await.is_some());
    let now = at("2026-11-23T01:00:00Z");
    let reply = Command::AgentReply {
        agent: "tech-1".parse().unwrap(),
        words: ticket::Words::text("done"),
        orders: Vec::new(),
    };
    desk.store.execute(id, &reply, now, None).await.unwrap();
    desk.store.execute(id, &solve, now, None).await.unwrap();
    assert_eq!(due_ticket(&desk, id, far).await, None);
    let again = Command::CustomerMessage {
        from: desk.customer(),
        words: ticket::Words::text("down again"),
        proved: false,
    };
    let now = at("2026-11-23T02:00:00Z");
    desk.store.execute(id, &again, now, None).await.unwrap();
    assert!(due_ticket(&desk, id, far).await.is_some());
}

#[tokio::test]
async fn asking_a_shard_is_one_call_that_reads_at_most_the_limit() {
    let desk = Desk::new().await;
    for number in 0..25 {
        desk.open(&format!("nonce {number}")).await;
    }
    let far = instant("2027-11-23T00:00:00Z");
    for shard in 0..SHARDS {
        for (now, limit) in [(far, 3), (far, 1), (instant(MONDAY), 3)] {
            let before = desk.calls();
            let due = desk.store.due(shard, now, limit, None).await.unwrap();
            assert_eq!(desk.calls() - before, 1);
            assert!(due.entries.len() <= usize::try_from(limit).unwrap());
        }
    }
}

#[tokio::test]
async fn an_entry_that_fails_waits_longer_each_time_and_is_parked_at_last() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let mut now = next_due(&desk, id).await.unwrap();
    let mut waits = Vec::new();
    loop {
        let entry = due_ticket(&desk, id, now).await.unwrap();
        match desk.store.put_off(&entry, now, &broken()).await.unwrap() {
            PutOff::Until(until) => {
                let moment = SignedDuration::from_secs(1);
                assert_eq!(due_ticket(&desk, id, until - moment).await, None);
                waits.push(until.duration_since(now).as_mins());
                now = until;
            }
            PutOff::Parked => break,
        }
    }
    assert_eq!(waits, [2, 4, 8, 16]);
    let far = instant("2030-01-01T00:00:00Z");
    assert_eq!(due_ticket(&desk, id, far).await, None);
    let item = desk.item(&format!("T#{id}"), "ticket").await.unwrap();
    assert!(string(&item, "parked").starts_with("2026-"));
}

#[tokio::test]
async fn a_failure_that_two_ticks_or_a_repeated_call_tell_of_counts_once() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let mut now = next_due(&desk, id).await.unwrap();
    let mut waits = Vec::new();
    for _ in 0..3 {
        let entry = due_ticket(&desk, id, now).await.unwrap();
        for _ in 0..3 {
            desk.store.put_off(&entry, now, &broken()).await.unwrap();
        }
        let until = next_due(&desk, id).await.unwrap();
        waits.push(until.duration_since(now).as_mins());
        now = until;
    }
    assert_eq!(waits, [2, 4, 8]);
}

#[tokio::test]
async fn an_entry_that_fails_because_something_is_away_outlasts_a_day_of_it() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let begin = next_due(&desk, id).await.unwrap();
    let mut now = begin;
    while now.duration_since(begin) < SignedDuration::from_hours(24) {
        let entry = due_ticket(&desk, id, now).await.unwrap();
        let away = StoreError::Busy("the queue did not take the notice");
        match desk.store.put_off(&entry, now, &away).await.unwrap() {
            PutOff::Until(until) => now = until,
            PutOff::Parked => panic!("parked after {}", now.duration_since(begin)),
        }
    }
}

#[tokio::test]
async fn what_stands_behind_an_entry_is_found_without_what_stands_before_it() {
    let desk = Desk::new().await;
    for number in 0..40 {
        desk.open(&format!("nonce {number}")).await;
    }
    let far = instant("2030-01-01T00:00:00Z");
    for shard in 0..SHARDS {
        let whole = desk.store.due(shard, far, 100, None).await.unwrap().entries;
        let first = desk.store.due(shard, far, 3, None).await.unwrap();
        let (mut paged, mut behind) = (first.entries, first.more);
        while let Some(place) = behind {
            let page = desk.store.due(shard, far, 3, Some(&place)).await.unwrap();
            paged.extend(page.entries);
            behind = page.more;
        }
        assert_eq!(paged, whole);
    }
}

#[tokio::test]
async fn a_parked_ticket_is_back_in_the_index_once_somebody_changes_it() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let far = instant("2030-01-01T00:00:00Z");
    for _ in 0..5 {
        let entry = due_ticket(&desk, id, far).await.unwrap();
        desk.store
            .put_off(&entry, instant(MONDAY), &broken())
            .await
            .unwrap();
    }
    assert_eq!(due_ticket(&desk, id, far).await, None);
    let now = at("2026-11-23T00:10:00Z");
    desk.store
        .execute(id, &Command::Acknowledged, now, None)
        .await
        .unwrap();
    assert!(due_ticket(&desk, id, far).await.is_some());
}

#[tokio::test]
async fn putting_off_an_entry_that_has_moved_leaves_the_newer_instant() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let stale = due_ticket(&desk, id, instant("2027-01-01T00:00:00Z"))
        .await
        .unwrap();
    let now = at("2026-11-23T00:10:00Z");
    desk.store
        .execute(id, &Command::Acknowledged, now, None)
        .await
        .unwrap();
    let moved = next_due(&desk, id).await;
    assert_ne!(moved, Some(stale.at));
    desk.store
        .put_off(&stale, now.now, &broken())
        .await
        .unwrap();
    assert_eq!(next_due(&desk, id).await, moved);
}

#[tokio::test]
async fn an_unsent_notice_is_found_after_its_grace_and_left_alone_once_queued_again() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let now = instant("2026-11-23T00:05:00Z");
    let entries = due(&desk, now).await;
    assert_eq!(entries.len(), opened.notices.len());
    let until = instant("2026-11-23T00:10:00Z");
    for entry in &entries {
        assert!(matches!(entry.kind, DueKind::Notice(..)));
        desk.store.requeued(entry, until).await.unwrap();
    }
    assert_eq!(due(&desk, until - SignedDuration::from_secs(1)).await, []);
    assert_eq!(due(&desk, until).await.len(), opened.notices.len());
}
