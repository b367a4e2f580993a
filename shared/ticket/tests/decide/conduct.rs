//! Decisions on conduct: told with the reason, told again once a day, taken back.

use ticket::{Command, Event, Refusal, Words};

use crate::desk::{Desk, customer, instant, person, told};

fn set(reason: &str) -> Command {
    Command::SetStanding {
        by: person("lea"),
        who: customer().hash,
        level: "limited".parse().unwrap(),
        until: instant("2026-12-01T09:00:00Z"),
        words: Words::text(reason),
    }
}

fn tell() -> Command {
    Command::TellStanding {
        who: customer().hash,
    }
}

fn lift() -> Command {
    Command::LiftStanding {
        by: person("lea"),
        who: customer().hash,
        level: "limited".parse().unwrap(),
        words: Words::text(""),
    }
}

#[test]
fn a_decision_is_told_and_told_again_at_most_once_in_twenty_four_hours() {
    let mut desk = Desk::technical();
    let decided = desk.do_at(&set("Threats."), "2026-11-23T10:00:00Z");
    assert_eq!(told(&decided), ["standing>customer"]);
    for (at, again) in [
        ("2026-11-23T10:01:00Z", false),
        ("2026-11-24T09:59:59Z", false),
        ("2026-11-24T10:00:00Z", true),
        ("2026-11-24T10:00:01Z", false),
        ("2026-11-25T09:59:59Z", false),
        ("2026-11-25T10:00:00Z", true),
    ] {
        let decision = desk.do_at(&tell(), at);
        assert_eq!(!decision.notices.is_empty(), again, "{at}");
        assert_eq!(!decision.events.is_empty(), again, "{at}");
    }
}

#[test]
fn what_was_taken_back_or_never_decided_is_not_told_and_leaves_the_clocks_alone() {
    let mut desk = Desk::technical();
    let due = desk.next_due;
    assert!(
        desk.do_at(&tell(), "2026-11-23T09:30:00Z")
            .notices
            .is_empty()
    );
    desk.do_at(&set("Threats."), "2026-11-23T09:31:00Z");
    let lifted = desk.do_at(&lift(), "2026-11-23T09:32:00Z");
    assert_eq!(told(&lifted), ["standing_lifted>customer"]);
    assert!(desk.ticket.standings.is_empty());
    assert!(
        desk.do_at(&tell(), "2026-11-25T09:32:00Z")
            .notices
            .is_empty()
    );
    assert_eq!(desk.next_due, due);
}

#[test]
fn a_decision_needs_a_reason_and_somebody_of_the_ticket() {
    let mut desk = Desk::technical();
    let refused = desk.try_do(&set("  "), "2026-11-23T10:00:00Z");
    assert_eq!(refused, Err(Refusal::ReasonMissing));
    let mut stranger = set("Threats.");
    if let Command::SetStanding { who, .. } = &mut stranger {
        *who = ticket::AddressHash::of(&ticket::Pepper::new("pepper"), "stranger@example.org");
    }
    let refused = desk.try_do(&stranger, "2026-11-23T10:00:00Z");
    assert_eq!(refused, Err(Refusal::NotAParticipant));
}

#[test]
fn the_reason_is_kept_apart_from_the_facts_and_secrets_in_it_are_masked() {
    let mut desk = Desk::technical();
    let decided = desk.do_at(
        &set("You posted our card 4111 1111 1111 1111."),
        "2026-11-23T10:00:00Z",
    );
    let event = &decided.events[0];
    assert!(matches!(event.event, Event::StandingSet { .. }));
    let facts = serde_json::to_string(&event.event).unwrap();
    assert!(!facts.contains("card"));
    let words = event.words.as_ref().unwrap();
    assert!(!words.text.contains("4111 1111"), "{}", words.text);
}
