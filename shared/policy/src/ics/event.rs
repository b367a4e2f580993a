//! Events as they are written.

use std::ops::Range;

use jiff::Span;
use jiff::civil::Date;

use super::lines::Line;
use crate::problem::Report;

/// A whole-day event.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) uid: String,
    pub(super) name: String,
    pub(super) first: Date,
    /// How many dates it takes.
    pub(super) days: i32,
    pub(super) rules: Vec<String>,
    pub(super) more: Vec<Date>,
    pub(super) except: Vec<Date>,
    /// The date of a repeated event that this one replaces.
    pub(super) replaces: Option<Date>,
    pub(super) cancelled: bool,
    pub(super) span: Range<usize>,
}

/// The whole-day events; an event at a time of day is refused, because only whole days close a calendar.
pub(super) fn read(report: &mut Report<'_>, lines: &[Line<'_>]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut rest = lines;
    while let Some(begin) = rest.iter().position(|line| line.is("BEGIN", "VEVENT")) {
        let span = rest[begin].span.clone();
        rest = &rest[begin + 1..];
        let Some(end) = rest.iter().position(|line| line.is("END", "VEVENT")) else {
            report.error(
                span,
                "this event has no end; the file was cut short, so export it again",
            );
            break;
        };
        events.extend(event(report, &without_parts(&rest[..end]), span));
        rest = &rest[end + 1..];
    }
    events
}

/// The event's own lines, without those of alarms in it.
fn without_parts<'a, 's>(lines: &'a [Line<'s>]) -> Vec<&'a Line<'s>> {
    let mut depth = 0_usize;
    let mut own = Vec::new();
    for line in lines {
        if line.has_name("BEGIN") {
            depth += 1;
        } else if line.has_name("END") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            own.push(line);
        }
    }
    own
}

fn event(report: &mut Report<'_>, lines: &[&Line<'_>], span: Range<usize>) -> Option<Event> {
    let find = |name: &str| lines.iter().copied().find(|line| line.has_name(name));
    let all = |name: &'static str| {
        lines
            .iter()
            .copied()
            .filter(move |line| line.has_name(name))
    };
    let name = find("SUMMARY")
        .map(Line::text)
        .filter(|name| !name.is_empty());
    let Some(name) = name else {
        report.error(
            span,
            "this event has no name; write `SUMMARY:` with the holiday's name",
        );
        return None;
    };
    let Some(start) = find("DTSTART") else {
        report.error(
            span,
            format!("`{name}` has no date; write `DTSTART;VALUE=DATE:20261225`"),
        );
        return None;
    };
    let first = one_date(report, start, &name)?;
    let days = match (find("DTEND"), find("DURATION")) {
        (Some(end), _) => (one_date(report, end, &name)? - first).get_days(),
        (None, Some(duration)) => whole_days(report, duration, &name)?,
        (None, None) => 1,
    };
    let mut more = Vec::new();
    for line in all("RDATE") {
        more.extend(dates(report, line, &name)?);
    }
    let mut except = Vec::new();
    for line in all("EXDATE") {
        except.extend(dates(report, line, &name)?);
    }
    let replaces = match find("RECURRENCE-ID") {
        Some(line) => Some(one_date(report, line, &name)?),
        None => None,
    };
    Some(Event {
        uid: find("UID")
            .map(|line| line.value().to_owned())
            .unwrap_or_default(),
        // `DTEND` is the first date after it; some programs write the same date for a single day.
        days: days.clamp(1, 366),
        rules: all("RRULE")
            .map(|line| line.value().trim().to_owned())
            .collect(),
        cancelled: find("STATUS").is_some_and(|line| line.is("STATUS", "CANCELLED")),
        name,
        first,
        more,
        except,
        replaces,
        span,
    })
}

fn one_date(report: &mut Report<'_>, line: &Line<'_>, name: &str) -> Option<Date> {
    let dates = dates(report, line, name)?;
    dates.first().copied()
}

/// `20261225`, or several with commas between.
fn dates(report: &mut Report<'_>, line: &Line<'_>, name: &str) -> Option<Vec<Date>> {
    let mut dates = Vec::new();
    for text in line.value().split(',').map(str::trim) {
        if text.contains(['T', 't']) {
            report.error(
                line.span.clone(),
                format!("`{name}` has a time of day; only whole days close a calendar, so write hours of its own under `days` and take this event out"),
            );
            return None;
        }
        let Some(date) = date(text) else {
            report.error(
                line.span.clone(),
                format!("`{text}` is not a date; write `20261225`"),
            );
            return None;
        };
        dates.push(date);
    }
    Some(dates)
}

fn date(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let number = |range: Range<usize>| text.get(range)?.parse::<i16>().ok();
    if !digits {
        return None;
    }
    let (month, day) = (number(4..6)?, number(6..8)?);
    Date::new(
        number(0..4)?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

/// `P1D`, `P2W`
fn whole_days(report: &mut Report<'_>, line: &Line<'_>, name: &str) -> Option<i32> {
    let span: Option<Span> = line.value().trim().parse().ok();
    let whole = span.filter(|span| {
        span.fieldwise() == Span::new().weeks(span.get_weeks()).days(span.get_days())
    });
    if whole.is_none() {
        report.error(
            line.span.clone(),
            format!("`{name}` does not last whole days; only whole days close a calendar"),
        );
    }
    whole.map(|span| span.get_days() + 7 * span.get_weeks())
}
