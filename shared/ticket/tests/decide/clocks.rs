use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::{Metric, Policy, Priority, Status};
use ticket::{Order, clocks};

use crate::desk::{Desk, MONDAY_9, instant, open_command, told};

fn due(desk: &Desk, metric: Metric) -> Option<Timestamp> {
    clocks(&desk.ticket, &desk.policy)
        .into_iter()
        .find(|clock| clock.promise.metric == metric)?
        .due
}

#[test]
fn before_triage_the_strictest_clock_of_the_possible_departments_runs() {
    let desk = Desk::open(&open_command(None), MONDAY_9);
    assert_eq!(
        due(&desk, Metric::FirstResponse),
        Some(instant("2026-11-23T13:00:00Z"))
    );
}

#[test]
fn triage_never_moves_the_deadline_past_what_the_customer_was_promised() {
    let mut desk = Desk::open(&open_command(None), MONDAY_9);
    let technical = "technical".parse().unwrap();
    desk.orders(&[Order::Department(technical)], "2026-11-23T10:00:00Z");
    assert_eq!(
        due(&desk, Metric::FirstResponse),
        Some(instant("2026-11-23T13:00:00Z"))
    );
}

#[test]
fn a_raised_priority_counts_from_the_original_start() {
    let mut desk = Desk::technical();
    desk.orders(&[Order::Priority(Priority::Urgent)], "2026-11-23T10:00:00Z");
    assert_eq!(
        due(&desk, Metric::FirstResponse),
        Some(instant("2026-11-23T11:00:00Z"))
    );
}

#[test]
fn a_raised_priority_whose_target_is_past_leaves_half_an_hour_and_breaks_nothing_at_once() {
    let mut desk = Desk::technical();
    desk.orders(&[Order::Priority(Priority::Urgent)], "2026-11-23T14:00:00Z");
    assert_eq!(
        due(&desk, Metric::FirstResponse),
        Some(instant("2026-11-23T14:30:00Z"))
    );
    let decision = desk.tick("2026-11-23T14:01:00Z");
    assert!(told(&decision).iter().all(|row| !row.starts_with("breach")));
}

#[test]
fn a_raised_priority_gives_no_time_back_where_the_deadline_was_near_or_missed() {
    // Due at 17:00 for a normal request, and long ago for an urgent one.
    for at in ["2026-11-23T16:50:00Z", "2026-11-23T18:00:00Z"] {
        let mut desk = Desk::technical();
        let before = due(&desk, Metric::FirstResponse);
        desk.orders(&[Order::Priority(Priority::Urgent)], at);
        assert_eq!(due(&desk, Metric::FirstResponse), before, "{at}");
    }
}

#[test]
fn a_lowered_priority_keeps_the_deadline_already_promised() {
    let mut desk = Desk::technical();
    desk.orders(&[Order::Priority(Priority::Urgent)], "2026-11-23T09:30:00Z");
    desk.orders(&[Order::Priority(Priority::Low)], "2026-11-23T09:40:00Z");
    assert_eq!(
        due(&desk, Metric::FirstResponse),
        Some(instant("2026-11-23T11:00:00Z"))
    );
}

#[test]
fn resolution_stands_still_while_the_customer_is_waited_for_and_resumes_on_reopening() {
    let mut desk = Desk::technical();
    // Two open hours used, then pending for a day, then one more hour, then solved for a week.
    desk.agent_replies("2026-11-23T11:00:00Z");
    assert_eq!(due(&desk, Metric::Resolution), None);
    desk.customer_writes("2026-11-24T11:00:00Z");
    assert_eq!(
        due(&desk, Metric::Resolution),
        Some(instant("2026-11-26T09:00:00Z") - jiff::SignedDuration::from_hours(16))
    );
    desk.orders(&[Order::Status(Status::Solved)], "2026-11-24T12:00:00Z");
    desk.customer_writes("2026-12-01T12:00:00Z");
    // 13 of 16 hours are left: 5 on Tuesday, 8 on Wednesday.
    assert_eq!(
        due(&desk, Metric::Resolution),
        Some(instant("2026-12-02T17:00:00Z"))
    );
}

#[test]
fn a_past_miss_stays_a_miss_when_the_ticket_reopens() {
    let mut desk = Desk::technical();
    desk.tick("2026-11-23T17:00:00Z");
    desk.agent_replies("2026-11-24T09:30:00Z");
    desk.customer_writes("2026-11-24T10:00:00Z");
    let first = clocks(&desk.ticket, &desk.policy);
    let first = first
        .iter()
        .find(|clock| clock.promise.metric == Metric::FirstResponse)
        .unwrap();
    assert!(first.missed && !first.running);
}

#[test]
fn each_next_response_is_a_cycle_with_a_ladder_of_its_own() {
    let mut desk = Desk::technical();
    desk.agent_replies("2026-11-23T09:30:00Z");
    desk.customer_writes("2026-11-23T10:00:00Z");
    assert_eq!(told(&desk.tick("2026-11-23T16:30:00Z")).len(), 2);
    desk.agent_replies("2026-11-23T16:40:00Z");
    assert!(desk.ticket.told.is_empty());
    desk.customer_writes("2026-11-24T10:00:00Z");
    assert_eq!(desk.ticket.response_cycle, 2);
    assert!(told(&desk.tick("2026-11-24T16:30:00Z")).contains(&"warning>ann".to_owned()));
}

#[test]
fn who_is_promised_no_time_out_of_hours_learns_when_they_begin_again() {
    let (technical, friday_night) = (open_command(Some("technical")), "2026-11-27T20:00:00Z");
    let silent = || {
        let page = BTreeMap::from(["en".parse().unwrap()].map(|lang| (lang, String::new())));
        let source = include_str!("policy.toml").replace("published = true", "published = false");
        Policy::parse(&source, "policy.toml", page).unwrap()
    };
    let next_hours = |policy: Policy, command: &_, at: &str| {
        let desk = Desk::open_under(policy, command, at);
        ticket::next_hours(&desk.ticket, &desk.policy)
    };
    assert_eq!(
        next_hours(silent(), &technical, friday_night),
        Some(instant("2026-11-30T09:00:00Z"))
    );
    assert_eq!(next_hours(silent(), &technical, MONDAY_9), None);
    assert_eq!(
        next_hours(silent(), &open_command(None), friday_night),
        None
    );
    // A published time says more.
    assert_eq!(
        next_hours(crate::desk::policy(), &technical, friday_night),
        None
    );
}
