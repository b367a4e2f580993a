//! The one loop that changes a ticket.

use std::collections::BTreeSet;

use policy::{PersonId, Priority, Status};
use store::{Once, StoreError};
use ticket::{
    Actor, Command, ContentDigest, NoteReason, NoticeId, Order, OrderLine, Refusal, TicketId,
    Words, first_break, fold,
};

use crate::desk::{Desk, Item, MONDAY, at, string};

fn agent() -> PersonId {
    "tech-1".parse().unwrap()
}

fn order(order: Order) -> Command {
    Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "as ordered".to_owned(),
            order: Ok(order),
        }],
    }
}

fn note(text: &str) -> Command {
    Command::InternalNote {
        agent: agent(),
        words: Words::text(text),
        instead_of_reply: None,
        orders: Vec::new(),
    }
}

fn once(key: &str, body: &str) -> Once {
    Once {
        copy: None,
        source: "email",
        key: key.to_owned(),
        body: ContentDigest::of(&[body.as_bytes()]),
    }
}

async fn assert_intact(desk: &Desk, id: TicketId) {
    let stored = desk.store.load(id).await.unwrap().unwrap();
    let log = desk.store.history(id).await.unwrap();
    assert_eq!(fold(&log), Some(stored.ticket.clone()));
    assert_eq!(first_break(&log), None);
    assert_eq!(stored.ticket.seq as usize, log.len());
}

#[tokio::test]
async fn the_same_input_again_changes_nothing_and_says_so() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let (note, now) = (note("looks like the disk"), at("2026-11-23T01:00:00Z"));
    let first = desk
        .store
        .execute(id, &note, now, Some(once("mail-1", "a")))
        .await
        .unwrap();
    let written = desk.everything().await;
    let again = desk
        .store
        .execute(id, &note, now, Some(once("mail-1", "a")))
        .await
        .unwrap();
    assert!(!first.repeated && again.repeated && !again.other_body);
    assert_eq!(again.ticket, first.ticket);
    assert_eq!(again.notices, []);
    assert_eq!(desk.everything().await, written);
}

