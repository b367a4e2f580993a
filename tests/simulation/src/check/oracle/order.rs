//! Nobody who wrote later is due earlier (`in_order`): tried with every instant before at which something else applied.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::Timestamp;
use policy::{
    Condition, DepartmentId, Facts, Point, Policy, PolicyHash, Priority, Promise, PromiseId, Run,
};

use super::hours;
use super::terms;

/// No promise of the stories' policies that speaks of time is longer, weekends and holidays among it.
const BEFORE: i64 = 12 * 86_400;

/// What was worked out for a ticket: by version, promise, department, priority and beginning.
type Known =
    BTreeMap<(PolicyHash, PromiseId, DepartmentId, Priority, Timestamp), Option<Timestamp>>;

/// What holds a ticket's deadlines back, each worked out once.
#[derive(Debug, Clone, Default)]
pub(super) struct Order(Rc<RefCell<Known>>);

impl Order {
    /// The instant before which a promise is not due; none if nobody before is due later.
    pub(super) fn not_before(
        &self,
        policy: &Policy,
        promise: &Promise,
        department: &DepartmentId,
        facts: &Facts<'_>,
    ) -> Option<Timestamp> {
        if !promise.in_order {
            return None;
        }
        let (id, department_id) = (promise.id.clone(), department.clone());
        let key = (
            policy.hash().clone(),
            id,
            department_id,
            facts.priority,
            facts.received,
        );
        if let Some(known) = self.0.borrow().get(&key) {
            return *known;
        }
        let floor = latest_before(policy, promise, department, facts);
        self.0.borrow_mut().insert(key, floor);
        floor
    }
}

fn latest_before(
    policy: &Policy,
    promise: &Promise,
    department: &DepartmentId,
    facts: &Facts<'_>,
) -> Option<Timestamp> {
    let due = |promise: &Promise, at| {
        terms::reached(policy, promise, department, &Run::since(at), &Point::DUE)
    };
    let alike = |it: &&Promise| (it.metric, it.published) == (promise.metric, promise.published);
    let dues = moments(policy, facts).into_iter().filter_map(|second| {
        let received = hours::instant(second);
        let before = Facts { received, ..*facts };
        let mut rivals = policy.terms().promises.iter().filter(alike);
        let held = rivals.find(|it| terms::holds(policy, &it.when, department, &before))?;
        due(held, received)
    });
    let own = due(promise, facts.received)?;
    dues.max().filter(|latest| *latest > own)
}

/// The last seconds before anything began or ended that a condition may speak of.
fn moments(policy: &Policy, facts: &Facts<'_>) -> BTreeSet<i64> {
    let terms = policy.terms();
    let mut ahead = vec![0];
    for promise in &terms.promises {
        looks_ahead(&promise.when, &mut ahead);
    }
    let calendars = terms
        .calendars
        .keys()
        .filter_map(|id| hours::of(policy, id));
    let mut changes = Vec::new();
    for hours in calendars {
        let spans = hours.open.iter().chain(&hours.whole);
        let edges = spans.flat_map(|(from, until)| [*from, *until]);
        changes.extend(edges.flat_map(|edge| ahead.iter().map(move |ahead| edge - ahead)));
    }
    let busy = facts
        .busy
        .iter()
        .flat_map(|span| [Some(span.from), span.until]);
    changes.extend(busy.flatten().map(Timestamp::as_second));
    let received = facts.received.as_second();
    let before = changes.into_iter().map(|change| change - 1);
    before
        .filter(|at| (received - BEFORE..received).contains(at))
        .collect()
}

/// How long before what they touch conditions hold.
fn looks_ahead(condition: &Condition, all: &mut Vec<i64>) {
    all.extend(
        condition
            .touching
            .as_ref()
            .map(|it| it.within.duration().as_secs()),
    );
    for other in &condition.any {
        looks_ahead(other, all);
    }
}
