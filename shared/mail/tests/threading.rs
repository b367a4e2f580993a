//! How mail programs answer: what each of them leaves of our mail, and which ticket the answer leads to.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use mail::{Reference, ReplyAddress, parse, thread_keys};
use ticket::{Keyring, Pepper, TicketId};

const DOMAIN: &str = "mail.support.example.com";
const HELP: &str = "help@support.example.com";
const PERSON: &str = "0123456789";
const NOTICE: &str = "abcdefghjk";

/// Tickets that the habits name. `mine` is the one that the mail answered.
const MINE: u32 = 1;
const OTHER: u32 = 2;

fn keyring() -> Keyring {
    Keyring::new([('1', "secret for tests")])
}

fn ticket(n: u32) -> TicketId {
    TicketId::derive(&Pepper::new("pepper for tests"), "test", &n.to_string(), 0)
}

/// The SES id under which the mail of a ticket left.
fn ses(n: u32) -> String {
    format!("0107019ab3c4d5e{n}-8b7c6d5e-1234-5678-9abc-def012345678-000000")
}

/// Fills in what our mail carried: `{reply}`, `{ref}`, `{ses}`, the same of the other ticket as `{reply 2}` and so on,
/// and forgeries made with a key that is not ours as `{reply forged}` and `{ref forged}`.
fn filled(text: &str) -> String {
    let forger = Keyring::new([('1', "another secret")]);
    let mut words = BTreeMap::new();
    for (which, n, keyring) in [
        ("", MINE, &keyring()),
        (" 2", OTHER, &keyring()),
        (" forged", OTHER, &forger),
    ] {
        let reply = ReplyAddress::participant(ticket(n), PERSON, DOMAIN, keyring);
        let reference = Reference::sign(ticket(n), NOTICE, DOMAIN, keyring);
        words.insert(format!("{{reply{which}}}"), reply);
        words.insert(format!("{{ref{which}}}"), reference);
        words.insert(format!("{{ses{which}}}"), ses(n));
    }
    words.iter().fold(text.to_owned(), |text, (word, value)| {
        text.replace(word, value)
    })
}

