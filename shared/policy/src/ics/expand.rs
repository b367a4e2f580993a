//! The dates of an event that repeats.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rrule::RRuleSet;

use super::event::Event;
use super::{FIRST_YEAR, Holiday, LAST_YEAR};
use crate::calendar::{Dates, instant};
use crate::problem::Report;

/// A daily rule over all the years would be no holiday list.
const MOST_DATES: usize = 1_000;

/// The event's closures; `gone` are the dates that other events replace.
pub(super) fn holidays(report: &mut Report<'_>, event: &Event, gone: &[Date]) -> Vec<Holiday> {
    let holiday = |dates| Holiday {
        dates,
        name: event.name.clone(),
    };
    if gone.is_empty() && repeats_every_year(event) {
        return vec![holiday(Dates::Yearly(
            event.first.month(),
            event.first.day(),
        ))];
    }
    let mut starts: BTreeSet<Date> = BTreeSet::from([event.first]);
    starts.extend(&event.more);
    for rule in &event.rules {
        match recurrence(event.first, rule) {
            Ok(dates) => starts.extend(dates),
            Err(why) => report.error(
                event.span.clone(),
                format!(
                    "`{}` repeats by `{rule}`, which cannot be followed ({why}); take the rule out and write its dates as `RDATE`",
                    event.name
                ),
            ),
        }
    }
    starts.retain(|date| !event.except.contains(date) && !gone.contains(date));
    if starts.len() > MOST_DATES {
        report.error(
            event.span.clone(),
            format!(
                "`{}` repeats {} times; a holiday does not, so take it out",
                event.name,
                starts.len()
            ),
        );
        return Vec::new();
    }
    starts
        .into_iter()
        .filter(|first| (FIRST_YEAR..=LAST_YEAR).contains(&first.year()))
        .map(|first| holiday(dates(first, event.days)))
        .collect()
}

fn dates(first: Date, days: i32) -> Dates {
    match first.checked_add(Span::new().days(days - 1)) {
        Ok(last) if last > first => Dates::Range(first, last),
        _ => Dates::One(first),
    }
}

/// A single day whose only rule names the same day of every year, without an end or an exception.
fn repeats_every_year(event: &Event) -> bool {
    let [rule] = &event.rules[..] else {
        return false;
    };
    let same = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.to_ascii_uppercase().as_str() {
            "FREQ" => value.eq_ignore_ascii_case("YEARLY"),
            "INTERVAL" => value == "1",
            "BYMONTH" => value.parse() == Ok(event.first.month()),
            "BYMONTHDAY" => value.parse() == Ok(event.first.day()),
            "WKST" => true,
            _ => false,
        }
    };
    let plain = rule.split(';').filter(|part| !part.is_empty()).all(same);
    plain && event.days == 1 && event.more.is_empty() && event.except.is_empty()
}

/// The dates of a rule up to the last year that is kept; why not, if it cannot be followed.
fn recurrence(first: Date, rule: &str) -> Result<Vec<Date>, String> {
    let mut parts = Vec::new();
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.to_ascii_uppercase().as_str() {
            "FREQ"
                if ["HOURLY", "MINUTELY", "SECONDLY"]
                    .contains(&value.to_ascii_uppercase().as_str()) =>
            {
                return Err("only whole days close a calendar".to_owned());
            }
            // The rule counts in UTC from midnight to midnight, so its last date ends there too.
            "UNTIL" => parts.push(format!("UNTIL={}T000000Z", value.get(..8).unwrap_or(value))),
            _ => parts.push(part.to_owned()),
        }
    }
    let start = first.strftime("%Y%m%d");
    let text = format!("DTSTART:{start}T000000Z\nRRULE:{}", parts.join(";"));
    let set: RRuleSet = text
        .parse()
        .map_err(|err: rrule::RRuleError| err.to_string())?;
    let dates = set
        .limit()
        .into_iter()
        .map(|at| instant(at.timestamp()).to_zoned(TimeZone::UTC).date())
        .take_while(|date| date.year() <= LAST_YEAR)
        .take(MOST_DATES + 1);
    Ok(dates.collect())
}
