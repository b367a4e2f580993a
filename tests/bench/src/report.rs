//! The table that is printed.

use std::fmt;

/// Figures, in the order in which they were taken.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<[String; 4]>,
    details: Vec<String>,
}

impl Report {
    /// A figure with its target, if it has one, and the same figure of the yardstick or what else stands beside it.
    pub(crate) fn row(
        &mut self,
        figure: impl Into<String>,
        measured: impl Into<String>,
        target: &Target,
        beside: impl Into<String>,
    ) {
        let mut measured = measured.into();
        if target.met == Some(false) {
            measured += " **missed**";
        }
        self.rows
            .push([figure.into(), measured, target.text.clone(), beside.into()]);
    }

    /// Text behind the table.
    pub(crate) fn detail(&mut self, text: impl Into<String>) {
        self.details.push(text.into());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| figure | measured | target | yardstick |\n|---|---|---|---|"
        )?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        for detail in &self.details {
            writeln!(f, "\n{}", detail.trim_end())?;
        }
        Ok(())
    }
}

/// What a figure is to be, and whether it is.
pub(crate) struct Target {
    text: String,
    met: Option<bool>,
}

impl Target {
    pub(crate) fn none() -> Self {
        Self {
            text: String::new(),
            met: None,
        }
    }

    pub(crate) fn of(text: impl Into<String>, met: bool) -> Self {
        Self {
            text: text.into(),
            met: Some(met),
        }
    }
}
