//! `[[routing]]` and `[complaint_escalation]`: where new tickets go.

use std::collections::BTreeMap;
use std::ops::Range;

use super::known::{Known, address};
use super::section::Section;
use super::value::{Value, text};
use crate::amounts::Elapsed;
use crate::id::RouteId;
use crate::problem::Report;
use crate::terms::{ComplaintEscalation, Matcher, Route, Settings};

/// The rules, and where each stands.
pub(super) fn read(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> (Vec<Route>, BTreeMap<RouteId, Range<usize>>) {
    let mut places = BTreeMap::new();
    let mut routes: Vec<Route> = Vec::new();
    for value in root.items(report, "routing") {
        let Some(mut section) = Section::of(report, value, "[[routing]]") else {
            continue;
        };
        let id = section.parsed::<RouteId>(report, "id", "\"outage\"");
        let when = section.required(report, "when", "{ subject = [\"outage\"] }");
        let when = when.and_then(|value| matcher(report, value, known));
        let set = settings(report, &mut section, known);
        section.finish(report);
        if set == Settings::default() {
            report.error(value.span(), "this rule sets nothing; write `department`, `priority`, `ticket_type`, `group` or `service`");
        }
        let (Some(id), Some(when)) = (id, when) else {
            continue;
        };
        if routes.iter().any(|other| other.id == id) {
            report.error(
                value.span(),
                format!("rule `{id}` exists already; write another id"),
            );
        }
        places.insert(id.clone(), value.span());
        routes.push(Route { id, when, set });
    }
    (routes, places)
}

fn matcher(report: &mut Report<'_>, value: &Value<'_>, known: &Known) -> Option<Matcher> {
    let mut section = Section::of(report, value, "`when`")?;
    let to = section.items(report, "to");
    let languages = section.optional(report, "languages");
    let services = section.optional(report, "services");
    let matcher = Matcher {
        to: to
            .into_iter()
            .filter_map(|value| address(report, value))
            .collect(),
        from: section.list_of(report, "from"),
        subject: phrases(report, &mut section, "subject"),
        words: phrases(report, &mut section, "words"),
        languages: languages.map_or_else(Vec::new, |value| known.spoken(report, value)),
        channels: section.list_of(report, "channels"),
        services: services.map_or_else(Vec::new, |value| known.services(report, value)),
    };
    section.finish(report);
    if matcher.is_any() {
        report.error(value.span(), "this rule would take every ticket; write what it looks for, such as `subject = [\"outage\"]`");
    }
    Some(matcher)
}

/// Words to look for; a phrase without a letter or digit would never be found.
fn phrases(report: &mut Report<'_>, section: &mut Section<'_>, key: &'static str) -> Vec<String> {
    let mut phrases = Vec::new();
    for value in section.items(report, key) {
        phrases.extend(phrase(report, value));
    }
    phrases
}

fn phrase(report: &mut Report<'_>, value: &Value<'_>) -> Option<String> {
    let phrase = text(report, value)?;
    if !phrase.contains(char::is_alphanumeric) {
        report.error(
            value.span(),
            "there is no word in this; write the words to look for, such as `\"server down\"`",
        );
    }
    Some(phrase.to_owned())
}

fn settings(report: &mut Report<'_>, section: &mut Section<'_>, known: &Known) -> Settings {
    let department = section.optional(report, "department");
    let group = section.optional(report, "group");
    let service = section.optional(report, "service");
    Settings {
        department: department.and_then(|value| known.department(report, value)),
        priority: section.maybe(report, "priority"),
        ticket_type: section.maybe(report, "ticket_type"),
        group: group.and_then(|value| known.group(report, value)),
        service: service.and_then(|value| known.service(report, value)),
    }
}

/// `[complaint_escalation]`
pub(super) fn complaint_escalation(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> Option<ComplaintEscalation> {
    let value = root.optional(report, "complaint_escalation")?;
    let mut section = Section::of(report, value, "[complaint_escalation]")?;
    let subject = section.required(report, "subject", "\"Complaint Escalation\"");
    let subject = subject.and_then(|value| phrase(report, value));
    let department = section.required(report, "department", "\"management\"");
    let department = department.and_then(|value| known.department(report, value));
    let within = section.parsed::<Elapsed>(report, "within", "\"30 elapsed days\"");
    section.finish(report);
    Some(ComplaintEscalation {
        subject: subject?,
        department: department?,
        within: within?,
    })
}
