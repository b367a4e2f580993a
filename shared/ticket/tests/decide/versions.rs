//! A newer version of the policy and a ticket that was opened under an older one.

use policy::Policy;
use ticket::{Command, Context, Decision, Event, Kept, Offer, Order};

use crate::desk::{Desk, MONDAY_9, instant, pages, told};

/// The tests' policy with changes.
pub(crate) fn changed(changes: &[(&str, &str)]) -> Policy {
    let mut source = include_str!("policy.toml").to_owned();
    for (from, to) in changes {
        assert!(source.contains(from), "{from}");
        source = source.replace(from, to);
    }
    let first = if source.contains("\"first-answer\"") {
        "first-answer"
    } else {
        "first"
    };
    let pages = pages(&["receipt", "first-billing", "first-urgent", first, "next"]);
    Policy::parse(&source, "policy.toml", pages).unwrap()
}

/// The shorter of two versions of the first answer.
pub(crate) const FIRST: (&str, &str) = (
    "metric = \"first_response\"\nwithin = \"8 open hours\"",
    "metric = \"first_response\"\nwithin = \"6 open hours\"",
);
pub(crate) const FIRST_LONGER: (&str, &str) = (
    FIRST.0,
    "metric = \"first_response\"\nwithin = \"9 open hours\"",
);
const NEXT_LONGER: (&str, &str) = (
    "metric = \"next_response\"\nwithin = \"8 open hours\"",
    "metric = \"next_response\"\nwithin = \"9 open hours\"",
);
const INTERNAL_LONGER: (&str, &str) = ("within = \"16 open hours\"", "within = \"40 open hours\"");

fn offered(desk: &Desk, newer: &Policy, at: &str) -> Decision {
    let now = instant(at);
    let context = Context {
        at: now,
        now,
        policy: &desk.policy,
    };
    let offer = Offer {
        newer,
        effective: now,
    };
    ticket::offer(&desk.ticket, &offer, &context)
}

fn kept(decision: &Decision) -> Option<Kept> {
    match &decision.events[..] {
        [one] => match &one.event {
            Event::VersionCompared { kept, .. } => *kept,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_ticket_follows_a_newer_version_only_where_nothing_gets_worse_for_the_customer() {
    let desk = Desk::technical();
    for (what, changes, expected) in [
        ("the first answer sooner", &[FIRST][..], None),
        ("the first answer later", &[FIRST_LONGER], Some(Kept::Worse)),
        (
            "sooner now, but later for what they write next",
            &[FIRST, NEXT_LONGER],
            Some(Kept::Worse),
        ),
        ("an internal promise longer", &[INTERNAL_LONGER], None),
        (
            "no promise for answers any more",
            &[(
                "metric = \"next_response\"",
                "metric = \"resolution\"\npriorities = [\"low\"]",
            )],
            Some(Kept::Worse),
        ),
        (
            "another prefix",
            &[("prefix = \"TT\"", "prefix = \"ZZ\"")],
            Some(Kept::OtherPrefix),
        ),
        (
            "another name of the department",
            &[("departments.technical]", "departments.engine]")],
            Some(Kept::NoDepartment),
        ),
    ] {
        let newer = changed(changes);
        let decision = offered(&desk, &newer, "2026-11-23T10:00:00Z");
        assert_eq!(kept(&decision), expected, "{what}");
        let version = if expected.is_none() {
            &newer
        } else {
            &desk.policy
        };
        assert_eq!(decision.ticket.policy, *version.hash(), "{what}");
    }
}

#[test]
fn both_results_are_logged_and_the_next_look_is_at_the_deadline_that_now_holds() {
    let desk = Desk::technical();
    let decision = offered(&desk, &changed(&[FIRST]), "2026-11-23T10:00:00Z");
    let Event::VersionCompared { deadlines, .. } = &decision.events[0].event else {
        panic!("nothing was compared");
    };
    let first = &deadlines[0];
    assert_eq!(first.due, Some(instant("2026-11-23T17:00:00Z")));
    assert_eq!(first.new_due, Some(instant("2026-11-23T15:00:00Z")));
    // 75% of six hours.
    assert_eq!(decision.next_due, Some(instant("2026-11-23T13:30:00Z")));
}

#[test]
fn a_deadline_that_stands_still_is_compared_as_if_it_went_on_now() {
    let mut desk = Desk::technical();
    desk.orders(
        &[Order::Status(policy::Status::OnHold)],
        "2026-11-23T10:00:00Z",
    );
    let longer = changed(&[FIRST_LONGER]);
    assert_eq!(
        kept(&offered(&desk, &longer, "2026-11-24T10:00:00Z")),
        Some(Kept::Worse)
    );
}

#[test]
fn a_miss_is_not_told_anew_because_a_version_names_the_promise_otherwise() {
    let mut desk = Desk::technical();
    desk.tick("2026-11-23T17:00:00Z");
    let renamed = changed(&[FIRST, ("id = \"first\"\n", "id = \"first-answer\"\n")]);
    assert_eq!(
        kept(&offered(&desk, &renamed, "2026-11-23T18:00:00Z")),
        Some(Kept::MissedAlready)
    );
    let same = changed(&[FIRST]);
    assert_eq!(kept(&offered(&desk, &same, "2026-11-23T18:00:00Z")), None);
}

#[test]
fn what_is_overdue_is_missed_also_where_no_tick_has_come_to_it() {
    let desk = Desk::technical();
    let renamed = changed(&[FIRST, ("id = \"first\"\n", "id = \"first-answer\"\n")]);
    for (at, expected) in [
        ("2026-11-23T16:59:59Z", None),
        ("2026-11-23T17:00:00Z", Some(Kept::MissedAlready)),
        ("2026-11-24T10:00:00Z", Some(Kept::MissedAlready)),
    ] {
        assert_eq!(kept(&offered(&desk, &renamed, at)), expected, "{at}");
    }
    assert_eq!(
        kept(&offered(&desk, &changed(&[FIRST]), "2026-11-24T10:00:00Z")),
        None,
        "the same promise"
    );
}

#[test]
fn a_solved_ticket_and_one_compared_already_are_left_alone() {
    let newer = changed(&[FIRST]);
    let mut desk = Desk::technical();
    desk.orders(
        &[Order::Status(policy::Status::Solved)],
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(offered(&desk, &newer, "2026-11-23T11:00:00Z").events, []);
    let mut desk = Desk::technical();
    let at = "2026-11-23T11:00:00Z";
    desk.ticket = offered(&desk, &changed(&[FIRST_LONGER]), at).ticket;
    assert_eq!(offered(&desk, &changed(&[FIRST_LONGER]), at).events, []);
}

#[test]
fn a_customer_is_told_of_a_version_once_and_not_of_an_older_one_after_it() {
    let mut desk = Desk::technical();
    let announce = |published: &str| Command::AnnounceVersion {
        version: changed(&[FIRST]).hash().clone(),
        published: instant(published),
        effective: instant("2026-12-01T00:00:00Z"),
    };
    let tuesday = "2026-11-24T00:00:00Z";
    let first = desk.do_at(&announce(tuesday), "2026-11-24T00:01:00Z");
    assert_eq!(told(&first), ["policy_changed>customer"]);
    for published in [tuesday, MONDAY_9] {
        let again = desk.do_at(&announce(published), "2026-11-24T00:02:00Z");
        assert_eq!(again.events, [], "{published}");
    }
}
