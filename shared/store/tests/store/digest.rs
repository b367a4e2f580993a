//! Numbers that wait: gathered with the openings, told once in one mail, never more than one a day.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use store::{DueEntry, DueKind, Mend, Problem, SHARDS};
use ticket::{Command, MOST_NAMED, Text, TicketId};

use crate::desk::{Desk, MONDAY, at, instant};

/// The digest of the customer, if it is due.
async fn due(desk: &Desk, now: Timestamp) -> Option<DueEntry> {
    for shard in 0..SHARDS {
        let entries = desk.store.due(shard, now, 100, None).await.unwrap().entries;
        let mut entries = entries.into_iter();
        let digest = entries.find(|it| it.kind == DueKind::Digest(desk.customer()));
        if digest.is_some() {
            return digest;
        }
    }
    None
}

async fn tell(desk: &Desk, entry: &DueEntry, now: Timestamp) -> Vec<store::NoticeRef> {
    let told = desk.store.tell_numbers(entry, &desk.customer(), now).await;
    told.unwrap()
}

/// What the digests on the tickets name.
async fn named(desk: &Desk, tickets: &[TicketId]) -> Vec<(usize, u32)> {
    let mut all = Vec::new();
    for id in tickets {
        for entry in desk.store.notices(*id).await.unwrap() {
            if let Text::Numbers { tickets, more } = entry.notice.text {
                all.push((tickets.len(), more));
            }
        }
    }
    all
}

async fn flood(desk: &Desk, count: usize) -> Vec<TicketId> {
    let mut tickets = Vec::new();
    for n in 0..count {
        tickets.push(desk.open(&format!("form-{n}")).await.ticket.id);
    }
    tickets
}

