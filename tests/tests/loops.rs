//! Bots of every wiring answer the desk's mail for a day: at most five mails a pair, and people are still answered
//! (security bar 25 and 26).
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use std::collections::BTreeMap;

use play::Mail;
use serde_json::json;
use tests::desk::{Desk, Setup};

const SUPPORT: &str = "support@support.example.com";

/// So many mails a day may go to one bot.
const MOST: usize = 5;

/// What a bot does with a mail from the desk: where its own goes, from which envelope sender, and its bytes.
type Answer = fn(&Mail, &str) -> (String, String, String);

/// The bots, each at an address of its own.
const BOTS: [(&str, Answer); 6] = [
    ("out-of-office@customer.example", out_of_office),
    ("bounces@customer.example", bounce),
    ("answers-in-thread@customer.example", in_thread),
    ("answers-anew@customer.example", anew),
    ("reports@customer.example", report),
    ("desk@other-desk.example", other_desk),
];

fn raw(from: &str, to: &str, subject: &str, more: &str, text: &str) -> String {
    format!("From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\n{more}\r\n{text}\r\n")
}

fn reply_to(mail: &Mail) -> String {
    let address = mail.header("reply-to");
    let address = address.rsplit('<').next().unwrap_or_default();
    address.trim_end_matches('>').to_owned()
}

/// Answers where it was told to, and says what it is.
fn out_of_office(mail: &Mail, from: &str) -> (String, String, String) {
    let to = reply_to(mail);
    let subject = format!("Out of office: {}", mail.subject);
    let text = raw(
        from,
        &to,
        &subject,
        "Auto-Submitted: auto-replied\r\n",
        "I am away.",
    );
    (to, from.to_owned(), text)
}

/// Reports that nothing was delivered, from nobody.
fn bounce(mail: &Mail, from: &str) -> (String, String, String) {
    let kind = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n";
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; {from}\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--"
    );
    let subject = "Undelivered Mail Returned to Sender";
    let daemon = "MAILER-DAEMON@mx.customer.example";
    let to = reply_to(mail);
    let text = raw(daemon, &to, subject, kind, &body);
    (to, String::new(), text)
}

/// Answers where it was told to, like a person.
fn in_thread(mail: &Mail, from: &str) -> (String, String, String) {
    let to = reply_to(mail);
    let text = raw(
        from,
        &to,
        &format!("Re: {}", mail.subject),
        "",
        "Thank you for your mail.",
    );
    (to, from.to_owned(), text)
}

/// Answers with a mail that nothing but its subject ties to ours.
fn anew(mail: &Mail, from: &str) -> (String, String, String) {
    let text = raw(
        from,
        SUPPORT,
        &format!("Re: {}", mail.subject),
        "",
        "Thank you for your mail.",
    );
    (SUPPORT.to_owned(), from.to_owned(), text)
}

/// Writes a request whenever it gets a mail; only a number changes.
fn report(mail: &Mail, from: &str) -> (String, String, String) {
    let subject = format!("Report {} is ready", mail.at.as_second());
    let text = raw(from, SUPPORT, &subject, "", "Please fetch it.");
    (SUPPORT.to_owned(), from.to_owned(), text)
}

/// Another desk of ours: it acknowledges as we do, with the same header fields.
fn other_desk(mail: &Mail, from: &str) -> (String, String, String) {
    let of_ours = ["auto-submitted", "x-auto-response-suppress", "mime-version"];
    let fields = of_ours.iter().map(|name| (name, mail.header(name)));
    let more = fields
        .filter(|(_, value)| !value.is_empty())
        .fold(String::new(), |more, (name, value)| {
            more + &format!("{name}: {value}\r\n")
        });
    let text = raw(
        from,
        SUPPORT,
        "We have received your request",
        &more,
        mail.text(),
    );
    (SUPPORT.to_owned(), from.to_owned(), text)
}

fn desk() -> Desk {
    let desk = Desk::start(Setup::under(
        "online-only",
        "2026-11-24T09:00:00Z".parse().unwrap(),
    ));
    // A version holds a minute after it was published.
    desk.advance("PT5M");
    desk
}

fn to<'m>(mails: &'m [Mail], address: &str) -> Vec<&'m Mail> {
    mails.iter().filter(|mail| mail.is_to(address)).collect()
}

#[test]
fn no_bot_gets_more_than_five_mails_a_day_and_people_are_answered() {
    let desk = desk();
    let deliver = |to: &str, from: &str, raw: &str| {
        desk.client().deliver(from, to, raw).unwrap();
    };
    for (address, _) in BOTS {
        deliver(
            SUPPORT,
            address,
            &raw(address, SUPPORT, "A request", "", "Please help."),
        );
    }
    let mut answered: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..20 {
        desk.settle();
        let mails = desk.mails();
        for (address, answer) in BOTS {
            let got = to(&mails, address);
            let seen = answered.entry(address).or_default();
            for mail in got.iter().skip(*seen) {
                let (to, from, raw) = answer(mail, address);
                deliver(&to, &from, &raw);
            }
            *seen = got.len();
        }
        desk.advance("PT1H");
    }
    let person = "person@customer.example";
    let said = raw(
        person,
        SUPPORT,
        "Help",
        "Auto-Submitted: no\r\n",
        "Please help.",
    );
    deliver(SUPPORT, person, &said);
    desk.settle();
    let mails = desk.mails();
    assert_eq!(to(&mails, person).len(), 1, "a person is acknowledged");
    for (address, _) in BOTS {
        let got = to(&mails, address).len();
        assert!((1..=MOST).contains(&got), "{got} mails to {address}");
    }
    assert_eq!(to(&mails, "desk@other-desk.example").len(), 1);
    assert_eq!(to(&mails, "out-of-office@customer.example").len(), 1);
}

