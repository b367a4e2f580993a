//! Dated cases: why a deadline is when it is, stretch by stretch, and what comes next.

use std::collections::BTreeMap;

use policy::{Lang, Metric, Policy, Status, Why};
use proptest::prelude::*;
use ticket::{Coming, Event, Explanation, Order, clocks, explain, forward};

use crate::desk::{Desk, instant, open_command, short};

fn policy() -> Policy {
    let page = "{promise.first.target}".to_owned();
    let pages = ["en", "de"].map(|lang| (lang.parse::<Lang>().unwrap(), page.clone()));
    let source = include_str!("explain.toml");
    Policy::parse(source, "policy.toml", BTreeMap::from(pages)).unwrap()
}

fn desk(department: &str, at: &str) -> Desk {
    Desk::open_under(policy(), &open_command(Some(department)), at)
}

fn of(desk: &Desk, metric: Metric) -> Explanation {
    let clocks = clocks(&desk.ticket, &desk.policy);
    let clock = clocks.iter().find(|clock| clock.promise.metric == metric);
    explain(
        &desk.ticket,
        &desk.policy,
        clock.unwrap(),
        desk.ticket.recorded_at,
    )
}

/// `02-04 16:00 > 02-04 17:00 counted`, in the wall time of the calendar.
fn rows(explanation: &Explanation) -> Vec<String> {
    let wall = |at: jiff::Timestamp| {
        let local = at.in_tz(&explanation.zone).unwrap();
        local.strftime("%m-%d %H:%M").to_string()
    };
    let rows = explanation.stretches.iter().map(|passage| {
        let why = match (&passage.stretch.why, passage.status) {
            (Why::Counted, _) => "counted".to_owned(),
            (Why::Closed, _) => "closed".to_owned(),
            (Why::ShortDay, _) => "short day".to_owned(),
            (Why::Holiday { name, day, of }, _) => format!("{name} {day}/{of}"),
            (Why::Paused, status) => status.unwrap().to_string(),
        };
        format!(
            "{} > {} {why}",
            wall(passage.stretch.from),
            wall(passage.stretch.until)
        )
    });
    rows.collect()
}

#[test]
fn a_holiday_of_several_days_is_named_day_by_day() {
    // Thursday before Tet, 16:00 in Hanoi.
    let explained = of(
        &desk("hanoi", "2027-02-04T09:00:00Z"),
        Metric::FirstResponse,
    );
    assert_eq!(
        rows(&explained),
        [
            "02-04 16:00 > 02-04 17:00 counted",
            "02-04 17:00 > 02-05 00:00 closed",
            "02-05 00:00 > 02-06 00:00 Tet 1/7",
            "02-06 00:00 > 02-07 00:00 Tet 2/7",
            "02-07 00:00 > 02-08 00:00 Tet 3/7",
            "02-08 00:00 > 02-09 00:00 Tet 4/7",
            "02-09 00:00 > 02-10 00:00 Tet 5/7",
            "02-10 00:00 > 02-11 00:00 Tet 6/7",
            "02-11 00:00 > 02-12 00:00 Tet 7/7",
            "02-12 00:00 > 02-12 08:00 closed",
            "02-12 08:00 > 02-12 11:30 counted",
            "02-12 11:30 > 02-12 13:30 closed",
            "02-12 13:30 > 02-12 16:00 counted",
        ]
    );
    assert_eq!(explained.due, Some(instant("2027-02-12T09:00:00Z")));
    assert_eq!(explained.clause.as_deref(), Some("X.1"));
    assert_eq!(explained.counted, 7 * 3600);
}

#[test]
fn a_half_day_and_a_holiday_are_told_apart_from_closing_time() {
    let explained = of(
        &desk("berlin", "2026-12-24T11:00:00Z"),
        Metric::FirstResponse,
    );
    assert_eq!(
        rows(&explained),
        [
            "12-24 12:00 > 12-24 13:00 counted",
            "12-24 13:00 > 12-25 00:00 short day",
            "12-25 00:00 > 12-26 00:00 Erster Weihnachtstag 1/1",
            "12-26 00:00 > 12-26 06:00 counted",
        ]
    );
}

#[test]
fn an_hour_that_the_clocks_show_twice_counts_twice() {
    // 25 October 2026: 03:00 summer time is 02:00 again.
    let explained = of(
        &desk("berlin", "2026-10-24T23:00:00Z"),
        Metric::FirstResponse,
    );
    assert_eq!(rows(&explained), ["10-25 01:00 > 10-25 07:00 counted"]);
    assert_eq!(explained.counted, 7 * 3600);
}

