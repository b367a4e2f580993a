//! The names that later parts of the file may refer to, and the lookups among them.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::section::Section;
use super::value::{Value, entries, list, parse, parse_at, parse_list, text};
use crate::id::{CalendarId, DepartmentId, GroupId, Lang, OnCallId, PersonId, ServiceId};
use crate::pattern::plain_address;
use crate::problem::{Report, instead};
use crate::shape::Shape;

/// The names that later parts of the file may refer to.
#[derive(Default)]
pub(super) struct Known {
    pub(super) languages: Vec<Lang>,
    pub(super) calendars: Vec<CalendarId>,
    pub(super) people: Vec<PersonId>,
    pub(super) departments: Vec<DepartmentId>,
    pub(super) on_call: Vec<OnCallId>,
    pub(super) groups: Vec<GroupId>,
    pub(super) services: Vec<ServiceId>,
}

/// Whom each of our addresses reaches, in words.
pub(super) type Taken = BTreeMap<String, String>;

impl Known {
    /// Whether the desk speaks the language; reported at `span` if it does not.
    pub(super) fn speaks(&self, report: &mut Report<'_>, span: Range<usize>, lang: &Lang) -> bool {
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

    pub(super) fn people(&self, report: &mut Report<'_>, value: &Value<'_>) -> Vec<PersonId> {
        let ids = parse_list::<PersonId>(report, value);
        ids.into_iter()
            .filter(|id| refers(report, id.span(), "person", id.get_ref(), &self.people))
            .map(Spanned::into_inner)
            .collect()
    }

    pub(super) fn department(
        &self,
        report: &mut Report<'_>,
        value: &Value<'_>,
    ) -> Option<DepartmentId> {
        let id = parse::<DepartmentId>(report, value)?;
        refers(report, value.span(), "department", &id, &self.departments).then_some(id)
    }

    pub(super) fn departments(
        &self,
        report: &mut Report<'_>,
        value: &Value<'_>,
    ) -> Vec<DepartmentId> {
        those(report, value, "department", &self.departments)
    }

    pub(super) fn groups(&self, report: &mut Report<'_>, value: &Value<'_>) -> Vec<GroupId> {
        those(report, value, "group", &self.groups)
    }

    pub(super) fn group(&self, report: &mut Report<'_>, value: &Value<'_>) -> Option<GroupId> {
        let id = parse::<GroupId>(report, value)?;
        refers(report, value.span(), "group", &id, &self.groups).then_some(id)
    }

    pub(super) fn services(&self, report: &mut Report<'_>, value: &Value<'_>) -> Vec<ServiceId> {
        those(report, value, "service", &self.services)
    }

    pub(super) fn service(&self, report: &mut Report<'_>, value: &Value<'_>) -> Option<ServiceId> {
        let id = parse::<ServiceId>(report, value)?;
        refers(report, value.span(), "service", &id, &self.services).then_some(id)
    }

    pub(super) fn spoken(&self, report: &mut Report<'_>, value: &Value<'_>) -> Vec<Lang> {
        let langs = parse_list::<Lang>(report, value);
        langs
            .into_iter()
            .filter(|lang| self.speaks(report, lang.span(), lang.get_ref()))
            .map(Spanned::into_inner)
            .collect()
    }

    /// A text in every language that the desk speaks: `{ en = "Technical support", de = "Technik" }`.
    ///
    /// `what` is how messages name it.
    pub(super) fn texts(
        &self,
        report: &mut Report<'_>,
        value: &Value<'_>,
        what: &str,
    ) -> BTreeMap<Lang, String> {
        let mut texts = BTreeMap::new();
        for (key, said) in entries(report, value) {
            let Some(lang) = parse_at::<Lang>(report, key.span(), key.get_ref()) else {
                continue;
            };
            if self.speaks(report, key.span(), &lang)
                && let Some(said) = text(report, said)
            {
                texts.insert(lang, said.to_owned());
            }
        }
        for lang in self
            .languages
            .iter()
            .filter(|lang| !texts.contains_key(lang))
        {
            report.error(
                value.span(),
                format!("the {what} is missing in `{lang}`; write `{lang} = \"…\"`"),
            );
        }
        texts
    }
}

/// A list of ids that all exist; those that do not are reported and left out.
fn those<T>(report: &mut Report<'_>, value: &Value<'_>, kind: &str, known: &[T]) -> Vec<T>
where
    T: std::str::FromStr<Err: std::fmt::Display>
        + PartialEq
        + std::fmt::Display
        + AsRef<str>
        + Shape,
{
    parse_list::<T>(report, value)
        .into_iter()
        .filter(|id| refers(report, id.span(), kind, id.get_ref(), known))
        .map(Spanned::into_inner)
        .collect()
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

/// Addresses that reach `owner`; each may reach one only, or mail would have two places to go.
pub(super) fn own_addresses(
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

/// A plain mail address in lower case.
pub(super) fn address(report: &mut Report<'_>, value: &Value<'_>) -> Option<String> {
    let written = text(report, value)?;
    let address = plain_address(written);
    if address.is_none() {
        report.error(
            value.span(),
            format!(
                "`{}` is not a mail address; write `name@example.com`",
                written.to_ascii_lowercase()
            ),
        );
    }
    address
}

/// `addresses` of the desk as a whole.
pub(super) fn shared_addresses(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    taken: &mut Taken,
) -> Vec<String> {
    let value = root.optional(report, "addresses");
    value.map_or_else(Vec::new, |value| {
        own_addresses(report, value, "the desk as a whole", taken)
    })
}
