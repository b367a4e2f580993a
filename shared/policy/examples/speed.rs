//! Prints what one deadline costs: `cargo run --release -p policy --example speed`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use policy::{Calendar, Closure, Dates, Day, Timetable, Zone};

/// Nine to half past five in Sydney, Monday to Friday, with 200 dated holidays from 2026 on.
fn office() -> Result<Calendar, Box<dyn std::error::Error>> {
    let week = Day::ALL[..5]
        .iter()
        .map(|&day| Ok((day, vec!["09:00-17:30".parse()?])));
    let week = week.collect::<Result<BTreeMap<_, _>, Box<dyn std::error::Error>>>()?;
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

fn nanoseconds(rounds: u32, mut work: impl FnMut(u32)) -> u128 {
    let begun = Instant::now();
    (0..rounds).for_each(&mut work);
    begun.elapsed().as_nanos() / u128::from(rounds)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let calendar = office()?;
    let start: Timestamp = "2026-11-20T05:00:00Z".parse()?;
    let year_of_open_seconds = 52 * 5 * 30_600;
    let build = nanoseconds(200, |_| {
        if let Ok(timetable) = Timetable::new(&calendar) {
            black_box(timetable.due(start, 1));
        }
    });
    println!("build and first due: {build:>8} ns");
    let timetable = Timetable::new(&calendar)?;
    timetable.due(start, 1);
    for (name, seconds) in [
        ("a week", 5 * 30_600),
        ("a year", year_of_open_seconds),
        ("ten years", 10 * year_of_open_seconds),
    ] {
        let due = nanoseconds(1_000_000, |round| {
            black_box(timetable.due(
                black_box(start + SignedDuration::from_secs(i64::from(round % 4_000))),
                seconds,
            ));
        });
        println!("due in {name:<12} {due:>8} ns");
    }
    let open_day = nanoseconds(1_000_000, |_| {
        black_box(timetable.open_days(black_box(start), 1));
    });
    println!("due in 1 open day   {open_day:>8} ns");
    let beyond = nanoseconds(1_000, |_| {
        black_box(timetable.due(
            black_box(start + SignedDuration::from_hours(8_766 * 40)),
            5 * 30_600,
        ));
    });
    println!("40 years later      {beyond:>8} ns (outside the table)");
    Ok(())
}
