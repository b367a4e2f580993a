//! Tickets received later that would be due earlier.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::matching::every_kind_of_ticket;
use crate::calendar::instant;
use crate::facts::{Facts, Span};
use crate::id::PromiseId;
use crate::point::Point;
use crate::policy::Policy;
use crate::problem::Report;
use crate::read::Places;
use crate::run::Run;
use crate::terms::{Department, Promise};
use crate::vocabulary::Metric;

/// So far ahead receipts are tried; every condition has changed several times by then.
const AHEAD: i64 = 35 * 86_400;

/// Warns of promises after which somebody who wrote later is due earlier, unless they are `in_order`.
pub(super) fn check(report: &mut Report<'_>, policy: &Policy, places: &Places, at: Timestamp) {
    let mut told = BTreeSet::new();
    for &metric in Metric::ALL {
        for published in [true, false] {
            let rivals: Vec<&Promise> = policy
                .terms()
                .promises
                .iter()
                .filter(|it| (it.metric, it.published) == (metric, published))
                .collect();
            let mut tried = BTreeSet::new();
            for facts in every_kind_of_ticket(policy.terms(), &rivals) {
                for department in &policy.terms().departments {
                    let own: Vec<&Promise> = rivals
                        .iter()
                        .copied()
                        .filter(|it| it.when.is_for(&department.id, &facts))
                        .collect();
                    let ids: Vec<_> = own.iter().map(|it| it.id.clone()).collect();
                    if own.len() < 2 || !tried.insert((ids, &department.calendar)) {
                        continue;
                    }
                    if let Some(found) = overtakes(policy, &own, department, &facts, at)
                        && !places.out_of_order.contains(found.later.promise)
                        && told.insert(found.later.promise.clone())
                    {
                        let place = places.promises.get(found.later.promise).cloned();
                        report.warn(place.unwrap_or_default(), found.sentence(policy));
                    }
                }
            }
        }
    }
}

/// A ticket that is due before one that was received earlier.
struct Overtaking<'p> {
    earlier: Owed<'p>,
    later: Owed<'p>,
}

/// What a ticket is owed.
struct Owed<'p> {
    received: Timestamp,
    promise: &'p PromiseId,
    due: Timestamp,
}

impl Overtaking<'_> {
    fn sentence(&self, policy: &Policy) -> String {
        let shown = |at: Timestamp| {
            let local = at.to_zoned(policy.terms().zone.rules().clone());
            local.strftime("%Y-%m-%d %H:%M").to_string()
        };
        let owed = |owed: &Owed<'_>| {
            let (received, due) = (shown(owed.received), shown(owed.due));
            format!("{received} is due {due} by `{}`", owed.promise)
        };
        let (earlier, later, id) = (owed(&self.earlier), owed(&self.later), self.later.promise);
        format!(
            "a ticket received at {earlier}, one received at {later}: whoever wrote later is due earlier; write `in_order = true` in `{id}`, and it is due no earlier than those before, or `in_order = false` if the page promises its time at once"
        )
    }
}

/// The first time that a later ticket overtakes.
fn overtakes<'p>(
    policy: &Policy,
    rivals: &[&'p Promise],
    department: &Department,
    facts: &Facts<'_>,
    at: Timestamp,
) -> Option<Overtaking<'p>> {
    let day = SignedDuration::from_hours(24);
    // A busy day in the middle stands for every declared one.
    let busy = [Span {
        from: at.saturating_add(day * 10).ok()?,
        until: at.saturating_add(day * 11).ok(),
    }];
    let facts = Facts {
        department: Some(&department.id),
        busy: &busy,
        ..*facts
    };
    let due = |second: i64| {
        let facts = Facts {
            received: instant(second),
            ..facts
        };
        let promise = rivals
            .iter()
            .find(|it| policy.holds(&it.when, &department.id, &facts))?;
        let run = Run {
            not_before: policy.not_before(promise, &facts),
            ..Run::since(facts.received)
        };
        let due = policy.instant(promise, Some(&department.id), &run, &Point::DUE)?;
        Some(Owed {
            received: facts.received,
            promise: &promise.id,
            due,
        })
    };
    let from = at.as_second();
    let mut until = from + AHEAD;
    let mut found = None;
    while let Some(change) = rivals
        .iter()
        .filter_map(|it| policy.last_change(&it.when, &facts, until))
        .max()
    {
        if change <= from {
            break;
        }
        if let (Some(earlier), Some(later)) = (due(change - 1), due(change))
            && later.due < earlier.due
        {
            found = Some(Overtaking { earlier, later });
        }
        until = change - 1;
    }
    found
}
