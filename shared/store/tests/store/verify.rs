//! Whatever is broken in a table is found, mended where nothing is lost by it, and gone at the second look.

use aws_sdk_dynamodb::types::AttributeValue;
use store::{DueKind, Finding, Instants, Problem, PutOff, Report};
use ticket::{Command, TicketId};

use crate::desk::{Desk, MONDAY, at, broken, instant, text};

/// A desk with a ticket that was acknowledged and answered nothing else, and its ticket.
async fn desk() -> (Desk, TicketId) {
    let desk = Desk::new().await;
    let opened = desk.open("a").await;
    let id = opened.ticket.id;
    let now = instant(MONDAY);
    for (place, notice) in opened.notices.iter().enumerate() {
        let ses = format!("ses-{place}");
        desk.store
            .sent(id, &notice.notice, &ses, now)
            .await
            .unwrap();
    }
    let report = desk.store.report(
        id,
        &opened.notices[0].notice,
        Report::Delivered,
        "",
        at(MONDAY),
    );
    report.await.unwrap();
    (desk, id)
}

/// Everything that is wrong, the records included.
async fn findings(desk: &Desk, now: Instants) -> Vec<Finding> {
    let survey = desk.store.survey(&mut |_| {}).await.unwrap();
    let elsewhere = desk.store.examine_records(&survey, now.now).await.unwrap();
    let mut found = elsewhere.findings;
    for id in &survey.tickets {
        let examined = desk.store.examine(*id, &survey, now.now).await.unwrap();
        found.extend(examined.findings);
    }
    found
}

fn problems(found: &[Finding]) -> Vec<Problem> {
    found.iter().map(|it| it.problem).collect()
}

/// Breaks an item and expects the one problem; mends it and expects none.
async fn breaks_and_mends(sk: &str, expected: Problem, harm: impl Fn(&mut crate::desk::Item)) {
    let (desk, id) = desk().await;
    let now = at(MONDAY);
    assert_eq!(findings(&desk, now).await, []);
    let mut item = item_of(&desk, id, sk).await;
    harm(&mut item);
    desk.put(item).await;
    let found = findings(&desk, now).await;
    assert_eq!(problems(&found), [expected], "{found:?}");
    let mend = found[0].mend.as_ref().unwrap();
    assert!(desk.store.mend(mend, now.now).await.unwrap());
    assert_eq!(findings(&desk, now).await, []);
    // A second repair finds it done or does the same.
    desk.store.mend(mend, now.now).await.unwrap();
    assert_eq!(findings(&desk, now).await, []);
}

/// The first item of a ticket whose sort key begins so.
async fn item_of(desk: &Desk, id: TicketId, sk: &str) -> crate::desk::Item {
    let all = desk.everything().await;
    let of_ticket = format!("T#{id}");
    let mut found = all.into_iter().filter(|item| {
        crate::desk::string(item, "PK") == of_ticket
            && crate::desk::string(item, "SK").starts_with(sk)
    });
    found.next().unwrap()
}

#[tokio::test]
async fn a_snapshot_that_is_not_its_log_is_written_anew() {
    breaks_and_mends("ticket", Problem::SnapshotDiffers, |item| {
        let state = item["state"].as_s().unwrap();
        let changed = state.replace("\"status\":\"new\"", "\"status\":\"open\"");
        assert_ne!(*state, changed);
        item.insert("state".to_owned(), text(&changed));
    })
    .await;
}

#[tokio::test]
async fn a_timer_that_is_missing_or_too_late_is_armed() {
    breaks_and_mends("ticket", Problem::Timer, |item| {
        item.remove("due_shard");
        item.remove("due_at");
    })
    .await;
    breaks_and_mends("ticket", Problem::Timer, |item| {
        let due = item["due_at"].as_s().unwrap().replace("2026-", "2027-");
        item.insert("due_at".to_owned(), text(&due));
    })
    .await;
}

#[tokio::test]
async fn an_index_that_is_told_something_else_is_told_again() {
    breaks_and_mends("ticket", Problem::Index, |item| {
        item.insert("queue".to_owned(), text("technical#settled"));
    })
    .await;
    breaks_and_mends("c#", Problem::Index, |item| {
        item.insert("person".to_owned(), text("somebody else"));
    })
    .await;
    breaks_and_mends("n#", Problem::Index, |item| {
        item.insert("due_shard".to_owned(), text("due#0"));
        item.insert("due_at".to_owned(), text("2026-11-23T00:00:00Z#x"));
    })
    .await;
}

