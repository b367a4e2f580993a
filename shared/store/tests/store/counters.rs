//! Counters of acknowledgements: exact when many ask at once, and a second delivery is not counted.

use ticket::{Addressee, Held, Text};

use crate::desk::{Desk, MONDAY, at};

fn acknowledged(opened: &store::Opened) -> bool {
    opened.ticket.held.is_none()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_with_one_typed_address_one_is_acknowledged_and_all_are_tickets() {
    let desk = std::sync::Arc::new(Desk::new().await);
    let mut tasks = Vec::new();
    for n in 0..12 {
        let desk = desk.clone();
        tasks.push(tokio::spawn(async move {
            desk.open(&format!("form-{n}")).await
        }));
    }
    let mut acknowledgements = 0;
    for task in tasks {
        let opened = task.await.unwrap();
        let notices = desk.store.notices(opened.ticket.id).await.unwrap();
        let to_customer = notices.iter().filter(|entry| {
            entry.notice.text == Text::Acknowledgement
                && matches!(entry.notice.to, Addressee::Customer(_))
        });
        let sent = to_customer.count();
        assert_eq!(sent == 1, acknowledged(&opened));
        if sent == 0 {
            assert_eq!(opened.ticket.held, Some(Held::Address));
        }
        acknowledgements += sent;
    }
    assert_eq!(acknowledgements, 1);
}

#[tokio::test]
async fn a_second_delivery_is_not_counted_and_the_next_day_counts_anew() {
    let desk = Desk::new().await;
    let proved = |key: &str| {
        let mut request = desk.request(key);
        request.proved = true;
        request
    };
    // Four of one subject are acknowledged, however often each is delivered.
    for n in 0..4 {
        for _ in 0..3 {
            let opened = desk.send(proved(&format!("mail-{n}")), at(MONDAY)).await;
            assert!(acknowledged(&opened));
        }
    }
    let fifth = desk.send(proved("mail-5"), at(MONDAY)).await;
    assert_eq!(fifth.ticket.held, Some(Held::Subject));
    let next = desk
        .send(proved("mail-6"), at("2026-11-24T09:00:00Z"))
        .await;
    assert!(acknowledged(&next), "{:?}", next.ticket.held);
}