#[test]
fn a_victims_address_in_the_form_gets_one_mail_and_one_digest_a_day_without_a_word_of_the_attackers()
 {
    let desk = desk();
    let victim = "victim@customer.example";
    let taint = ["Taintedname", "Taintedsubject", "Taintedbody"];
    let headers = [("content-type", "application/json")];
    let ask = |n: u32| {
        let request = json!({
            "email": victim, "name": taint[0], "lang": "en",
            "subject": format!("{} {n}", taint[1]), "message": format!("{} {n}", taint[2]),
        });
        let answer = desk.ask("POST", "/tickets", &headers, request.to_string().as_bytes());
        assert_eq!(answer.status, 201);
    };
    (0..40).for_each(ask);
    desk.settle();
    assert_eq!(desk.tickets().len(), 40, "every request is a ticket");
    assert_eq!(to(&desk.mails(), victim).len(), 1);
    desk.advance("PT2H");
    (40..50).for_each(ask);
    desk.advance("PT12H");
    let mails = desk.mails();
    let got = to(&mails, victim);
    assert_eq!(got.len(), 2);
    // One is acknowledged, so many are named, and the other nine are counted.
    let text = got[1].text();
    let numbers = desk.tickets().into_iter().filter(|ticket| {
        let number = ticket["number"].as_str().unwrap_or_default();
        text.contains(number)
    });
    assert_eq!(numbers.count(), ticket::MOST_NAMED, "{text}");
    assert!(text.contains("and 9 more."), "{text}");
    for mail in got {
        let sent = format!("{mail:?}");
        for word in taint {
            assert!(!sent.contains(word), "{word} in {sent}");
        }
    }
}

/// A mail of one desk as it reaches the other: from an address of its own, with what it says of itself unless a gateway on
/// the way has taken that off.
fn carried(mail: &Mail, from: &str, stripped: bool) -> String {
    if stripped {
        return raw(from, SUPPORT, &mail.subject, "", mail.text());
    }
    let (_, _, raw) = other_desk(mail, from);
    raw.replace("We have received your request", &mail.subject)
}

/// Carries what each desk has sent to the other since `seen` to it; how much that was.
fn exchange(desks: [(&Desk, &str); 2], seen: &mut [usize; 2], stripped: bool) -> usize {
    let mut carried_over = 0;
    for (one, other) in [(0, 1), (1, 0)] {
        let (desk, address) = desks[one];
        let peer = desks[other].1;
        let mails = desk.mails();
        let new: Vec<&Mail> = mails
            .iter()
            .skip(seen[one])
            .filter(|mail| mail.is_to(peer))
            .collect();
        for mail in &new {
            let text = carried(mail, address, stripped);
            desks[other]
                .0
                .client()
                .deliver(address, SUPPORT, &text)
                .unwrap();
        }
        carried_over += new.len();
        seen[one] = mails.len();
    }
    for (desk, _) in desks {
        desk.advance("PT30M");
    }
    carried_over
}

#[test]
fn two_desks_that_answer_each_other_stop_within_five_mails_even_behind_a_gateway_that_strips_headers()
 {
    for stripped in [false, true] {
        let (one, other) = (desk(), desk());
        let desks = [(&one, "desk@one.example"), (&other, "desk@other.example")];
        // Somebody at the first desk writes to the second by hand.
        let request = raw(
            "desk@one.example",
            SUPPORT,
            "A question",
            "",
            "Please help.",
        );
        other
            .client()
            .deliver("desk@one.example", SUPPORT, &request)
            .unwrap();
        other.settle();
        let mut seen = [0, 0];
        let rounds: Vec<usize> = (0..40)
            .map(|_| exchange(desks, &mut seen, stripped))
            .collect();
        let all: usize = rounds.iter().sum();
        assert!(all <= 2 * MOST, "stripped: {stripped}, {rounds:?}");
        for ((desk, _), peer) in desks.iter().zip(["desk@other.example", "desk@one.example"]) {
            let mails = desk.mails();
            let sent = to(&mails, peer).len();
            assert!(sent <= MOST, "stripped: {stripped}, {sent} to {peer}");
        }
        assert_eq!(rounds.last(), Some(&0), "stripped: {stripped}, {rounds:?}");
        if !stripped {
            assert_eq!(all, 1, "an acknowledgement is not answered: {rounds:?}");
        }
    }
}
