//! How many people hear of one change. Its notices are written in one transaction, and a transaction holds a hundred
//! rows: a policy that tells more people at once could not open a ticket or fire a level.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::id::PersonId;
use crate::problem::Report;
use crate::read::Places;
use crate::recipient::Recipient;
use crate::terms::{Department, Promise, Terms};

/// So many people can be told at once. `ticket` counts on it when it fires timers.
const MOST: usize = 40;

type People<'t> = BTreeSet<&'t PersonId>;

/// Refuses departments and ladders that reach more than [`MOST`] people at once.
pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    let before = report.problems.len();
    check_departments(report, terms, places);
    // Too many agents make every ladder reach too many: one fault, one message.
    if report.problems.len() == before {
        check_ladders(report, terms, places);
    }
}

/// A message tells the agents, a reopening the lead too; before triage those of every department on the form.
fn check_departments(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    let mut of_form = People::new();
    for department in &terms.departments {
        let id = &department.id;
        let place = places.departments.get(id).cloned().unwrap_or_default();
        let own: People<'_> = department.agents.iter().chain([&department.lead]).collect();
        if own.len() > MOST {
            let many = own.len();
            report.error(
                place,
                format!("department `{id}` has {many} agents and leads, and a reopened ticket tells all of them; at most {MOST} can be told at once, so write fewer, or split the department"),
            );
            return;
        }
        if department.on_form {
            of_form.extend(own);
        }
        if of_form.len() > MOST {
            let many = of_form.len();
            report.error(
                place,
                format!("with `{id}` the departments on the form have {many} agents and leads, and a ticket that waits for triage tells all of them; at most {MOST} can be told at once, so write fewer, or `on_form = false`"),
            );
            return;
        }
    }
}

/// Levels that are past at once, after an outage, are told together: so the levels of a ladder count together.
///
/// Each ladder is refused once, for the promise and the people that it reaches most of.
fn check_ladders(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    let mut worst: BTreeMap<usize, Excess> = BTreeMap::new();
    for promise in &terms.promises {
        let Some(levels) = places.levels.get(&promise.id) else {
            continue;
        };
        for (whose, departments) in audiences(terms, promise) {
            let found = excess(promise, levels, &departments, &whose, terms);
            let ladder = levels.first().map_or(0, |place| place.start);
            if let Some(found) = found
                && worst
                    .get(&ladder)
                    .is_none_or(|known| known.many < found.many)
            {
                worst.insert(ladder, found);
            }
        }
    }
    for Excess { place, message, .. } in worst.into_values() {
        report.error(
            place,
            format!("{message}; at most {MOST} can be told at once, so write fewer recipients here, or fewer people there"),
        );
    }
}

/// A ladder that reaches too many: how many in all, and at which level it first does.
struct Excess {
    many: usize,
    place: Range<usize>,
    message: String,
}

fn excess(
    promise: &Promise,
    places: &[Range<usize>],
    departments: &[&Department],
    whose: &str,
    terms: &Terms,
) -> Option<Excess> {
    let mut told = People::new();
    let mut first = None;
    for (level, place) in promise.levels.iter().zip(places) {
        told.extend(
            level
                .to
                .iter()
                .flat_map(|to| people(to, departments, terms)),
        );
        if told.len() > MOST && first.is_none() {
            let message = format!(
                "up to level `{}` this ladder reaches {} people {whose}",
                level.id,
                told.len()
            );
            first = Some((place.clone(), message));
        }
    }
    let many = told.len();
    first.map(|(place, message)| Excess {
        many,
        place,
        message,
    })
}

/// Every set of departments whose people a level of the promise may tell, and how a message names it.
fn audiences<'t>(terms: &'t Terms, promise: &Promise) -> Vec<(String, Vec<&'t Department>)> {
    let named = &promise.when.departments;
    let holds = |department: &&Department| named.is_empty() || named.contains(&department.id);
    let mut audiences: Vec<_> = terms
        .departments
        .iter()
        .filter(holds)
        .map(|department| {
            (
                format!("of department `{}`", department.id),
                vec![department],
            )
        })
        .collect();
    let form: Vec<&Department> = terms.departments.iter().filter(|it| it.on_form).collect();
    if form.iter().any(holds) {
        audiences.push(("while a ticket waits for triage".to_owned(), form));
    }
    audiences
}

/// The people behind a recipient. While nobody has the ticket, every agent stands for the assignee; an assignee from
/// another department is one person more, for whom there is room.
///
/// A roster counts with its largest shift; an address of nobody's is one more, for whom there is room too.
fn people<'t>(to: &'t Recipient, departments: &[&'t Department], terms: &'t Terms) -> People<'t> {
    match to {
        Recipient::Assignee | Recipient::Department => {
            departments.iter().flat_map(|it| &it.agents).collect()
        }
        Recipient::Lead => departments.iter().map(|it| &it.lead).collect(),
        Recipient::Management => terms.management.iter().collect(),
        Recipient::Person(person) => People::from([person]),
        Recipient::Address(_) => People::new(),
        Recipient::OnCall(id) => {
            let roster = terms.on_call.iter().find(|roster| roster.id == *id);
            let shifts = roster.into_iter().flat_map(|it| {
                it.shifts
                    .iter()
                    .map(|shift| &shift.who)
                    .chain([&it.otherwise])
            });
            shifts
                .max_by_key(|who| who.len())
                .into_iter()
                .flatten()
                .collect()
        }
    }
}
