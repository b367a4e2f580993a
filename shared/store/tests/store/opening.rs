//! Opening a ticket, once.

use store::{Outcome, Stored};
use ticket::{ContentDigest, TicketId, first_break, fold};

use crate::desk::{Desk, MONDAY, at, string, text};

#[tokio::test]
async fn opening_twice_with_the_same_key_gives_one_ticket_and_the_same_answer() {
    let desk = Desk::new().await;
    let first = desk.open("nonce").await;
    let written = desk.everything().await;
    let again = desk
        .send(desk.request("nonce"), at("2026-11-23T09:00:00Z"))
        .await;
    assert_eq!(first.outcome, Outcome::New);
    assert_eq!(again.outcome, Outcome::Repeated);
    assert_eq!(again.ticket, first.ticket);
    assert_eq!(again.notices, []);
    assert_eq!(desk.everything().await, written);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_told_apart_and_changes_nothing() {
    let desk = Desk::new().await;
    let first = desk.open("nonce").await;
    let written = desk.everything().await;
    let mut other = desk.request("nonce");
    other.body = ContentDigest::of(&[b"something else"]);
    let other = desk.send(other, at(MONDAY)).await;
    assert_eq!(other.outcome, Outcome::OtherBody);
    assert_eq!(other.ticket.id, first.ticket.id);
    assert_eq!(desk.everything().await, written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_openings_at_the_same_instant_one_is_new_and_one_repeated() {
    let desk = Desk::new().await;
    for round in 0..10 {
        let key = format!("nonce {round}");
        let (one, two) = tokio::join!(desk.open(&key), desk.open(&key));
        let mut outcomes = [one.outcome, two.outcome];
        outcomes.sort_by_key(|outcome| *outcome != Outcome::New);
        assert_eq!(outcomes, [Outcome::New, Outcome::Repeated]);
        assert_eq!(one.ticket, two.ticket);
        assert_eq!(desk.store.history(one.ticket.id).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_id_that_another_source_has_taken_is_passed_over_and_found_again() {
    let desk = Desk::new().await;
    // A stranger's ticket stands where the key's first id points.
    let stranger = desk.open("stranger").await.ticket;
    let taken = TicketId::derive(&desk.pepper, "form", "nonce", 0);
    let pk = format!("T#{}", stranger.id);
    let mut item = desk.item(&pk, "ticket").await.unwrap();
    let state = string(&item, "state").replace(stranger.id.as_str(), taken.as_str());
    item.insert("PK".to_owned(), text(&format!("T#{taken}")));
    item.insert("state".to_owned(), text(&state));
    desk.put(item).await;

    let first = desk.open("nonce").await;
    let second = TicketId::derive(&desk.pepper, "form", "nonce", 1);
    assert_eq!((first.ticket.id, first.outcome), (second, Outcome::New));
    let again = desk.open("nonce").await;
    assert_eq!(
        (again.ticket.id, again.outcome),
        (second, Outcome::Repeated)
    );
}

#[tokio::test]
async fn a_new_ticket_is_read_back_as_it_was_decided() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let id = opened.ticket.id;
    let Stored {
        ticket,
        subject,
        policy,
        next_due,
    } = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(ticket, opened.ticket);
    assert_eq!(subject, "Site down");
    assert_eq!(policy.hash(), desk.policy.hash());
    assert_eq!(
        next_due,
        ticket::next_due(&ticket, &policy, ticket.recorded_at)
    );

    let log = desk.store.history(id).await.unwrap();
    assert_eq!(fold(&log), Some(ticket));
    assert_eq!(first_break(&log), None);
    let requester = desk.store.participant(id, &desk.customer()).await.unwrap();
    let requester = requester.unwrap();
    assert_eq!(requester.address, "customer@example.com");
    assert_eq!(requester.generation, 0);
}

#[tokio::test]
async fn only_the_participant_holds_the_address() {
    let desk = Desk::new().await;
    desk.open("nonce").await;
    let holders = desk.everything().await;
    let holders: Vec<&str> = holders
        .iter()
        .filter(|item| format!("{item:?}").contains("customer@example.com"))
        .map(|item| string(item, "SK"))
        .collect();
    assert_eq!(holders, [format!("c#{}", desk.customer())]);
}

#[tokio::test]
async fn every_item_carries_its_schema_version() {
    let desk = Desk::new().await;
    desk.open("nonce").await;
    for item in desk.everything().await {
        assert_eq!(item["v"].as_n().unwrap(), "1", "{item:?}");
    }
}
