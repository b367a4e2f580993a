mod desk;
mod hostile;

pub(crate) use desk::policy;
use desk::*;
use policy::Lang;
use ticket::{Actor, Event, Text};

use super::*;
use crate::{above_marker, render};

fn answered(words: &str) -> Desk {
    let mut desk = Desk::new();
    let agent = Actor::Agent("ann".parse().unwrap());
    desk.record(2, agent, Event::AgentReplied, words);
    desk
}

fn reply() -> Text {
    let agent = "ann".parse().unwrap();
    Text::Reply { seq: 2, agent }
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
            assert!(
                mail.subject.contains(&desk.ticket.id.number("TT")),
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
fn an_acknowledgement_names_each_published_promise_with_its_time_and_zone() {
    let letter = Desk::new().to_customer(Text::Acknowledgement).unwrap();
    let text = unwrapped(&letter.text);
    assert!(text.contains("We aim to give you a first answer by Monday, 23 November 2026, 17:00 (Australia/Sydney, UTC+11)."), "{text}");
    assert!(
        text.contains(
            "We will solve it by Thursday, 26 November 2026, 09:00 (Australia/Sydney, UTC+11)."
        ),
        "{text}"
    );
    assert!(
        !text.contains("11:00"),
        "the internal promise is nobody else's: {text}"
    );
    assert!(
        text.contains("https://www.example.com/privacy") && text.contains(policy().hash().as_str())
    );
    assert_eq!(
        letter.subject,
        format!(
            "[{}] We have received your request",
            Desk::new().ticket.id.number("TT")
        )
    );
}

#[test]
fn a_customer_reads_times_in_their_own_zone_and_staff_in_the_policys() {
    let mut desk = Desk::new();
    desk.ticket.zone = Some("Europe/Berlin".into());
    desk.ticket.lang = Lang::new("de").unwrap();
    let text = unwrapped(&desk.to_customer(Text::Acknowledgement).unwrap().text);
    assert!(text.contains("Wir wollen Ihnen eine erste Antwort geben bis Montag, 23. November 2026, 07:00 Uhr (Europe/Berlin, UTC+1)."), "{text}");
    let staff = desk.to_staff("ann", Text::Opened { seq: 1 }).unwrap();
    assert!(
        staff.text.contains("17:00 (Australia/Sydney") && !staff.text.contains("Europe/Berlin")
    );
}

#[test]
fn an_acknowledgement_after_the_deadline_says_so_and_names_a_new_time() {
    let mut desk = Desk::new();
    desk.now = instant("2026-11-24T00:00:00Z");
    let text = unwrapped(&desk.to_customer(Text::Acknowledgement).unwrap().text);
    assert!(
        text.contains("We are late: a first answer was due Monday, 23 November 2026, 17:00"),
        "{text}"
    );
    assert!(
        text.contains("You can now expect it by Wednesday, 25 November 2026, 11:00"),
        "{text}"
    );
}

#[test]
fn a_missed_promise_is_named_in_its_published_words_with_the_new_time() {
    let expected = Some(instant("2026-11-24T06:00:00Z"));
    let deadline = deadline(None);
    let text = Text::PromiseMissed { deadline, expected };
    let letter = Desk::new().to_customer(text.clone()).unwrap();
    let said = unwrapped(&letter.text);
    assert!(said.contains("we aim to give you a first answer within 8 open hours. You find it in our policy under T.2."), "{said}");
    assert!(
        said.contains("It was due Monday, 23 November 2026, 17:00"),
        "{said}"
    );
    assert!(
        said.contains("You can now expect it by Tuesday, 24 November 2026, 17:00"),
        "{said}"
    );
    let mut late = Desk::new();
    late.now = instant("2026-11-25T00:00:00Z");
    let said = unwrapped(&late.to_customer(text).unwrap().text);
    assert!(
        !said.contains("24 November") && said.contains("cannot name a new time"),
        "{said}"
    );
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
fn a_breach_names_promise_clause_target_deadline_level_version_and_what_comes_next() {
    let mut desk = Desk::new();
    desk.now = instant("2026-11-23T06:00:00Z");
    let text = Text::Breach(deadline(Some("lead")));
    let letter = desk.to_staff("ann", text.clone()).unwrap();
    for said in [
        "Promise: First answer (first)",
        "Clause: T.2",
        "Target: 8 open hours",
        "Due: Monday, 23 November 2026, 17:00 (Australia/Sydney, UTC+11)",
        "How this time is counted: from Monday, 23 November 2026, 09:00 (Australia/Sydney, UTC+11); 8 h count",
        "Level: lead (due)",
        &format!("Policy version: {}", desk.policy.hash()),
        "> Please help",
    ] {
        assert!(
            letter.text.contains(said),
            "{said} is not in {}",
            letter.text
        );
    }
    assert!(letter.subject.contains("Overdue: Site down"));
    let told = ["warning", "lead"].map(|level| ticket::Told {
        promise: "first".parse().unwrap(),
        metric: policy::Metric::FirstResponse,
        cycle: 1,
        level: level.parse().unwrap(),
        at: desk.now,
        times: 1,
        acknowledged: false,
    });
    desk.ticket.told.extend(told);
    let letter = desk.to_staff("ann", text.clone()).unwrap();
    assert!(letter.text.contains("Next: management (150%), Tuesday, 24 November 2026, 13:00 (Australia/Sydney, UTC+11), tells management"), "{}", letter.text);
    let mut last = desk.ticket.told[0].clone();
    last.level = "management".parse().unwrap();
    desk.ticket.told.push(last);
    let letter = desk.to_staff("ann", text).unwrap();
    assert!(
        letter
            .text
            .contains("Next: nothing; this is the last level")
    );
}

#[test]
fn whatever_an_agents_mail_program_does_to_it_the_marker_is_found() {
    for (_, person) in LANGS {
        for text in staff_texts() {
            let letter = Desk::new().to_staff(person, text).unwrap();
            let html = crate::inbound::html::reduce(&letter.html);
            for quoted in [letter.text, html] {
                let quoted = quoted.lines().map(|line| format!("> {line}\n"));
                let answer = format!(
                    "Done.\n\nOn Monday, Desk <desk@{DOMAIN}> wrote:\n{}",
                    quoted.collect::<String>()
                );
                assert_eq!(above_marker(&answer, MARKER).as_deref(), Some("Done."));
            }
        }
    }
}

#[test]
fn an_agents_reply_address_is_theirs_and_acts_for_thirty_days() {
    let desk = Desk::new();
    let letter = desk.to_staff("ann", Text::Opened { seq: 1 }).unwrap();
    let parse =
        |at| ReplyAddress::parse(letter.reply_to.as_deref().unwrap(), DOMAIN, &keyring(), at);
    let own = AddressHash::of(&ticket::Pepper::new("pepper"), "ann@staff.example");
    let Some(ReplyAddress::Agent {
        ticket,
        person_short,
        expired: false,
        ..
    }) = parse(instant("2026-12-22T21:00:00Z"))
    else {
        panic!("{:?}", letter.reply_to);
    };
    assert_eq!(
        (ticket, person_short.as_str()),
        (desk.ticket.id, own.short())
    );
    assert!(matches!(
        parse(instant("2026-12-22T23:00:00Z")),
        Some(ReplyAddress::Agent { expired: true, .. })
    ));
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

#[test]
fn a_strangers_words_are_marked_for_staff_in_every_language() {
    for (_, person) in LANGS {
        let words = |stranger| {
            let text = Text::CustomerReplied { seq: 1, stranger };
            Desk::new().to_staff(person, text).unwrap()
        };
        assert_ne!(words(true).subject, words(false).subject);
        assert!(words(true).text.len() > words(false).text.len() + 100);
    }
}

/// Words without the line breaks of plain text.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_escalation_that_repeats_has_a_link_to_say_that_one_has_it() {
    let mut desk = Desk::new();
    let source = include_str!("tests/policy.toml").replace(
        "{ id = \"lead\", at = \"due\", to = [\"lead\"] }",
        "{ id = \"lead\", at = \"due\", to = [\"lead\", \"address:noc@example.com\"], repeat = { every = \"1 open hour\", most = 2 }, until = \"acknowledged\" }",
    );
    desk.policy = Policy::parse(&source, "policy.toml", desk.policy.pages().clone()).unwrap();
    let again = ticket::Deadline {
        repetition: Some(2),
        tier: Some(policy::Tier::L2),
        ..deadline(Some("lead"))
    };
    let letter = desk.to_staff("ann", Text::Breach(again)).unwrap();
    let path = crate::takeover_path(&keyring(), "TT", desk.ticket.id, &"ann".parse().unwrap());
    assert!(
        letter.text.contains(&format!(
            "I have it (ends the repetitions):\n{SITE}{path}\n"
        )),
        "{}",
        letter.text
    );
    assert!(
        letter.text.contains("Repetition: 2\nTier: L2\n"),
        "{}",
        letter.text
    );
    let once = desk
        .to_staff("ann", Text::Breach(deadline(Some("management"))))
        .unwrap();
    assert!(!once.text.contains("I have it"));
    // An address that is nobody's gets no link, no marker and no help with answering.
    let address = "noc@example.com".to_owned();
    let receiver = Receiver::Address {
        address: address.clone(),
        lang: Lang::new("en").unwrap(),
        hash: desk.ticket.requester.clone(),
        requester: None,
    };
    let to = ticket::Addressee::Address(address);
    let letter = desk
        .compose(to, Text::Breach(deadline(Some("lead"))), &receiver)
        .unwrap();
    assert_eq!(letter.to.address, "noc@example.com");
    assert!(letter.text.contains("Overdue") || letter.subject.contains("Overdue"));
    assert!(
        !letter.text.contains("I have it")
            && !letter.text.contains(MARKER)
            && !letter.text.contains("/solve")
    );
}

#[test]
fn what_an_agent_expects_stands_in_their_answers_and_what_is_missing_in_the_acknowledgement() {
    let mut desk = answered("We are on it.");
    desk.ticket.expected = Some(instant("2026-11-30T06:00:00Z"));
    let letter = desk.to_customer(reply()).unwrap();
    let said =
        "We expect to be done by Monday, 30 November 2026, 17:00 (Australia/Sydney, UTC+11).";
    assert!(unwrapped(&letter.text).contains(said), "{}", letter.text);
    desk.now = instant("2026-12-01T06:00:00Z");
    assert!(
        !desk
            .to_customer(reply())
            .unwrap()
            .text
            .contains("We expect")
    );

    let scope = Text::OutOfScope {
        scope: "own-software".parse().unwrap(),
    };
    desk.ticket.lang = Lang::new("de").unwrap();
    let letter = unwrapped(&desk.to_customer(scope).unwrap().text);
    for said in [
        "Fehler in Software, die Sie selbst installiert haben",
        "T.9",
    ] {
        assert!(letter.contains(said), "{letter}");
    }

    let source = include_str!("tests/policy.toml").to_owned()
        + "\n[[asks]]\nid = \"account\"\nlabel = { en = \"Account\", de = \"Kundennummer\", vi = \"Tài khoản\" }\nrecommended = true\n";
    desk.policy = Policy::parse(&source, "policy.toml", desk.policy.pages().clone()).unwrap();
    desk.ticket.missing = vec!["account".parse().unwrap()];
    let letter = desk.to_customer(Text::Acknowledgement).unwrap();
    assert!(letter.text.contains("- Kundennummer"), "{}", letter.text);
}
