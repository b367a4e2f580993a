//! `policy.toml` to [`Terms`]: every fault is reported with its place, not only the first.

mod brand;
mod calendars;
mod conditions;
mod conduct;
mod customers;
mod departments;
mod known;
mod ladders;
mod layers;
mod promises;
mod routing;
mod section;
mod staff;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use self::known::Known;
use self::section::Section;
use self::value::{Value, parse, parse_at, parse_list, text};
use crate::calendar::Zone;
use crate::id::{CalendarId, DepartmentId, Lang, PersonId, PolicyId, PromiseId, RouteId};
use crate::problem::Report;
use crate::terms::{Company, Priorities, Terms};
use crate::vocabulary::{Priority, TicketType};

/// Where the things stand that are checked after reading.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) calendars: BTreeMap<CalendarId, Range<usize>>,
    pub(crate) departments: BTreeMap<DepartmentId, Range<usize>>,
    pub(crate) people: BTreeMap<PersonId, Range<usize>>,
    pub(crate) routes: BTreeMap<RouteId, Range<usize>>,
    pub(crate) promises: BTreeMap<PromiseId, Range<usize>>,
    /// Of the levels of each promise, in their order.
    pub(crate) levels: BTreeMap<PromiseId, Vec<Range<usize>>>,
    /// Promises that say themselves that they are not `in_order`.
    pub(crate) out_of_order: BTreeSet<PromiseId>,
    pub(crate) prevailing: Range<usize>,
}

/// Reads the terms. None if something that the rest depends on is missing; the report then says what.
pub(crate) fn read(
    report: &mut Report<'_>,
    source: &str,
    holidays: &BTreeMap<String, String>,
) -> Option<(Terms, Places)> {
    let (root, faults) = DeTable::parse_recoverable(source);
    for fault in &faults {
        report.error(
            fault.span().unwrap_or_default(),
            format!("this is not TOML: {}", fault.message()),
        );
    }
    // What was recovered around a syntax error is a guess; judging it would only add noise.
    if !faults.is_empty() {
        return None;
    }
    let mut root = Section::root(report, root.get_ref());
    let terms = terms(report, &mut root, holidays);
    root.finish(report);
    terms
}

fn terms(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    holidays: &BTreeMap<String, String>,
) -> Option<(Terms, Places)> {
    let id = root.parsed::<PolicyId>(report, "id", "\"my-company\"");
    let prefix = root
        .required(report, "prefix", "\"EH\"")
        .and_then(|value| prefix(report, value));
    let zone = root.parsed::<Zone>(report, "zone", "\"Australia/Sydney\"");
    let languages = languages(report, root);
    let mut known = Known {
        languages,
        ..Known::default()
    };
    let (prevailing, prevailing_span) = prevailing(report, root, &known);
    let company = company(report, root);

    let calendars = root.entries(report, "calendars");
    let people = root.entries(report, "people");
    let departments = root.entries(report, "departments");
    let on_call = root.entries(report, "on_call");
    let groups = root.entries(report, "groups");
    let services = root.entries(report, "services");
    if departments.is_empty() {
        report.error(
            root.span(),
            "the policy has no department; write `[departments.<id>]`",
        );
    }
    known.calendars = ids(&calendars);
    known.calendars.push(CalendarId::always());
    known.people = ids(&people);
    known.departments = ids(&departments);
    known.on_call = ids(&on_call);
    known.groups = ids(&groups);
    known.services = ids(&services);
    let people_places = places(&people);
    let department_places = places(&departments);

    let calendars = calendars::read(report, calendars, zone.as_ref(), holidays);
    let people = staff::people(report, people, &known);
    let mut taken = BTreeMap::new();
    let addresses = known::shared_addresses(report, root, &mut taken);
    let forwarders = customers::forwarders(report, root);
    let departments = departments::departments(report, departments, &known, &mut taken);
    let on_call = staff::on_call(report, on_call, &known);
    let management = staff::management(report, root, &known);
    let priorities = priorities(report, root);
    let groups = customers::groups(report, groups, &known);
    let services = customers::services(report, services, &known);
    let scope = root.entries(report, "scope");
    let scope = customers::scope(report, scope, &known);
    let feedback = customers::feedback(report, root, &known, &mut taken);
    let asks = customers::asks(report, root, &known);
    let responses = customers::responses(report, root);
    let retention = customers::retention(report, root);
    let secrets = customers::secrets(report, root);
    let closures = customers::closures(report, root);
    let brand = brand::read(report, root, &known);
    let (routing, route_places) = routing::read(report, root, &known);
    let complaint_escalation = routing::complaint_escalation(report, root, &known);
    let conduct = conduct::conduct(report, root, &known);
    let promises = promises::read(report, root, &known);

    let places = Places {
        calendars: calendars
            .iter()
            .map(|(id, (span, _))| (id.clone(), span.clone()))
            .collect(),
        departments: department_places,
        people: people_places,
        routes: route_places,
        promises: promises
            .iter()
            .map(|placed| (placed.promise.id.clone(), placed.span.clone()))
            .collect(),
        levels: promises
            .iter()
            .map(|placed| (placed.promise.id.clone(), placed.levels.clone()))
            .collect(),
        out_of_order: promises
            .iter()
            .filter(|placed| placed.out_of_order)
            .map(|placed| placed.promise.id.clone())
            .collect(),
        prevailing: prevailing_span,
    };
    let terms = Terms {
        id: id?,
        company: company?,
        prefix: prefix?,
        zone: zone?,
        languages: known.languages,
        prevailing: prevailing?,
        addresses,
        forwarders,
        calendars: calendars
            .into_iter()
            .map(|(id, (_, calendar))| (id, calendar))
            .collect(),
        departments,
        people,
        management,
        priorities: priorities?,
        promises: promises.into_iter().map(|placed| placed.promise).collect(),
        on_call,
        groups,
        services,
        scope,
        routing,
        complaint_escalation,
        feedback,
        asks,
        responses,
        retention,
        conduct,
        secrets,
        closures,
        brand,
    };
    Some((terms, places))
}

