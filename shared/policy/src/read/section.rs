//! A table of the TOML file, read key by key; what nobody asked for is refused.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Report, instead};

/// A value with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A table of the file and the keys that were asked for so far.
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    /// How messages name it: `[departments.technical]`.
    title: String,
    asked: Vec<&'static str>,
}

impl<'t> Section<'t> {
    pub(super) fn new(
        table: &'t DeTable<'t>,
        span: Range<usize>,
        title: impl Into<String>,
    ) -> Self {
        Self {
            table,
            span,
            title: title.into(),
            asked: Vec::new(),
        }
    }

    /// The section as a whole.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn optional(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// A value that must be there; `example` is what to write if it is not.
    pub(super) fn required(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
        example: &str,
    ) -> Option<&'t Value<'t>> {
        let value = self.optional(key);
        if value.is_none() {
            report.error(
                self.span(),
                format!("{} has no `{key}`; write `{key} = {example}`", self.title),
            );
        }
        value
    }

    /// A text that must be there and be of the form of `T`.
    pub(super) fn parsed<T>(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
        example: &str,
    ) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let value = self.required(report, key, example)?;
        parse(report, value)
    }

    /// A text that must be there and not be blank.
    pub(super) fn text(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
        example: &str,
    ) -> Option<String> {
        let value = self.required(report, key, example)?;
        let text = text(report, value)?;
        if text.trim().is_empty() {
            report.error(
                value.span(),
                format!("`{key}` is empty; write `{key} = {example}`"),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A yes or no that must be there.
    pub(super) fn flag(&mut self, report: &mut Report<'_>, key: &'static str) -> Option<bool> {
        let value = self.required(report, key, "true")?;
        boolean(report, value)
    }

    /// A table under this key; an empty one if the key is absent.
    pub(super) fn entries(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
    ) -> Vec<(Spanned<&'t str>, &'t Value<'t>)> {
        self.optional(key).map_or_else(Vec::new, |value| {
            table(report, value).map_or_else(Vec::new, in_file_order)
        })
    }

    /// Refuses the keys that nobody asked for.
    pub(super) fn finish(self, report: &mut Report<'_>) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !self.asked.contains(&name) {
                let instead = instead(name, self.asked.iter().copied());
                report.error(
                    key.span(),
                    format!(
                        "{} has no key `{name}`; {instead}, or leave it out",
                        self.title
                    ),
                );
            }
        }
    }
}

/// The entries of a table in the order of the file, which may mean something; the parser sorts them by key.
pub(super) fn in_file_order<'t>(table: &'t DeTable<'t>) -> Vec<(Spanned<&'t str>, &'t Value<'t>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (Spanned::new(key.span(), &**key.get_ref()), value))
        .collect();
    entries.sort_by_key(|(key, _)| key.span().start);
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
        return Some(items.iter().collect());
    }
    wrong_kind(report, value, "a list `[…]`");
    None
}

pub(super) fn text<'t>(report: &mut Report<'_>, value: &'t Value<'t>) -> Option<&'t str> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(text);
    }
    wrong_kind(report, value, "a text `\"…\"`");
    None
}

pub(super) fn boolean(report: &mut Report<'_>, value: &Value<'_>) -> Option<bool> {
    if let DeValue::Boolean(flag) = value.get_ref() {
        return Some(*flag);
    }
    wrong_kind(report, value, "`true` or `false`");
    None
}

pub(super) fn parse<T: FromStr<Err: Display>>(
    report: &mut Report<'_>,
    value: &Value<'_>,
) -> Option<T> {
    let text = text(report, value)?;
    parse_at(report, value.span(), text)
}

pub(super) fn parse_at<T: FromStr<Err: Display>>(
    report: &mut Report<'_>,
    span: Range<usize>,
    text: &str,
) -> Option<T> {
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
    T: FromStr<Err: Display> + PartialEq + Display,
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
