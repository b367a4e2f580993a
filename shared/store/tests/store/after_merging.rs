//! What comes for a merged ticket afterwards, and what binaries from before merging are told of both.

use store::{NoticeRef, Report};
use ticket::{Event, NoticeId, TicketId};

use crate::desk::{Desk, Item, MONDAY, at, string};
use crate::merging::{merged, opened, writes};

const LATER: &str = "2026-11-23T02:00:00Z";

/// Two tickets, the first merged into the second, and the first notice of the first.
async fn two(desk: &Desk) -> (TicketId, TicketId, NoticeId) {
    let (a, b) = (opened(desk, "a").await, opened(desk, "b").await);
    let customer = desk.customer();
    let notices = desk.store.notices(a).await.unwrap();
    let to_customer = ticket::Addressee::Customer(customer);
    let first = notices.iter().find(|it| it.notice.to == to_customer);
    let first = first.unwrap().notice.id.clone();
    desk.store
        .sent(a, &first, "ses-a", at(MONDAY).now)
        .await
        .unwrap();
    merged(desk, a, b).await;
    (a, b, first)
}

/// How often a ticket's log says that this notice was not received.
async fn not_reached(desk: &Desk, id: TicketId, notice: &NoticeId) -> usize {
    let log = desk.store.history(id).await.unwrap();
    let about = |event: &Event| matches!(event, Event::NotReached { notice: n, .. } if n == notice);
    log.iter().filter(|it| about(&it.event)).count()
}

#[tokio::test]
async fn a_bounce_of_a_mail_from_before_shows_once_where_the_work_is_done() {
    let desk = Desk::new().await;
    let (a, b, notice) = two(&desk).await;
    let report = || {
        let report = Report::HardBounce;
        desk.store.report(a, &notice, report, "550", at(LATER))
    };
    let told: Vec<NoticeRef> = report().await.unwrap();
    assert!(!told.is_empty(), "nobody is told");
    assert!(told.iter().all(|it| it.ticket == b), "{told:?}");
    assert_eq!(report().await.unwrap(), [], "the event comes again");
    assert_eq!(not_reached(&desk, a, &notice).await, 0);
    assert_eq!(not_reached(&desk, b, &notice).await, 1);
    let kept = desk.store.notice(a, &notice).await.unwrap().unwrap();
    assert!(kept.delivery != store::Delivery::default());
    let reach = desk
        .store
        .reach(&desk.customer(), at(LATER).at)
        .await
        .unwrap();
    assert_eq!(reach.bounced, Some(at(LATER).at));
}

#[tokio::test]
async fn a_complaint_about_a_mail_from_before_stops_automatic_mail_of_both() {
    let desk = Desk::new().await;
    let (a, b, notice) = two(&desk).await;
    for _ in 0..2 {
        let report = Report::Complaint;
        let told = desk.store.report(a, &notice, report, "abuse", at(LATER));
        assert!(told.await.unwrap().iter().all(|it| it.ticket == b));
    }
    assert!(not_reached(&desk, b, &notice).await <= 1);
    assert_eq!(not_reached(&desk, a, &notice).await, 0);
    let reach = desk
        .store
        .reach(&desk.customer(), at(LATER).at)
        .await
        .unwrap();
    assert_eq!(reach.complained, Some(at(LATER).at));
}

/// What an item asks of a binary.
fn version(item: &Item) -> u16 {
    item["v"].as_n().unwrap().parse().unwrap()
}

#[tokio::test]
async fn only_what_a_merge_leaves_asks_for_a_binary_that_knows_merging() {
    let desk = Desk::new().await;
    let (a, b, _) = two(&desk).await;
    opened(&desk, "c").await;
    writes(&desk, a, "mail").await.unwrap();
    let mut newer = 0;
    for item in desk.everything().await {
        let of_both = [a, b]
            .iter()
            .any(|id| string(&item, "PK") == format!("T#{id}"));
        let snapshot = of_both && string(&item, "SK") == "ticket";
        let event = string(&item, "event").contains("\"merged_");
        let notice = string(&item, "notice").contains("\"merged");
        let expected = if snapshot || event || notice { 2 } else { 1 };
        assert_eq!(version(&item), expected, "{item:?}");
        newer += usize::from(expected == 2);
    }
    // Two snapshots, an event each, and word to the customer and to the staff of the one that goes on.
    assert!(newer >= 6, "{newer}");
}