#[tokio::test]
async fn another_input_under_the_same_key_is_told_apart_and_not_taken() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let now = at("2026-11-23T01:00:00Z");
    desk.store
        .execute(id, &note("one"), now, Some(once("mail-1", "a")))
        .await
        .unwrap();
    let written = desk.everything().await;
    let other = desk
        .store
        .execute(id, &note("two"), now, Some(once("mail-1", "b")))
        .await
        .unwrap();
    assert!(other.repeated && other.other_body);
    assert_eq!(desk.everything().await, written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_deliveries_at_the_same_instant_one_is_taken() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let now = at("2026-11-23T01:00:00Z");
    for round in 0..10 {
        let key = format!("mail-{round}");
        let note = note(&key);
        let (one, two) = tokio::join!(
            desk.store.execute(id, &note, now, Some(once(&key, "a"))),
            desk.store.execute(id, &note, now, Some(once(&key, "a"))),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.repeated != two.repeated);
        assert_eq!(one.ticket.seq, two.ticket.seq);
    }
    assert_eq!(desk.store.history(id).await.unwrap().len(), 11);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_writers_at_once_all_get_their_turn_without_gaps() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let writers: Vec<_> = (0..20)
        .map(|writer| {
            let store = desk.store.clone();
            let now = at("2026-11-23T01:00:00Z");
            tokio::spawn(async move {
                store
                    .execute(id, &note(&format!("note {writer}")), now, None)
                    .await
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    assert_intact(&desk, id).await;
    let log = desk.store.history(id).await.unwrap();
    let seqs: Vec<u32> = log.iter().map(|recorded| recorded.seq).collect();
    assert_eq!(seqs, (1..=21).collect::<Vec<_>>());
    let words = log.iter().filter_map(|recorded| recorded.words.as_ref());
    let words: BTreeSet<&str> = words.map(|words| words.text.as_str()).collect();
    assert_eq!(words.len(), 21);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_writers_at_once_each_is_written_once_or_told_to_come_back() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let writers: Vec<_> = (0..100)
        .map(|writer| {
            let store = desk.store.clone();
            let now = at("2026-11-23T01:00:00Z");
            tokio::spawn(async move {
                let words = note(&format!("note {writer}"));
                store.execute(id, &words, now, None).await
            })
        })
        .collect();
    let mut written = 0;
    for writer in writers {
        match writer.await.unwrap() {
            Ok(_) => written += 1,
            Err(error) => assert!(matches!(error, StoreError::Busy(_)), "{error}"),
        }
    }
    assert_intact(&desk, id).await;
    let log = desk.store.history(id).await.unwrap();
    let seqs: Vec<u32> = log.iter().map(|recorded| recorded.seq).collect();
    assert_eq!(seqs, (1..=written + 1).collect::<Vec<_>>());
    println!("{written} of 100 wrote");
}

#[tokio::test]
async fn the_snapshot_is_the_fold_of_the_log_after_every_command() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let reply = |orders| Command::AgentReply {
        agent: agent(),
        words: Words::text("we restarted it"),
        orders,
    };
    let solve = OrderLine {
        line: "/solve".to_owned(),
        order: Ok(Order::Status(Status::Solved)),
    };
    let unknown = OrderLine {
        line: "/dance".to_owned(),
        order: Err(Refusal::UnknownOrder("dance".to_owned())),
    };
    let commands = [
        Command::Acknowledged,
        order(Order::Priority(Priority::Urgent)),
        order(Order::Assign(agent())),
        Command::FireTimers,
        Command::StrangerMessage {
            from: stranger(&desk.pepper, "stranger@example.com"),
            words: Words::text("me too"),
            tell: true,
        },
        reply(Vec::new()),
        Command::CustomerMessage {
            from: desk.customer(),
            words: Words::text("still down"),
            proved: false,
        },
        Command::FireTimers,
        order(Order::Department("billing".parse().unwrap())),
        order(Order::HandOver {
            tier: policy::Tier::L2,
            reason: "needs a database expert".to_owned(),
        }),
        Command::InternalNote {
            agent: agent(),
            words: Words::text("out of office"),
            instead_of_reply: Some(NoteReason::AutoReply),
            orders: vec![unknown],
        },
        Command::NotReached {
            notice: NoticeId::of(id, &["any"]),
            who: Some(desk.customer()),
            reason: "550 no such user".to_owned(),
        },
        reply(vec![solve]),
        Command::CustomerMessage {
            from: desk.customer(),
            words: Words::text("down again"),
            proved: false,
        },
    ];
    let mut hours = 0;
    for command in &commands {
        hours += 30;
        let now = jiff::SignedDuration::from_hours(hours);
        let now = crate::desk::instant(MONDAY).checked_add(now).unwrap();
        let instants = store::Instants::new(now, now);
        desk.store
            .execute(id, command, instants, None)
            .await
            .unwrap();
        assert_intact(&desk, id).await;
    }
    let stored = desk.store.load(id).await.unwrap().unwrap();
    assert_eq!(stored.ticket.status, Status::Open);
    assert!(!stored.ticket.missed.is_empty());
}

#[tokio::test]
async fn a_command_that_changes_nothing_writes_nothing() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let written = desk.everything().await;
    let now = at("2026-11-23T00:00:10Z");
    let fired = desk
        .store
        .execute(id, &Command::FireTimers, now, None)
        .await
        .unwrap();
    assert_eq!(fired.notices, []);
    assert_eq!(desk.everything().await, written);
}

#[tokio::test]
async fn what_a_rule_refuses_is_not_written() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let written = desk.everything().await;
    let stranger = Command::CustomerMessage {
        from: ticket::AddressHash::of(&desk.pepper, "stranger@example.com"),
        words: Words::text("let me in"),
        proved: false,
    };
    let refused = desk
        .store
        .execute(id, &stranger, at(MONDAY), Some(once("mail-1", "a")))
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::Refused(Refusal::NotAParticipant))
    ));
    assert_eq!(desk.everything().await, written);
}

