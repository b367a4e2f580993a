//! Conditions on time, groups and declared busy times, and `in_order`: dated cases of ON.2.

use std::fmt::Write;

use policy::{
    Channel, DepartmentId, Facts, GroupId, Metric, Pause, Point, Policy, Priority, PromiseId, Run,
    Span, TicketType,
};

use crate::{berlin, lang, shown};

fn online() -> Policy {
    let pages = [(lang("en"), "{company.name}".to_owned())].into();
    Policy::parse(include_str!("online.toml"), "policy.toml", pages).unwrap()
}

fn span(from: &str, until: &str) -> Span {
    Span {
        from: berlin(from),
        until: (!until.is_empty()).then(|| berlin(until)),
    }
}

/// Promise and deadline of a metric for a request to support.
fn due(
    policy: &Policy,
    metric: Metric,
    received: &str,
    busy: &[Span],
    group: Option<&GroupId>,
) -> String {
    let support = DepartmentId::new("support").unwrap();
    let lang = lang("en");
    let facts = Facts {
        department: Some(&support),
        priority: Priority::Normal,
        channel: Channel::Email,
        ticket_type: TicketType::Request,
        lang: &lang,
        group,
        service: None,
        received: berlin(received),
        busy,
    };
    let promises = policy.promises(&facts);
    let promise = promises.iter().find(|it| it.metric == metric).unwrap();
    let run = Run {
        not_before: policy.not_before(promise, &facts),
        ..Run::since(facts.received)
    };
    let due = policy
        .instant(promise, Some(&support), &run, &Point::DUE)
        .unwrap();
    format!("{} {}", promise.id, shown(due))
}

/// Received, declared busy (from, until), promise and deadline.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const ON_2: &[Case] = &[
    // The middle of a week without a holiday: 24 hours on working days.
    (
        "2026-11-18T10:00",
        &[],
        "fast Thu 2026-11-19T10:00:00+01:00",
    ),
    // The 24 hours end at midnight, where Saturday begins: they do not touch it.
    (
        "2026-11-20T00:00",
        &[],
        "fast Sat 2026-11-21T00:00:00+01:00",
    ),
    // A second later they do.
    (
        "2026-11-20T00:00:01",
        &[],
        "slow Sun 2026-11-22T00:00:01+01:00",
    ),
    // Friday evening, Saturday, Sunday.
    (
        "2026-11-20T18:00",
        &[],
        "slow Sun 2026-11-22T18:00:00+01:00",
    ),
    (
        "2026-11-21T12:00",
        &[],
        "slow Mon 2026-11-23T12:00:00+01:00",
    ),
    (
        "2026-11-22T23:59:59",
        &[],
        "slow Tue 2026-11-24T23:59:59+01:00",
    ),
    // Monday's first would be due on Tuesday, before Sunday's last: nobody who wrote later is due earlier.
    (
        "2026-11-23T00:00",
        &[],
        "fast Tue 2026-11-24T23:59:59+01:00",
    ),
    (
        "2026-11-23T10:00",
        &[],
        "fast Tue 2026-11-24T23:59:59+01:00",
    ),
    // From the instant on at which 24 hours are later anyway, they count again.
    (
        "2026-11-24T00:00",
        &[],
        "fast Wed 2026-11-25T00:00:00+01:00",
    ),
    // The day before a holiday and the holiday itself.
    (
        "2026-12-24T10:00",
        &[],
        "slow Sat 2026-12-26T10:00:00+01:00",
    ),
    (
        "2026-12-25T10:00",
        &[],
        "slow Sun 2026-12-27T10:00:00+01:00",
    ),
    // A declared busy day, and the hour after it.
    (
        "2026-11-17T10:00",
        &[("2026-11-17T09:00", "")],
        "slow Thu 2026-11-19T10:00:00+01:00",
    ),
    (
        "2026-11-17T18:00",
        &[("2026-11-17T09:00", "2026-11-17T17:00")],
        "fast Thu 2026-11-19T16:59:59+01:00",
    ),
    // Busy later is nothing to those who wrote before.
    (
        "2026-11-17T08:00",
        &[("2026-11-17T09:00", "")],
        "fast Wed 2026-11-18T08:00:00+01:00",
    ),
    // Busy on a Saturday: both at once are still 48 hours.
    (
        "2026-11-21T10:00",
        &[("2026-11-21T09:00", "")],
        "slow Mon 2026-11-23T10:00:00+01:00",
    ),
    // Clocks go forward on the last Sunday of March: elapsed hours do not care.
    (
        "2027-03-27T12:00",
        &[],
        "slow Mon 2027-03-29T13:00:00+02:00",
    ),
    (
        "2027-03-29T08:00",
        &[],
        "fast Tue 2027-03-30T23:59:59+02:00",
    ),
];

