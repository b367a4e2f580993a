//! Pauses, shares and points of a clock.

use policy::{CalendarId, Pause, Point, Promise, PromiseId, Run, Target};

use crate::{berlin, desk, shown};

/// The instants of `points` for a target on the office calendar, as shown in Berlin; `-` for never.
fn instants(target: &str, start: &str, pauses: &[(&str, &str)], points: &[Point]) -> Vec<String> {
    let desk = desk();
    let target = Target {
        calendar: Some(CalendarId::new("office").unwrap()),
        ..target.parse().unwrap()
    };
    let template = desk.promise(&PromiseId::new("response").unwrap()).unwrap();
    let promise = Promise {
        target,
        ..template.clone()
    };
    let pauses = pauses.iter().map(|&(from, until)| Pause {
        from: berlin(from),
        until: (!until.is_empty()).then(|| berlin(until)),
    });
    let run = Run {
        pauses: pauses.collect(),
        ..Run::since(berlin(start))
    };
    let reached = points
        .iter()
        .map(|point| desk.instant(&promise, None, &run, point));
    reached
        .map(|instant| instant.map_or("-".to_owned(), |instant| shown(instant)[4..20].to_owned()))
        .collect()
}

fn due(target: &str, start: &str, pauses: &[(&str, &str)]) -> String {
    instants(target, start, pauses, &[Point::DUE]).remove(0)
}

#[test]
fn a_pause_moves_the_deadline_by_the_open_time_it_held() {
    let start = "2026-11-20T10:00";
    assert_eq!(
        due(
            "4 open hours",
            start,
            &[("2026-11-20T11:00", "2026-11-20T12:30")]
        ),
        "2026-11-20T15:30"
    );
    // From Friday afternoon until Monday morning: two open hours.
    assert_eq!(
        due(
            "4 open hours",
            start,
            &[("2026-11-20T16:00", "2026-11-23T10:00")]
        ),
        "2026-11-20T14:00"
    );
    assert_eq!(
        due(
            "8 open hours",
            start,
            &[("2026-11-20T16:00", "2026-11-23T10:00")]
        ),
        "2026-11-23T12:00"
    );
    // Over a weekend only: nothing.
    assert_eq!(
        due(
            "8 open hours",
            start,
            &[("2026-11-20T17:00", "2026-11-23T09:00")]
        ),
        "2026-11-23T10:00"
    );
}

#[test]
fn pauses_may_overlap_touch_and_come_in_any_order() {
    let scattered = [
        ("2026-11-20T11:30", "2026-11-20T12:00"),
        ("2026-11-20T11:00", "2026-11-20T11:40"),
        ("2026-11-20T12:00", "2026-11-20T12:15"),
        ("2026-11-20T11:10", "2026-11-20T11:20"),
        ("2026-11-20T13:00", "2026-11-20T13:00"),
        ("2026-11-20T08:00", "2026-11-20T09:30"),
    ];
    assert_eq!(
        due("4 open hours", "2026-11-20T10:00", &scattered),
        "2026-11-20T15:15"
    );
}

#[test]
fn a_pause_without_an_end_stops_the_clock_unless_it_was_through() {
    let start = "2026-11-20T10:00";
    assert_eq!(
        due("4 open hours", start, &[("2026-11-20T13:59:59", "")]),
        "-"
    );
    assert_eq!(
        due("4 open hours", start, &[("2026-11-20T14:00", "")]),
        "2026-11-20T14:00"
    );
    assert_eq!(
        due("1 open day", start, &[("2026-11-23T09:59:59", "")]),
        "-"
    );
    assert_eq!(
        due("1 open day", start, &[("2026-11-23T10:00", "")]),
        "2026-11-23T10:00"
    );
    // What comes after an endless pause changes nothing.
    let ends = [
        ("2026-11-20T11:00", ""),
        ("2026-11-20T11:30", "2026-11-20T12:00"),
    ];
    assert_eq!(due("4 open hours", start, &ends), "-");
}

