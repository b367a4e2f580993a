//! What a mail says once it is read.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use mail::{InboundMail, Mailbox, parse};

fn read(raw: &str) -> InboundMail {
    parse(raw.as_bytes(), None).unwrap()
}

#[test]
fn the_fields_of_a_common_mail() {
    let mail = read(
        "Return-Path: <jo@x.example>\r\nDelivered-To: desk@mail.example.com\r\nX-Original-To: Help@Example.com\r\nFrom: =?utf-8?B?SsO2?= <jo@X.example>\r\nReply-To: other@x.example\r\nTo: \"Help, Desk\" <help@example.com>\r\nCc: a@x.example, b@x.example\r\nSubject: =?utf-8?Q?Caf=C3=A9?=\r\n =?utf-8?Q?_closed?=\r\nMessage-ID: <1@X.example>\r\nIn-Reply-To: <2@y.example>\r\nReferences: <3@y.example>\r\n <2@y.example>\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nIt=20is =\r\nclosed: caf=E9\r\n",
    );
    let one = |name: &str, address: &str| Mailbox {
        name: name.into(),
        address: address.into(),
    };
    assert_eq!(mail.from, [one("Jö", "jo@x.example")]);
    assert!(!mail.ambiguous_sender);
    assert_eq!(mail.to, [one("Help, Desk", "help@example.com")]);
    assert_eq!(mail.cc.len(), 2);
    assert_eq!(mail.reply_to, [one("", "other@x.example")]);
    assert_eq!(
        mail.delivered_to,
        ["desk@mail.example.com", "Help@example.com"]
    );
    assert_eq!(mail.subject, "Café closed");
    assert_eq!(mail.message_id.unwrap().to_string(), "1@x.example");
    assert_eq!(mail.in_reply_to[0].local, "2");
    assert_eq!(
        mail.references
            .iter()
            .map(|r| r.local.as_str())
            .collect::<Vec<_>>(),
        ["3", "2"]
    );
    assert_eq!(mail.text, "It is closed: café");
    assert_eq!(mail.attachments, []);
}

#[test]
fn plain_text_is_read_before_html_and_html_where_there_is_none() {
    let both = |plain: &str| {
        format!(
            "From: a@x.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n<p>rich<script>x</script></p>\n--b--\n"
        )
    };
    assert_eq!(read(&both("plain")).text, "plain");
    assert_eq!(read(&both(" ")).text, "rich");
}

#[test]
fn html_without_a_text_loses_its_quotation() {
    for quotation in [
        "<div class=gmail_quote><div class=gmail_attr>2025 m. kovo 3 d., Desk rašė:</div><blockquote>old</blockquote></div>",
        "<div id=appendonsend></div><hr><div>old</div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0'><b>Feladó:</b> Desk</div><p>old</p>",
        "<blockquote type=cite>old</blockquote>",
    ] {
        let mail = read(&format!(
            "From: a@x.example\nContent-Type: text/html\n\n<p>new</p>{quotation}\n"
        ));
        assert_eq!(mail.reply_text, "new", "{quotation}");
        assert!(mail.text.contains("old"), "{quotation}");
    }
}

#[test]
fn attachments_keep_bytes_and_lose_tricks() {
    let mail = read(
        "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee files\n--b\nContent-Type: image/png\nContent-ID: <c1>\nContent-Disposition: inline; filename*=utf-8''..%2F%E2%80%AEgnp.exe\nContent-Transfer-Encoding: base64\n\niVBORw==\n--b\nContent-Type: text/plain; name=\"notes.txt\"\n\nkeep\n--b\nContent-Type: message/rfc822\n\nSubject: Old/mail\n\ninner\n--b--\n",
    );
    let names: Vec<&str> = mail
        .attachments
        .iter()
        .map(|a| a.filename.as_str())
        .collect();
    assert_eq!(names, ["gnp.exe", "notes.txt", "mail.eml"]);
    assert_eq!(mail.attachments[0].bytes, b"\x89PNG");
    assert_eq!(mail.attachments[0].content_id.as_deref(), Some("c1"));
    assert!(mail.attachments[0].inline);
    assert_eq!(mail.attachments[2].bytes, b"Subject: Old/mail\n\ninner");
    assert_eq!(mail.text.trim(), "See files");
}

#[test]
fn a_mail_reads_the_same_with_every_kind_of_line_end() {
    let raw = "From: a@x.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: image/gif\n\nGIF\n--b--\n";
    let want = read(raw);
    assert_eq!(read(&raw.replace('\n', "\r\n")), want);
    assert_eq!(read(&raw.replace('\n', "\r")), want);
    assert_eq!(
        read(&format!("From x Mon Mar  3 10:00:00 2025\n{raw}")),
        want
    );
}

#[test]
fn broken_mails_are_read_as_far_as_they_go() {
    assert_eq!(
        read(""),
        InboundMail {
            verdict: read("").verdict,
            ambiguous_sender: true,
            ..InboundMail::default()
        }
    );
    assert_eq!(read("no headers at all").text, "no headers at all");
    assert_eq!(
        read("From: a@x.example\nhello\nworld\n").text,
        "hello\nworld"
    );
    let open = read(
        "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nnever closed\n",
    );
    assert_eq!(open.text, "never closed");
    let none = read("From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\nno parts\n");
    assert_eq!((none.text.as_str(), none.attachments.len()), ("", 1));
}