#[test]
fn each_pause_is_named_by_its_status() {
    let mut desk = desk("berlin", "2026-11-23T08:00:00Z");
    desk.orders(&[Order::Status(Status::OnHold)], "2026-11-23T10:00:00Z");
    desk.agent_replies("2026-11-23T12:00:00Z");
    desk.orders(&[Order::Status(Status::Pending)], "2026-11-23T13:00:00Z");
    let explained = of(&desk, Metric::Resolution);
    assert_eq!(explained.due, None);
    desk.customer_writes("2026-11-24T08:00:00Z");
    let explained = of(&desk, Metric::Resolution);
    assert_eq!(
        rows(&explained),
        [
            "11-23 09:00 > 11-23 11:00 counted",
            "11-23 11:00 > 11-23 14:00 on_hold",
            "11-23 14:00 > 11-24 09:00 pending",
            "11-24 09:00 > 11-25 13:00 counted",
        ]
    );
    assert_eq!(explained.due, Some(instant("2026-11-25T12:00:00Z")));
}

#[test]
fn a_deadline_that_a_change_may_not_move_says_where_the_count_would_end() {
    let mut desk = Desk::technical();
    desk.orders(
        &[Order::Priority(policy::Priority::Urgent)],
        "2026-11-23T09:30:00Z",
    );
    desk.orders(
        &[Order::Priority(policy::Priority::Low)],
        "2026-11-23T09:40:00Z",
    );
    let explained = of(&desk, Metric::FirstResponse);
    assert_eq!(explained.derived, Some(instant("2026-11-23T17:00:00Z")));
    assert_eq!(explained.due, Some(instant("2026-11-23T11:00:00Z")));
}

/// `15:00 levels warning | warning>ann warning>bob`.
fn step(coming: &Coming) -> String {
    let events = coming.events.iter().map(|event| match event {
        Event::LevelTold { levels, .. } => levels[0].to_string(),
        Event::PromiseMissed { .. } => "missed".to_owned(),
        other => format!("{other:?}"),
    });
    let notices = coming.notices.iter().map(short);
    let said: Vec<String> = events.chain(["|".to_owned()]).chain(notices).collect();
    format!("{} {}", coming.at.strftime("%d %H:%M"), said.join(" "))
}

#[test]
fn what_comes_next_is_what_the_ticks_then_do() {
    let mut desk = Desk::technical();
    let until = instant("2026-11-24T12:00:00Z");
    let next = forward(&desk.ticket, &desk.policy, desk.ticket.recorded_at, until);
    assert_eq!(
        next.iter().map(step).collect::<Vec<_>>(),
        [
            "23 15:00 warning | warning>ann warning>bob",
            "23 17:00 missed lead | missed>customer breach>lea",
        ]
    );
    for coming in next {
        let decision = desk.tick(&coming.at.to_string());
        assert_eq!(decision.notices, coming.notices);
    }
}

#[test]
fn what_is_overdue_comes_now() {
    let desk = Desk::technical();
    let now = instant("2026-11-23T16:00:00Z");
    let next = forward(&desk.ticket, &desk.policy, now, now);
    assert_eq!(next.iter().map(|step| step.at).collect::<Vec<_>>(), [now]);
}

proptest! {
    /// The stretches lie end to end from the start to the count's end, and those that count add up to the target.
    #[test]
    fn stretches_have_no_gaps_and_add_up_to_the_target(
        start in 0i64..400 * 86_400,
        pauses in prop::collection::vec((1i64..40 * 3600, 1i64..90 * 3600), 0..4),
        hanoi in any::<bool>(),
    ) {
        let opened = instant("2026-06-01T00:00:00Z") + jiff::SignedDuration::from_secs(start);
        let mut desk = desk(if hanoi { "hanoi" } else { "berlin" }, &opened.to_string());
        let mut at = opened;
        for (run, pause) in pauses {
            at += jiff::SignedDuration::from_secs(run);
            desk.orders(&[Order::Status(Status::OnHold)], &at.to_string());
            at += jiff::SignedDuration::from_secs(pause);
            desk.orders(&[Order::Status(Status::Open)], &at.to_string());
        }
        for (metric, hours) in [(Metric::FirstResponse, 7), (Metric::Resolution, 30)] {
            let explained = of(&desk, metric);
            prop_assert_eq!(explained.counted, hours * 3600);
            let mut end = explained.start;
            for passage in &explained.stretches {
                prop_assert_eq!(passage.stretch.from, end);
                end = passage.stretch.until;
            }
            prop_assert_eq!(Some(end), explained.derived);
        }
    }
}
