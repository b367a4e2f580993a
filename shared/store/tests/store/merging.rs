//! Two tickets in one transaction, whoever else writes them, and chains that are followed to their end.

use aws_sdk_dynamodb::types::AttributeValue;
use policy::Status;
use store::{Executed, Once, Problem, StoreError};
use ticket::{
    Actor, Command, ContentDigest, MergeRefusal, Order, OrderLine, Refusal, TicketId, Words,
    first_break, fold,
};

use crate::desk::{Desk, MONDAY, at, text};

const LATER: &str = "2026-11-23T01:00:00Z";

/// A ticket by mail of an address that is proved.
pub(crate) async fn opened(desk: &Desk, key: &str) -> TicketId {
    let mut request = desk.request(key);
    request.proved = true;
    desk.send(request, at(MONDAY)).await.ticket.id
}

pub(crate) fn merge(into: TicketId) -> Command {
    let order = Order::Merge {
        into,
        confirmed: false,
    };
    Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "/merge".to_owned(),
            order: Ok(order),
        }],
    }
}

fn once(key: &str) -> Once {
    Once {
        copy: None,
        source: "email",
        key: key.to_owned(),
        body: ContentDigest::of(&[key.as_bytes()]),
    }
}

pub(crate) async fn merged(desk: &Desk, from: TicketId, into: TicketId) -> Executed {
    let command = merge(into);
    let done = desk.store.execute(from, &command, at(LATER), None);
    done.await.unwrap()
}

pub(crate) async fn writes(desk: &Desk, id: TicketId, key: &str) -> Result<Executed, StoreError> {
    let from = desk.customer();
    let words = Words::text("Any news?");
    let command = Command::CustomerMessage {
        from,
        words,
        proved: false,
    };
    desk.store
        .execute(id, &command, at(LATER), Some(once(key)))
        .await
}

async fn intact(desk: &Desk, id: TicketId) {
    let stored = desk.store.load(id).await.unwrap().unwrap();
    let log = desk.store.history(id).await.unwrap();
    assert_eq!(fold(&log), Some(stored.ticket));
    assert_eq!(first_break(&log), None);
}

#[tokio::test]
async fn a_merge_writes_both_tickets_and_once() {
    let desk = Desk::new().await;
    let (a, b) = (opened(&desk, "a").await, opened(&desk, "b").await);
    let command = merge(b);
    let first = desk.store.execute(a, &command, at(LATER), Some(once("m")));
    let first = first.await.unwrap();
    assert_eq!((first.ticket.id, first.ticket.merged_into), (a, Some(b)));
    assert!(first.notices.iter().all(|it| it.ticket == b));
    assert!(!first.notices.is_empty());
    let written = desk.everything().await;
    let again = desk.store.execute(a, &command, at(LATER), Some(once("m")));
    let again = again.await.unwrap();
    assert!(again.repeated, "the second delivery is the first one's");
    assert_eq!((again.ticket.id, again.notices), (a, Vec::new()));
    assert_eq!(desk.everything().await, written);
    intact(&desk, a).await;
    intact(&desk, b).await;
}

#[tokio::test]
async fn of_two_merges_that_cross_exactly_one_wins() {
    for _ in 0..5 {
        let desk = Desk::new().await;
        let (a, b) = (opened(&desk, "a").await, opened(&desk, "b").await);
        let (there, back) = (merge(b), merge(a));
        let (there, back) = tokio::join!(
            desk.store.execute(a, &there, at(LATER), None),
            desk.store.execute(b, &back, at(LATER), None),
        );
        let lost = match (there, back) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            other => panic!("{other:?}"),
        };
        assert!(
            matches!(
                lost,
                StoreError::Refused(Refusal::Merge(
                    MergeRefusal::Itself(_) | MergeRefusal::CameFromThere(_)
                ))
            ),
            "{lost:?}"
        );
        let ends = [a, b].map(|id| desk.store.followed(id));
        let [one, other] = ends;
        let (one, other) = (one.await.unwrap().unwrap(), other.await.unwrap().unwrap());
        assert_eq!(one.ticket.id, other.ticket.id);
        assert_ne!(one.ticket.status, Status::Closed);
        intact(&desk, a).await;
        intact(&desk, b).await;
    }
}

#[tokio::test]
async fn a_customer_who_writes_while_it_merges_is_heard_where_it_goes_on() {
    for round in 0..5 {
        let desk = Desk::new().await;
        let (a, b) = (opened(&desk, "a").await, opened(&desk, "b").await);
        let command = merge(b);
        let key = format!("mail-{round}");
        let (merged, wrote) = tokio::join!(
            desk.store.execute(a, &command, at(LATER), None),
            writes(&desk, a, &key),
        );
        merged.unwrap();
        let on = wrote.unwrap().ticket;
        // Before the merge it stands on the first, after it on the second; in both cases staff of the second read it.
        let log = desk.store.history(b).await.unwrap();
        let heard = log.iter().filter_map(|it| it.words.as_ref());
        let heard: usize = heard.map(|it| it.text.matches("Any news?").count()).sum();
        assert_eq!(heard, 1, "{:?}", on.id);
    }
}

