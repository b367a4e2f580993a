//! Caps on what one place may send, and the switch of acknowledgements: exact however many ask at once.

use std::sync::Arc;

use policy::Channel;
use store::HeldToday;
use ticket::{AddressHash, Held, Pepper, SOURCE_A_DAY, SOURCE_REQUESTS};

use crate::desk::{Desk, MONDAY, at, instant};

fn place(name: &str) -> AddressHash {
    AddressHash::of(&Pepper::new("pepper for tests"), name)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_burst_from_one_place_exactly_the_cap_is_admitted_and_the_rest_waits() {
    let desk = Arc::new(Desk::new().await);
    let burst = SOURCE_REQUESTS + 100;
    let mut tasks = Vec::new();
    for _ in 0..burst {
        let desk = desk.clone();
        tasks.push(tokio::spawn(async move {
            let asked = desk
                .store
                .admits(&place("192.0.2.1"), instant(MONDAY))
                .await;
            asked.unwrap()
        }));
    }
    let mut admitted = 0;
    for task in tasks {
        match task.await.unwrap() {
            None => admitted += 1,
            Some(wait) => assert!((1..=600).contains(&wait.as_secs()), "{wait}"),
        }
    }
    assert_eq!(admitted, SOURCE_REQUESTS);
    let elsewhere = desk
        .store
        .admits(&place("192.0.2.2"), instant(MONDAY))
        .await;
    assert_eq!(elsewhere.unwrap(), None);
    let later = instant("2026-11-23T00:10:00Z");
    let later = desk.store.admits(&place("192.0.2.1"), later).await;
    assert_eq!(later.unwrap(), None);
}

#[tokio::test]
async fn addresses_typed_in_one_place_are_acknowledged_up_to_the_cap_and_all_are_tickets() {
    let desk = Desk::new().await;
    let mut held = 0;
    for n in 0..SOURCE_A_DAY + 20 {
        let mut request = desk.request(&format!("victim-{n}"));
        request.requester.address = format!("victim-{n}@example.com");
        request.requester.hash = AddressHash::of(&desk.pepper, &request.requester.address);
        let opened = desk
            .store
            .open_from(
                Some(&place("192.0.2.1")),
                &desk.pepper,
                request,
                at(MONDAY),
                &desk.policy,
            )
            .await
            .unwrap();
        if let Some(why) = opened.ticket.held {
            assert_eq!((why, n >= SOURCE_A_DAY), (Held::Source, true));
            held += 1;
        }
        assert!(desk.store.load(opened.ticket.id).await.unwrap().is_some());
    }
    assert_eq!(held, 20);
    let today = desk.store.held_today(instant(MONDAY)).await.unwrap();
    assert_eq!(
        today,
        [HeldToday {
            held: Held::Source,
            count: 20
        }]
    );
}

#[tokio::test]
async fn switched_off_nothing_is_acknowledged_and_everything_is_still_taken() {
    let desk = Desk::new().await;
    let store = &desk.store;
    assert!(store.acknowledging().await.unwrap().on);
    store
        .acknowledge_by_mail(false, instant(MONDAY), "lead", "a flood")
        .await
        .unwrap();
    let mut mail = desk.request("mail");
    mail.channel = Channel::Email;
    mail.proved = true;
    let opened = desk.send(mail, at("2026-11-23T00:01:01Z")).await;
    assert_eq!(opened.ticket.held, Some(Held::Off));
    store
        .acknowledge_by_mail(true, instant("2026-11-23T00:02:00Z"), "lead", "over")
        .await
        .unwrap();
    let opened = desk
        .send(desk.request("later"), at("2026-11-23T00:03:02Z"))
        .await;
    assert_eq!(opened.ticket.held, None);
}
