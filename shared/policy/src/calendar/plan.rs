//! What is written in a calendar, brought into the form that the timetable looks up.

use super::instants::day_number;
use super::{Calendar, Dates};
use crate::vocabulary::Day;

/// The open intervals of one date, in seconds after midnight, merged and ascending.
pub(super) type Hours = Vec<(i32, i32)>;

pub(super) fn is_whole_day(hours: &Hours) -> bool {
    *hours == [(0, 86_400)]
}

pub(super) fn merged(mut hours: Hours) -> Hours {
    hours.sort_unstable();
    let mut result: Hours = Vec::with_capacity(hours.len());
    for (opens, closes) in hours {
        match result.last_mut() {
            Some(last) if opens <= last.1 => last.1 = last.1.max(closes),
            _ => result.push((opens, closes)),
        }
    }
    result
}

pub(super) fn week(calendar: &Calendar) -> [Hours; 7] {
    let mut week: [Hours; 7] = Default::default();
    for (index, day) in Day::ALL.iter().enumerate() {
        for interval in calendar.week.get(day).into_iter().flatten() {
            week[index].push(interval.today());
            week[(index + 1) % 7].extend(interval.tomorrow());
        }
    }
    week.map(merged)
}

pub(super) fn closed(calendar: &Calendar) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = calendar
        .closed
        .iter()
        .filter_map(|closure| match closure.dates {
            Dates::One(day) => Some((day_number(day), day_number(day))),
            Dates::Range(first, last) => Some((day_number(first), day_number(last))),
            Dates::Yearly(..) => None,
        })
        .collect();
    ranges.sort_unstable();
    let mut result: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match result.last_mut() {
            Some(previous) if first <= previous.1 + 1 => previous.1 = previous.1.max(last),
            _ => result.push((first, last)),
        }
    }
    result
}

pub(super) fn yearly(calendar: &Calendar) -> [u32; 12] {
    let mut months = [0; 12];
    for closure in &calendar.closed {
        if let Dates::Yearly(month, day) = closure.dates {
            months[usize::try_from(month - 1).unwrap_or(0)] |= 1 << day;
        }
    }
    months
}
