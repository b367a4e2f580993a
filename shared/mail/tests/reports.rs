//! What bounces, feedback reports and forwarders tell.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use mail::{Action, InboundMail, Report, parse};

const SES: &str = "010001934d2f1a2b-8b7c6d5e-1234-5678-9abc-def012345678-000000";

fn read(raw: &str) -> InboundMail {
    parse(raw.as_bytes(), Some("")).unwrap()
}

fn report(raw: &str) -> Report {
    read(raw).report.unwrap()
}

fn ids(report: &Report) -> Vec<&str> {
    report
        .original_ids
        .iter()
        .map(|i| i.local.as_str())
        .collect()
}

/// A delivery report with the original as a part of a type.
fn bounce(original_type: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\nOriginal-Envelope-Id: <env1@x.example>\n\nOriginal-Recipient: rfc822; jo@alias.example\nFinal-Recipient: rfc822; Jo <jo@X.example>\nAction: Failed (really)\nStatus: 5.1.1 (no such user)\nDiagnostic-Code: smtp; 550 5.1.1 user\n unknown\n\nFinal-Recipient: rfc822; al@x.example\nAction: delayed\nStatus: 4.4.7\n--b\nContent-Type: {original_type}\n\nReturn-Path: <{SES}@bounces.amazonses.com>\nReceived: by mx.example id 1 (envelope-from <{SES}@bounces.amazonses.com>)\nMessage-ID: <{SES}@eu-central-1.amazonses.com>\nReferences: <n.eh1.abc.tag@desk.example>\nX-Troth-Notice: notice-1\nTo: Jo <jo@alias.example>\nSubject: Your request\n\nHello\n--b--\n"
    )
}

#[test]
fn a_delivery_report_names_who_failed_why_and_which_mail() {
    for original in [
        "message/rfc822",
        "text/rfc822-headers",
        "message/global-headers",
    ] {
        let report = report(&bounce(original));
        let [jo, al] = report.recipients.as_slice() else {
            panic!("{:?}", report.recipients)
        };
        assert_eq!(jo.address, "jo@x.example");
        assert_eq!(jo.sent_to.as_deref(), Some("jo@alias.example"));
        assert_eq!(jo.action, Some(Action::Failed));
        assert_eq!(jo.status.as_deref(), Some("5.1.1"));
        assert_eq!(jo.diagnostic, "smtp; 550 5.1.1 user unknown");
        assert!(jo.failed_for_good() && !al.failed_for_good());
        assert_eq!(al.action, Some(Action::Delayed));
        assert_eq!(
            ids(&report)[..3],
            ["env1", SES, "n.eh1.abc.tag"],
            "{original}"
        );
        assert_eq!(report.notices, ["notice-1"]);
        assert_eq!(report.original_to[0].address, "jo@alias.example");
    }
}

#[test]
fn a_bounce_in_plain_words_is_read_too() {
    let report = report(&format!(
        "From: MAILER-DAEMON@mx.example\nTo: desk@in.example\nSubject: failure notice\n\nHi. I could not deliver to desk@in.example's correspondent jo@x.example.\n<jo@x.example>:\n192.0.2.7 said: 550 5.7.1 refused\n\n--- Below is a copy.\n\n> Return-Path: <desk@in.example>\n> Received: from a by b\n> Message-ID: <{SES}@eu-central-1.amazonses.com>\n> References: <n.eh1.abc.tag@desk.example>\n"
    ));
    assert_eq!(report.recipients.len(), 1);
    assert_eq!(report.recipients[0].address, "jo@x.example");
    assert_eq!(report.recipients[0].status.as_deref(), Some("5.7.1"));
    assert!(report.recipients[0].failed_for_good());
    assert_eq!(ids(&report), [SES, "n.eh1.abc.tag"]);
}

#[test]
fn a_feedback_report_names_who_complained_and_about_what() {
    let feedback = |rcpt: &str| {
        format!(
            "From: fbl@isp.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nAbuse.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: Abuse\nUser-Agent: x/1\nOriginal-Mail-From: <{SES}@bounces.amazonses.com>\n{rcpt}\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <a@b.example>\nTo: al@isp.example\n\nHi\n--b--\n"
        )
    };
    let named = report(&feedback("Original-Rcpt-To: <jo@isp.example>\n"));
    assert_eq!(named.feedback_type.as_deref(), Some("abuse"));
    assert_eq!(named.recipients[0].address, "jo@isp.example");
    assert_eq!(ids(&named), [SES, "a"]);
    let silent = report(&feedback(""));
    assert_eq!(silent.recipients[0].address, "al@isp.example");
}

#[test]
fn a_mail_that_is_no_report_reports_nothing() {
    let mail = parse(
        b"From: jo@x.example\nSubject: Help\n\nFinal-Recipient: rfc822; a@b.example\n",
        None,
    );
    assert_eq!(mail.unwrap().report, None);
}

#[test]
fn a_hostile_report_is_bounded() {
    let said = "x".repeat(100);
    let recipient = |n| {
        format!(
            "\nFinal-Recipient: rfc822; a{n}@x.example\nAction: failed\nDiagnostic-Code: smtp; {said}\n"
        )
    };
    let recipients = (0..10_000).map(recipient).collect::<Vec<_>>().concat();
    let report = report(&format!(
        "From: MAILER-DAEMON@mx.example\nContent-Type: message/delivery-status\n\n{recipients}"
    ));
    assert!(report.recipients.len() <= 100);
}
