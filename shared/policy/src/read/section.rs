//! A table of the TOML file, read key by key; what nobody asked for is refused.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::DeTable;

use super::value::{Value, boolean, entries, list, parse, parse_list, table, text};

use crate::problem::{Report, instead};
use crate::shape::{Node, Shape};

/// A table of the file and the keys that were asked for so far.
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    /// How messages name it: `[departments.technical]`.
    title: String,
    asked: Vec<&'static str>,
    node: Node,
}

impl<'t> Section<'t> {
    /// The whole file.
    pub(super) fn root(report: &mut Report<'_>, table: &'t DeTable<'t>) -> Self {
        Self {
            table,
            span: 0..0,
            title: "the policy".to_owned(),
            asked: Vec::new(),
            node: report.shapes.root(),
        }
    }

    /// The table of this value; `span` is where its name stands.
    pub(super) fn new(
        report: &mut Report<'_>,
        table: &'t DeTable<'t>,
        value: &Value<'_>,
        span: Range<usize>,
        title: impl Into<String>,
    ) -> Self {
        Self {
            table,
            span,
            title: title.into(),
            asked: Vec::new(),
            node: report.shapes.section(value),
        }
    }

    /// The value as a section, if it is a table; reported if it is not.
    pub(super) fn of(
        report: &mut Report<'_>,
        value: &'t Value<'t>,
        title: impl Into<String>,
    ) -> Option<Self> {
        let table = table(report, value)?;
        Some(Self::new(report, table, value, value.span(), title))
    }

    /// The section as a whole.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn optional(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
    ) -> Option<&'t Value<'t>> {
        self.asked.push(key);
        let value = self.table.get(key);
        report.shapes.key(self.node, key, value);
        value
    }

    /// A value that must be there; `example` is what to write if it is not.
    pub(super) fn required(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
        example: &str,
    ) -> Option<&'t Value<'t>> {
        let value = self.optional(report, key);
        report.shapes.required(self.node, key, example);
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
        T: FromStr<Err: Display> + Shape,
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
        let value = self.optional(report, key);
        value.map_or_else(Vec::new, |value| entries(report, value))
    }

    /// A text of the form of `T` that may be left out.
    pub(super) fn maybe<T>(&mut self, report: &mut Report<'_>, key: &'static str) -> Option<T>
    where
        T: FromStr<Err: Display> + Shape,
    {
        let value = self.optional(report, key)?;
        parse(report, value)
    }

    /// A yes or no that may be left out.
    pub(super) fn maybe_flag(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
    ) -> Option<bool> {
        let value = self.optional(report, key)?;
        boolean(report, value)
    }

    /// A free text that may be left out.
    pub(super) fn maybe_text(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
    ) -> Option<String> {
        let value = self.optional(report, key)?;
        text(report, value).map(str::to_owned)
    }

    /// A list of texts of the form of `T`; empty if the key is absent.
    pub(super) fn list_of<T>(&mut self, report: &mut Report<'_>, key: &'static str) -> Vec<T>
    where
        T: FromStr<Err: Display> + PartialEq + Display + Shape,
    {
        let value = self.optional(report, key);
        let items = value.map_or_else(Vec::new, |value| parse_list(report, value));
        items.into_iter().map(Spanned::into_inner).collect()
    }

    /// The items of a list; none if the key is absent.
    pub(super) fn items(
        &mut self,
        report: &mut Report<'_>,
        key: &'static str,
    ) -> Vec<&'t Value<'t>> {
        let value = self.optional(report, key);
        value
            .and_then(|value| list(report, value))
            .unwrap_or_default()
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
