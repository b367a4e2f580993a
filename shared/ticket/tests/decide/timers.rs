use ticket::{Command, Event, Text};

use crate::desk::{Desk, customer, instant, open_command, told};

// `first`: 8 open hours from Monday 09:00 = Monday 17:00; warned at 75 % = 15:00; management at 150 % = Tuesday 13:00.

#[test]
fn nothing_is_told_before_the_first_level() {
    let mut desk = Desk::technical();
    assert_eq!(desk.next_due, Some(instant("2026-11-23T15:00:00Z")));
    let decision = desk.tick("2026-11-23T14:59:59Z");
    assert_eq!((decision.events.len(), decision.notices.len()), (0, 0));
}

#[test]
fn the_ladder_is_climbed_level_by_level_each_once() {
    let mut desk = Desk::technical();
    assert_eq!(
        told(&desk.tick("2026-11-23T15:00:00Z")),
        ["warning>ann", "warning>bob"]
    );
    assert_eq!(told(&desk.tick("2026-11-23T15:01:00Z")), [""; 0]);
    assert_eq!(
        told(&desk.tick("2026-11-23T17:00:00Z")),
        ["breach>lea", "missed>customer"]
    );
    assert_eq!(told(&desk.tick("2026-11-23T17:01:00Z")), [""; 0]);
    // The resolution clock warns on its own: 12 of 16 open hours are used Tuesday at 13:00.
    assert_eq!(
        told(&desk.tick("2026-11-24T13:00:00Z")),
        ["breach>chief", "warning>ann", "warning>bob"]
    );
    assert_eq!(told(&desk.tick("2026-11-24T13:01:00Z")), [""; 0]);
}

#[test]
fn levels_that_are_past_at_once_are_told_combined() {
    let mut desk = Desk::technical();
    let decision = desk.tick("2026-11-24T12:59:00Z");
    let told = told(&decision);
    assert_eq!(
        told,
        ["breach>ann", "breach>bob", "breach>lea", "missed>customer"]
    );
    let levels: Vec<_> = decision
        .events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::LevelTold { levels, .. } => Some(levels.len()),
            _ => None,
        })
        .collect();
    assert_eq!(levels, [2]);
}

#[test]
fn the_customer_hears_of_a_miss_with_the_new_expected_time() {
    let mut desk = Desk::technical();
    let decision = desk.tick("2026-11-23T17:00:00Z");
    let expected = decision
        .notices
        .iter()
        .find_map(|notice| match &notice.text {
            Text::PromiseMissed { expected, .. } => *expected,
            _ => None,
        });
    assert_eq!(expected, Some(instant("2026-11-24T17:00:00Z")));
}

#[test]
fn an_answer_ends_the_ladder() {
    let mut desk = Desk::technical();
    desk.tick("2026-11-23T15:00:00Z");
    desk.agent_replies("2026-11-23T16:00:00Z");
    assert_eq!(desk.next_due, None);
    assert_eq!(told(&desk.tick("2026-11-30T12:00:00Z")), [""; 0]);
}

#[test]
fn a_miss_that_no_tick_saw_is_recorded_by_the_answer_and_told_to_nobody() {
    let mut desk = Desk::technical();
    let decision = desk.agent_replies("2026-11-23T17:30:00Z");
    assert_eq!(told(&decision), ["reply>customer"]);
    assert_eq!(desk.ticket.missed.len(), 1);
    assert_eq!(desk.ticket.missed[0].due, instant("2026-11-23T17:00:00Z"));
}

#[test]
fn a_warning_has_no_point_once_the_clock_has_stopped() {
    let mut desk = Desk::technical();
    let warning = desk.tick("2026-11-23T15:00:00Z").notices[0].clone();
    assert!(
        warning
            .text
            .still_holds(&warning.to, &desk.ticket, &desk.policy)
    );
    desk.agent_replies("2026-11-23T16:00:00Z");
    assert!(
        !warning
            .text
            .still_holds(&warning.to, &desk.ticket, &desk.policy)
    );
}

#[test]
fn an_unacknowledged_mail_runs_its_clock_until_ses_takes_the_acknowledgement() {
    let mut open = open_command(Some("technical"));
    open.shown = false;
    let mut desk = Desk::open(&open, crate::desk::MONDAY_9);
    assert_eq!(desk.next_due, Some(instant("2026-11-23T10:00:00Z")));
    desk.do_at(&Command::Acknowledged, "2026-11-23T09:00:02Z");
    assert_eq!(desk.next_due, Some(instant("2026-11-23T15:00:00Z")));
    let seq = desk.ticket.seq;
    desk.do_at(&Command::Acknowledged, "2026-11-23T09:00:03Z");
    assert_eq!(desk.ticket.seq, seq);
}

#[test]
fn a_late_delivery_of_the_timer_after_settling_tells_nobody() {
    let mut desk = Desk::technical();
    desk.orders(
        &[ticket::Order::Status(policy::Status::Solved)],
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(desk.next_due, None);
    assert_eq!(told(&desk.tick("2026-12-23T10:00:00Z")), [""; 0]);
    assert!(desk.ticket.is_participant(&customer().hash));
}
