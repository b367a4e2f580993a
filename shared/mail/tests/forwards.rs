//! Mail reaches a desk through forwarders. Each file of `forwards/` is a mail as one kind of forwarder hands it on: the
//! header lines are as the forwarder writes them, names and words are ours.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::fs;
use std::path::Path;

use mail::{InboundMail, Kind, parse};
use policy::{Lang, Policy};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forwards")
}

fn desk() -> Policy {
    let read = |name: &str| fs::read_to_string(folder().join(name)).unwrap();
    let pages = [(Lang::new("en").unwrap(), read("page.en.md"))].into();
    Policy::parse(&read("policy.toml"), "policy.toml", pages).unwrap()
}

/// Every recorded forward: its name, the bytes, and the envelope sender that SES notes on top.
fn forwards() -> Vec<(String, String)> {
    let files = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut mails: Vec<(String, String)> = files
        .filter(|path| path.extension().is_some_and(|it| it == "eml"))
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    mails.sort();
    mails
}

fn read(raw: &str, policy: &Policy) -> InboundMail {
    let envelope = raw
        .lines()
        .next()
        .unwrap()
        .trim_start_matches("Return-Path: <")
        .trim_end_matches('>');
    let mut mail = parse(raw.as_bytes(), Some(envelope)).unwrap();
    mail.take_groups_mail_as_written(policy);
    mail
}

/// The envelope of SES names the address that was forwarded to, which is the desk's as a whole.
fn envelope() -> Vec<String> {
    vec!["desk@in.support.example".to_owned()]
}

#[test]
fn each_kind_of_forward_reaches_its_department_as_a_persons_mail_through_a_trusted_server() {
    let policy = desk();
    let all = forwards();
    assert!(all.len() >= 10, "{} forwards", all.len());
    for (name, raw) in all {
        let mail = read(&raw, &policy);
        assert_eq!(
            mail.verdict.kind,
            Kind::Human,
            "{name}: {}",
            mail.verdict.evidence
        );
        assert_eq!(mail.from[0].address, "jo@customer.example", "{name}");
        assert!(!mail.ambiguous_sender, "{name}");
        let department = mail.department(&envelope(), &policy);
        assert_eq!(department.unwrap().as_str(), "billing", "{name}");
        let host = mail.handed_over_by.as_deref().unwrap_or_default();
        assert!(policy.trusts_forwarder(host), "{name}: {host}");
    }
}

#[test]
fn a_server_that_the_sender_invents_is_not_the_one_that_handed_the_mail_over() {
    let policy = desk();
    for (name, raw) in forwards() {
        let (path, rest) = raw.split_once('\n').unwrap();
        let (_, rest) = rest.split_once("X-SES-Spam-Verdict").unwrap();
        let ses = |host: &str| {
            format!(
                "{path}\nReceived: from mail.google.com ({host} [192.0.2.1])\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x;\n Mon, 23 Nov 2026 05:40:00 +0000\n"
            )
        };
        let forged = "Received: from mail.google.com (mail.google.com [192.0.2.9])\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id y\n";
        for host in [
            "evil.example",
            "mail.google.com.evil.example",
            "unknown",
            "[192.0.2.1]",
        ] {
            let raw = format!("{}{forged}X-SES-Spam-Verdict{rest}", ses(host));
            let mail = read(&raw, &policy);
            let host = mail.handed_over_by.as_deref().unwrap_or_default();
            assert!(!policy.trusts_forwarder(host), "{name}: {host}");
        }
        // Without SES's own line on top, nothing below is believed to be it.
        let raw =
            format!("Received: from a.example by mx.evil.example with SMTP id z\n{forged}{rest}");
        assert_eq!(
            parse(raw.as_bytes(), None).unwrap().handed_over_by,
            None,
            "{name}"
        );
    }
}
