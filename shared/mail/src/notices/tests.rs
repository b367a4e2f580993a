mod desk;
mod files;
mod hostile;
mod letters;
mod people;
mod receipt;
mod staff;

pub(crate) use desk::policy;
use desk::*;
use policy::{Lang, Policy};
use ticket::{Actor, AddressHash, Addressee, Event, Text};

use super::*;
use crate::{above_marker, render, threading::ReplyAddress};

fn answered(words: &str) -> Desk {
    let mut desk = Desk::new();
    let agent = Actor::Agent("ann".parse().unwrap());
    desk.record(2, agent, Event::AgentReplied, words);
    desk
}

fn reply() -> Text {
    let agent = "ann".parse().unwrap();
    Text::Reply {
        seq: 2,
        agent,
        answers: Some(1),
    }
}

/// Words without the line breaks of plain text.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_text_is_written_whole_in_every_language() {
    for (lang, person) in LANGS {
        let mut desk = answered("It works again.");
        desk.ticket.lang = Lang::new(lang).unwrap();
        let customers = customer_texts()
            .into_iter()
            .map(|text| desk.to_customer(text));
        let staff = staff_texts()
            .into_iter()
            .map(|text| desk.to_staff(person, text));
        for letter in customers.chain(staff) {
            let letter = letter.unwrap();
            let raw = render(&letter).unwrap();
            let mail = crate::parse(&raw, None).unwrap();
            // A stranger is not even told the number.
            let arrived = letter.auto_submitted == Some(AutoSubmitted::AutoReplied)
                && letter.to.address == desk.address
                && !mail.subject.contains('[');
            assert!(
                arrived || mail.subject.contains(&desk.ticket.id.number("TT")),
                "{}",
                mail.subject
            );
            for said in [&letter.subject, &letter.text, &letter.html] {
                assert!(!said.trim().is_empty());
                assert!(!said.contains("{}") && !said.contains("{ "), "{said}");
            }
            assert!(letter.html.contains(&format!("lang=\"{lang}\"")));
        }
    }
}

#[test]
fn a_text_is_for_customers_or_for_staff_and_never_for_both() {
    let desk = answered("It works again.");
    for text in staff_texts() {
        assert_eq!(
            desk.to_customer(text).unwrap_err(),
            Unsayable::WrongReceiver
        );
    }
    for text in customer_texts() {
        assert_eq!(
            desk.to_staff("ann", text).unwrap_err(),
            Unsayable::WrongReceiver
        );
    }
}

#[test]
fn an_agents_words_reach_the_customer_exactly() {
    let words = "Dear Jo,\n\n    DocumentRoot  \"/var/www\"\n    <Directory a>  # two  spaces\n\nA line that is much longer than any column at which a mail program would break it, and it stays one line.\n\n\tKind regards";
    let letter = answered(words).to_customer(reply()).unwrap();
    assert!(
        letter.text.starts_with(&format!("{words}\n")),
        "{}",
        letter.text
    );
    let escaped = words
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    assert!(
        letter.html.contains(&escaped.replace('\n', "<br>")),
        "{}",
        letter.html
    );
    let ours = letter.text[words.len()..].trim_start();
    assert!(
        ours.starts_with("-- \n"),
        "set apart like a signature: {ours}"
    );
    assert!(letter.html.contains(&format!("<a href=\"{SITE}/tickets/")));
    assert_eq!(letter.from.name, "Agent A, Example Tests Ltd");
    assert_eq!(letter.auto_submitted, None);
}

#[test]
fn a_note_never_goes_out_as_a_reply() {
    let mut desk = Desk::new();
    let agent = Actor::Agent("ann".parse().unwrap());
    let note = Event::NoteAdded {
        instead_of_reply: None,
    };
    desk.record(2, agent, note, "between us");
    assert_eq!(
        desk.to_customer(reply()).unwrap_err(),
        Unsayable::NoWords(2)
    );
    desk.events.pop();
    assert_eq!(
        desk.to_customer(reply()).unwrap_err(),
        Unsayable::NoWords(2)
    );
}

#[test]
fn mails_of_one_ticket_share_a_thread_that_leads_back_to_it() {
    let desk = answered("It works again.");
    let first = desk.to_customer(Text::Acknowledgement).unwrap();
    let second = desk.to_customer(reply()).unwrap();
    assert_eq!(first.references[0], second.references[0]);
    assert_ne!(first.message_id, second.message_id);
    let answer = format!(
        "From: jo@customer.example\nReferences: <{}>\n\nThanks\n",
        second.references[0]
    );
    let mail = crate::parse(answer.as_bytes(), None).unwrap();
    let keys = crate::thread_keys(&mail, &[], DOMAIN, &keyring(), desk.now);
    assert_eq!(keys.reference, Some(desk.ticket.id));
    let to = second.reply_to.unwrap();
    assert!(matches!(
        ReplyAddress::parse(&to, DOMAIN, &keyring(), desk.now),
        Some(ReplyAddress::Participant { .. })
    ));
}

#[test]
fn only_what_an_agent_wrote_is_not_marked_as_automatic() {
    let desk = answered("It works again.");
    for text in customer_texts() {
        let human = matches!(text, Text::Reply { .. });
        assert_eq!(
            desk.to_customer(text).unwrap().auto_submitted.is_none(),
            human
        );
    }
    for text in staff_texts() {
        assert!(desk.to_staff("ann", text).unwrap().auto_submitted.is_some());
    }
}
