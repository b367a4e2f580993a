//! `forwarders`, `[groups]`, `[services]`, `[scope]`, `[feedback]`, `[[asks]]`, `[responses]`, `[retention]`, `[secrets]`, `[closures]`.

use std::collections::BTreeMap;

use toml::Spanned;

use super::known::{Known, Taken, own_addresses};
use super::section::Section;
use super::value::{Value, count, parse, parse_at, parse_list};
use crate::amounts::Period;
use crate::id::{AskId, GroupId, ScopeId, ServiceId};
use crate::pattern::HostPattern;
use crate::problem::Report;
use crate::terms::{Ask, Closures, Feedback, Group, Retention, Scope, SecretMail, Service};
use crate::vocabulary::{Channel, Response};

type Entries<'t> = Vec<(Spanned<&'t str>, &'t Value<'t>)>;

/// `[groups.business]`
pub(super) fn groups(report: &mut Report<'_>, entries: Entries<'_>, known: &Known) -> Vec<Group> {
    let mut groups = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<GroupId>(report, key.span(), key.get_ref());
        let (Some(id), Some(mut section)) = (
            id,
            Section::of(report, value, format!("[groups.{}]", key.get_ref())),
        ) else {
            continue;
        };
        let names = section.required(report, "name", "{ en = \"Business customers\" }");
        let names = names.map(|value| known.texts(report, value, "name"));
        let addresses = section.required(report, "addresses", "[\"*@customer.example\"]");
        let addresses = addresses.map_or_else(Vec::new, |value| parse_list(report, value));
        section.finish(report);
        if let Some(names) = names {
            let addresses = addresses.into_iter().map(Spanned::into_inner).collect();
            groups.push(Group {
                id,
                names,
                addresses,
            });
        }
    }
    groups
}

/// `[services.hosting]`
pub(super) fn services(
    report: &mut Report<'_>,
    entries: Entries<'_>,
    known: &Known,
) -> Vec<Service> {
    let mut services = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<ServiceId>(report, key.span(), key.get_ref());
        let (Some(id), Some(mut section)) = (
            id,
            Section::of(report, value, format!("[services.{}]", key.get_ref())),
        ) else {
            continue;
        };
        let names = section.required(report, "name", "{ en = \"Hosting\" }");
        let names = names.map(|value| known.texts(report, value, "name"));
        let departments = section.optional(report, "departments");
        let departments =
            departments.map_or_else(Vec::new, |value| known.departments(report, value));
        let supported = section.maybe_flag(report, "supported").unwrap_or(true);
        let clause = section.maybe_text(report, "clause");
        section.finish(report);
        if let Some(names) = names {
            services.push(Service {
                id,
                names,
                departments,
                supported,
                clause,
            });
        }
    }
    services
}

/// `[scope.own-software]`
pub(super) fn scope(report: &mut Report<'_>, entries: Entries<'_>, known: &Known) -> Vec<Scope> {
    let mut scope = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<ScopeId>(report, key.span(), key.get_ref());
        let (Some(id), Some(mut section)) = (
            id,
            Section::of(report, value, format!("[scope.{}]", key.get_ref())),
        ) else {
            continue;
        };
        let clause = section.text(report, "clause", "\"VI.9\"");
        let texts = section.required(report, "text", "{ en = \"Software that you installed\" }");
        let texts = texts.map(|value| known.texts(report, value, "text"));
        section.finish(report);
        if let (Some(clause), Some(texts)) = (clause, texts) {
            scope.push(Scope { id, clause, texts });
        }
    }
    scope
}

/// `forwarders`: the servers that hand on mail for the desk.
pub(super) fn forwarders(report: &mut Report<'_>, root: &mut Section<'_>) -> Vec<HostPattern> {
    let value = root.optional(report, "forwarders");
    let hosts = value.map_or_else(Vec::new, |value| parse_list(report, value));
    hosts.into_iter().map(Spanned::into_inner).collect()
}

