//! People: that somebody is always there.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::ladders::is_ours;
use crate::calendar::Dates;
use crate::id::PersonId;
use crate::problem::Report;
use crate::read::Places;
use crate::terms::{Person, Terms};

/// Refuses absences in which everybody stands in for somebody who is away.
pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    for person in &terms.people {
        if is_ours(terms, &person.address) {
            let place = places.people.get(&person.id).cloned().unwrap_or_default();
            let (id, address) = (&person.id, &person.address);
            report.error(place, format!("`{address}` is an address of the desk, so what `{id}` is told would come back as a ticket; write their own address"));
        }
    }
    let starts: BTreeSet<Date> = terms
        .people
        .iter()
        .flat_map(|person| &person.absent)
        .filter_map(|absence| first(absence.dates))
        .collect();
    let mut told = BTreeSet::new();
    for date in starts {
        for person in &terms.people {
            if !told.contains(&person.id) && goes_in_circles(terms, person, date) {
                told.insert(&person.id);
                let place = places.people.get(&person.id).cloned().unwrap_or_default();
                let id = &person.id;
                report.error(place, format!("on {date} everybody who stands in for `{id}` is away too; write a stand-in who is there"));
            }
        }
    }
}

/// Absences only ever begin on the first of their dates, so looking at those finds every circle.
fn first(dates: Dates) -> Option<Date> {
    match dates {
        // A leap year, so that February 29 can be one of the dates.
        Dates::Yearly(month, day) => Date::new(2028, month, day).ok(),
        dates => dates.first(),
    }
}

fn goes_in_circles(terms: &Terms, person: &Person, date: Date) -> bool {
    let mut met: Vec<&PersonId> = Vec::new();
    let mut person = Some(person);
    while let Some(present) = person {
        let Some(absence) = present.absent.iter().find(|it| it.dates.contains(date)) else {
            return false;
        };
        if met.contains(&&present.id) {
            return true;
        }
        met.push(&present.id);
        person = terms.people.iter().find(|it| it.id == absence.stand_in);
    }
    false
}
