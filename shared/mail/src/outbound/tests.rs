use mail_parser::MessageParser;
use proptest::prelude::*;

use super::*;

fn letter() -> Letter {
    Letter {
        date: Timestamp::from_second(1_700_000_000).unwrap(),
        message_id: "n.1.2.3@mail.example.com".into(),
        notice: "abcdefghjk".into(),
        from: Mailbox {
            name: "Example Desk".into(),
            address: "help@mail.example.com".into(),
        },
        to: Mailbox {
            name: "Jo Müller".into(),
            address: "jo@customer.example".into(),
        },
        reply_to: Some("t-1-2-3@mail.example.com".into()),
        subject: "Ihre Anfrage – größer".into(),
        text: "Grüße\n".into(),
        html: "<p>Grüße</p>".into(),
        auto_submitted: Some(AutoSubmitted::AutoReplied),
        in_reply_to: Some("x@customer.example".into()),
        references: vec![
            "x@customer.example".into(),
            "n.1.2.3@mail.example.com".into(),
        ],
        headers: vec![("X-Troth-Ticket", "EH-1".into())],
        files: Vec::new(),
    }
}

#[test]
fn files_go_along_and_are_read_back_as_they_were() {
    let kinds = [
        ("scan.pdf", Some("application/pdf")),
        ("páge \"x\".html", Some("text/html")),
        (
            "báo cáo tháng mười một của công ty trách nhiệm hữu hạn.bin",
            None,
        ),
    ];
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let files = kinds.map(|(name, kind)| Enclosed {
        name: name.to_owned(),
        kind: kind.map(str::to_owned),
        bytes: bytes.clone(),
    });
    let letter = Letter {
        files: files.into(),
        ..letter()
    };
    let raw = render(&letter).unwrap();
    assert_eq!(raw, render(&letter).unwrap());
    let mail = crate::parse(&raw, None).unwrap();
    assert_eq!(mail.text.trim(), "Grüße");
    assert_eq!(mail.attachments.len(), 3);
    for (file, (name, kind)) in mail.attachments.iter().zip(kinds) {
        assert_eq!(file.filename, name.replace('"', "_"));
        assert_eq!(file.read(&raw).as_ref(), bytes.as_slice());
        let shown = kind.filter(|kind| *kind != "text/html");
        let shown = shown.unwrap_or("application/octet-stream");
        assert_eq!(file.content_type, shown, "a page is never sent as one");
        assert!(!file.inline);
    }
}

const FIELDS: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Reply-To",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Troth-Notice",
    "X-Troth-Ticket",
    "MIME-Version",
];

fn field_names(raw: &[u8]) -> Vec<String> {
    let head = raw
        .split(|b| *b == b'\n')
        .take_while(|l| !matches!(l, [] | [b'\r']));
    head.filter(|l| !l.starts_with(b" ") && !l.starts_with(b"\t"))
        .map(|l| {
            String::from_utf8_lossy(l)
                .split(':')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[test]
fn a_letter_reads_back_as_it_was_written() {
    let raw = render(&letter()).unwrap();
    let mail = crate::parse(&raw, None).unwrap();
    assert_eq!(mail.subject, "Ihre Anfrage – größer");
    assert_eq!(mail.from, [letter().from]);
    assert_eq!(mail.to, [letter().to]);
    assert_eq!(mail.reply_to[0].address, "t-1-2-3@mail.example.com");
    assert_eq!(mail.text.trim(), "Grüße");
    assert_eq!(mail.references.len(), 2);
    assert_eq!(mail.verdict.kind, crate::Kind::AutoReply);
    assert_eq!(mail.attachments, []);
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(render(&letter()).unwrap(), render(&letter()).unwrap());
}

#[test]
fn a_text_that_holds_a_boundary_stays_a_text() {
    let mut letter = letter();
    letter.text =
        "--n123mailexamplecom-0\nContent-Type: text/html\n\n<b>no</b>\n--n123mailexamplecom-1--\n"
            .into();
    let raw = render(&letter).unwrap();
    assert!(String::from_utf8_lossy(&raw).contains("boundary=\"n123mailexamplecom-2\""));
    let mail = crate::parse(&raw, None).unwrap();
    assert_eq!(mail.text.trim(), letter.text.trim());
}

#[test]
fn what_is_no_address_is_refused_by_name() {
    let mut letter = letter();
    letter.to.address = "a b@x".into();
    assert_eq!(render(&letter), Err(BadAddress { field: "recipient" }));
}

#[test]
fn of_many_references_the_first_and_the_newest_stay() {
    let many: Vec<String> = (0..100).map(|n| format!("{n}@x")).collect();
    let kept = ids(&many);
    assert_eq!(
        (kept.len(), kept[0].as_str(), kept[19].as_str()),
        (20, "0@x", "99@x")
    );
}

/// Text as an attacker would write it.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nBcc: victim@x.example\r\n".to_owned()),
        Just("\n\n<h1>body</h1>".to_owned()),
        Just("\u{0}\u{85}\u{2028}Bcc: v@x.example\u{2029}".to_owned()),
        Just("=?utf-8?Q?=0D=0ABcc:_v=40x.example?=".to_owned()),
        Just("\"<evil@x.example>, (".to_owned()),
        Just("ä".repeat(10_000)),
        Just("a".repeat(10_000)),
        "\\PC{0,40}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_adds_a_field_a_recipient_or_a_part(subject in hostile(), name in hostile(), value in hostile(), id in hostile(), text in hostile(), file in hostile()) {
        let letter = Letter {
            subject,
            to: Mailbox { name: name.clone(), address: "jo@customer.example".into() },
            from: Mailbox { name, address: "help@mail.example.com".into() },
            headers: vec![("X-Troth-Ticket", value)],
            references: vec![id.clone(), "x@y".into()],
            in_reply_to: Some(format!("x{id}")),
            notice: id,
            html: text.clone(),
            text,
            files: vec![Enclosed { name: file, kind: None, bytes: b"content".to_vec() }],
            ..letter()
        };
        let raw = render(&letter).unwrap();
        let names = field_names(&raw);
        for name in &names {
            prop_assert!(FIELDS.contains(&name.as_str()) || name == "Content-Type", "{name}");
        }
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        prop_assert_eq!(unique.len(), names.len());
        let message = MessageParser::default().parse(&raw).unwrap();
        prop_assert_eq!(message.to().unwrap().iter().count(), 1);
        prop_assert_eq!(message.to().unwrap().first().unwrap().address(), Some("jo@customer.example"));
        // The whole, its text in two forms, and the file.
        prop_assert_eq!(message.parts.len(), 5);
        let fields = |n: usize| message.parts[n].headers.len();
        prop_assert_eq!((fields(1), fields(2), fields(3), fields(4)), (1, 2, 2, 3));
        prop_assert!(message.subject().unwrap_or_default().chars().count() <= 2 * MAX_SUBJECT);
        prop_assert!(!message.subject().unwrap_or_default().contains(['\r', '\n', '\0']));
        prop_assert!(raw.split(|b| *b == b'\n').all(|l| l.len() <= 998));
    }
}