#[tokio::test]
async fn numbers_are_told_once_in_one_mail_and_the_next_a_day_later() {
    let desk = Desk::new().await;
    let tickets = flood(&desk, 5).await;
    let waiting = desk.store.waiting(&desk.customer()).await.unwrap();
    assert_eq!(waiting.tickets, tickets[1..]);
    let when = waiting.at.unwrap();
    assert_eq!(due(&desk, when - SignedDuration::from_secs(1)).await, None);
    let entry = due(&desk, when).await.unwrap();
    let (one, two) = tokio::join!(tell(&desk, &entry, when), tell(&desk, &entry, when));
    assert_eq!(one.len() + two.len(), 1);
    assert!(tell(&desk, &entry, when).await.is_empty());
    assert_eq!(named(&desk, &tickets).await, [(4, 0)]);
    assert_eq!(due(&desk, when).await, None);

    let day = SignedDuration::from_hours(24);
    let mut more = Vec::new();
    for n in 0..2 {
        let request = desk.request(&format!("again-{n}"));
        let soon = when + SignedDuration::from_mins(5);
        let opened = desk.send(request, store::Instants::new(soon, soon)).await;
        more.push(opened.ticket.id);
    }
    let waiting = desk.store.waiting(&desk.customer()).await.unwrap();
    assert_eq!((waiting.tickets, waiting.at), (more, Some(when + day)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_each_number_is_gathered_once() {
    let desk = Arc::new(Desk::new().await);
    let mut tasks = Vec::new();
    for n in 0..12 {
        let desk = desk.clone();
        tasks.push(tokio::spawn(async move {
            let first = desk.open(&format!("form-{n}")).await;
            // A second delivery adds nothing.
            desk.open(&format!("form-{n}")).await;
            first.ticket
        }));
    }
    let mut held = Vec::new();
    for task in tasks {
        let ticket = task.await.unwrap();
        held.extend(ticket.held.map(|_| ticket.id));
    }
    let mut waiting = desk.store.waiting(&desk.customer()).await.unwrap();
    held.sort_unstable();
    waiting.tickets.sort_unstable();
    assert_eq!((waiting.tickets, waiting.more), (held, 0));
}

#[tokio::test]
async fn a_flood_makes_no_long_mail() {
    let desk = Desk::new().await;
    let tickets = flood(&desk, MOST_NAMED + 11).await;
    let when = desk.store.waiting(&desk.customer()).await.unwrap();
    let when = when.at.unwrap();
    let entry = due(&desk, when).await.unwrap();
    tell(&desk, &entry, when).await;
    assert_eq!(named(&desk, &tickets).await, [(MOST_NAMED, 10)]);
    let waiting = desk.store.waiting(&desk.customer()).await.unwrap();
    assert_eq!((waiting.more, waiting.told), (0, Some(when)));
}

#[tokio::test]
async fn the_clock_of_a_held_mail_runs_until_the_digest_has_left() {
    let desk = Desk::new().await;
    let mail = |n: usize| {
        let mut request = desk.request(&format!("mail-{n}"));
        request.channel = Channel::Email;
        request
    };
    let mut held = None;
    for n in 0..6 {
        held = Some(desk.send(mail(n), at(MONDAY)).await.ticket);
    }
    let held = held.unwrap();
    assert!(held.held.is_some() && held.acknowledged_at.is_none());
    let waiting = desk.store.waiting(&desk.customer()).await.unwrap();
    assert!(waiting.tickets.contains(&held.id));
    let when = waiting.at.unwrap();
    assert!(when < instant("2026-11-23T01:00:00Z"), "{when}");
    let entry = due(&desk, when).await.unwrap();
    assert_eq!(tell(&desk, &entry, when).await.len(), 1);
    let later = store::Instants::new(when, when);
    let met = Command::Acknowledged;
    let done = desk.store.execute(held.id, &met, later, None).await;
    assert_eq!(done.unwrap().ticket.acknowledged_at, Some(when));
}

#[tokio::test]
async fn while_acknowledgements_are_off_a_digest_waits() {
    let desk = Desk::new().await;
    let tickets = flood(&desk, 3).await;
    let when = desk.store.waiting(&desk.customer()).await.unwrap();
    let when = when.at.unwrap();
    let off = desk
        .store
        .acknowledge_by_mail(false, when, "lead", "a flood");
    off.await.unwrap();
    let entry = due(&desk, when).await.unwrap();
    assert!(tell(&desk, &entry, when).await.is_empty());
    assert_eq!(due(&desk, when).await, None, "it was moved");
    let on = desk.store.acknowledge_by_mail(true, when, "lead", "over");
    on.await.unwrap();
    let later = when + SignedDuration::from_mins(10);
    let entry = due(&desk, later).await.unwrap();
    assert_eq!(tell(&desk, &entry, later).await.len(), 1);
    assert_eq!(named(&desk, &tickets).await, [(2, 0)]);
}

#[tokio::test]
async fn numbers_that_fell_out_of_the_index_are_found_and_armed() {
    let desk = Desk::new().await;
    flood(&desk, 3).await;
    let (pk, now) = (format!("C#{}", desk.customer()), instant(MONDAY));
    let mut item = desk.item(&pk, "digest").await.unwrap();
    item.remove("due_shard");
    item.remove("due_at");
    desk.put(item).await;
    let survey = desk.store.survey(now, &mut |_| {}).await.unwrap();
    let found = desk.store.examine_records(&survey, now).await.unwrap();
    let kind = DueKind::Digest(desk.customer());
    assert_eq!(found.entries, std::slice::from_ref(&kind));
    let timer: Vec<_> = found.findings.iter().collect();
    assert_eq!(timer.len(), 1, "{timer:?}");
    assert_eq!(timer[0].problem, Problem::Timer);
    let mend = timer[0].mend.clone().unwrap();
    assert_eq!(mend, Mend::Entry(kind));
    assert!(desk.store.mend(&mend, now).await.unwrap());
    let entry = due(&desk, now).await.unwrap();
    assert_eq!(tell(&desk, &entry, now).await.len(), 1);
}
