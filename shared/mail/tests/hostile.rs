//! Mail made to break mail programs: decided in time, never a panic, never lost.

use mail::{Bound, Limits, above_marker, parse, parse_within, reply_text, slash_commands};
use proptest::prelude::*;

const TOP: &str = "From: Jo <jo@x.example>\nSubject: hello\nMessage-ID: <1@x.example>\n";

/// Limits small enough to be crossed in a test.
const SMALL: Limits = Limits {
    total_bytes: 4096,
    header_bytes: 1024,
    header_count: 20,
    parts: 10,
    depth: 5,
    attachments: 3,
    line_bytes: 300,
    text_bytes: 100,
};

fn part(n: usize) -> String {
    format!("--b\nContent-Type: image/png; name={n}.png\n\nx\n")
}

#[test]
fn each_bound_refuses_with_what_could_still_be_read() {
    let mixed = format!("{TOP}Content-Type: multipart/mixed; boundary=b\n\n");
    let level = |n| format!("Content-Type: multipart/mixed; boundary=n{n}\n\n--n{n}\n");
    let nested = (0..7).map(level).collect::<Vec<_>>().concat();
    for (raw, bound) in [
        (format!("{TOP}\n{}", "x\n".repeat(3000)), Bound::TotalBytes),
        (
            format!("{TOP}X: {}\n\n", " y\n".repeat(400)),
            Bound::HeaderBytes,
        ),
        (
            format!("{TOP}{}\n", "X: y\n".repeat(30)),
            Bound::HeaderCount,
        ),
        (mixed.clone() + &"--b\n\nx\n".repeat(12), Bound::Parts),
        (format!("{TOP}{nested}"), Bound::Depth),
        (
            mixed + &(0..4).map(part).collect::<Vec<_>>().concat(),
            Bound::Attachments,
        ),
        (format!("{TOP}\n{}", "y".repeat(400)), Bound::LineBytes),
    ] {
        let refused = parse_within(raw.as_bytes(), Some("jo@x.example"), &SMALL).unwrap_err();
        assert_eq!(refused.bound, bound, "{refused}");
        assert!(refused.found > refused.limit);
        assert_eq!(refused.top.from[0].address, "jo@x.example");
        assert_eq!(refused.top.subject, "hello");
        assert!(refused.top.verdict.may_be_answered());
        assert!(refused.sentence().ends_with('.'));
    }
}

#[test]
fn a_mail_with_too_many_files_or_bytes_is_still_searched_for_secrets() {
    let text = "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nPassword: hunter2\n";
    let files = "--b\nContent-Disposition: attachment\n\nx\n".repeat(4);
    let refused = parse_within(format!("{text}{files}").as_bytes(), None, &SMALL).unwrap_err();
    assert_eq!(refused.bound, Bound::Attachments);
    let found = ticket::mask("Password: hunter2").1;
    assert_eq!(refused.top.unseen, found);
    let top = mail::top_of(text.as_bytes(), usize::MAX, None).top;
    assert_eq!(top.unseen, found);
}

#[test]
fn a_long_text_is_cut_and_not_refused() {
    let mail = parse_within(
        format!("{TOP}\n{}", "word ".repeat(50)).as_bytes(),
        None,
        &SMALL,
    )
    .unwrap();
    assert!(mail.text_truncated && mail.text.len() <= SMALL.text_bytes);
}

#[test]
fn many_parts_headers_and_levels_are_refused_by_default() {
    let parts = format!(
        "{TOP}Content-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\n\nx\n".repeat(100_000)
    );
    assert_eq!(
        parse(parts.as_bytes(), None).unwrap_err().bound,
        Bound::Parts
    );
    let headers = format!("{TOP}{}\n", "X: y\n".repeat(1_000_000));
    assert_eq!(
        parse(headers.as_bytes(), None).unwrap_err().bound,
        Bound::HeaderCount
    );
    let levels = format!("{TOP}{}x", "Content-Type: message/rfc822\n\n".repeat(1000));
    assert_eq!(
        parse(levels.as_bytes(), None).unwrap_err().bound,
        Bound::Depth
    );
    let line = format!(
        "{TOP}Content-Type: text/html\n\n{}",
        "<p>".repeat(2_000_000)
    );
    for over in [parts, headers, levels, line] {
        assert!(parse(over.as_bytes(), None).is_err());
        assert_eq!(mail::display_html(over.as_bytes()), None);
    }
}