#[tokio::test]
async fn a_notice_without_a_timer_is_released() {
    breaks_and_mends("n#", Problem::NoticeTimer, |item| {
        item.insert("st".to_owned(), text("pending"));
        for name in ["ses", "done", "due_shard", "due_at"] {
            item.remove(name);
        }
    })
    .await;
}

#[tokio::test]
async fn a_sender_that_never_came_back_is_followed_by_another() {
    breaks_and_mends("n#", Problem::Lease, |item| {
        let id = item["PK"]
            .as_s()
            .unwrap()
            .trim_start_matches("T#")
            .to_owned();
        let shard: u32 = id.bytes().map(u32::from).sum();
        let due = format!("2026-11-24T00:01:00Z#{id}#{}", item["SK"].as_s().unwrap());
        let lease = instant("2026-11-22T22:00:00Z").as_millisecond().to_string();
        item.insert("st".to_owned(), text("claimed"));
        item.insert("lease".to_owned(), AttributeValue::N(lease));
        item.insert("due_shard".to_owned(), text(&format!("due#{}", shard % 10)));
        item.insert("due_at".to_owned(), text(&due));
    })
    .await;
}

#[tokio::test]
async fn a_lost_snapshot_comes_back_from_its_log() {
    let (desk, id) = desk().await;
    let before = item_of(&desk, id, "ticket").await;
    desk.delete(&format!("T#{id}"), "ticket").await;
    let found = findings(&desk, at(MONDAY)).await;
    assert_eq!(problems(&found), [Problem::SnapshotMissing]);
    let mend = found[0].mend.as_ref().unwrap();
    assert!(desk.store.mend(mend, instant(MONDAY)).await.unwrap());
    assert_eq!(item_of(&desk, id, "ticket").await, before);
}

#[tokio::test]
async fn the_map_of_a_sent_mail_is_written_again() {
    let (desk, _) = desk().await;
    desk.delete("M#ses-0", "m").await;
    let found = findings(&desk, at(MONDAY)).await;
    assert_eq!(problems(&found), [Problem::Unmapped]);
    let mend = found[0].mend.as_ref().unwrap();
    assert!(desk.store.mend(mend, instant(MONDAY)).await.unwrap());
    assert_eq!(findings(&desk, at(MONDAY)).await, []);
}

#[tokio::test]
async fn what_only_a_person_can_judge_is_found_and_left() {
    let (desk, id) = desk().await;
    let pk = format!("T#{id}");
    // The log ends before its snapshot: writing the snapshot from it would lose what it knows.
    let instants = at("2026-11-23T00:10:00Z");
    let told = Command::Acknowledged;
    desk.store.execute(id, &told, instants, None).await.unwrap();
    let seq = desk.store.load(id).await.unwrap().unwrap().ticket.seq;
    let last = desk.item(&pk, &format!("e#{seq:06}")).await.unwrap();
    desk.delete(&pk, &format!("e#{seq:06}")).await;
    let found = findings(&desk, instants).await;
    assert_eq!(problems(&found), [Problem::LogGap], "{found:?}");
    assert_eq!(found[0].mend, None);
    // An event that is not what was recorded.
    let mut forged = last.clone();
    forged.insert("at".to_owned(), AttributeValue::N("1".to_owned()));
    desk.put(forged).await;
    let found = findings(&desk, instants).await;
    assert_eq!(problems(&found), [Problem::LogBroken], "{found:?}");
    desk.put(last).await;
    assert_eq!(findings(&desk, instants).await, []);
    // A record of a ticket that never was.
    let stray = desk.request("another").key;
    let stray = TicketId::derive(&desk.pepper, "form", &stray, 7);
    let mut record = desk.item("M#ses-0", "m").await.unwrap();
    record.insert("PK".to_owned(), text("M#stray"));
    record.insert("ticket".to_owned(), text(stray.as_str()));
    desk.put(record).await;
    let found = findings(&desk, instants).await;
    assert_eq!(problems(&found), [Problem::Orphan], "{found:?}");
    desk.delete("M#stray", "m").await;
    // Items of a ticket that is not there.
    desk.delete(&pk, "ticket").await;
    desk.delete(&pk, "e#000001").await;
    let found = findings(&desk, instants).await;
    assert!(found.iter().any(|it| it.problem == Problem::Orphan));
    assert!(found.iter().all(|it| it.mend.is_none()), "{found:?}");
}

