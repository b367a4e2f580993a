//! `[people.<id>]`, `[departments.<id>]` and `[management]`: who is there, and where mail reaches them.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::Known;
use super::section::{
    Section, Value, boolean, in_file_order, list, parse, parse_at, parse_list, table, text,
};
use crate::id::{CalendarId, DepartmentId, Lang, PersonId};
use crate::problem::{Report, instead};
use crate::terms::{Department, Person};

/// Whom each of our addresses reaches, in words.
pub(super) type Taken = BTreeMap<String, String>;

pub(super) fn people(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    known: &Known,
) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<PersonId>(report, key.span(), key.get_ref());
        let (Some(id), Some(table)) = (id, table(report, value)) else {
            continue;
        };
        let mut section = Section::new(table, key.span(), format!("[people.{id}]"));
        let name = section.text(report, "name", "\"Tier 1 technician\"");
        let place = section.required(report, "address", "\"agent@example.com\"");
        let address = place.and_then(|value| address(report, value));
        let lang = section.optional("lang");
        let lang = match lang {
            None => known.languages.first().cloned(),
            Some(value) => {
                parse::<Lang>(report, value).filter(|lang| known.speaks(report, value.span(), lang))
            }
        };
        section.finish(report);
        let (Some(name), Some(address), Some(lang)) = (name, address, lang) else {
            continue;
        };
        if let Some(other) = people.iter().find(|other| other.address == address) {
            let place = place.map_or(key.span(), Spanned::span);
            report.error(
                place,
                format!(
                    "`{address}` is the address of `{}` too; write one of their own",
                    other.id
                ),
            );
        }
        people.push(Person {
            id,
            name,
            address,
            lang,
        });
    }
    people
}

pub(super) fn departments(
    report: &mut Report<'_>,
    entries: Vec<(Spanned<&str>, &Value<'_>)>,
    known: &Known,
    taken: &mut Taken,
) -> Vec<Department> {
    let mut departments: Vec<Department> = Vec::new();
    for (key, value) in entries {
        let id = parse_at::<DepartmentId>(report, key.span(), key.get_ref());
        let (Some(id), Some(table)) = (id, table(report, value)) else {
            continue;
        };
        let section = Section::new(table, key.span(), format!("[departments.{id}]"));
        if let Some(department) = department(report, section, id, known, taken) {
            departments.push(department);
        }
    }
    departments
}

fn department(
    report: &mut Report<'_>,
    mut section: Section<'_>,
    id: DepartmentId,
    known: &Known,
    taken: &mut Taken,
) -> Option<Department> {
    let names = section.required(report, "name", "{ en = \"Technical support\" }");
    let names = names.map(|value| names_by_language(report, value, known));
    // Departments that share the address of the desk have none of their own: form, triage and hand-over reach them.
    let addresses = section.optional("addresses");
    let addresses = addresses.map_or_else(Vec::new, |value| {
        own_addresses(report, value, &format!("`{id}`"), taken)
    });
    let calendar = section
        .required(report, "calendar", "\"office\"")
        .and_then(|value| known.calendar(report, value));
    let agents = section
        .required(report, "agents", "[\"agent-1\"]")
        .map(|value| known.people(report, value));
    let lead = section
        .required(report, "lead", "\"lead-1\"")
        .and_then(|value| known.person(report, value));
    let on_form = section
        .optional("on_form")
        .map_or(Some(true), |value| boolean(report, value));
    section.finish(report);
    Some(Department {
        id,
        names: names?,
        addresses,
        calendar: calendar?,
        agents: agents?,
        lead: lead?,
        on_form: on_form?,
    })
}

/// `addresses` of the desk as a whole.
pub(super) fn shared_addresses(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    taken: &mut Taken,
) -> Vec<String> {
    let value = root.optional("addresses");
    value.map_or_else(Vec::new, |value| {
        own_addresses(report, value, "the desk as a whole", taken)
    })
}

/// Addresses that reach `owner`; each may reach one only, or mail would have two places to go.
fn own_addresses(
    report: &mut Report<'_>,
    value: &Value<'_>,
    owner: &str,
    taken: &mut Taken,
) -> Vec<String> {
    let mut addresses = Vec::new();
    for item in list(report, value).unwrap_or_default() {
        let Some(address) = address(report, item) else {
            continue;
        };
        if let Some(other) = taken.insert(address.clone(), owner.to_owned()) {
            report.error(
                item.span(),
                format!("`{address}` reaches {other} already; write it in one place"),
            );
        }
        addresses.push(address);
    }
    addresses
}

/// `{ en = "Technical support", de = "Technik" }`, complete for the languages that the desk speaks.
fn names_by_language(
    report: &mut Report<'_>,
    value: &Value<'_>,
    known: &Known,
) -> BTreeMap<Lang, String> {
    let mut names = BTreeMap::new();
    for (key, name) in table(report, value).map_or_else(Vec::new, in_file_order) {
        let Some(lang) = parse_at::<Lang>(report, key.span(), key.get_ref()) else {
            continue;
        };
        if known.speaks(report, key.span(), &lang)
            && let Some(name) = text(report, name)
        {
            names.insert(lang, name.to_owned());
        }
    }
    for lang in known
        .languages
        .iter()
        .filter(|lang| !names.contains_key(lang))
    {
        report.error(
            value.span(),
            format!("the name is missing in `{lang}`; write `{lang} = \"…\"`"),
        );
    }
    names
}

pub(super) fn management(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> Vec<PersonId> {
    let value = root.required(report, "management", "[\"director\"]");
    value.map_or_else(Vec::new, |value| known.people(report, value))
}

/// A plain mail address in lower case.
fn address(report: &mut Report<'_>, value: &Value<'_>) -> Option<String> {
    let address = text(report, value)?.to_ascii_lowercase();
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>()[]\\,;:@\"".contains(&b))
    };
    let valid = address
        .split_once('@')
        .is_some_and(|(local, domain)| plain(local) && plain(domain) && domain.contains('.'));
    if !valid {
        report.error(
            value.span(),
            format!("`{address}` is not a mail address; write `name@example.com`"),
        );
    }
    valid.then_some(address)
}