#[test]
fn ten_megabytes_in_one_field_are_refused_with_what_stands_above() {
    for field in ["Date", "Subject", "References", "To", "Received"] {
        for unit in ["a", "<a@b.example> ", "=?utf-8?B?w6TD?= ", "(((", "\"<,;:"] {
            let long = unit.repeat(10_000_000 / unit.len());
            let refused = parse(format!("{TOP}{field}: {long}\n\nhi").as_bytes(), None);
            let refused = refused.unwrap_err();
            assert_eq!(refused.bound, Bound::HeaderBytes, "{field}");
            assert_eq!(refused.top.from[0].address, "jo@x.example");
            assert_eq!(refused.top.subject, "hello");
        }
    }
}

#[test]
fn forty_megabytes_in_one_file_are_read_and_measured() {
    let head = format!(
        "{TOP}Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    );
    let line = format!("{}\n", "QUJD".repeat(19));
    let lines = (Limits::DEFAULT.total_bytes - head.len()) / line.len();
    let raw = head + &line.repeat(lines);
    let mail = parse(raw.as_bytes(), None).unwrap();
    assert_eq!(mail.attachments[0].size, 57 * lines as u64);
}

#[test]
fn a_mail_has_no_say_in_when_it_came() {
    for date in [
        "Mon, 99 Foo 99999 99:99:99 +9999",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "",
        "((((",
        "=?utf-8?Q?x?=",
    ] {
        let dated = parse(format!("{TOP}Date: {date}\n\nhi").as_bytes(), None).unwrap();
        assert_eq!(
            dated,
            parse(format!("{TOP}Nope: {date}\n\nhi").as_bytes(), None).unwrap()
        );
    }
}

/// Pieces of mail in any order: what a fuzzer would find first.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"From: a@x.example\n".to_vec()),
        Just(b"Content-Type: multipart/alternative; boundary=\"b\"\n".to_vec()),
        Just(b"Content-Type: multipart/report; report-type=x; boundary=bb\r\n".to_vec()),
        Just(b"Content-Type: message/rfc822\n".to_vec()),
        Just(b"Content-Type: text/html; charset=utf-7\n".to_vec()),
        Just(b"Content-Type: text/plain; format=flowed; charset=gb18030\n".to_vec()),
        Just(b"Content-Transfer-Encoding: base64\n".to_vec()),
        Just(b"Content-Transfer-Encoding: quoted-printable\n".to_vec()),
        Just(b"Content-Disposition: attachment; filename*0*=utf-8''%; filename*1=\"x\n".to_vec()),
        Just(
            "Subject: =?utf-8?B?w6?= =?x?q?=\nFrom: \"a\\\" <\u{202e}@(<,:;\n"
                .as_bytes()
                .to_vec()
        ),
        Just(b"\n".to_vec()),
        Just(b"\r\n\r\n".to_vec()),
        Just(b"--b\n".to_vec()),
        Just(b"--b--\n".to_vec()),
        Just(b"--bb\r\n".to_vec()),
        Just(b"<div class='gmail_quote'><blockquote><a href=\"&#x110000;\">".to_vec()),
        Just(b"</blockquote></a><!-- <style> &nbsp".to_vec()),
        Just(
            "On Mon, 3 Mar 2025 at 10:00, ä <a@b>\nwrote:\n> x\n"
                .as_bytes()
                .to_vec()
        ),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_panic_and_every_result_is_clean(raw in pieces()) {
        if let Ok(mail) = parse(&raw, None) {
            prop_assert!(!mail.subject.contains(char::is_control));
            prop_assert!(!mail.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
            prop_assert!(mail.attachments.iter().all(|a| !a.filename.is_empty() && !a.filename.contains(['/', '\\', '\0', '\n'])));
            prop_assert!(mail.attachments.iter().all(|a| a.read(&raw).len() as u64 == a.size));
            prop_assert!(mail.from.iter().all(|m| m.address.is_empty() || m.address.contains('@')));
        }
    }

    #[test]
    fn no_text_panics_and_what_is_new_was_there(text in "(\\PC{0,20}|> |\n|On 1 Jan 10:00|wrote:|-- |From: |/solve |==|){0,30}") {
        let reply = reply_text(&text);
        for line in reply.lines() {
            prop_assert!(text.contains(line));
        }
        let (_, rest) = slash_commands(&text);
        prop_assert!(text.contains(rest));
        above_marker(&text, "== answer ==");
    }
}
