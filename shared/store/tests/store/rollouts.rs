//! Rollouts: every open ticket once, wherever the work was left.

use policy::Status;
use store::{DueKind, Found, Instants, Moved, Release, Rollout, Work};
use ticket::{Actor, Command, Event, Kept, Order, OrderLine, TicketId};

use crate::desk::{Desk, at, instant};

const PUBLISHED: &str = "2026-11-23T02:00:00Z";
/// The publication is in force a minute later; two more are left to openings that had begun.
const DUE: &str = "2026-11-23T02:03:00Z";

async fn solve(desk: &Desk, id: TicketId) {
    let orders = Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "/solve".to_owned(),
            order: Ok(Order::Status(Status::Solved)),
        }],
    };
    let instants = at("2026-11-23T01:00:00Z");
    desk.store
        .execute(id, &orders, instants, None)
        .await
        .unwrap();
}

/// The first rollout that is due.
async fn due(desk: &Desk) -> Option<Rollout> {
    due_at(desk, DUE).await
}

async fn due_at(desk: &Desk, now: &str) -> Option<Rollout> {
    for shard in 0..store::SHARDS {
        let due = desk.store.due(shard, instant(now), 25, None).await.unwrap();
        for entry in due.entries {
            if let DueKind::Rollout(id) = &entry.kind {
                return desk.store.rollout(id).await.unwrap();
            }
        }
    }
    None
}

/// Works one step as the tick does; whether anything was changed.
async fn step(desk: &Desk, rollout: &Rollout, record: bool) -> usize {
    let step = desk.store.rollout_step(rollout).await.unwrap();
    let mut changed = 0;
    let mut found = Found::default();
    for &id in &step.tickets {
        let instants = Instants::new(instant(DUE), instant(DUE));
        let done = match rollout.work {
            Work::Follow => {
                let newer = desk.store.policy(&rollout.version).await.unwrap();
                desk.store
                    .offer(id, &newer, rollout.effective, instants)
                    .await
            }
            Work::Announce => {
                let announce = Command::AnnounceVersion {
                    version: rollout.version.clone(),
                    published: rollout.published,
                    effective: rollout.effective,
                };
                desk.store.execute(id, &announce, instants, None).await
            }
        };
        let done = done.unwrap();
        found.changed |= done.changed;
        changed += usize::from(done.changed);
    }
    if record {
        desk.store.rollout_done(rollout, step, found).await.unwrap();
    }
    changed
}

async fn roll_out(desk: &Desk) -> usize {
    let mut changed = 0;
    while let Some(rollout) = due(desk).await {
        changed += step(desk, &rollout, true).await;
    }
    changed
}

async fn events(desk: &Desk, id: TicketId, kind: fn(&Event) -> bool) -> usize {
    let history = desk.store.history(id).await.unwrap();
    history
        .iter()
        .filter(|recorded| kind(&recorded.event))
        .count()
}

fn compared(event: &Event) -> bool {
    matches!(event, Event::VersionCompared { .. })
}

fn announced(event: &Event) -> bool {
    matches!(event, Event::VersionAnnounced { .. })
}

#[tokio::test]
async fn every_open_ticket_is_compared_once_however_often_a_step_is_killed() {
    let desk = Desk::new().await;
    let mut open = Vec::new();
    for key in 0..60 {
        open.push(desk.open(&format!("nonce {key}")).await.ticket.id);
    }
    let solved = desk.open("solved").await.ticket.id;
    solve(&desk, solved).await;
    let release = Release::soon(instant(PUBLISHED), "the board");
    let newer = Desk::stricter_policy();
    desk.store.publish(&newer, &release).await.unwrap();
    assert_eq!(due_at(&desk, "2026-11-23T02:02:59Z").await, None);
    // Killed after the tickets of each step, before the place was kept: the step is done again.
    let mut changed = 0;
    while let Some(rollout) = due(&desk).await {
        changed += step(&desk, &rollout, false).await;
        assert_eq!(
            step(&desk, &rollout, true).await,
            0,
            "the second time changes nothing"
        );
    }
    assert_eq!(changed, open.len());
    for id in open {
        assert_eq!(events(&desk, id, compared).await, 1);
        let stored = desk.store.load(id).await.unwrap().unwrap();
        assert_eq!(stored.policy.hash(), newer.hash(), "it follows");
    }
    assert_eq!(events(&desk, solved, compared).await, 0);
}