/// The ids of a table's entries, also of entries that turn out to be faulty: one fault is then reported once.
fn ids<T: std::str::FromStr>(entries: &[(Spanned<&str>, &Value<'_>)]) -> Vec<T> {
    entries
        .iter()
        .filter_map(|(key, _)| key.get_ref().parse().ok())
        .collect()
}

/// Where the names of a table's entries stand.
fn places<T: std::str::FromStr + Ord>(
    entries: &[(Spanned<&str>, &Value<'_>)],
) -> BTreeMap<T, Range<usize>> {
    let placed = entries
        .iter()
        .filter_map(|(key, _)| Some((key.get_ref().parse().ok()?, key.span())));
    placed.collect()
}

fn prefix(report: &mut Report<'_>, value: &Value<'_>) -> Option<String> {
    let prefix = text(report, value)?;
    let valid = (1..=4).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_uppercase());
    if !valid {
        report.error(
            value.span(),
            format!("`{prefix}` is not a prefix; write 1 to 4 letters from A to Z, such as `EH`"),
        );
    }
    valid.then(|| prefix.to_owned())
}

fn languages(report: &mut Report<'_>, root: &mut Section<'_>) -> Vec<Lang> {
    let value = root.required(report, "languages", "[\"en\"]");
    let languages = value.map_or_else(Vec::new, |value| parse_list::<Lang>(report, value));
    for lang in languages.iter().filter(|lang| !lang.get_ref().has_texts()) {
        let message = format!(
            "there are no texts in `{}`; write `en`, `de` or `vi`",
            lang.get_ref()
        );
        report.error(lang.span(), message);
    }
    languages.into_iter().map(Spanned::into_inner).collect()
}

fn prevailing(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> (Option<Lang>, Range<usize>) {
    let Some(value) = root.required(report, "prevailing", "\"en\"") else {
        return (None, root.span());
    };
    let lang = parse::<Lang>(report, value);
    let spoken =
        lang.filter(|lang| known::refers(report, value.span(), "language", lang, &known.languages));
    (spoken, value.span())
}

fn company(report: &mut Report<'_>, root: &mut Section<'_>) -> Option<Company> {
    let value = root.required(
        report,
        "company",
        "{ name = \"…\", address = \"…\", privacy_url = \"https://…\" }",
    )?;
    let mut section = Section::of(report, value, "[company]")?;
    let name = section.text(report, "name", "\"Example Pty Ltd\"");
    let address = section.text(report, "address", "\"1 Example Street, Sydney\"");
    let privacy_url = section.text(report, "privacy_url", "\"https://www.example.com/privacy\"");
    if let Some(value) = section.optional(report, "privacy_url")
        && privacy_url
            .as_ref()
            .is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://"))
    {
        report.error(
            value.span(),
            "this is not a web address; write one that begins with `https://`",
        );
    }
    section.finish(report);
    Some(Company {
        name: name?,
        address: address?,
        privacy_url: privacy_url?,
    })
}

/// `[priorities]`: `default`, and one for each ticket type that differs.
fn priorities(report: &mut Report<'_>, root: &mut Section<'_>) -> Option<Priorities> {
    let value = root.required(report, "priorities", "{ default = \"normal\" }")?;
    let mut section = Section::of(report, value, "[priorities]")?;
    let default = section.parsed::<Priority>(report, "default", "\"normal\"");
    let mut ticket_types = BTreeMap::new();
    for (key, value) in section.entries(report, "ticket_types") {
        let ticket_type = parse_at::<TicketType>(report, key.span(), key.get_ref());
        if let (Some(ticket_type), Some(priority)) = (ticket_type, parse::<Priority>(report, value))
        {
            ticket_types.insert(ticket_type, priority);
        }
    }
    section.finish(report);
    Some(Priorities {
        default: default?,
        ticket_types,
    })
}
