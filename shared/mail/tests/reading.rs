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
    let raw = "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee files\n--b\nContent-Type: image/png\nContent-ID: <c1>\nContent-Disposition: inline; filename*=utf-8''..%2F%E2%80%AEgnp.exe\nContent-Transfer-Encoding: base64\n\niVBORw==\n--b\nContent-Type: text/plain; name=\"notes.txt\"\n\nkeep\n--b\nContent-Type: message/rfc822\n\nSubject: Old/mail\n\ninner\n--b--\n";
    let mail = read(raw);
    let names: Vec<&str> = mail
        .attachments
        .iter()
        .map(|a| a.filename.as_str())
        .collect();
    assert_eq!(names, ["gnp.exe", "notes.txt", "mail.eml"]);
    let bytes = |n: usize| mail.attachments[n].read(raw.as_bytes()).into_owned();
    assert_eq!(bytes(0), b"\x89PNG");
    assert_eq!(mail.attachments[0].size, 4);
    assert_eq!(mail.attachments[0].content_id.as_deref(), Some("c1"));
    assert!(mail.attachments[0].inline);
    assert_eq!(bytes(2), b"Subject: Old/mail\n\ninner");
    assert_eq!(mail.text.trim(), "See files");
}

#[test]
fn a_mail_reads_the_same_with_every_kind_of_line_end() {
    let raw = "From: a@x.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: image/gif\n\nGIF\n--b--\n";
    let want = read(raw);
    let with_feeds = raw.replace('\n', "\r\n");
    let old = raw.replace('\n', "\r");
    let mailbox = format!("From x Mon Mar  3 10:00:00 2025\n{raw}");
    for other in [with_feeds, old, mailbox, format!("\u{feff}{raw}")] {
        let mail = read(&other);
        assert_eq!((&mail.subject, &mail.text), (&want.subject, &want.text));
        let [file] = mail.attachments.as_slice() else {
            panic!("{:?}", mail.attachments)
        };
        assert_eq!(file.digest, want.attachments[0].digest);
        assert_eq!(&*file.read(other.as_bytes()), b"GIF");
    }
}

/// What came damaged is a file beside what came whole, and the words where nothing did.
#[test]
fn text_that_came_damaged_is_shown_only_where_there_is_no_other() {
    let mixed = |parts: &str| {
        read(&format!(
            "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n{parts}"
        ))
    };
    let cut = mixed("--b\n\nwhole\n--b\n\ncut o");
    assert_eq!(
        (cut.text.as_str(), cut.reply_text.as_str()),
        ("whole", "whole")
    );
    assert!(matches!(&cut.attachments[..], [file] if file.damaged && file.size == 5));

    let nothing = mixed("--b\n\nwhole\n--b\n");
    assert_eq!(nothing.attachments, []);

    let garbled = "--b\nContent-Transfer-Encoding: base64\n\nnot base64 at all, is it?\n";
    let beside = mixed(&format!("--b\n\nwhole\n{garbled}--b--\n"));
    assert_eq!(
        (beside.text.as_str(), beside.attachments.len()),
        ("whole", 1)
    );
    let alone = mixed(&format!("{garbled}--b--\n"));
    assert_eq!(alone.reply_text, "not base64 at all, is it?");

    let alternative = read(
        "From: a@x.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>plain",
    );
    assert_eq!(
        (alternative.text.as_str(), alternative.attachments.len()),
        ("plain", 0)
    );
}

