use proptest::prelude::*;
use ticket::Pepper;

use super::*;

const DOMAIN: &str = "mail.example.com";

fn keyring() -> Keyring {
    Keyring::new([('1', "secret for tests")])
}

fn ticket_id(n: u32) -> TicketId {
    TicketId::derive(&Pepper::new("pepper for tests"), "test", &n.to_string(), 0)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

#[test]
fn addresses_fit_into_a_local_part() {
    let expires = at(4_000_000_000);
    for address in [
        ReplyAddress::participant(ticket_id(1), "0123456789", DOMAIN, &keyring()),
        ReplyAddress::agent(ticket_id(1), "0123456789", expires, DOMAIN, &keyring()),
    ] {
        assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
    }
}

#[test]
fn an_agents_address_expires_but_still_says_whose_it_is() {
    let address = ReplyAddress::agent(ticket_id(1), "0123456789", at(7200), DOMAIN, &keyring());
    let expired = |now| match ReplyAddress::parse(&address, DOMAIN, &keyring(), at(now)) {
        Some(ReplyAddress::Agent { expired, .. }) => expired,
        other => panic!("{other:?}"),
    };
    assert!(!expired(7199));
    assert!(expired(7200));
}

#[test]
fn an_address_of_another_purpose_key_or_domain_is_not_ours() {
    let address = ReplyAddress::participant(ticket_id(1), "0123456789", DOMAIN, &keyring());
    let parse = |address: &str, domain: &str, keyring: &Keyring| {
        ReplyAddress::parse(address, domain, keyring, at(0))
    };
    assert!(parse(&address, DOMAIN, &keyring()).is_some());
    assert!(parse(&address, "other.example", &keyring()).is_none());
    assert!(parse(&address, DOMAIN, &Keyring::new([('1', "another")])).is_none());
    assert!(parse(&address.replacen("t-", "a-", 1), DOMAIN, &keyring()).is_none());
    let reference = Reference::sign(ticket_id(1), "0123456789", DOMAIN, &keyring());
    let posed = format!(
        "t-{}",
        reference.trim_start_matches("n.").replacen('.', "-", 2)
    );
    assert!(parse(&posed, DOMAIN, &keyring()).is_none());
}

#[test]
fn tags_are_those_of_addresses_and_ids_that_look_like_ours() {
    let reference = Reference::sign(ticket_id(2), "abcdefghjk", DOMAIN, &keyring());
    let report = format!(
        "From: MAILER-DAEMON@x.example\nTo: support-de@{DOMAIN}\nCc: t-1-2-3@other.example\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
         Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; gone@x.example\nAction: failed\n\n--b\n\
         Content-Type: text/rfc822-headers\n\nMessage-ID: <{reference}>\n\n--b--\n"
    );
    let mail = crate::parse(report.as_bytes(), Some("")).unwrap();
    let envelope = [format!("A-1-2-3-Xyz@{DOMAIN}"), format!("a-1-2@{DOMAIN}")];
    let tags: Vec<&str> = signed_tags(&mail, &envelope, DOMAIN).collect();
    let signed = reference.split(['.', '@']).nth(3).unwrap();
    assert_eq!(tags, ["Xyz", signed]);
}

#[test]
fn keys_are_found_wherever_a_client_leaves_them() {
    let ses = "0100018c1d3e4f5a-8b7c6d5e-1234-5678-9abc-def012345678-000000";
    let reference = Reference::sign(ticket_id(2), "abcdefghjk", DOMAIN, &keyring());
    let address = ReplyAddress::participant(ticket_id(1), "0123456789", DOMAIN, &keyring());
    for (header, recipients, want) in [
        (
            format!("In-Reply-To: <{ses}@eu-west-1.amazonses.com>"),
            vec![],
            (None, None, vec![ses]),
        ),
        (
            format!(
                "In-Reply-To: <{ses}@email.amazonses.com>\nReferences: <{ses}@email.amazonses.com>"
            ),
            vec![],
            (None, None, vec![ses]),
        ),
        (
            format!("References: <{ses}>"),
            vec![],
            (None, None, vec![ses]),
        ),
        (
            format!(
                "References: <a@x> <{}>\n <{ses}@relay.example>",
                reference.to_uppercase()
            ),
            vec![],
            (None, Some(2), vec![ses]),
        ),
        (
            "References: <n.0000000.abc.1@mail.example.com>".to_owned(),
            vec![],
            (None, None, vec![]),
        ),
        (
            "Subject: [EH-7K3Q-9M2X] Re: help".to_owned(),
            vec![],
            (None, None, vec![]),
        ),
        (
            "To: help@mail.example.com".to_owned(),
            vec![address.to_uppercase()],
            (Some(1), None, vec![]),
        ),
        (
            format!("To: Desk <{address}>"),
            vec!["forwarded@other.example".to_owned()],
            (Some(1), None, vec![]),
        ),
        (
            format!("Delivered-To: {address}\nTo: help@example.com"),
            vec![],
            (Some(1), None, vec![]),
        ),
    ] {
        let mail = crate::parse(
            format!("From: a@x.example\n{header}\n\nhi\n").as_bytes(),
            None,
        )
        .unwrap();
        let keys = thread_keys(&mail, &recipients, DOMAIN, &keyring(), at(0));
        // Whoever asks for the keys of these tags has the key of what is found.
        let named = signed_tags(&mail, &recipients, DOMAIN).any(|tag| tag.starts_with('1'));
        assert!(
            named || (want.0, want.1) == (None, None),
            "{header}: its key is not named"
        );
        let got = (
            keys.reply_address.as_ref().map(ReplyAddress::ticket),
            keys.reference,
            keys.ses_ids,
        );
        let ids = want.2.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            got,
            (want.0.map(ticket_id), want.1.map(ticket_id), ids),
            "{header}"
        );
    }
}

