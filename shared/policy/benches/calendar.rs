//! What one deadline costs: `cargo bench -p policy`.
//!
//! The bounds that the figures must keep: a week under a microsecond, ten years at most three times that, building the
//! calendar under five milliseconds.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use policy::{Calendar, Closure, Dates, Day, Timetable, Zone};

/// Open seconds of a week of eight and a half hours a day.
const WEEK: i64 = 5 * 30_600;

/// Nine to half past five in Sydney, Monday to Friday, with 200 dated holidays from 2026 on.
fn office() -> Result<Calendar, Box<dyn std::error::Error>> {
    let hours = Day::ALL[..5]
        .iter()
        .map(|&day| Ok((day, vec!["09:00-17:30".parse()?])));
    let week = hours.collect::<Result<BTreeMap<_, _>, Box<dyn std::error::Error>>>()?;
    let first = "2026-01-01".parse::<jiff::civil::Date>()?;
    let mut closed = Vec::new();
    for holiday in 0..200 {
        let date = first.checked_add(SignedDuration::from_hours(24 * 18 * holiday))?;
        closed.push(Closure {
            dates: Dates::One(date),
            name: "Holiday".to_owned(),
            file: None,
        });
    }
    Ok(Calendar {
        zone: Zone::new("Australia/Sydney")?,
        week,
        closed,
        days: BTreeMap::new(),
        reviewed: None,
    })
}

fn deadlines(bench: &mut Criterion) {
    let Ok(calendar) = office() else { return };
    let Ok(start) = "2026-11-20T05:00:00Z".parse::<Timestamp>() else {
        return;
    };
    bench.bench_function("build the calendar", |bench| {
        bench.iter(|| Timetable::new(black_box(&calendar)).map(|it| it.due(start, 1)));
    });
    let Ok(timetable) = Timetable::new(&calendar) else {
        return;
    };
    for (name, seconds) in [
        ("a week", WEEK),
        ("a year", 52 * WEEK),
        ("ten years", 520 * WEEK),
    ] {
        bench.bench_function(&format!("due in {name}"), |bench| {
            bench.iter(|| timetable.due(black_box(start), black_box(seconds)));
        });
    }
    bench.bench_function("due in 1 open day", |bench| {
        bench.iter(|| timetable.open_days(black_box(start), 1));
    });
    let later = start + SignedDuration::from_hours(8_766 * 40);
    bench.bench_function("due in a week, 40 years later", |bench| {
        bench.iter(|| timetable.due(black_box(later), WEEK));
    });
}

criterion_group!(benches, deadlines);
criterion_main!(benches);