#[tokio::test]
async fn a_version_that_is_worse_for_the_customer_leaves_the_ticket_and_both_results_are_logged() {
    let desk = Desk::without_policy().await;
    let release = Release::soon(instant("2026-11-22T00:00:00Z"), "the board");
    let strict = Desk::stricter_policy();
    desk.store.publish(&strict, &release).await.unwrap();
    let held = strict.clone().into();
    let opened = desk.store.open(
        &desk.pepper,
        desk.request("a"),
        at(crate::desk::MONDAY),
        &held,
    );
    let id = opened.await.unwrap().ticket.id;
    let release = Release::soon(instant(PUBLISHED), "the board");
    desk.store.publish(&desk.policy, &release).await.unwrap();
    assert_eq!(roll_out(&desk).await, 1);
    let stored = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(stored.policy.hash(), strict.hash());
    let history = desk.store.history(id).await.unwrap();
    let Event::VersionCompared {
        kept, deadlines, ..
    } = &history.last().unwrap().event
    else {
        panic!("nothing was compared");
    };
    assert_eq!(*kept, Some(Kept::Worse));
    let worse = deadlines
        .iter()
        .find(|compared| compared.is_worse())
        .unwrap();
    assert!(worse.due < worse.new_due);
}

#[tokio::test]
async fn an_announcement_reaches_each_open_ticket_once_and_in_bulk() {
    let desk = Desk::new().await;
    let id = desk.open("a").await.ticket.id;
    let newer = Desk::stricter_policy();
    let release = Release {
        announce: true,
        effective: Some(instant("2026-12-01T00:00:00Z")),
        ..Release::soon(instant(PUBLISHED), "the board")
    };
    desk.store.publish(&newer, &release).await.unwrap();
    assert_eq!(roll_out(&desk).await, 1);
    assert_eq!(events(&desk, id, announced).await, 1);
    let notices = desk.store.notices(id).await.unwrap();
    let told: Vec<_> = notices
        .iter()
        .filter(|entry| matches!(entry.notice.text, ticket::Text::PolicyChanged { .. }))
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].notice.lane, ticket::Lane::Bulk);
    let stored = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(
        stored.policy.hash(),
        desk.policy.hash(),
        "it is not in force yet"
    );
}

#[tokio::test]
async fn a_rollout_in_which_a_ticket_fails_in_every_pass_is_parked_and_never_forgotten() {
    let desk = Desk::new().await;
    desk.open("a").await;
    let release = Release::soon(instant(PUBLISHED), "the board");
    let newer = Desk::stricter_policy();
    desk.store.publish(&newer, &release).await.unwrap();
    let failed = Found {
        failed: true,
        ..Found::default()
    };
    let mut steps = 0;
    let last = loop {
        let rollout = due(&desk).await.unwrap();
        let step = desk.store.rollout_step(&rollout).await.unwrap();
        let moved = desk.store.rollout_done(&rollout, step.clone(), failed);
        let moved = moved.await.unwrap();
        let again = desk.store.rollout_done(&rollout, step, failed);
        assert_eq!(again.await.unwrap(), Moved::ByAnother);
        steps += 1;
        if moved != Moved::On {
            break moved;
        }
    };
    assert_eq!(last, Moved::Parked);
    // Five passes over the lists of open and of waiting tickets, for each department and for triage.
    let lists = 2 * (desk.policy.terms().departments.len() + 1);
    assert_eq!(steps, 5 * lists);
    assert!(due(&desk).await.is_none(), "it has left the due index");
}
