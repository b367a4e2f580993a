use ticket::{AddressHash, Pepper, Words};

use super::*;
use crate::inbound::parse;

const HASH: &str = "stranger@example.org";

fn stranger() -> Actor {
    Actor::Customer(AddressHash::of(&Pepper::new("pepper"), HASH))
}

fn with_id(id: &str) -> Desk {
    let mut desk = answered("It works again.");
    let words = Words {
        message_id: Some(id.to_owned()),
        ..Words::text("Please help")
    };
    desk.events[0].words = Some(words);
    desk
}

#[test]
fn an_answer_names_the_receivers_own_mail_beside_our_ids() {
    let letter = with_id("one@mua.example").to_customer(reply()).unwrap();
    assert_eq!(letter.in_reply_to.as_deref(), Some("one@mua.example"));
    assert_eq!(letter.references.len(), 3);
    assert_eq!(letter.references[1], "one@mua.example");
    assert_eq!(letter.references[2], letter.message_id);
}

#[test]
fn an_acknowledgement_names_the_mail_to_a_proved_address_only() {
    let mut desk = with_id("one@mua.example");
    let named = |desk: &Desk| {
        let letter = desk.to_customer(Text::Acknowledgement).unwrap();
        letter.in_reply_to.is_some() || letter.references.contains(&"one@mua.example".to_owned())
    };
    assert!(!named(&desk));
    desk.ticket.requester_proved = true;
    assert!(named(&desk));
}

#[test]
fn nobody_gets_the_id_of_anothers_mail() {
    let mut desk = with_id("one@mua.example");
    desk.events[0].actor = stranger();
    let letter = desk.to_customer(reply()).unwrap();
    assert_eq!(letter.in_reply_to, None);
    assert_eq!(letter.references.len(), 2);
}

#[test]
fn an_id_that_was_made_to_add_header_lines_is_left_out() {
    let long = format!("{}@mua.example", "a".repeat(10_000));
    for id in [
        "a@b.example\r\nBcc: victim@example.net",
        "a@b.example>\r\nBcc: <victim@example.net",
        "a@b.example\nBcc: victim@example.net",
        "a@b.example\0",
        "a@b.example\u{2028}Bcc: victim@example.net",
        "a@b.example> <c@d.example",
        "\"a b\"@b.example",
        "ä@b.example",
        "=?utf-8?q?=0D=0ABcc:_victim@example.net?=",
        "",
        &long,
    ] {
        let letter = with_id(id).to_customer(reply()).unwrap();
        let raw = render(&letter).unwrap();
        let head = String::from_utf8(raw.clone()).unwrap();
        let head = head.split("\r\n\r\n").next().unwrap().to_lowercase();
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let expected = [
            "from",
            "to",
            "subject",
            "date",
            "reply-to",
            "message-id",
            "references",
            "x-troth-notice",
            "mime-version",
            "content-type",
        ];
        for name in &names {
            let encoded = *name == "in-reply-to" && id.starts_with("=?");
            assert!(encoded || expected.contains(name), "{id:?} gave {name}");
        }
        let parsed = parse(&raw, None).unwrap();
        assert_eq!(parsed.to.len(), 1, "{id:?}");
        assert!(parsed.cc.is_empty(), "{id:?}");
    }
}

#[test]
fn a_stranger_reads_nothing_of_the_ticket_in_any_language() {
    for (lang, _) in LANGS {
        let mut desk = answered("The secret plan");
        desk.ticket.lang = Lang::new(lang).unwrap();
        let letter = desk.to_customer(Text::Arrived).unwrap();
        let number = desk.ticket.id.number("TT");
        for said in [&letter.subject, &letter.text, &letter.html] {
            for told in [
                number.as_str(),
                "Site down",
                "Please help",
                "The secret plan",
                "/tickets/",
                "jo@customer.example",
            ] {
                assert!(!said.contains(told), "{lang}: {told} is in {said}");
            }
        }
        let automatic = letter.auto_submitted;
        assert_eq!(automatic, Some(AutoSubmitted::AutoReplied));
    }
}

#[test]
fn words_of_a_stranger_go_out_only_once_they_are_released() {
    let mut desk = answered("It works again.");
    desk.record(3, stranger(), Event::StrangerWrote, "Let me in");
    desk.ticket.withheld.push(3);
    let text = Text::Released { seq: 3 };
    let unsaid = desk.to_customer(text.clone());
    assert_eq!(unsaid.map(|_| ()), Err(Unsayable::NoWords(3)));
    let note = desk.to_customer(Text::Released { seq: 2 });
    assert_eq!(note.map(|_| ()), Err(Unsayable::NoWords(2)));
    desk.ticket.withheld.clear();
    for (lang, _) in LANGS {
        desk.ticket.lang = Lang::new(lang).unwrap();
        let letter = desk.to_customer(text.clone()).unwrap();
        assert!(letter.text.contains("Let me in") && letter.html.contains("Let me in"));
    }
}

#[test]
fn a_participant_who_joined_later_does_not_read_the_subject() {
    let mut desk = answered("It works again.");
    let who = desk.ticket.requester.clone();
    let whole = desk.to_customer(reply()).unwrap();
    assert!(whole.subject.contains("Site down"));
    desk.ticket.joined.push(ticket::Joined { who, after: 1 });
    let letter = desk.to_customer(reply()).unwrap();
    assert!(!letter.subject.contains("Site down"), "{}", letter.subject);
    assert!(letter.text.contains("It works again."));
}