#[tokio::test]
async fn what_comes_for_the_first_of_three_reaches_the_last() {
    let desk = Desk::new().await;
    let (a, b) = (opened(&desk, "a").await, opened(&desk, "b").await);
    let c = opened(&desk, "c").await;
    merged(&desk, a, b).await;
    merged(&desk, b, c).await;
    let done = writes(&desk, a, "mail").await.unwrap();
    assert_eq!((done.ticket.id, done.repeated), (c, false));
    let again = writes(&desk, a, "mail").await.unwrap();
    assert_eq!((again.ticket.id, again.repeated), (c, true));
    let end = desk.store.followed(a).await.unwrap().unwrap();
    assert_eq!(end.ticket.merged_from, [b, a]);
    assert_eq!(end.ticket.messages, 2);
    // Its own timers and versions stay its own.
    let fired = desk.store.execute(a, &Command::FireTimers, at(LATER), None);
    assert_eq!(fired.await.unwrap().ticket.id, a);
}

/// Bends a snapshot so that it was merged into whatever is named, past the log.
async fn bend(desk: &Desk, id: TicketId, into: TicketId) {
    let mut item = desk.item(&format!("T#{id}"), "ticket").await.unwrap();
    let state = item["state"].as_s().unwrap();
    let mut state: serde_json::Value = serde_json::from_str(state).unwrap();
    state["into"] = into.to_string().into();
    state["status"] = "closed".into();
    let state = AttributeValue::S(state.to_string());
    item.insert("state".to_owned(), state);
    desk.put(item).await;
}

#[tokio::test]
async fn a_chain_that_leads_back_or_nowhere_ends() {
    let desk = Desk::new().await;
    let (a, b) = (opened(&desk, "a").await, opened(&desk, "b").await);
    bend(&desk, a, b).await;
    bend(&desk, b, a).await;
    let end = desk.store.followed(a).await.unwrap().unwrap();
    assert_eq!(end.ticket.id, b);
    // Its customer is answered as on any closed ticket: the caller opens another.
    let refused = writes(&desk, a, "mail").await;
    assert!(matches!(
        refused,
        Err(StoreError::Refused(Refusal::TicketIsClosed))
    ));
    let gone = TicketId::derive(&desk.pepper, "form", "nobody", 0);
    bend(&desk, b, gone).await;
    let end = desk.store.followed(a).await.unwrap().unwrap();
    assert_eq!(end.ticket.id, b);
}

#[tokio::test]
async fn verify_finds_a_merge_whose_other_end_is_missing_and_work_that_was_left() {
    let desk = Desk::new().await;
    let (a, b) = (opened(&desk, "a").await, opened(&desk, "b").await);
    merged(&desk, a, b).await;
    let problems = async |now: &str| {
        let now = at(now).now;
        let survey = desk.store.survey(now, &mut |_| {}).await.unwrap();
        let examined = desk.store.examine(a, &survey, now).await.unwrap();
        examined.findings
    };
    assert_eq!(problems(LATER).await, []);
    // Hours later its first notices are still there: whoever was to be told of the work is told by the other ticket.
    let found = problems("2026-11-23T04:00:00Z").await;
    let left: Vec<_> = found
        .iter()
        .filter(|it| it.problem == Problem::MergedWork)
        .collect();
    assert!(!left.is_empty(), "{found:?}");
    for finding in left {
        let mend = finding.mend.as_ref().unwrap();
        assert!(desk.store.mend(mend, at(LATER).now).await.unwrap());
    }
    assert_eq!(problems("2026-11-23T04:00:00Z").await, []);
    let mut item = desk.item(&format!("T#{a}"), "ticket").await.unwrap();
    item.insert("due_shard".to_owned(), text("due#0"));
    item.insert("due_at".to_owned(), text("2026-11-23T03:59:00Z#x"));
    desk.put(item).await;
    let found = problems("2026-11-23T04:00:00Z").await;
    assert!(found.iter().any(|it| it.problem == Problem::MergedWork));
    for finding in &found {
        let mend = finding.mend.as_ref().unwrap();
        desk.store.mend(mend, at(LATER).now).await.unwrap();
    }
    desk.delete(&format!("T#{b}"), "ticket").await;
    let found = problems("2026-11-23T04:00:00Z").await;
    let kinds: Vec<Problem> = found.iter().map(|it| it.problem).collect();
    assert_eq!(kinds, [Problem::Merge], "{found:?}");
    assert_eq!(found[0].mend, None);
}
