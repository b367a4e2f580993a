//! What is known of a mail by its id.

use store::{EMAIL, Filed, MailDecision, Once};
use ticket::{Command, ContentDigest, Words};

use crate::desk::{Desk, at, instant};

fn filed(ses_id: &str) -> Filed {
    Filed {
        ses_id: ses_id.to_owned(),
        kind: "bounce".to_owned(),
        evidence: "a null sender".to_owned(),
        raw: format!("inbox/{ses_id}"),
        at: instant("2026-11-23T01:00:00Z"),
    }
}

#[tokio::test]
async fn every_decision_about_a_mail_is_found_again_by_its_ses_id() {
    let desk = Desk::new().await;
    let mut request = desk.request("0100-opens");
    request.source = EMAIL;
    let id = desk
        .send(request, at("2026-11-23T00:30:00Z"))
        .await
        .ticket
        .id;
    let now = at("2026-11-23T01:00:00Z");
    let message = Command::CustomerMessage {
        from: desk.customer(),
        words: Words::text("one more thing"),
    };
    let once = Once {
        source: EMAIL,
        key: "0100-writes".to_owned(),
        body: ContentDigest::of(&[b"one more thing"]),
    };
    let executed = desk.store.execute(id, &message, now, Some(once)).await;
    executed.unwrap();
    desk.store
        .file(&filed("0100-filed"), now.now)
        .await
        .unwrap();
    for (ses_id, decision) in [
        ("0100-opens", Some(MailDecision::Ticket(id))),
        ("0100-writes", Some(MailDecision::Ticket(id))),
        ("0100-filed", Some(MailDecision::Filed)),
        ("0100-new", None),
    ] {
        let found = desk.store.mail_decision(&desk.pepper, ses_id).await;
        assert_eq!(found.unwrap(), decision, "{ses_id}");
    }
}

#[tokio::test]
async fn filing_a_mail_twice_is_the_same_as_once() {
    let desk = Desk::new().await;
    let now = instant("2026-11-23T01:00:00Z");
    desk.store.file(&filed("0100-filed"), now).await.unwrap();
    let written = desk.everything().await;
    desk.store.file(&filed("0100-filed"), now).await.unwrap();
    assert_eq!(desk.everything().await, written);
    let kept = desk.store.filed("0100-filed").await.unwrap();
    assert_eq!(kept, Some(filed("0100-filed")));
}

#[tokio::test]
async fn a_mail_that_we_sent_and_one_filed_under_the_same_id_do_not_mix() {
    let desk = Desk::new().await;
    let opened = desk.open("nonce").await;
    let (id, notice) = (opened.ticket.id, &opened.notices[0].notice);
    let now = instant("2026-11-23T00:00:05Z");
    desk.store.claim(id, notice, now, now).await.unwrap();
    desk.store.sent(id, notice, "0100-same", now).await.unwrap();
    assert_eq!(desk.store.filed("0100-same").await.unwrap(), None);
    desk.store.file(&filed("0100-same"), now).await.unwrap();
    let ours = desk.store.sent_mail("0100-same").await.unwrap();
    assert_eq!(ours.unwrap().ticket, id);
}
