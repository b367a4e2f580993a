//! Which mail is answered, and which is not.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use mail::{Kind, Verdict, parse};

fn verdict(headers: &str, envelope: Option<&str>) -> Verdict {
    let from = if headers.contains("From:") {
        ""
    } else {
        "From: jo@x.example\n"
    };
    parse(
        format!("{from}{headers}\n\nHello, my shop is down.\n").as_bytes(),
        envelope,
    )
    .unwrap()
    .verdict
}

#[test]
fn headers_decide_the_kind() {
    for (headers, kind, machine) in [
        ("Subject: help", Kind::Human, false),
        ("Auto-Submitted: no", Kind::Human, false),
        ("Auto-Submitted: No (a person)", Kind::Human, false),
        ("Auto-Submitted: AUTO-REPLIED", Kind::AutoReply, false),
        (
            "Auto-Submitted: auto-replied; owner-email=\"x@y\"",
            Kind::AutoReply,
            false,
        ),
        ("Auto-Submitted: auto-generated", Kind::Human, true),
        (
            "Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>",
            Kind::AutoReply,
            false,
        ),
        ("X-Autoreply: yes", Kind::AutoReply, false),
        ("X-Autoreply: no", Kind::Human, false),
        ("Precedence: AUTO_REPLY", Kind::AutoReply, false),
        (
            "Subject: Automatic reply: your ticket",
            Kind::AutoReply,
            false,
        ),
        (
            "Subject: AW: Abwesenheitsnotiz: bin im Urlaub",
            Kind::AutoReply,
            false,
        ),
        (
            "Subject: =?utf-8?Q?Tr=E1=BA=A3_l=E1=BB=9Di_t=E1=BB=B1_=C4=91=E1=BB=99ng?=: x",
            Kind::AutoReply,
            false,
        ),
        (
            "X-Auto-Response-Suppress: OOF, AutoReply",
            Kind::Human,
            true,
        ),
        ("From: No Reply <no-reply@shop.example>", Kind::Human, true),
        ("From: Norah Eply <norah@shop.example>", Kind::Human, false),
        ("List-Id: <l.example>", Kind::List, false),
        ("List-Unsubscribe: <https://x.example>", Kind::List, false),
        ("Precedence: Bulk", Kind::List, false),
        ("Precedence: first-class", Kind::Human, false),
        (
            "From: MAILER-DAEMON@mx.example\nSubject: x",
            Kind::Bounce,
            false,
        ),
        (
            "From: Mail Delivery Subsystem <daemon@mx.example>",
            Kind::Bounce,
            false,
        ),
        (
            "From: postmaster@mx.example\nSubject: Undelivered Mail Returned to Sender",
            Kind::Bounce,
            false,
        ),
        (
            "From: postmaster@mx.example\nSubject: Please call me",
            Kind::Human,
            false,
        ),
        ("X-Failed-Recipients: a@b.example", Kind::Bounce, false),
        (
            "Subject: Your mail could not be delivered, what now?",
            Kind::Human,
            false,
        ),
        (
            "X-HmXmrOriginalRecipient: a@b.example",
            Kind::FeedbackReport,
            false,
        ),
    ] {
        let got = verdict(headers, Some("jo@x.example"));
        assert_eq!(
            (got.kind, got.machine_request),
            (kind, machine),
            "{headers}: {}",
            got.evidence
        );
        assert!(got.evidence.ends_with('.'));
    }
}

#[test]
fn a_null_sender_is_never_answered() {
    for envelope in ["", "<>", " <> "] {
        let got = verdict("Subject: help", Some(envelope));
        assert!(got.null_sender && !got.may_be_answered());
    }
    assert!(verdict("Return-Path: <>", None).null_sender);
    assert!(!verdict("Return-Path: <>", Some("jo@x.example")).null_sender);
    assert_eq!(verdict("Subject: Re: help", Some("")).kind, Kind::AutoReply);
    assert_eq!(
        verdict("Subject: failure notice", Some("")).kind,
        Kind::Bounce
    );
}

fn report(kind: &str, part: &str) -> Kind {
    let raw = format!(
        "From: a@mx.example\nContent-Type: multipart/report; report-type={kind}; boundary=b\n\n--b\n\nAbout your mail\n--b\nContent-Type: message/{part}\n\nReporting-MTA: dns; mx.example\n\n--b--\n"
    );
    parse(raw.as_bytes(), None).unwrap().verdict.kind
}

#[test]
fn reports_say_by_structure_what_they_are() {
    assert_eq!(report("delivery-status", "delivery-status"), Kind::Bounce);
    assert_eq!(report("x", "delivery-status"), Kind::Bounce);
    assert_eq!(
        report("feedback-report", "feedback-report"),
        Kind::FeedbackReport
    );
    assert_eq!(
        report("disposition-notification", "disposition-notification"),
        Kind::AutoReply
    );
}

#[test]
fn a_customer_who_forwards_a_bounce_is_a_customer() {
    let raw = "From: jo@x.example\nSubject: what is this?\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nPlease look.\n--a\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n--a--\n";
    let mail = parse(raw.as_bytes(), Some("jo@x.example")).unwrap();
    assert_eq!(mail.verdict.kind, Kind::Human);
    assert_eq!(mail.text.trim(), "Please look.");
    assert_eq!(mail.attachments.len(), 1);
}

#[test]
fn a_customer_who_pastes_a_bounce_is_a_customer() {
    let raw = "From: administrator@customer.example\nSubject: Mail broken\n\nWe get: 550 5.1.1 user unknown, could not be delivered.\n";
    assert_eq!(
        parse(raw.as_bytes(), None).unwrap().verdict.kind,
        Kind::Human
    );
}

#[test]
fn a_group_mailbox_of_ours_is_told_from_other_lists() {
    let raw = "From: jo@x.example\nList-ID: Support <support.example.com>\n\nhi\n";
    let mail = parse(raw.as_bytes(), None).unwrap();
    assert_eq!(mail.verdict.kind, Kind::List);
    assert!(mail.came_through_list_of("Support@Example.com"));
    assert!(
        !mail.came_through_list_of("port.example.com")
            && !mail.came_through_list_of("news@example.com")
    );
}