#[test]
fn secrets_are_found_in_every_text_of_a_mail_and_counted_once() {
    let mail = "From: a@x.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nPassword: hunter2\n--b\nContent-Type: text/html\n\n<p>Password: <b>hunter2</b></p><p>4111 1111 1111 1111</p>\n--b--\n";
    let found: Vec<_> = read(mail)
        .unseen
        .iter()
        .map(|it| (it.kind, it.count))
        .collect();
    assert_eq!(
        found,
        [
            (ticket::SecretKind::Card, 1),
            (ticket::SecretKind::Password, 1)
        ]
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
    assert_eq!((open.text.as_str(), open.attachments.len()), ("", 1));
    assert_eq!(open.reply_text, "never closed");
    let none = read("From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\nno parts\n");
    assert_eq!((none.text.as_str(), none.attachments.len()), ("", 1));
}

#[test]
fn uuencoded_files_leave_the_text() {
    let raw = "From: a@x.example\n\nSee:\nbegin 644 ../cat.txt\n#0V%T\n`\nend\nBye\n";
    let mail = read(raw);
    assert_eq!(mail.text, "See:\nBye");
    let [file] = mail.attachments.as_slice() else {
        panic!("{:?}", mail.attachments)
    };
    assert_eq!(file.filename, "cat.txt");
    assert_eq!(&*file.read(raw.as_bytes()), b"Cat");
}

#[test]
fn a_winmail_dat_is_kept_and_opened() {
    // Signature, key, body "Hi", one file "a.png" with the first bytes of a picture.
    let packed = "eJ8+IgEAAQyAAgADAAAASGkAAAABApAGAA4AAAAAAAAAAAAAAAAAAAAAAAAAARCAAQAGAAAAYS5wbmcAAAABD4AGAAgAAACJUE5HDQoaCgAA";
    let raw = format!(
        "From: a@x.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{packed}\n"
    );
    let mail = read(&raw);
    assert_eq!(mail.text, "Hi");
    let [outer, inner] = mail.attachments.as_slice() else {
        panic!("{:?}", mail.attachments)
    };
    assert_eq!(
        (outer.filename.as_str(), outer.inside),
        ("winmail.dat", None)
    );
    assert_eq!((inner.filename.as_str(), inner.inside), ("a.png", Some(0)));
    assert_eq!(inner.sniffed, Some("image/png"));
    assert_eq!(&*inner.read(raw.as_bytes()), b"\x89PNG\r\n\x1a\n");
}

#[test]
fn pictures_in_the_text_are_told_from_files() {
    let mail = read(
        "From: a@x.example\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='cid:i1'>\n--b\nContent-Type: image/gif\nContent-ID: <i1>\n\nGIF89a\n--b\nContent-Type: application/pdf; name=a.pdf\n\n%PDF-1.7\n--b--\n",
    );
    let inline: Vec<bool> = mail.attachments.iter().map(|a| a.inline).collect();
    assert_eq!(inline, [true, false]);
    assert_eq!(mail.attachments[1].sniffed, Some("application/pdf"));
}

#[test]
fn signed_and_encrypted_mail_is_kept_and_marked() {
    use mail::Seal;
    for (raw, want) in [
        (
            "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/pgp-signature\n\nsig\n--b--\n",
            Some(Seal::Signed),
        ),
        (
            "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nx\n--b--\n",
            Some(Seal::Encrypted),
        ),
        (
            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx\n",
            Some(Seal::Encrypted),
        ),
        (
            "Content-Type: application/x-pkcs7-mime; smime-type=signed-data\n\nx\n",
            Some(Seal::Signed),
        ),
        (
            "Subject: s\n\n-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----\n",
            Some(Seal::Encrypted),
        ),
        (
            "Subject: s\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhi\n",
            Some(Seal::Signed),
        ),
        ("Subject: s\n\nhi\n", None),
    ] {
        let mail = read(&format!("From: a@x.example\n{raw}"));
        assert_eq!(mail.seal, want, "{raw}");
        assert!(!mail.text.is_empty() || !mail.attachments.is_empty());
    }
}

#[test]
fn subjects_are_read_in_every_charset_and_every_wrong_way() {
    for (field, want) in [
        ("=?iso-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
        ("=?windows-1258?Q?Ti=EA=ECng?=", "Ti\u{ea}\u{301}ng"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?gb18030?B?xOO6ww==?=", "你好"),
        ("=?big5?B?p0Gmbg==?=", "你好"),
        ("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("=?shift_jis?B?grGC8YLJgr+CzQ==?=", "こんにちは"),
        ("=?euc-kr?B?vsiz5w==?=", "안녕"),
        ("=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?b?R3LDvMOfZQ?=", "Grüße"),
        ("\"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\"", "\"Grüße\""),
        ("=?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe?= Jo", "Grüße Jo"),
        ("=?utf-8?Q?a=0D=0AX-Evil:_b?=", "a X-Evil: b"),
        ("=?utf-8?Q?=E2=80=AEgpj.exe=E2=80=8B?=", "gpj.exe"),
        ("=?nonsense?Q?a=20b?=", "a b"),
        ("Re:\tone\n two", "Re: one two"),
    ] {
        let mail = read(&format!("From: a@x.example\nSubject: {field}\n\nhi\n"));
        assert_eq!(mail.subject, want, "{field}");
    }
}

#[test]
fn look_alike_domains_are_shown_in_ascii() {
    for (domain, want) in [
        ("\u{430}pple.example", "xn--pple-43d.example"),
        ("b\u{fc}cher.example", "xn--bcher-kva.example"),
        ("EXAMPLE.example", "example.example"),
    ] {
        let mail = read(&format!("From: Jo <jo@{domain}>\n\nhi\n"));
        assert_eq!(mail.from[0].address, format!("jo@{want}"));
    }
}