impl Known {
    /// Whether the desk speaks the language; reported at `span` if it does not.
    fn speaks(&self, report: &mut Report<'_>, span: Range<usize>, lang: &Lang) -> bool {
        let speaks = self.languages.contains(lang);
        if !speaks {
            let instead = instead(lang.as_str(), self.languages.iter().map(Lang::as_str));
            report.error(
                span,
                format!("`languages` does not list `{lang}`; {instead}"),
            );
        }
        speaks
    }

    pub(super) fn calendar(
        &self,
        report: &mut Report<'_>,
        value: &Value<'_>,
    ) -> Option<CalendarId> {
        let id = parse::<CalendarId>(report, value)?;
        refers(report, value.span(), "calendar", &id, &self.calendars).then_some(id)
    }

    pub(super) fn person(&self, report: &mut Report<'_>, value: &Value<'_>) -> Option<PersonId> {
        let id = parse::<PersonId>(report, value)?;
        refers(report, value.span(), "person", &id, &self.people).then_some(id)
    }

    fn people(&self, report: &mut Report<'_>, value: &Value<'_>) -> Vec<PersonId> {
        let ids = parse_list::<PersonId>(report, value);
        ids.into_iter()
            .filter(|id| refers(report, id.span(), "person", id.get_ref(), &self.people))
            .map(Spanned::into_inner)
            .collect()
    }
}

/// Whether the id is one of those; reported at `span` if it is not.
pub(super) fn refers<T: PartialEq + AsRef<str>>(
    report: &mut Report<'_>,
    span: Range<usize>,
    kind: &str,
    id: &T,
    those: &[T],
) -> bool {
    let exists = those.contains(id);
    if !exists {
        let instead = instead(id.as_ref(), those.iter().map(AsRef::as_ref));
        report.error(
            span,
            format!("there is no {kind} `{}`; {instead}", id.as_ref()),
        );
    }
    exists
}
