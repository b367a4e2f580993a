//! What became of mail that SES had accepted.

use store::{Reach, Report};
use ticket::{Held, Text};

use crate::desk::{Desk, at};

const NOW: &str = "2026-11-23T00:10:00Z";

#[tokio::test]
async fn a_hard_bounce_shows_on_notice_ticket_and_address_once_however_often_it_is_told() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let (id, notice) = (opened.ticket.id, &opened.notices[0].notice);
    let now = at(NOW);
    let report = || {
        desk.store
            .report(id, notice, Report::HardBounce, "Permanent General", now)
    };
    let told = report().await.unwrap();
    assert!(!told.is_empty(), "the agents are told");
    let written = desk.everything().await;
    assert!(report().await.unwrap().is_empty());
    assert_eq!(desk.everything().await, written);
    let entry = desk.store.notice(id, notice).await.unwrap().unwrap();
    assert_eq!(entry.delivery.bounced, Some(now.at));
    assert_eq!(entry.delivery.reason, "Permanent General");
    let ticket = desk.store.load(id).await.unwrap().unwrap().ticket;
    assert_eq!(ticket.not_reached, [desk.customer()]);
    let reach = desk
        .store
        .reach(&desk.customer(), at(NOW).at)
        .await
        .unwrap();
    assert_eq!(reach.bounced, Some(now.at));
}

#[tokio::test]
async fn what_arrives_late_or_not_yet_stops_nothing_and_troubles_nobody() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let (id, notice) = (opened.ticket.id, &opened.notices[0].notice);
    for report in [Report::Delayed, Report::Delivered] {
        let told = desk.store.report(id, notice, report, "", at(NOW)).await;
        assert!(told.unwrap().is_empty());
    }
    let entry = desk.store.notice(id, notice).await.unwrap().unwrap();
    assert_eq!(
        (entry.delivery.delayed, entry.delivery.delivered),
        (Some(at(NOW).at), Some(at(NOW).at))
    );
    let stored = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(stored.ticket.not_reached, []);
    let soft = desk.store.report(
        id,
        notice,
        Report::SoftBounce,
        "Transient MailboxFull",
        at(NOW),
    );
    assert!(
        !soft.await.unwrap().is_empty(),
        "an agent is told that it did not arrive"
    );
    assert_eq!(
        desk.store
            .reach(&desk.customer(), at(NOW).at)
            .await
            .unwrap(),
        Reach::default()
    );
}

#[tokio::test]
async fn an_address_is_written_to_again_once_its_owner_was_heard_but_not_after_a_complaint() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let (id, notice, who) = (opened.ticket.id, &opened.notices[0].notice, desk.customer());
    for report in [Report::HardBounce, Report::Complaint] {
        desk.store
            .report(id, notice, report, "", at(NOW))
            .await
            .unwrap();
    }
    desk.store.heard_from(&who, at(NOW).at).await.unwrap();
    let reach = desk.store.reach(&who, at(NOW).at).await.unwrap();
    assert_eq!((reach.bounced, reach.complained), (None, Some(at(NOW).at)));
    assert!(reach.stops(&Text::Acknowledgement).is_some());
    let reply = Text::Reply {
        seq: 2,
        agent: "tech-1".parse().unwrap(),
        answers: None,
    };
    assert_eq!(reach.stops(&reply), None);
    let bounced = Reach {
        bounced: Some(at(NOW).at),
        ..reach
    };
    assert!(bounced.stops(&reply).is_some());
}

#[tokio::test]
async fn an_address_typed_into_the_form_is_answered_as_one_that_wrote_for_half_a_year_after_its_owner_was_heard()
 {
    let desk = Desk::new().await;
    let held = async |nonce: &str, now: &str| {
        let opened = desk.send(desk.request(nonce), at(now)).await;
        opened.ticket.held
    };
    assert_eq!(held("nonce-1", NOW).await, None);
    assert_eq!(held("nonce-2", NOW).await, Some(Held::Address));
    let who = desk.customer();
    desk.store.heard_from(&who, at(NOW).at).await.unwrap();
    for (nonce, wanted) in [
        ("nonce-3", None),
        ("nonce-4", None),
        ("nonce-5", None),
        ("nonce-6", Some(Held::Address)),
    ] {
        assert_eq!(held(nonce, NOW).await, wanted, "{nonce}");
    }
    let soon = at("2026-12-01T00:00:00Z").at;
    desk.store.heard_from(&who, soon).await.unwrap();
    let noted = |reach: Reach| reach.heard;
    let reach = desk.store.reach(&who, soon).await.unwrap();
    assert_eq!(
        noted(reach),
        Some(at(NOW).at),
        "not written with every mail"
    );
    let later = "2027-05-23T00:00:00Z";
    assert_eq!(
        noted(desk.store.reach(&who, at(later).at).await.unwrap()),
        None
    );
    assert_eq!(held("nonce-7", later).await, None);
    assert_eq!(held("nonce-8", later).await, Some(Held::Address));
}

#[tokio::test]
async fn a_bounce_of_long_ago_stops_nothing_and_a_new_one_does_again() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let (id, notice, who) = (opened.ticket.id, &opened.notices[0].notice, desk.customer());
    let bounces = async |now: &str| {
        let report = Report::HardBounce;
        desk.store
            .report(id, notice, report, "", at(now))
            .await
            .unwrap();
        desk.store.reach(&who, at(now).at).await.unwrap().bounced
    };
    assert_eq!(bounces(NOW).await, Some(at(NOW).at));
    let later = "2027-05-23T00:00:00Z";
    let reach = desk.store.reach(&who, at(later).at).await.unwrap();
    assert_eq!(reach.bounced, None);
    assert_eq!(bounces(later).await, Some(at(later).at));
}