#[test]
fn on_2_gives_24_hours_or_48_and_nobody_who_wrote_later_is_due_earlier() {
    let policy = online();
    let mut wrong = String::new();
    for (received, busy, expected) in ON_2 {
        let busy: Vec<Span> = busy.iter().map(|(from, until)| span(from, until)).collect();
        let have = due(&policy, Metric::FirstResponse, received, &busy, None);
        if have != *expected {
            writeln!(wrong, "{received}\n  want {expected}\n  have {have}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn deadlines_never_run_backwards_over_a_month_of_receipts() {
    let policy = online();
    let busy = [
        span("2026-12-02T09:00", "2026-12-02T12:00"),
        span("2026-12-08T00:00", "2026-12-09T00:00"),
    ];
    let mut latest = String::new();
    let mut at = berlin("2026-11-20T00:00");
    for _ in 0..24 * 35 {
        let wall = at
            .in_tz("Europe/Berlin")
            .unwrap()
            .strftime("%Y-%m-%dT%H:%M:%S")
            .to_string();
        let due = due(&policy, Metric::FirstResponse, &wall, &busy, None);
        let due = due[due.len() - 25..].to_owned();
        assert!(due >= latest, "received {wall}: due {due} before {latest}");
        latest = due;
        at += jiff::SignedDuration::from_mins(60);
    }
}

#[test]
fn levels_of_a_deadline_that_was_held_back_stand_at_shares_of_the_longer_time() {
    let policy = online();
    let fast = policy.promise(&PromiseId::new("fast").unwrap()).unwrap();
    let run = Run {
        not_before: Some(berlin("2026-11-24T20:00")),
        ..Run::since(berlin("2026-11-23T10:00"))
    };
    let at = |point| shown(policy.instant(fast, None, &run, &point).unwrap());
    assert_eq!(at(Point::DUE), "Tue 2026-11-24T20:00:00+01:00");
    assert_eq!(at(Point::Share(500)), "Tue 2026-11-24T03:00:00+01:00");
}

#[test]
fn groups_and_the_hour_of_receipt_choose_the_promise() {
    let policy = online();
    let business = GroupId::new("business").unwrap();
    let of = |received, group| due(&policy, Metric::Resolution, received, &[], group);
    // Wednesday noon, and a second before and at opening and closing.
    assert_eq!(
        of("2026-11-18T12:00", None),
        "solution Fri 2026-11-20T12:00:00+01:00"
    );
    assert_eq!(
        of("2026-11-18T08:59:59", None),
        "night-solution Mon 2026-11-23T09:00:00+01:00"
    );
    assert_eq!(
        of("2026-11-18T09:00", None),
        "solution Fri 2026-11-20T09:00:00+01:00"
    );
    assert_eq!(
        of("2026-11-18T17:00", None),
        "night-solution Mon 2026-11-23T17:00:00+01:00"
    );
    assert_eq!(
        of("2026-11-18T12:00", Some(&business)),
        "business-solution Thu 2026-11-19T12:00:00+01:00"
    );
}

#[test]
fn a_single_pause_never_counts_longer_than_the_policy_says() {
    let policy = online();
    let promise = policy
        .promise(&PromiseId::new("business-solution").unwrap())
        .unwrap();
    let support = DepartmentId::new("support").unwrap();
    let pause = |from: &str, until: Option<&str>| Pause {
        from: berlin(from),
        until: until.map(berlin),
    };
    let due = |pauses: Vec<Pause>| {
        let run = promise.capped(&Run {
            pauses,
            ..Run::since(berlin("2026-11-16T10:00"))
        });
        shown(
            policy
                .instant(promise, Some(&support), &run, &Point::DUE)
                .unwrap(),
        )
    };
    // Eight open hours, four of them used before the pause; it ends after two days at the latest.
    let long =
        [Some("2026-11-20T10:00"), None].map(|until| due(vec![pause("2026-11-16T14:00", until)]));
    assert_eq!(
        long,
        [
            "Thu 2026-11-19T10:00:00+01:00",
            "Thu 2026-11-19T10:00:00+01:00"
        ]
    );
    assert_eq!(
        due(vec![pause("2026-11-16T14:00", Some("2026-11-17T14:00"))]),
        "Wed 2026-11-18T10:00:00+01:00"
    );
}
