//! Rollouts: every open ticket once, wherever the work was left.

use jiff::{SignedDuration, Timestamp};
use policy::Status;
use store::{DueKind, Found, Instants, Moved, Release, Rollout, RolloutId, Work};
use ticket::{Actor, Command, Event, Kept, Order, OrderLine, TicketId};

use crate::desk::{Desk, at, instant};

const PUBLISHED: &str = "2026-11-23T02:00:00Z";
/// The publication is in force a minute later; two more are left to openings that had begun.
const DUE: &str = "2026-11-23T02:03:00Z";

/// When a pass is due, the first being 0.
fn pass(number: i32) -> Timestamp {
    instant(DUE) + store::BETWEEN_PASSES * number
}

async fn order(desk: &Desk, id: TicketId, status: Status) {
    let orders = Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "/status".to_owned(),
            order: Ok(Order::Status(status)),
        }],
    };
    let instants = at("2026-11-23T01:00:00Z");
    desk.store
        .execute(id, &orders, instants, None)
        .await
        .unwrap();
}

/// The first rollout that the due index names.
async fn named(desk: &Desk, now: Timestamp) -> Option<RolloutId> {
    for shard in 0..store::SHARDS {
        let due = desk.store.due(shard, now, 25, None).await.unwrap();
        let mut kinds = due.entries.into_iter().map(|entry| entry.kind);
        let rollout = kinds.find_map(|kind| match kind {
            DueKind::Rollout(id) => Some(id),
            _ => None,
        });
        if rollout.is_some() {
            return rollout;
        }
    }
    None
}

async fn due(desk: &Desk, now: Timestamp) -> Option<Rollout> {
    let id = named(desk, now).await?;
    desk.store.rollout(&id, now).await.unwrap()
}

/// Works one step as the tick does; whether anything was changed.
async fn step(desk: &Desk, rollout: &Rollout, record: bool, now: Timestamp) -> usize {
    let step = desk.store.rollout_step(rollout).await.unwrap();
    let mut changed = 0;
    let mut found = Found::default();
    for &id in &step.tickets {
        let instants = Instants::new(now, now);
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
        let done = desk.store.rollout_done(rollout, step, found, now);
        done.await.unwrap();
    }
    changed
}

/// How many tickets were changed in a pass, if there is one.
async fn work(desk: &Desk, number: i32) -> Option<usize> {
    let mut changed = None;
    while let Some(rollout) = due(desk, pass(number)).await {
        *changed.get_or_insert(0) += step(desk, &rollout, true, pass(number)).await;
    }
    changed
}

/// The first pass changes one ticket; the second, which follows since it did, finds nothing, and is the last.
async fn changes_one_ticket(desk: &Desk) {
    assert_eq!(work(desk, 0).await, Some(1));
    assert_eq!(work(desk, 1).await, Some(0));
    assert_eq!(work(desk, 2).await, None);
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
    order(&desk, solved, Status::Solved).await;
    let release = Release::soon(instant(PUBLISHED), "the board");
    let newer = Desk::stricter_policy();
    desk.store.publish(&newer, &release).await.unwrap();
    assert_eq!(due(&desk, instant("2026-11-23T02:02:59Z")).await, None);
    // Killed after the tickets of each step, before the place was kept: the step is done again.
    let mut changed = 0;
    let now = pass(0);
    while let Some(rollout) = due(&desk, now).await {
        changed += step(&desk, &rollout, false, now).await;
        assert_eq!(
            step(&desk, &rollout, true, now).await,
            0,
            "the second time changes nothing"
        );
    }
    assert_eq!(changed, open.len());
    assert_eq!(work(&desk, 1).await, Some(0));
    assert_eq!(work(&desk, 2).await, None);
    for id in open {
        assert_eq!(events(&desk, id, compared).await, 1);
        let stored = desk.store.load(id).await.unwrap().unwrap();
        assert_eq!(stored.policy.hash(), newer.hash(), "it follows");
    }
    assert_eq!(events(&desk, solved, compared).await, 0);
}

#[tokio::test]
async fn a_ticket_that_stands_in_no_list_for_a_pass_is_met_by_the_next_one() {
    let desk = Desk::new().await;
    let id = desk.open("a").await.ticket.id;
    order(&desk, id, Status::Solved).await;
    let release = Release::soon(instant(PUBLISHED), "the board");
    let newer = Desk::stricter_policy();
    desk.store.publish(&newer, &release).await.unwrap();
    assert_eq!(work(&desk, 0).await, Some(0));
    order(&desk, id, Status::Open).await;
    let early = pass(1) - SignedDuration::from_secs(1);
    assert_eq!(due(&desk, early).await, None);
    assert_eq!(work(&desk, 1).await, Some(1));
    assert_eq!(events(&desk, id, compared).await, 1);
    assert_eq!(work(&desk, 2).await, Some(0));
    assert_eq!(work(&desk, 3).await, None);
}

#[tokio::test]
async fn an_index_that_is_late_begins_no_pass_before_its_time() {
    let desk = Desk::new().await;
    let release = Release::soon(instant(PUBLISHED), "the board");
    let newer = Desk::stricter_policy();
    desk.store.publish(&newer, &release).await.unwrap();
    let id = named(&desk, pass(0)).await.unwrap();
    assert_eq!(work(&desk, 0).await, Some(0));
    assert_eq!(desk.store.rollout(&id, pass(0)).await.unwrap(), None);
    assert!(desk.store.rollout(&id, pass(1)).await.unwrap().is_some());
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
    changes_one_ticket(&desk).await;
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
    changes_one_ticket(&desk).await;
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
    // The lists of open and of waiting tickets, for each department and for triage.
    let lists = 2 * (desk.policy.terms().departments.len() + 1);
    for number in 0..5 {
        let mut steps = Vec::new();
        while let Some(rollout) = due(&desk, pass(number)).await {
            let now = pass(number);
            let step = desk.store.rollout_step(&rollout).await.unwrap();
            let moved = desk.store.rollout_done(&rollout, step.clone(), failed, now);
            steps.push(moved.await.unwrap());
            let again = desk.store.rollout_done(&rollout, step, failed, now);
            assert_eq!(again.await.unwrap(), Moved::ByAnother);
        }
        assert_eq!(steps.len(), lists);
        let last = if number < 4 {
            Moved::Later
        } else {
            Moved::Parked
        };
        assert_eq!(steps.pop(), Some(last));
        assert!(steps.iter().all(|moved| *moved == Moved::On));
    }
    assert_eq!(work(&desk, 5).await, None, "it has left the due index");
}