/// `[feedback]`
pub(super) fn feedback(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
    taken: &mut Taken,
) -> Option<Feedback> {
    let value = root.optional(report, "feedback")?;
    let mut section = Section::of(report, value, "[feedback]")?;
    let addresses = section.optional(report, "addresses");
    let addresses = addresses.map_or_else(Vec::new, |value| {
        own_addresses(report, value, "feedback", taken)
    });
    let department = section.required(report, "department", "\"quality\"");
    let department = department.and_then(|value| known.department(report, value));
    section.finish(report);
    Some(Feedback {
        addresses,
        department: department?,
    })
}

/// `[[asks]]`
pub(super) fn asks(report: &mut Report<'_>, root: &mut Section<'_>, known: &Known) -> Vec<Ask> {
    let mut asks: Vec<Ask> = Vec::new();
    for value in root.items(report, "asks") {
        let Some(mut section) = Section::of(report, value, "[[asks]]") else {
            continue;
        };
        let id = section.parsed::<AskId>(report, "id", "\"account\"");
        let labels = section.required(report, "label", "{ en = \"Account\" }");
        let labels = labels.map(|value| known.texts(report, value, "label"));
        let ticket_types = section.list_of(report, "ticket_types");
        let departments = section.optional(report, "departments");
        let departments =
            departments.map_or_else(Vec::new, |value| known.departments(report, value));
        let recommended = section.maybe_flag(report, "recommended").unwrap_or(true);
        section.finish(report);
        let (Some(id), Some(labels)) = (id, labels) else {
            continue;
        };
        if asks.iter().any(|other| other.id == id) {
            report.error(
                value.span(),
                format!("`{id}` is asked for already; write another id"),
            );
        }
        asks.push(Ask {
            id,
            labels,
            ticket_types,
            departments,
            recommended,
        });
    }
    asks
}

/// `[responses]`: `form = ["reply", "solve"]`
pub(super) fn responses(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
) -> BTreeMap<Channel, Vec<Response>> {
    let mut responses = BTreeMap::new();
    for (key, value) in root.entries(report, "responses") {
        let channel = parse_at::<Channel>(report, key.span(), key.get_ref());
        let counted = parse_list::<Response>(report, value);
        if let Some(channel) = channel {
            responses.insert(
                channel,
                counted.into_iter().map(Spanned::into_inner).collect(),
            );
        }
    }
    responses
}

/// `[retention]`
pub(super) fn retention(report: &mut Report<'_>, root: &mut Section<'_>) -> Retention {
    let section = root.optional(report, "retention");
    let Some(mut section) = section.and_then(|value| Section::of(report, value, "[retention]"))
    else {
        return Retention::default();
    };
    let retention = Retention {
        closed_tickets: section.maybe::<Period>(report, "closed_tickets"),
        raw_mail: section.maybe::<Period>(report, "raw_mail"),
        filed_mail: section.maybe::<Period>(report, "filed_mail"),
    };
    section.finish(report);
    retention
}

/// `[secrets]`
pub(super) fn secrets(report: &mut Report<'_>, root: &mut Section<'_>) -> SecretMail {
    let section = root.optional(report, "secrets");
    let Some(mut section) = section.and_then(|value| Section::of(report, value, "[secrets]"))
    else {
        return SecretMail::default();
    };
    let secrets = SecretMail {
        clause: section.maybe_text(report, "clause"),
        keep_for_lead: section.flag(report, "keep_for_lead").unwrap_or_default(),
    };
    section.finish(report);
    secrets
}

/// `[closures]`
pub(super) fn closures(report: &mut Report<'_>, root: &mut Section<'_>) -> Closures {
    let mut closures = Closures::default();
    let section = root.optional(report, "closures");
    let Some(mut section) = section.and_then(|value| Section::of(report, value, "[closures]"))
    else {
        return closures;
    };
    if let Some(value) = section.optional(report, "announce") {
        match parse::<Period>(report, value).map(Period::days) {
            Some(Some(days)) => closures.announce_days = days,
            Some(None) => report.error(
                value.span(),
                "closures are announced some days ahead; write `14 days`",
            ),
            None => {}
        }
    }
    if let Some(least) = section
        .optional(report, "at_least")
        .and_then(|value| count(report, value, 366))
    {
        closures.at_least = least;
    }
    section.finish(report);
    closures
}
