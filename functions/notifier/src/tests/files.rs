//! Files that go along with an agent's answer, and those that are not there to go.

use ticket::{AttachmentNote, FileKey};

use super::*;

/// An agent's answer with one file; gives the mail to the customer, or none if it waits.
async fn answered(desk: &Desk, sha256: String) -> Option<String> {
    let (ticket, _) = desk.open_acknowledged_by_mail().await;
    let file = AttachmentNote {
        name: "read me.txt".to_owned(),
        bytes: 7,
        key: FileKey::from_stored("0123456789"),
        sha256: Some(sha256),
        ..AttachmentNote::default()
    };
    let words = Words {
        attachments: vec![file],
        ..Words::text("Here it is.")
    };
    let answer = Command::AgentReply {
        agent: "tech-1".parse().unwrap(),
        words,
        orders: Vec::new(),
    };
    desk.execute(ticket, &answer, MONDAY).await;
    let replies = desk
        .notices(ticket, |text| matches!(text, Text::Reply { .. }))
        .await;
    let verdict = desk.deliver(ticket, &replies[0].notice.id, MONDAY).await;
    let sent = desk.ses.mails().pop().map(|mail| mail.raw);
    assert_eq!(verdict == Verdict::Done, sent.is_some(), "{verdict:?}");
    sent
}

#[tokio::test]
async fn an_answers_file_goes_along_as_it_was_recorded() {
    let desk = Desk::new().await;
    desk.ses.store("/mail/files/0123456789", 200, "content");
    let raw = answered(&desk, mail::sha256(b"content")).await.unwrap();
    let parsed = mail::parse(raw.as_bytes(), None).unwrap();
    let [file] = parsed.attachments.as_slice() else {
        panic!("{raw}");
    };
    assert_eq!(file.filename, "read me.txt");
    assert_eq!(file.read(raw.as_bytes()).as_ref(), b"content");
    assert!(!parsed.text.contains("download"), "{}", parsed.text);
}

#[tokio::test]
async fn a_file_that_is_gone_or_another_than_recorded_keeps_no_answer_back() {
    for (status, content) in [(404, GONE), (403, DENIED), (200, "another content")] {
        let desk = Desk::new().await;
        desk.ses.store("/mail/files/0123456789", status, content);
        let raw = answered(&desk, mail::sha256(b"content")).await.unwrap();
        let parsed = mail::parse(raw.as_bytes(), None).unwrap();
        assert!(parsed.attachments.is_empty(), "{raw}");
        assert!(parsed.text.contains("read me.txt (1"), "{}", parsed.text);
        assert!(parsed.text.contains("on the page of your request"));
    }
}

#[tokio::test]
async fn while_the_bucket_cannot_be_read_the_answer_waits() {
    let desk = Desk::new().await;
    desk.ses.store("/mail/files/0123456789", 503, BUSY);
    assert_eq!(answered(&desk, mail::sha256(b"content")).await, None);
}

const GONE: &str = "<Error><Code>NoSuchKey</Code></Error>";
const DENIED: &str = "<Error><Code>AccessDenied</Code></Error>";
const BUSY: &str = "<Error><Code>SlowDown</Code></Error>";
