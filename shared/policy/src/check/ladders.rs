//! Promises and their ladders: that each level can be reached as it is meant.

use std::ops::Range;

use crate::point::Point;
use crate::problem::Report;
use crate::read::Places;
use crate::recipient::Recipient;
use crate::target::Target;
use crate::terms::{Department, Level, Promise, Terms};
use crate::vocabulary::Status;

pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    let mut told: Vec<Range<usize>> = Vec::new();
    for promise in &terms.promises {
        let place = places
            .promises
            .get(&promise.id)
            .cloned()
            .unwrap_or_default();
        check_promise(report, promise, place);
        let levels = places.levels.get(&promise.id).into_iter().flatten();
        for (level, place) in promise.levels.iter().zip(levels) {
            // A ladder is climbed by many promises; each fault of it is told once.
            if let Some(message) = fault(terms, promise, level).filter(|_| !told.contains(place)) {
                report.error(place.clone(), message);
                told.push(place.clone());
            }
        }
    }
}

fn check_promise(report: &mut Report<'_>, promise: &Promise, place: Range<usize>) {
    let id = &promise.id;
    if let Some(status) = promise
        .pauses_in
        .iter()
        .find(|it| matches!(it, Status::New | Status::Open))
    {
        report.error(place.clone(), format!("the clock of `{id}` would stand still while staff are to act; take `{status}` out of `pauses_in`"));
    }
    if promise.pauses_in.is_empty() && promise.max_pause.is_some() {
        report.error(place.clone(), format!("`{id}` never pauses, so no pause is too long; write `pauses_in`, or leave `max_pause` out"));
    }
    if let Some(expected) = &promise.expected
        && seconds(expected) >= seconds(&promise.target)
        && expected.unit.needs_calendar() == promise.target.unit.needs_calendar()
    {
        report.error(place, format!("`{id}` expects {expected} and allows {}; write less than the limit under `expected`, or leave it out", promise.target));
    }
}

/// What is wrong with a level of this promise.
fn fault(terms: &Terms, promise: &Promise, level: &Level) -> Option<String> {
    let id = &level.id;
    if let Point::Before(before) = level.at
        && before >= seconds(&promise.target)
    {
        let (target, promise) = (&promise.target, &promise.id);
        return Some(format!(
            "`{promise}` allows {target}, so level `{id}` would be told before there is a ticket; write a share such as `75%`, or less than the target"
        ));
    }
    for to in &level.to {
        if let Recipient::Address(address) = to
            && is_ours(terms, address)
        {
            return Some(format!(
                "`{address}` is an address of the desk, and what level `{id}` says there would come back as a ticket; write an address outside the desk"
            ));
        }
    }
    let tier = level.tier?;
    let has = |department: &&Department| department.tiers.iter().any(|it| it.tier == tier);
    let named = &promise.when.departments;
    let of = |department: &&Department| named.is_empty() || named.contains(&department.id);
    let some = terms.departments.iter().filter(of).any(|it| has(&it));
    (!some).then(|| {
        format!(
            "no department of `{}` has tier `{tier}`; write it under `tiers`, or leave `tier` out",
            promise.id
        )
    })
}

/// A target's own seconds; an open day lasts a day at most.
fn seconds(target: &Target) -> i64 {
    i64::from(target.amount) * target.unit.seconds().unwrap_or(86_400)
}

pub(super) fn is_ours(terms: &Terms, address: &str) -> bool {
    let departments = terms.departments.iter().flat_map(|it| &it.addresses);
    let feedback = terms.feedback.iter().flat_map(|it| &it.addresses);
    let mut ours = terms.addresses.iter().chain(departments).chain(feedback);
    ours.any(|own| own.eq_ignore_ascii_case(address))
}
