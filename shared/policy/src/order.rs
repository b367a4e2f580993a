//! Nobody who wrote later is due earlier (`in_order`).

use jiff::Timestamp;

use crate::calendar::instant;
use crate::facts::Facts;
use crate::id::DepartmentId;
use crate::point::Point;
use crate::policy::Policy;
use crate::run::Run;
use crate::terms::Promise;

/// So many changes of conditions are looked back over; a year of opening and closing is about five hundred.
const MOST_CHANGES: usize = 5_000;

impl Policy {
    /// The earliest instant at which this promise may be due for a ticket with these facts: the latest limit that a
    /// ticket like it got by any promise of the metric at any earlier instant. None if nothing holds it back.
    ///
    /// Put it into [`Run::not_before`]. For one promise a later start is never due earlier, so only the last second
    /// before each change of what matched needs a look; the past ends where every promise would have been due by then.
    /// Without a department, nothing is known to be before it.
    pub fn not_before(&self, promise: &Promise, facts: &Facts<'_>) -> Option<Timestamp> {
        if !promise.in_order {
            return None;
        }
        let department = facts.department?;
        let rivals: Vec<&Promise> = self
            .terms()
            .promises
            .iter()
            .filter(|it| (it.metric, it.published) == (promise.metric, promise.published))
            .filter(|it| it.when.is_for(department, facts))
            .collect();
        let own = self.first_due(promise, department, facts.received)?;
        let (mut latest, mut until) = (own, facts.received.as_second());
        for _ in 0..MOST_CHANGES {
            let changes = rivals
                .iter()
                .filter_map(|it| self.last_change(&it.when, facts, until));
            let Some(last) = changes.max() else { break };
            until = last - 1;
            let before = Facts {
                received: instant(until),
                ..*facts
            };
            let due = |it: &&&Promise| self.first_due(it, department, before.received);
            let held = rivals
                .iter()
                .find(|it| self.holds(&it.when, department, &before));
            latest = latest.max(held.as_ref().and_then(due).unwrap_or(latest));
            if rivals
                .iter()
                .filter_map(|it| due(&it))
                .all(|due| due <= latest)
            {
                break;
            }
        }
        (latest > own).then_some(latest)
    }

    fn first_due(
        &self,
        promise: &Promise,
        department: &DepartmentId,
        start: Timestamp,
    ) -> Option<Timestamp> {
        self.instant(promise, Some(department), &Run::since(start), &Point::DUE)
    }
}