#[test]
fn a_pause_moves_a_dated_deadline_too() {
    let start = "2026-11-20T10:00";
    assert_eq!(
        due(
            "1 open day",
            start,
            &[("2026-11-20T12:00", "2026-11-20T14:00")]
        ),
        "2026-11-23T12:00"
    );
    assert_eq!(
        due(
            "1 open day",
            start,
            &[("2026-11-20T19:00", "2026-11-21T14:00")]
        ),
        "2026-11-23T10:00"
    );
}

#[test]
fn a_deadline_at_an_opening_never_falls_into_a_pause() {
    // Received before opening, it is due at Monday's opening.
    let start = "2026-11-20T07:00";
    assert_eq!(due("1 open day", start, &[]), "2026-11-23T09:00");
    let over = |until| due("1 open day", start, &[("2026-11-20T19:00", until)]);
    assert_eq!(over("2026-11-23T09:00"), "2026-11-23T09:00");
    assert_eq!(over("2026-11-23T12:00"), "2026-11-23T12:00");
    // No open time was left when the pause began: it is due as soon as it opens.
    assert_eq!(over("2026-11-23T19:00"), "2026-11-24T09:00");
    let twice = [
        ("2026-11-20T19:00", "2026-11-23T19:00"),
        ("2026-11-24T08:00", "2026-11-24T10:00"),
    ];
    assert_eq!(due("1 open day", start, &twice), "2026-11-24T10:00");
    let open = [("2026-11-20T16:00", "2026-11-23T19:00")];
    assert_eq!(due("1 open day", start, &open), "2026-11-24T10:00");
}

#[test]
fn points_lie_at_shares_of_the_target_or_beside_due() {
    let points = [
        Point::Share(0),
        Point::Share(750),
        Point::DUE,
        Point::Share(1500),
        Point::Before(1800),
        Point::After(7200),
    ];
    assert_eq!(
        instants("4 open hours", "2026-11-20T11:00", &[], &points),
        [
            "2026-11-20T11:00",
            "2026-11-20T14:00",
            "2026-11-20T15:00",
            "2026-11-20T17:00",
            "2026-11-20T14:30",
            "2026-11-20T17:00"
        ],
    );
    // An open day from Friday 13:00 holds eight open hours.
    assert_eq!(
        instants("1 open day", "2026-11-20T13:00", &[], &points),
        [
            "2026-11-20T13:00",
            "2026-11-23T11:00",
            "2026-11-23T13:00",
            "2026-11-23T17:00",
            "2026-11-23T12:30",
            "2026-11-23T15:00"
        ],
    );
}

#[test]
fn a_paused_clock_still_reaches_the_shares_it_had_passed() {
    let paused = [("2026-11-20T14:00", "")];
    let points = [Point::Share(500), Point::Share(750), Point::DUE];
    assert_eq!(
        instants("4 open hours", "2026-11-20T12:00", &paused, &points),
        ["2026-11-20T14:00", "-", "-"]
    );
}

#[test]
fn elapsed_counts_open_time_outside_pauses() {
    let desk = desk();
    let sales = policy::DepartmentId::new("sales").unwrap();
    let response = desk.promise(&PromiseId::new("response").unwrap()).unwrap();
    let pauses = vec![Pause {
        from: berlin("2026-11-20T11:00"),
        until: Some(berlin("2026-11-20T12:00")),
    }];
    let run = Run {
        pauses,
        ..Run::since(berlin("2026-11-20T10:00"))
    };
    let used = |until: &str| desk.elapsed(response, Some(&sales), &run, berlin(until));
    assert_eq!(used("2026-11-20T09:00"), 0);
    assert_eq!(used("2026-11-20T11:30"), 3_600);
    assert_eq!(used("2026-11-20T13:00"), 2 * 3_600);
    assert_eq!(used("2026-11-23T10:00"), 7 * 3_600);
}