#[test]
fn ses_ids_come_newest_first_and_are_few() {
    let ses = |n: usize| format!("{n:016x}-00000000-0000-0000-0000-000000000000-000000");
    let references: Vec<MessageId> = (0..40).map(|n| id(&ses(n))).collect();
    let mail = InboundMail {
        in_reply_to: vec![id(&ses(39))],
        references,
        ..InboundMail::default()
    };
    let keys = thread_keys(&mail, &[], DOMAIN, &keyring(), at(0));
    assert_eq!(keys.ses_ids, (30..40).rev().map(ses).collect::<Vec<_>>());
}

/// A change of one symbol of the local part, an inserted one, or a removed one.
fn mutate(text: &str, place: usize, kind: u8, symbol: char) -> String {
    let end = text.find('@').unwrap();
    let place = place % end;
    let (head, tail) = text.split_at(place);
    match kind % 3 {
        0 => format!("{head}{symbol}{}", &tail[1..]),
        1 => format!("{head}{symbol}{tail}"),
        _ => format!("{head}{}", &tail[1..]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_address_reads_back_in_any_case(n: u32, person in "[0-9a-hjkmnp-tv-z]{10}", hours in 0i64..1_500_000, upper: bool) {
        let cased = |a: String| if upper { a.to_uppercase() } else { a };
        let address = cased(ReplyAddress::participant(ticket_id(n), &person, DOMAIN, &keyring()));
        let want = ReplyAddress::Participant { ticket: ticket_id(n), person_short: person.clone() };
        prop_assert_eq!(ReplyAddress::parse(&address, DOMAIN, &keyring(), at(0)), Some(want));
        let expires = at(hours * 3600);
        let address = cased(ReplyAddress::agent(ticket_id(n), &person, expires, DOMAIN, &keyring()));
        let want = ReplyAddress::Agent { ticket: ticket_id(n), person_short: person, expires, expired: true };
        prop_assert_eq!(ReplyAddress::parse(&address, DOMAIN, &keyring(), expires), Some(want));
        let reference = cased(Reference::sign(ticket_id(n), "abcdefghjk", DOMAIN, &keyring()));
        let want = Reference { ticket: ticket_id(n), notice_short: "abcdefghjk".into() };
        prop_assert_eq!(Reference::parse(&id(&reference), DOMAIN, &keyring()), Some(want));
    }

    #[test]
    fn no_changed_address_verifies(n: u32, place in 0usize..64, kind: u8, symbol in "[0-9a-zA-Z.+-]") {
        let symbol = symbol.chars().next().unwrap();
        let participant = ReplyAddress::participant(ticket_id(n), "0123456789", DOMAIN, &keyring());
        let agent = ReplyAddress::agent(ticket_id(n), "0123456789", at(1_800_000_000), DOMAIN, &keyring());
        for address in [participant, agent] {
            let forged = mutate(&address, place, kind, symbol);
            if !forged.eq_ignore_ascii_case(&address) {
                prop_assert_eq!(ReplyAddress::parse(&forged, DOMAIN, &keyring(), at(0)), None);
            }
        }
        let reference = Reference::sign(ticket_id(n), "abcdefghjk", DOMAIN, &keyring());
        let forged = mutate(&reference, place, kind, symbol);
        if !forged.eq_ignore_ascii_case(&reference) {
            prop_assert_eq!(Reference::parse(&id(&forged), DOMAIN, &keyring()), None);
        }
    }

    #[test]
    fn no_invented_address_verifies(local in "[ta]-[0-9a-z]{8}-[0-9a-z]{10}(-[0-9a-z]{4})?-1[0-9a-z]{26}") {
        prop_assert_eq!(ReplyAddress::parse(&format!("{local}@{DOMAIN}"), DOMAIN, &keyring(), at(0)), None);
    }
}
