//! Properties of every calendar, and a walker that reads each minute off the wall.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, Zoned};
use policy::{Calendar, Closure, Dates, Day, Interval, Timetable, Zone};
use proptest::prelude::*;

const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Ho_Chi_Minh",
    "Asia/Kathmandu",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Antarctica/Troll",
    "Pacific/Chatham",
    "America/Santiago",
    "Asia/Pyongyang",
];

fn interval() -> impl Strategy<Value = Interval> {
    let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    (0_u32..1440, 0_u32..=1440).prop_filter_map("no length", move |(from, to)| {
        Interval::new(&time(from), &time(to)).ok()
    })
}

fn hours() -> impl Strategy<Value = Vec<Interval>> {
    proptest::collection::vec(interval(), 1..3)
}

fn date_after(start: Date, days: i64) -> Date {
    start
        .checked_add(SignedDuration::from_hours(24 * days))
        .unwrap()
}

/// A calendar with exceptions in the weeks after an instant, and the instant.
fn calendar() -> impl Strategy<Value = (Calendar, Timestamp)> {
    // 1990 to 2060
    let start = 631_152_000_i64..2_840_140_800;
    let week = proptest::collection::btree_map(proptest::sample::select(Day::ALL), hours(), 1..7);
    let closed = proptest::collection::vec((0_i64..20, 0_i64..3, any::<bool>()), 0..3);
    let days = proptest::collection::btree_map(0_i64..20, hours(), 0..2);
    (proptest::sample::select(ZONES), start, week, closed, days).prop_map(
        |(zone, start, week, closed, days)| {
            let start = Timestamp::from_second(start).unwrap();
            let zone = Zone::new(zone).unwrap();
            let today = start.to_zoned(zone.rules().clone()).date();
            let closed = closed.into_iter().map(|(first, length, yearly)| {
                let (first, last) = (date_after(today, first), date_after(today, first + length));
                let dates = if yearly {
                    Dates::Yearly(first.month(), first.day())
                } else {
                    Dates::Range(first, last)
                };
                Closure {
                    dates,
                    name: String::new(),
                    file: None,
                }
            });
            let closed = closed.collect();
            let single_days = |hours: Vec<Interval>| {
                hours
                    .into_iter()
                    .filter(|interval| !interval.is_overnight())
                    .collect()
            };
            let days = days
                .into_iter()
                .map(|(day, hours)| (date_after(today, day), single_days(hours)))
                .collect();
            (
                Calendar {
                    zone,
                    week,
                    closed,
                    days,
                    reviewed: None,
                },
                start,
            )
        },
    )
}

/// Whether an instant is open, read off the wall and the written calendar alone.
fn is_open(calendar: &Calendar, instant: &Zoned) -> bool {
    let wall = instant.time().to_string();
    let within = |interval: &Interval, late: bool| {
        let text = interval.to_string();
        let (from, to) = text.split_once('-').unwrap();
        match (interval.is_overnight(), late) {
            (false, false) => from <= wall.as_str() && wall.as_str() < to,
            (true, false) => from <= wall.as_str(),
            (true, true) => wall.as_str() < to,
            (false, true) => false,
        }
    };
    let date = instant.date();
    if let Some(hours) = calendar.days.get(&date) {
        return hours.iter().any(|interval| within(interval, false));
    }
    if calendar.closure(date).is_some() {
        return false;
    }
    let hours_of = |date: Date| {
        let day = Day::ALL[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap()];
        calendar.week.get(&day).cloned().unwrap_or_default()
    };
    hours_of(date)
        .iter()
        .any(|interval| within(interval, false))
        || hours_of(date_after(date, -1))
            .iter()
            .any(|interval| within(interval, true))
}

