//! The definition of each unit, as dated cases: received, target, calendar, due; all wall times of Berlin.
//!
//! 2026-11-20 is a Friday. 2026-12-24 (Thursday) closes at 13:00, 25 and 26 are closed, 2026-12-30 opens at 11:00.
//! Clocks go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.

use policy::{CalendarId, Point, Promise, PromiseId, Run, Target};

use crate::{berlin, desk, shown};

fn check(cases: &[(&str, &str, &str, &str)]) {
    let desk = desk();
    let template = desk.promise(&PromiseId::new("response").unwrap()).unwrap();
    for &(received, target, calendar, due) in cases {
        let target = Target {
            calendar: Some(CalendarId::new(calendar).unwrap()),
            ..target.parse().unwrap()
        };
        let promise = Promise {
            target,
            ..template.clone()
        };
        let reached = desk
            .instant(&promise, None, &Run::since(berlin(received)), &Point::DUE)
            .unwrap();
        let expected = shown(berlin(due));
        assert_eq!(
            shown(reached),
            expected,
            "{received} + {} on {calendar}",
            promise.target
        );
    }
}

#[test]
fn open_hours_count_while_the_calendar_is_open() {
    check(&[
        (
            "2026-11-20T10:00",
            "4 open hours",
            "office",
            "2026-11-20T14:00",
        ),
        (
            "2026-11-20T10:00:01",
            "90 open minutes",
            "office",
            "2026-11-20T11:30:01",
        ),
        // Ends at closing time, and one second later.
        (
            "2026-11-20T13:00",
            "4 open hours",
            "office",
            "2026-11-20T17:00",
        ),
        (
            "2026-11-20T13:00:01",
            "4 open hours",
            "office",
            "2026-11-23T09:00:01",
        ),
        // Friday afternoon, Friday evening, the weekend, before opening.
        (
            "2026-11-20T16:00",
            "4 open hours",
            "office",
            "2026-11-23T12:00",
        ),
        (
            "2026-11-20T20:00",
            "4 open hours",
            "office",
            "2026-11-23T13:00",
        ),
        (
            "2026-11-22T03:00",
            "4 open hours",
            "office",
            "2026-11-23T13:00",
        ),
        (
            "2026-11-23T07:00",
            "4 open hours",
            "office",
            "2026-11-23T13:00",
        ),
        // Across a break; ending where it begins.
        (
            "2026-11-20T10:00",
            "4 open hours",
            "split",
            "2026-11-20T15:00",
        ),
        (
            "2026-11-20T10:00",
            "2 open hours",
            "split",
            "2026-11-20T12:00",
        ),
        // Half day, holidays, late opening.
        (
            "2026-12-24T11:00",
            "4 open hours",
            "office",
            "2026-12-28T11:00",
        ),
        (
            "2026-12-29T16:00",
            "4 open hours",
            "office",
            "2026-12-30T14:00",
        ),
        // A week of closed dates.
        (
            "2027-02-04T17:00",
            "1 open hour",
            "split",
            "2027-02-12T09:00",
        ),
        // A holiday of every year.
        (
            "2026-12-24T17:00",
            "1 open hour",
            "split",
            "2026-12-26T09:30",
        ),
        // Over midnight, in the night that is an hour short, in the one that is an hour long.
        (
            "2026-11-20T23:00",
            "8 open hours",
            "night",
            "2026-11-21T23:00",
        ),
        (
            "2026-03-28T23:00",
            "4 open hours",
            "night",
            "2026-03-29T04:00",
        ),
        (
            "2026-10-24T23:00",
            "4 open hours",
            "night",
            "2026-10-25T02:00+01:00",
        ),
    ]);
}

#[test]
fn weekday_hours_are_all_24_of_each_date_that_opens() {
    check(&[
        (
            "2026-11-19T16:00",
            "24 weekday hours",
            "office",
            "2026-11-20T16:00",
        ),
        (
            "2026-11-20T16:00",
            "24 weekday hours",
            "office",
            "2026-11-23T16:00",
        ),
        (
            "2026-11-20T20:00",
            "24 weekday hours",
            "office",
            "2026-11-23T20:00",
        ),
        // Received on a day that does not count: all of Monday, which ends at midnight.
        (
            "2026-11-21T12:00",
            "24 weekday hours",
            "office",
            "2026-11-24T00:00",
        ),
        // A half day counts whole, a holiday not at all.
        (
            "2026-12-23T10:00",
            "24 weekday hours",
            "office",
            "2026-12-24T10:00",
        ),
        (
            "2026-12-24T10:00",
            "24 weekday hours",
            "office",
            "2026-12-28T10:00",
        ),
        (
            "2026-12-25T10:00",
            "1 weekday hour",
            "office",
            "2026-12-28T01:00",
        ),
        // The missing hour lies on a Sunday: nothing to an office, an hour to who works on Sundays.
        (
            "2026-03-27T16:00",
            "24 weekday hours",
            "office",
            "2026-03-30T16:00",
        ),
        (
            "2026-03-28T12:00",
            "24 weekday hours",
            "daily",
            "2026-03-29T13:00",
        ),
        (
            "2026-10-24T12:00",
            "24 weekday hours",
            "daily",
            "2026-10-25T11:00",
        ),
        // The early hours of a night shift make their date one that opens.
        (
            "2026-11-20T23:30",
            "1 weekday hour",
            "night",
            "2026-11-21T00:30",
        ),
    ]);
}

