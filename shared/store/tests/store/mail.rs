//! What is known of a mail by its id.

use store::{EMAIL, Filed, MailDecision, MailKey, Once};
use ticket::{Command, ContentDigest, Words};

use crate::desk::{Desk, at, instant};

fn filed(ses_id: &str) -> Filed {
    Filed {
        ses_id: ses_id.to_owned(),
        kind: "bounce".to_owned(),
        evidence: "a null sender".to_owned(),
        raw: format!("inbox/{ses_id}"),
        at: instant("2026-11-23T01:00:00Z"),
        proved: true,
        about: None,
        ticket: None,
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
        proved: false,
    };
    let once = Once {
        copy: None,
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
async fn filed_mail_is_listed_oldest_first_until_a_ticket_was_made_of_it() {
    let desk = Desk::new().await;
    let ticket = desk.open("nonce").await;
    let about = MailKey {
        ticket: ticket.ticket.id,
        notice: ticket.notices[0].notice.clone(),
    };
    let later = Filed {
        at: instant("2026-11-23T02:00:00Z"),
        about: Some(about),
        ..filed("0100-later")
    };
    for mail in [&later, &filed("0100-first")] {
        desk.store.file(mail, mail.at).await.unwrap();
    }
    let listed = desk.store.all_filed().await.unwrap();
    assert_eq!(listed, [filed("0100-first"), later.clone()]);
    for _ in 0..2 {
        let made = desk.store.made_a_ticket("0100-first", ticket.ticket.id);
        made.await.unwrap();
        let left = desk.store.all_filed().await.unwrap();
        assert_eq!(left, std::slice::from_ref(&later));
    }
    let made = desk.store.filed("0100-first").await.unwrap().unwrap();
    assert_eq!(made.ticket, Some(ticket.ticket.id));
    assert_eq!(made.raw, format!("tickets/{}/0100-first", ticket.ticket.id));
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

#[tokio::test]
async fn the_same_mail_at_two_addresses_is_one_ticket_and_another_mail_is_not() {
    let desk = Desk::new().await;
    let copy = |body: &str| Some(ContentDigest::of(&[body.as_bytes()]));
    let mail = |key: &str, body: &str| {
        let mut request = desk.request(key);
        request.source = EMAIL;
        request.copy = copy(body);
        request
    };
    let now = at("2026-11-23T00:30:00Z");
    let first = desk.send(mail("0100-one", "a"), now).await;
    for key in ["0100-two", "0100-two", "0100-one"] {
        let second = desk.send(mail(key, "a"), now).await;
        assert_eq!(second.ticket.id, first.ticket.id, "{key}");
        assert!(second.notices.is_empty(), "{key}");
    }
    let other = desk.send(mail("0100-three", "b"), now).await;
    assert_ne!(other.ticket.id, first.ticket.id);
    let message = |body: &str| Command::CustomerMessage {
        from: desk.customer(),
        words: Words::text(body),
        proved: false,
    };
    for (key, changed) in [("0100-four", true), ("0100-five", false)] {
        let once = Once {
            copy: copy("c"),
            source: EMAIL,
            key: key.to_owned(),
            body: ContentDigest::of(&[key.as_bytes()]),
        };
        let done = desk
            .store
            .execute(first.ticket.id, &message("c"), now, Some(once))
            .await;
        assert_eq!(done.unwrap().changed, changed, "{key}");
    }
    // Filed, a mail has left the inbox: delivered again, it must be known by its own id, a copy too.
    for key in ["0100-one", "0100-two", "0100-four", "0100-five"] {
        let known = desk.store.mail_decision(&desk.pepper, key).await;
        let ticket = MailDecision::Ticket(first.ticket.id);
        assert_eq!(known.unwrap(), Some(ticket), "{key}");
    }
}