/// One habit: who does it, the envelope recipient, the headers that matter, and the ticket it must lead to.
type Habit = (&'static str, &'static str, &'static str, Option<u32>);

/// Recorded habits. The headers are as the programs write them; ids and addresses are ours.
const HABITS: &[Habit] = &[
    // The reply address, wherever it stands.
    (
        "Gmail on the web",
        "{reply}",
        "To: Support <{reply}>\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>\nReferences: <{ref}> <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "Gmail on Android",
        "{reply}",
        "To: {reply}\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>\nReferences: <{ref}>\n <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "Outlook for Windows, with its own index",
        "{reply}",
        "To: 'Support' <{reply}>\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>\nReferences: <{ref}> <{ses}@eu-west-1.amazonses.com>\nThread-Index: AQHZ8kq0pVvXwEexample==",
        Some(MINE),
    ),
    (
        "Outlook on the web",
        "{reply}",
        "To: \"Support\" <{reply}>\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>\nReferences: <{ref}>,<{ses}@eu-west-1.amazonses.com>\nThread-Topic: help",
        Some(MINE),
    ),
    (
        "Outlook for iOS, which answers the envelope only",
        "{reply}",
        "To: Support <{reply}>",
        Some(MINE),
    ),
    (
        "Apple Mail on a Mac",
        "{reply}",
        "To: Support <{reply}>\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>\nReferences: <{ref}> <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "Yahoo on the web",
        "{reply}",
        "To: {reply}\nReferences: <{ses}.ref@mail.yahoo.com>\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "Thunderbird",
        "{reply}",
        "To: {reply}\nReferences: <{ref}> <{ses}@eu-west-1.amazonses.com>\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "a mobile program that capitalises addresses",
        "{reply}",
        "To: Support <{REPLY}>",
        Some(MINE),
    ),
    (
        "Reply all, the reply address behind colleagues",
        "colleague@customer.example",
        "To: colleague@customer.example, Support <{reply}>\nCc: boss@customer.example",
        Some(MINE),
    ),
    (
        "Reply all, the reply address in Cc",
        "help@support.example.com",
        "To: help@support.example.com\nCc: Support <{reply}>",
        Some(MINE),
    ),
    (
        "our mailbox forwards to SES and notes the first recipient",
        HELP,
        "To: someone@elsewhere.example\nDelivered-To: {reply}",
        Some(MINE),
    ),
    (
        "Postfix alias that notes X-Original-To",
        HELP,
        "To: undisclosed-recipients:;\nX-Original-To: {reply}",
        Some(MINE),
    ),
    (
        "Exim forwarder that notes Envelope-To",
        HELP,
        "To: undisclosed-recipients:;\nEnvelope-To: {reply}",
        Some(MINE),
    ),
    (
        "sent to the reply address in Bcc: envelope only",
        "{reply}",
        "To: undisclosed-recipients:;",
        Some(MINE),
    ),
    (
        "subject changed entirely",
        "{reply}",
        "To: {reply}\nSubject: Invoice for March",
        Some(MINE),
    ),
    // Our signed id in References.
    (
        "written to the department's address, References kept",
        HELP,
        "To: help@support.example.com\nReferences: <{ref}> <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "Exchange that replaces In-Reply-To by its own id",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <AM0PR0402MB3777@AM0PR0402MB3777.eurprd04.prod.outlook.com>\nReferences: <{ref}> <AM0PR0402MB3777@AM0PR0402MB3777.eurprd04.prod.outlook.com>",
        Some(MINE),
    ),
    (
        "Exchange that writes In-Reply-To as our own id",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <{ref}>",
        Some(MINE),
    ),
    (
        "ids in capitals, as an old gateway writes them",
        HELP,
        "To: help@support.example.com\nReferences: <{REF}>",
        Some(MINE),
    ),
    (
        "ids without angle brackets",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: {ref}",
        Some(MINE),
    ),
    (
        "References separated by commas",
        HELP,
        "To: help@support.example.com\nReferences: <a@customer.example>,<{ref}>,<b@customer.example>",
        Some(MINE),
    ),
    (
        "References folded within the list",
        HELP,
        "To: help@support.example.com\nReferences: <a@customer.example>\n\t<{ref}>\n\t<b@customer.example>",
        Some(MINE),
    ),
    (
        "two References fields, of a broken relay",
        HELP,
        "To: help@support.example.com\nReferences: <a@customer.example>\nReferences: <{ref}>",
        Some(MINE),
    ),
    (
        "a thread that went from one ticket to the next: the newest counts",
        HELP,
        "To: help@support.example.com\nReferences: <{ref 2}> <x@customer.example> <{ref}>",
        Some(MINE),
    ),
    // The SES id alone.
    (
        "iOS Mail, which drops our References",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>\nReferences: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "iOS Mail, sent from us-east-1",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <{ses}@email.amazonses.com>",
        Some(MINE),
    ),
    (
        "bare SES id without a domain",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <{ses}>",
        Some(MINE),
    ),
    (
        "SES id whose domain a gateway replaced",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <{ses}@relay.customer.example>",
        Some(MINE),
    ),
    (
        "Outlook for Windows without References",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "Lotus Notes, References only",
        HELP,
        "To: help@support.example.com\nReferences: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "several SES ids: the newest that we sent counts",
        HELP,
        "To: help@support.example.com\nReferences: <{ses 2}@eu-west-1.amazonses.com> <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "an SES id of another company before ours",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <010701ffffffffff-00000000-0000-0000-0000-000000000000-000000@eu-west-1.amazonses.com>\nReferences: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    (
        "forwarded by the customer's other account, headers kept",
        HELP,
        "To: other@customer.example\nResent-To: help@support.example.com\nReferences: <{ses}@eu-west-1.amazonses.com>",
        Some(MINE),
    ),
    // Nothing that leads anywhere: a new ticket.
    (
        "a new mail with an old subject",
        HELP,
        "To: help@support.example.com\nSubject: Re: [EH-7K3Q-9M2X] help",
        None,
    ),
    (
        "forwarded as a new mail: quoted, no ids",
        HELP,
        "To: help@support.example.com\nSubject: Fwd: help",
        None,
    ),
    (
        "ids of the customer's own thread only",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <CAExample=abc@mail.gmail.com>\nReferences: <CAExample=abc@mail.gmail.com>",
        None,
    ),
    (
        "SES id of a mail that we did not send",
        HELP,
        "To: help@support.example.com\nIn-Reply-To: <010701ffffffffff-00000000-0000-0000-0000-000000000000-000000@eu-west-1.amazonses.com>",
        None,
    ),
    // Forgeries: what is not signed by us leads nowhere.
    (
        "a reply address of another ticket, its tag invented",
        "{reply forged}",
        "To: {reply forged}",
        None,
    ),
    (
        "a reference to another ticket, its tag invented",
        HELP,
        "To: help@support.example.com\nReferences: <{ref forged}>",
        None,
    ),
    (
        "our reference with another ticket put in",
        HELP,
        "To: help@support.example.com\nReferences: <{swapped}>",
        None,
    ),
    (
        "our id at another domain",
        HELP,
        "To: help@support.example.com\nReferences: <{elsewhere}>",
        None,
    ),
    (
        "our reference posing as a reply address",
        "{posed}",
        "To: <{posed}>",
        None,
    ),
    ("a reply address cut short", "{cut}", "To: {cut}", None),
    (
        "the text of a reply address in the display name",
        HELP,
        "To: \"{reply}\" <help@support.example.com>",
        None,
    ),
    (
        "a genuine reference beside a forged address",
        "{reply forged}",
        "To: {reply forged}\nReferences: <{ref}>",
        Some(MINE),
    ),
    (
        "a genuine address beside a reference to another ticket",
        "{reply}",
        "To: {reply}\nReferences: <{ref 2}>",
        Some(MINE),
    ),
];

/// The forms that are made from the genuine ones.
fn made(text: &str) -> String {
    let (reply, reference) = (filled("{reply}"), filled("{ref}"));
    let swapped = reference.replace(
        &ticket(MINE).as_str().to_lowercase(),
        &ticket(OTHER).as_str().to_lowercase(),
    );
    let posed = reference.replacen("n.", "t-", 1).replace('.', "-");
    let posed = posed.split('@').next().unwrap_or_default();
    let forms = [
        ("{REPLY}", reply.to_uppercase()),
        ("{REF}", reference.to_uppercase()),
        ("{swapped}", swapped),
        (
            "{elsewhere}",
            reference.replace(DOMAIN, "mail.other.example"),
        ),
        ("{posed}", format!("{posed}@{DOMAIN}")),
        (
            "{cut}",
            reply
                .replacen(&format!("@{DOMAIN}"), "", 1)
                .chars()
                .take(40)
                .collect::<String>()
                + "@"
                + DOMAIN,
        ),
    ];
    let text = forms.iter().fold(text.to_owned(), |text, (word, value)| {
        text.replace(word, value)
    });
    filled(&text)
}

/// The ticket that a mail leads to, as `inbound-email` asks: address, then reference, then the ids that SES gave.
fn leads_to(recipient: &str, headers: &str) -> Option<u32> {
    let raw = made(&format!(
        "From: jo@customer.example\n{headers}\n\nThank you.\n"
    ));
    let mail = parse(raw.as_bytes(), Some("jo@customer.example")).unwrap();
    let now: Timestamp = "2026-11-23T05:40:00Z".parse().unwrap();
    let keys = thread_keys(&mail, &[made(recipient)], DOMAIN, &keyring(), now);
    let sent: BTreeMap<String, u32> = [MINE, OTHER].map(|n| (ses(n), n)).into();
    let signed = keys
        .reply_address
        .as_ref()
        .map(ReplyAddress::ticket)
        .or(keys.reference);
    match signed {
        Some(id) => [MINE, OTHER].into_iter().find(|n| ticket(*n) == id),
        None => keys.ses_ids.iter().find_map(|id| sent.get(id).copied()),
    }
}

#[test]
fn every_recorded_habit_leads_to_its_ticket_or_to_none() {
    for (who, recipient, headers, wanted) in HABITS {
        assert_eq!(leads_to(recipient, headers), *wanted, "{who}");
    }
    assert!(HABITS.len() >= 40, "{} habits", HABITS.len());
}
