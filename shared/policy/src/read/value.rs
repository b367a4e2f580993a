//! The values of the TOML file, each read as what it should be.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use serde_json::json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Report;
use crate::shape::Shape;

/// A value with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// The entries of a table in the order of the file, which may mean something; the parser sorts them by key.
pub(super) fn entries<'t>(
    report: &mut Report<'_>,
    value: &'t Value<'t>,
) -> Vec<(Spanned<&'t str>, &'t Value<'t>)> {
    let Some(table) = table(report, value) else {
        return Vec::new();
    };
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (Spanned::new(key.span(), &**key.get_ref()), value))
        .collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, entry) in &entries {
        report.shapes.entry(value, key.get_ref(), entry);
    }
    entries
}

pub(super) fn table<'t>(report: &mut Report<'_>, value: &'t Value<'t>) -> Option<&'t DeTable<'t>> {
    if let DeValue::Table(table) = value.get_ref() {
        return Some(table);
    }
    wrong_kind(report, value, "a table `{ … }`");
    None
}

pub(super) fn list<'t>(
    report: &mut Report<'_>,
    value: &'t Value<'t>,
) -> Option<Vec<&'t Value<'t>>> {
    if let DeValue::Array(items) = value.get_ref() {
        if items.is_empty() {
            report.error(
                value.span(),
                "the list is empty; write at least one entry, or leave the key out",
            );
            return None;
        }
        items
            .iter()
            .for_each(|item| report.shapes.item(value, item));
        return Some(items.iter().collect());
    }
    wrong_kind(report, value, "a list `[…]`");
    None
}

pub(super) fn text<'t>(report: &mut Report<'_>, value: &'t Value<'t>) -> Option<&'t str> {
    report.shapes.form(value, || json!({ "type": "string" }));
    plain_text(report, value)
}

fn plain_text<'t>(report: &mut Report<'_>, value: &'t Value<'t>) -> Option<&'t str> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(text);
    }
    wrong_kind(report, value, "a text `\"…\"`");
    None
}

pub(super) fn boolean(report: &mut Report<'_>, value: &Value<'_>) -> Option<bool> {
    report.shapes.form(value, || json!({ "type": "boolean" }));
    if let DeValue::Boolean(flag) = value.get_ref() {
        return Some(*flag);
    }
    wrong_kind(report, value, "`true` or `false`");
    None
}

/// A whole number from 1 to `most`.
pub(super) fn count(report: &mut Report<'_>, value: &Value<'_>, most: u32) -> Option<u32> {
    report.shapes.form(
        value,
        || json!({ "type": "integer", "minimum": 1, "maximum": most }),
    );
    let DeValue::Integer(number) = value.get_ref() else {
        wrong_kind(report, value, "a number");
        return None;
    };
    let number = u32::from_str_radix(number.as_str(), number.radix()).ok();
    let number = number.filter(|number| (1..=most).contains(number));
    if number.is_none() {
        report.error(
            value.span(),
            format!("this is out of range; write a number from 1 to {most}"),
        );
    }
    number
}

pub(super) fn parse<T: FromStr<Err: Display> + Shape>(
    report: &mut Report<'_>,
    value: &Value<'_>,
) -> Option<T> {
    report.shapes.form(value, T::shape);
    let text = plain_text(report, value)?;
    parse_at(report, value.span(), text)
}

/// What stands at this place, as a `T`; for keys.
pub(super) fn parse_at<T: FromStr<Err: Display> + Shape>(
    report: &mut Report<'_>,
    span: Range<usize>,
    text: &str,
) -> Option<T> {
    report.shapes.name(text, T::shape);
    match text.parse() {
        Ok(parsed) => Some(parsed),
        Err(err) => {
            report.error(span, err.to_string());
            None
        }
    }
}

/// A list of texts of the form of `T`, none twice; entries that are not are reported and left out.
pub(super) fn parse_list<T>(report: &mut Report<'_>, value: &Value<'_>) -> Vec<Spanned<T>>
where
    T: FromStr<Err: Display> + PartialEq + Display + Shape,
{
    let mut parsed: Vec<Spanned<T>> = Vec::new();
    for item in list(report, value).unwrap_or_default() {
        let Some(entry) = parse::<T>(report, item) else {
            continue;
        };
        if parsed.iter().any(|other| *other.get_ref() == entry) {
            report.error(
                item.span(),
                format!("`{entry}` stands in this list twice; write it once"),
            );
            continue;
        }
        parsed.push(Spanned::new(item.span(), entry));
    }
    parsed
}

fn wrong_kind(report: &mut Report<'_>, value: &Value<'_>, wanted: &str) {
    let found = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a yes or no",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    report.error(value.span(), format!("this is {found}; write {wanted}"));
}