fn seconds(amount: i64) -> SignedDuration {
    SignedDuration::from_secs(amount)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_minute_walker_counts_the_same_open_time((calendar, start) in calendar(), minutes in 1_i64..2_000) {
        let timetable = Timetable::new(&calendar).unwrap();
        // Whole minutes: the walker steps by them, and the hours are written in them.
        let start = Timestamp::from_second(start.as_second() / 60 * 60).unwrap();
        let mut open = 0;
        for minute in 0..minutes {
            let instant = start + SignedDuration::from_mins(minute);
            open += 60 * i64::from(is_open(&calendar, &instant.to_zoned(calendar.zone.rules().clone())));
        }
        prop_assert_eq!(timetable.open_between(start, start + SignedDuration::from_mins(minutes)), open);
    }

    #[test]
    fn due_adds_up_and_elapsed_takes_it_back((calendar, start) in calendar(), a in 0_i64..900_000, b in 0_i64..900_000) {
        let timetable = Timetable::new(&calendar).unwrap();
        let due = timetable.due(start, a + b);
        prop_assert_eq!(due, timetable.due(timetable.due(start, a), b));
        prop_assert_eq!(timetable.open_between(start, due), a + b);
        if a + b > 0 {
            prop_assert_eq!(timetable.open_between(start, due - seconds(1)), a + b - 1);
        }
    }

    #[test]
    fn due_is_monotonic((calendar, start) in calendar(), later in 0_i64..900_000, amount in 0_i64..900_000, more in 0_i64..9_000) {
        for timetable in [Timetable::new(&calendar).unwrap(), Timetable::new(&calendar).unwrap().whole_days()] {
            prop_assert!(timetable.due(start, amount) <= timetable.due(start + seconds(later), amount));
            prop_assert!(timetable.due(start, amount) <= timetable.due(start, amount + more));
            prop_assert!(timetable.open_days(start, 2) <= timetable.open_days(start + seconds(later), 2));
        }
    }

    #[test]
    fn an_answer_does_not_depend_on_what_was_asked_before((calendar, start) in calendar(), years in -40_i64..40, amount in 1_i64..900_000) {
        let far = start + SignedDuration::from_hours(years * 8_766);
        let (fresh, used) = (Timetable::new(&calendar).unwrap(), Timetable::new(&calendar).unwrap());
        used.due(start, 1);
        prop_assert_eq!(used.due(far, amount), fresh.due(far, amount));
        let (first, last) = (start.min(far), start.max(far));
        prop_assert_eq!(used.open_between(first, last), fresh.open_between(first, last));
    }
}

#[test]
fn a_calendar_closed_for_a_century_opens_after_it() {
    let week = BTreeMap::from([(Day::Mon, vec!["09:00-17:00".parse().unwrap()])]);
    let dates = "2026-01-01/2126-12-31".parse().unwrap();
    let closed = vec![Closure {
        dates,
        name: "Closed".to_owned(),
        file: None,
    }];
    let calendar = Calendar {
        zone: Zone::new("UTC").unwrap(),
        week,
        closed,
        days: BTreeMap::new(),
        reviewed: None,
    };
    let start = "2026-01-05T09:00:00Z".parse().unwrap();
    let timetable = Timetable::new(&calendar).unwrap();
    assert_eq!(
        timetable.due(start, 3_600).to_string(),
        "2127-01-06T10:00:00Z"
    );
    assert_eq!(
        timetable.open_days(start, 1).to_string(),
        "2127-01-13T09:00:00Z"
    );
}

#[test]
fn counting_ends_with_the_calendar_of_the_machine() {
    let calendar = Calendar::always(Zone::new("UTC").unwrap());
    let whole = Timetable::new(&calendar).unwrap();
    let mut mondays = calendar;
    mondays.week = BTreeMap::from([(Day::Mon, vec![Interval::WHOLE_DAY])]);
    let mondays = Timetable::new(&mondays).unwrap();
    let late = "9990-01-01T00:00:00Z".parse().unwrap();
    for timetable in [whole, mondays] {
        assert!(timetable.due(late, i64::from(u32::MAX)) > "9999-01-01T00:00:00Z".parse().unwrap());
        assert!(timetable.open_days(late, 1_000_000) > "9999-01-01T00:00:00Z".parse().unwrap());
    }
}
