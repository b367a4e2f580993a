//! `[brand]`

use super::known::Known;
use super::section::Section;
use crate::problem::Report;
use crate::terms::{Brand, Colour};

/// The contrast that ordinary text needs, in hundredths (WCAG 2.2, success criterion 1.4.3).
const READABLE: u32 = 450;

/// `[brand]`: `colour = "#0b5cad"`, and the writing on it, which has to be readable.
pub(super) fn read(
    report: &mut Report<'_>,
    root: &mut Section<'_>,
    known: &Known,
) -> Option<Brand> {
    let value = root.optional(report, "brand")?;
    let mut section = Section::of(report, value, "[brand]")?;
    let place = section.optional(report, "colour").map(toml::Spanned::span);
    let colour = section.parsed::<Colour>(report, "colour", "\"#0b5cad\"");
    let text = section.maybe::<Colour>(report, "text");
    let text = text.unwrap_or(Colour::WHITE);
    let footer = section.optional(report, "footer");
    let footer = footer.map(|value| known.texts(report, value, "footer"));
    section.finish(report);
    let colour = colour?;
    let contrast = colour.contrast(text);
    if let Some(place) = place.filter(|_| contrast < READABLE) {
        let (whole, rest) = (contrast / 100, contrast % 100);
        report.error(
            place,
            format!("`{text}` on `{colour}` has a contrast of {whole}.{rest:02} and cannot be read by everybody; write a `colour` farther from the writing on it, so that it reaches 4.5"),
        );
    }
    Some(Brand {
        colour,
        text,
        footer: footer.unwrap_or_default(),
    })
}