#[tokio::test]
async fn the_answer_to_refused_orders_is_kept_although_nothing_else_changes() {
    let desk = Desk::new().await;
    let id = desk.open("nonce").await.ticket.id;
    let orders = Command::Orders {
        by: Actor::Agent(agent()),
        orders: vec![OrderLine {
            line: "/dance".to_owned(),
            order: Err(Refusal::UnknownOrder("dance".to_owned())),
        }],
    };
    let done = desk
        .store
        .execute(id, &orders, at("2026-11-23T01:00:00Z"), None)
        .await
        .unwrap();
    let [answer] = &done.notices[..] else {
        panic!("one notice for the agent: {:?}", done.notices)
    };
    assert!(
        desk.store
            .notice(id, &answer.notice)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_ticket_that_is_not_there_is_no_ticket() {
    let desk = Desk::new().await;
    let id = TicketId::derive(&desk.pepper, "form", "never sent", 0);
    let missing = desk
        .store
        .execute(id, &Command::FireTimers, at(MONDAY), None)
        .await;
    assert!(matches!(missing, Err(StoreError::NoSuchTicket(missing)) if missing == id));
}

#[tokio::test]
async fn what_a_newer_binary_wrote_is_left_alone() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let id = opened.ticket.id;
    let notice = opened.notices[0].notice.clone();
    for item in desk.everything().await {
        if string(&item, "PK").starts_with("T#") {
            desk.put(newer(item)).await;
        }
    }
    let written = desk.everything().await;
    let now = at("2026-11-23T01:00:00Z");
    let lease = now.now + jiff::SignedDuration::from_mins(5);
    let errors = [
        desk.store.execute(id, &note("x"), now, None).await.err(),
        desk.store.history(id).await.err(),
        desk.store.notices(id).await.err(),
        desk.store.claim(id, &notice, now.now, lease).await.err(),
    ];
    for error in errors {
        let error = error.unwrap();
        assert!(
            matches!(error, StoreError::NewerSchema { found, .. } if found == ticket::SCHEMA + 1),
            "{error}"
        );
        assert!(error.is_retryable());
    }
    assert_eq!(desk.everything().await, written);
}

fn newer(mut item: Item) -> Item {
    let version = aws_sdk_dynamodb::types::AttributeValue::N((ticket::SCHEMA + 1).to_string());
    item.insert("v".to_owned(), version);
    item
}

fn stranger(pepper: &ticket::Pepper, address: &str) -> ticket::Contact {
    ticket::Contact {
        hash: ticket::AddressHash::of(pepper, address),
        address: address.to_owned(),
        name: String::new(),
    }
}

#[tokio::test]
async fn a_stranger_is_told_once_and_within_the_caps_of_automatic_answers() {
    let desk = Desk::new().await;
    let told = async |ticket: ticket::TicketId, key: &str, tell: bool| {
        let command = Command::StrangerMessage {
            from: stranger(&desk.pepper, "stranger@example.com"),
            words: Words::text("me too"),
            tell,
        };
        let done = desk
            .store
            .execute(ticket, &command, at(MONDAY), Some(once(key, "a")))
            .await
            .unwrap();
        let arrived = |it: &ticket::Addressee| matches!(it, ticket::Addressee::Customer(_));
        let notices = desk.store.notices(ticket).await.unwrap();
        let all = notices
            .iter()
            .filter(|it| arrived(&it.notice.to) && it.notice.text == ticket::Text::Arrived);
        assert!(done.changed);
        all.count()
    };
    let first = desk.open("one").await.ticket.id;
    assert_eq!(told(first, "m1", false).await, 0, "a machine is not told");
    assert_eq!(told(first, "m2", true).await, 1);
    assert_eq!(told(first, "m3", true).await, 1, "once on a ticket");
    for (n, expected) in [1, 1, 1, 0, 0, 0].into_iter().enumerate() {
        let id = desk.open(&format!("other {n}")).await.ticket.id;
        assert_eq!(
            told(id, &format!("o{n}"), true).await,
            expected,
            "ticket {n}"
        );
    }
}
