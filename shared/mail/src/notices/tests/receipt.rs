//! What customers are promised, and told when it was not kept.

use std::collections::BTreeMap;

use super::*;

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
    assert!(text.contains("Wir wollen Ihnen bis Montag, 23. November 2026, 07:00 Uhr (Europe/Berlin, UTC+1) eine erste Antwort geben."), "{text}");
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
    assert!(said.contains("we aim to give you a first answer within 8 open hours. This is clause T.2 of our policy."), "{said}");
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

    let source = include_str!("policy.toml").to_owned()
        + "\n[[asks]]\nid = \"account\"\nlabel = { en = \"Account\", de = \"Kundennummer\", vi = \"Tài khoản\" }\nrecommended = true\n";
    desk.policy = Policy::parse(&source, "policy.toml", desk.policy.pages().clone()).unwrap();
    desk.ticket.missing = vec!["account".parse().unwrap()];
    let letter = desk.to_customer(Text::Acknowledgement).unwrap();
    assert!(letter.text.contains("- Kundennummer"), "{}", letter.text);
}

#[test]
fn a_receipt_names_what_it_was_taken_for_and_why_each_time_is_so() {
    let mut desk = Desk::new();
    desk.ticket.requester_proved = true;
    for (lang, facts, why) in [
        (
            "en",
            ["Type: request", "Department: Technical", "Priority: normal"],
            "This is clause T.2 of our policy. How this time is counted: from Monday, 23 November 2026, 09:00 (Australia/Sydney, UTC+11); counted: 8 h.",
        ),
        (
            "de",
            ["Art: Anliegen", "Abteilung: Technik", "Priorität: normal"],
            "In unserer Richtlinie steht das unter T.2. So wird die Zeit gezählt: ab Montag, 23. November 2026, 09:00 Uhr (Australia/Sydney, UTC+11); gezählt: 8 Std.",
        ),
        (
            "vi",
            [
                "Loại: yêu cầu",
                "Bộ phận: Kỹ thuật",
                "Mức ưu tiên: bình thường",
            ],
            "Theo mục T.2 trong chính sách của chúng tôi. Cách tính thời gian: tính từ 09:00 thứ Hai, 23/11/2026 (Australia/Sydney, UTC+11); được tính 8 giờ.",
        ),
    ] {
        desk.ticket.lang = Lang::new(lang).unwrap();
        let letter = desk.to_customer(Text::Acknowledgement).unwrap();
        let text = unwrapped(&letter.text);
        let number = desk.ticket.id.number("TT");
        let page = format!("{SITE}/tickets/{number}?key=1abc");
        let version = desk.policy.hash();
        let policy = format!("{SITE}/policy?version={version}&lang={lang}");
        for said in facts
            .into_iter()
            .chain([why, &number, &page, &policy, version.as_str()])
        {
            assert!(text.contains(said), "{said} is not in {text}");
        }
        // The time that staff work to is nobody else's.
        assert!(
            !text.contains("internal") && !text.contains("11:00"),
            "{text}"
        );
    }
}

#[test]
fn every_mail_names_the_company_its_address_and_its_privacy_policy() {
    for (lang, person) in LANGS {
        let mut desk = answered("It works again.");
        desk.ticket.lang = Lang::new(lang).unwrap();
        let customers = customer_texts().into_iter();
        let customers = customers.map(|text| desk.to_customer(text));
        let staff = staff_texts().into_iter();
        let staff = staff.map(|text| desk.to_staff(person, text));
        for letter in customers.chain(staff) {
            let letter = letter.unwrap();
            let (_, footer) = letter.text.rsplit_once("-- \n").unwrap();
            for said in [
                "Example Tests Ltd",
                "1 Example Street",
                "https://www.example.com/privacy",
            ] {
                assert!(
                    footer.contains(said) && letter.html.contains(said),
                    "{said}: {footer}"
                );
            }
        }
    }
}

#[test]
fn an_acknowledgement_promises_nothing_that_the_policy_does_not_publish() {
    let source = include_str!("policy.toml");
    let (head, promises) = source.split_once("[[promises]]").unwrap();
    let mut promises = promises.split("[[promises]]");
    let inside = promises.find(|it| it.contains("\"inside\"")).unwrap();
    let source = format!("{head}[[promises]]{inside}");
    let mut desk = Desk::new();
    desk.policy =
        Policy::parse(&source, "policy.toml", BTreeMap::from([page_of_nothing()])).unwrap();
    let text = unwrapped(&desk.to_customer(Text::Acknowledgement).unwrap().text);
    assert!(
        text.contains("Our policy does not name a time for this."),
        "{text}"
    );
    for promise in ["We will", "We aim", "we will", "we aim", "as soon as"] {
        assert!(!text.contains(promise), "{promise}: {text}");
    }
}

fn page_of_nothing() -> (Lang, String) {
    (Lang::new("en").unwrap(), "We help.\n".to_owned())
}

#[test]
fn a_digest_tells_numbers_and_not_a_word_or_link_of_anybody() {
    for lang in ["en", "de", "vi"] {
        let mut desk = Desk::new();
        desk.ticket.lang = lang.parse().unwrap();
        let own = desk.ticket.id;
        let other = ticket::TicketId::derive(&ticket::Pepper::new("p"), "form", "other", 0);
        let tickets = vec![own, other];
        let text = Text::Numbers { tickets, more: 12 };
        let letter = desk.to_customer(text).unwrap();
        let said = unwrapped(&letter.text);
        let prefix = &desk.policy.terms().prefix;
        for id in [own, other] {
            assert!(said.contains(&id.number(prefix)), "{said}");
        }
        assert!(said.contains("12 "), "{said}");
        assert!(!said.contains("/tickets/"), "{said}");
        let whole = format!("{} {} {}", letter.subject, letter.text, letter.html);
        for word in [desk.subject.as_str(), "Please help"] {
            assert!(!whole.contains(word), "{word} in {whole}");
        }
        assert_eq!(letter.auto_submitted, Some(AutoSubmitted::AutoGenerated));
        assert_eq!(letter.to.name, "");
    }
}
