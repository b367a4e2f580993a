//! Promises of different metrics that contradict each other on the same ticket.

use super::matching::every_kind_of_ticket;
use crate::problem::Report;
use crate::read::Places;
use crate::target::Target;
use crate::terms::{Promise, Terms};
use crate::vocabulary::Metric;

/// Warns of a resolution that is due before the first response to the same ticket.
pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    let of = |metric| -> Vec<&Promise> {
        let promises = terms.promises.iter();
        promises.filter(|it| it.metric == metric).collect()
    };
    let [responses, resolutions] = [Metric::FirstResponse, Metric::Resolution].map(of);
    let mut told: Vec<&Promise> = Vec::new();
    for facts in every_kind_of_ticket(terms, &[&responses[..], &resolutions[..]].concat()) {
        for department in &terms.departments {
            let holds = |it: &&&Promise| it.when.is_for(&department.id, &facts);
            let (Some(response), Some(resolution)) =
                (responses.iter().find(holds), resolutions.iter().find(holds))
            else {
                continue;
            };
            if shorter(&resolution.target, &response.target) && !told.contains(resolution) {
                told.push(resolution);
                warn(report, places, resolution, response);
            }
        }
    }
}

fn warn(report: &mut Report<'_>, places: &Places, resolution: &Promise, response: &Promise) {
    let place = places.promises.get(&resolution.id).cloned();
    let (id, target) = (&resolution.id, &resolution.target);
    let (first, limit) = (&response.id, &response.target);
    report.warn(
        place.unwrap_or_default(),
        format!("`{id}` wants the matter resolved within {target}, before `{first}` wants a first answer within {limit}; give the resolution more time, or the answer less"),
    );
}

/// Whether one target is certainly over before the other: both count the same kind of time on the same calendar.
fn shorter(one: &Target, other: &Target) -> bool {
    let time = |it: &Target| (it.unit.kind_of_time(), it.calendar.clone());
    let length = |it: &Target| i64::from(it.amount) * it.unit.seconds().unwrap_or(1);
    time(one) == time(other) && length(one) < length(other)
}
