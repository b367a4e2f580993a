//! What staff read.

use super::*;

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
        "How this time is counted: from Monday, 23 November 2026, 09:00 (Australia/Sydney, UTC+11); counted: 8 h",
        "Level: lead (when due)",
        &format!("Policy version: {}", desk.policy.hash()),
        "> Please help",
    ] {
        let text = unwrapped(&letter.text);
        assert!(text.contains(said), "{said} is not in {text}");
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
    assert!(unwrapped(&letter.text).contains("Next: management (150%), Tuesday, 24 November 2026, 13:00 (Australia/Sydney, UTC+11), tells management"), "{}", letter.text);
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

#[test]
fn an_escalation_that_repeats_has_a_link_to_say_that_one_has_it() {
    let mut desk = Desk::new();
    let source = include_str!("policy.toml").replace(
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