#[test]
fn open_days_end_at_the_same_wall_time_of_a_later_open_date() {
    check(&[
        (
            "2026-11-19T10:00",
            "1 open day",
            "office",
            "2026-11-20T10:00",
        ),
        (
            "2026-11-20T10:00",
            "1 open day",
            "office",
            "2026-11-23T10:00",
        ),
        (
            "2026-11-20T10:00",
            "3 open days",
            "office",
            "2026-11-25T10:00",
        ),
        // Before opening: the date counts as the start, from its opening.
        (
            "2026-11-20T07:00",
            "1 open day",
            "office",
            "2026-11-23T09:00",
        ),
        // At closing and in the evening: the date counts as the start, due at closing.
        (
            "2026-11-20T16:59:59",
            "1 open day",
            "office",
            "2026-11-23T16:59:59",
        ),
        (
            "2026-11-20T17:00",
            "1 open day",
            "office",
            "2026-11-23T17:00",
        ),
        (
            "2026-11-20T20:00",
            "1 open day",
            "office",
            "2026-11-23T17:00",
        ),
        // On a closed date: the next open date counts as the start, from its opening.
        (
            "2026-11-21T12:00",
            "1 open day",
            "office",
            "2026-11-24T09:00",
        ),
        (
            "2026-12-25T12:00",
            "1 open day",
            "office",
            "2026-12-29T09:00",
        ),
        // The due date closes earlier, or opens later.
        (
            "2026-12-23T15:00",
            "1 open day",
            "office",
            "2026-12-24T13:00",
        ),
        (
            "2026-12-29T10:00",
            "1 open day",
            "office",
            "2026-12-30T11:00",
        ),
        // Received on a half day: within its hours, and after them.
        (
            "2026-12-24T11:00",
            "1 open day",
            "office",
            "2026-12-28T11:00",
        ),
        (
            "2026-12-24T14:00",
            "1 open day",
            "office",
            "2026-12-28T17:00",
        ),
        // In a break the hours of the date still run; Saturday closes at noon.
        (
            "2026-11-19T12:30",
            "1 open day",
            "split",
            "2026-11-20T12:30",
        ),
        (
            "2026-11-20T12:30",
            "1 open day",
            "split",
            "2026-11-21T12:00",
        ),
        // A wall time that does not exist on the due date, and one that happens twice.
        (
            "2026-03-28T02:30",
            "1 open day",
            "daily",
            "2026-03-29T03:00",
        ),
        (
            "2026-10-24T02:30",
            "1 open day",
            "daily",
            "2026-10-25T02:30+02:00",
        ),
    ]);
}

#[test]
fn elapsed_time_runs_through_nights_holidays_and_clock_changes() {
    check(&[
        (
            "2026-11-20T16:00",
            "48 elapsed hours",
            "office",
            "2026-11-22T16:00",
        ),
        (
            "2026-12-24T16:00",
            "30 elapsed minutes",
            "office",
            "2026-12-24T16:30",
        ),
        (
            "2026-03-28T12:00",
            "1 elapsed day",
            "office",
            "2026-03-29T13:00",
        ),
        (
            "2026-10-24T12:00",
            "1 elapsed day",
            "office",
            "2026-10-25T11:00",
        ),
    ]);
}

#[test]
fn nobody_who_wrote_later_is_due_earlier() {
    let desk = desk();
    let template = desk.promise(&PromiseId::new("response").unwrap()).unwrap();
    for target in [
        "1 open day",
        "4 open hours",
        "24 weekday hours",
        "48 elapsed hours",
    ] {
        for calendar in ["office", "split", "night", "daily"] {
            let target = Target {
                calendar: Some(CalendarId::new(calendar).unwrap()),
                ..target.parse().unwrap()
            };
            let promise = Promise {
                target,
                ..template.clone()
            };
            let mut last = None;
            for quarter in 0..3 * 7 * 24 * 4 {
                let received =
                    berlin("2026-12-14T00:00") + jiff::SignedDuration::from_mins(quarter * 15);
                let due = desk.instant(&promise, None, &Run::since(received), &Point::DUE);
                assert!(
                    due >= last,
                    "{} on {calendar}: {}",
                    promise.target,
                    shown(received)
                );
                last = due;
            }
        }
    }
}
