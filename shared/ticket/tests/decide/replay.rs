//! A ticket's log under another text of the policy.

use ticket::{Order, replay};

use crate::desk::{Desk, instant};
use crate::versions::{FIRST, FIRST_LONGER, changed};

/// What was missed, and when people were told, to the minute of the day.
fn played(desk: &Desk, policy: &policy::Policy, until: &str) -> (Vec<String>, Vec<String>) {
    let replayed = replay(&desk.log, &desk.policy, policy, instant(until)).unwrap();
    let missed = replayed.missed.iter().map(|miss| miss.promise.to_string());
    let mut alarms: Vec<_> = replayed
        .alarms
        .iter()
        .map(|(at, who)| format!("{} {who}", at.strftime("%H:%M")))
        .collect();
    alarms.dedup();
    (missed.collect(), alarms)
}

#[test]
fn an_answer_that_was_in_time_is_late_under_a_shorter_promise_and_the_other_way_round() {
    let mut desk = Desk::technical();
    desk.agent_replies("2026-11-23T16:00:00Z");
    let end = "2026-11-23T17:00:00Z";
    let (missed, alarms) = played(&desk, &desk.policy, end);
    assert_eq!(missed, [""; 0]);
    assert_eq!(alarms, ["15:00 ann", "15:00 bob"]);
    let (missed, alarms) = played(&desk, &changed(&[FIRST]), end);
    assert_eq!(missed, ["first"]);
    assert_eq!(alarms, ["13:30 ann", "13:30 bob", "15:00 lea"]);
    let (missed, _) = played(&desk, &changed(&[FIRST_LONGER]), end);
    assert_eq!(missed, [""; 0]);
}

#[test]
fn the_same_policy_gives_what_the_log_holds() {
    let mut desk = Desk::technical();
    desk.orders(
        &[Order::Assign("ann".parse().unwrap())],
        "2026-11-23T10:00:00Z",
    );
    for at in [
        "2026-11-23T15:00:00Z",
        "2026-11-23T17:00:00Z",
        "2026-11-24T13:00:00Z",
    ] {
        desk.tick(at);
    }
    let replayed = replay(
        &desk.log,
        &desk.policy,
        &desk.policy,
        instant("2026-11-24T13:00:01Z"),
    )
    .unwrap();
    let recorded: Vec<_> = desk
        .ticket
        .missed
        .iter()
        .map(|missed| (&missed.promise, missed.due))
        .collect();
    let missed: Vec<_> = replayed
        .missed
        .iter()
        .map(|missed| (&missed.promise, missed.due))
        .collect();
    assert_eq!(missed, recorded);
}

#[test]
fn an_answer_at_the_very_deadline_is_in_time() {
    let mut desk = Desk::technical();
    desk.agent_replies("2026-11-23T17:00:00Z");
    let (missed, _) = played(&desk, &desk.policy, "2026-11-23T17:00:01Z");
    assert_eq!(missed, [""; 0]);
}