#[tokio::test]
async fn what_is_parked_is_listed_with_its_reason_and_comes_back_on_request() {
    let (desk, id) = desk().await;
    let mut far = instant("2026-12-23T00:00:00Z");
    loop {
        far += jiff::SignedDuration::from_hours(1);
        let mut entries = Vec::new();
        for shard in 0..store::SHARDS {
            entries.extend(desk.store.due(shard, far, 10, None).await.unwrap().entries);
        }
        let entry = entries
            .into_iter()
            .find(|entry| entry.kind == DueKind::Ticket(id))
            .unwrap();
        let put_off = desk.store.put_off(&entry, far, &broken()).await;
        if put_off.unwrap() == PutOff::Parked {
            break;
        }
    }
    let found = findings(&desk, at(MONDAY)).await;
    assert_eq!(problems(&found), [Problem::Parked], "{found:?}");
    let parked = desk.store.parked(&mut |_| {}).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].kind, DueKind::Ticket(id));
    assert_eq!(parked[0].why, "an item cannot be read: it is broken");
    let now = instant(MONDAY);
    assert!(desk.store.give_back(&parked[0].kind, now).await.unwrap());
    assert!(!desk.store.give_back(&parked[0].kind, now).await.unwrap());
    assert_eq!(desk.store.parked(&mut |_| {}).await.unwrap(), []);
    assert_eq!(findings(&desk, at(MONDAY)).await, []);
}

#[tokio::test]
async fn a_held_notice_is_claimed_by_nobody_until_a_person_gives_it_back() {
    let desk = Desk::new().await;
    let opened = desk.open("a").await;
    let (id, notice) = (opened.ticket.id, opened.notices[0].notice.clone());
    let now = instant(MONDAY);
    assert!(desk.store.hold(id, &notice, now).await.unwrap());
    assert!(!desk.store.hold(id, &notice, now).await.unwrap());
    let year = instant("2030-11-23T00:00:00Z");
    let claim = desk.store.claim(id, &notice, year, year).await.unwrap();
    assert!(matches!(claim, store::Claim::NotBefore(_)), "{claim:?}");
    let kind = DueKind::Notice(id, notice.clone());
    assert!(desk.store.give_back(&kind, now).await.unwrap());
    let claim = desk.store.claim(id, &notice, year, year).await.unwrap();
    assert!(matches!(claim, store::Claim::Yes(_)), "{claim:?}");
}

#[tokio::test]
async fn a_held_notice_that_is_given_up_is_never_sent() {
    let desk = Desk::new().await;
    let opened = desk.open("a").await;
    let (id, notice) = (opened.ticket.id, opened.notices[0].notice.clone());
    let now = instant(MONDAY);
    desk.store.hold(id, &notice, now).await.unwrap();
    let kind = DueKind::Notice(id, notice.clone());
    assert!(desk.store.drop_held(&kind, now).await.unwrap());
    let claim = desk.store.claim(id, &notice, now, now).await.unwrap();
    assert!(matches!(claim, store::Claim::Done(_)), "{claim:?}");
    assert!(!desk.store.give_back(&kind, now).await.unwrap());
}

#[tokio::test]
async fn a_copy_of_a_table_holds_everything_but_its_timers() {
    let (desk, id) = desk().await;
    let mut lines = Vec::new();
    let each = |line: String| lines.push(line);
    desk.store.every_line(&mut |_| {}, each).await.unwrap();
    assert_eq!(lines.len(), desk.everything().await.len());
    let other = Desk::without_policy().await;
    for line in &lines {
        assert!(other.store.put_copied(line.parse().unwrap()).await.unwrap());
        assert!(!other.store.put_copied(line.parse().unwrap()).await.unwrap());
    }
    let found = findings(&other, at(MONDAY)).await;
    assert!(
        found.iter().all(|it| it.problem == Problem::Timer),
        "{found:?}"
    );
    assert!(found.iter().any(|it| it.what == format!("ticket {id}")));
    for finding in &found {
        let mend = finding.mend.as_ref().unwrap();
        assert!(other.store.mend(mend, instant(MONDAY)).await.unwrap());
    }
    assert_eq!(findings(&other, at(MONDAY)).await, []);
}
