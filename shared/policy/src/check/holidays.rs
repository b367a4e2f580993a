//! Holidays: lists that run out, and imported days that nobody has looked at.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::calendar::{Calendar, Closure, Dates};
use crate::problem::Report;
use crate::read::Places;
use crate::terms::Terms;

/// How many imported days a warning names.
const MOST_NAMED: usize = 5;

pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places, at: Timestamp) {
    for (id, calendar) in &terms.calendars {
        let today = at.to_zoned(calendar.zone.rules().clone()).date();
        let place = places.calendars.get(id).cloned().unwrap_or_default();
        let next_year = today.year() + 1;
        if !works_on_holidays(calendar) && !has_closure_in(calendar, next_year) {
            report.warn(place.clone(), format!("calendar `{id}` lists no holiday in {next_year}; add them under `[calendars.{id}.closed]`"));
        }
        let year = today.saturating_add(Span::new().years(1));
        for (file, last) in ends(calendar).into_iter().filter(|(_, last)| *last < year) {
            report.warn(place.clone(), format!("`{file}`, from which calendar `{id}` takes its holidays, ends on {last}, within a year; export it again with later ones"));
        }
        let unseen: Vec<String> = unseen(calendar, today, year)
            .map(|(date, name)| format!("{date} ({name})"))
            .collect();
        if !unseen.is_empty() {
            let more = if unseen.len() > MOST_NAMED {
                ", …"
            } else {
                ""
            };
            let named = unseen[..unseen.len().min(MOST_NAMED)].join(", ");
            report.warn(place, format!("imported days close calendar `{id}` and move its deadlines: {named}{more}; look at them, then write the last of them as `reviewed`, or put those on which you work under `skip`"));
        }
    }
}

/// A calendar that opens on every day of the week and closes on no date is meant to: a night shift, a hotline.
fn works_on_holidays(calendar: &Calendar) -> bool {
    calendar.week.len() == 7 && calendar.closed.is_empty()
}

/// The last date of each file; none of a file with days of every year, which never ends.
fn ends(calendar: &Calendar) -> Vec<(&str, Date)> {
    let mut ends: Vec<(&str, Option<Date>)> = Vec::new();
    for closure in &calendar.closed {
        let Some(file) = closure.file.as_deref() else {
            continue;
        };
        let last = closure.dates.last();
        match ends.iter_mut().find(|(known, _)| *known == file) {
            Some((_, end)) => *end = end.zip(last).map(|(end, last)| end.max(last)),
            None => ends.push((file, last)),
        }
    }
    ends.into_iter()
        .filter_map(|(file, end)| Some((file, end?)))
        .collect()
}

/// Imported closures of the coming year on dates that would be open, which nobody has reviewed.
fn unseen(calendar: &Calendar, today: Date, until: Date) -> impl Iterator<Item = (Date, &str)> {
    let imported = |date: Date| {
        let closure: &Closure = calendar.closure(date)?;
        closure.file.as_ref().map(|_| closure.name.as_str())
    };
    let own = move |date: Date| {
        let others = calendar.closed.iter().filter(|it| it.file.is_none());
        let mut others = others.filter(|it| it.dates.contains(date));
        others.next().is_some()
    };
    let reviewed = calendar.reviewed;
    today
        .series(Span::new().days(1))
        .take_while(move |date| *date < until)
        .filter(move |date| reviewed.is_none_or(|reviewed| *date > reviewed))
        .filter(move |date| calendar.opens_in_week(*date) && !own(*date))
        .filter_map(move |date| Some((date, imported(date)?)))
}

fn has_closure_in(calendar: &Calendar, year: i16) -> bool {
    calendar.closed.iter().any(|closure| match closure.dates {
        Dates::One(date) => date.year() == year,
        Dates::Range(first, last) => (first.year()..=last.year()).contains(&year),
        Dates::Yearly(..) => true,
    })
}
