//! The figures of a replay as a picture: the table, and the alarms by the hour of the day.

use maud::{Markup, PreEscaped, html};

use super::figures::{Figures, NIGHT};

const WIDTH: usize = 760;
const ROW: usize = 24;
const BARS: usize = 160;
const COLOURS: [&str; 2] = ["#6b7785", "#0b57a4"];

pub(super) fn picture(figures: &Figures) -> String {
    let lines = figures.lines();
    let top = ROW * (lines.len() + 3);
    let height = top + BARS + ROW * 3;
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (height) } role="img"
            font-family="system-ui, sans-serif" font-size="14" fill="#1b1f23" {
            title { "Promises and alarms before and after a change of the policy" }
            rect width=(WIDTH) height=(height) fill="#fff" {}
            text x="16" y=(ROW) font-weight="600" { (figures.tickets) " tickets" }
            (heading())
            @for (index, (what, counts)) in lines.iter().enumerate() {
                (row(ROW * (index + 3), what, *counts))
            }
            (hours(figures, top + ROW))
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        svg.into_string()
    )
}

fn heading() -> Markup {
    html! {
        @for (side, name) in ["before", "after"].iter().enumerate() {
            text x=(480 + 120 * side) y=(ROW * 2) text-anchor="end" fill=(COLOURS[side]) font-weight="600" { (name) }
        }
    }
}

fn row(y: usize, what: &str, counts: [usize; 2]) -> Markup {
    let indent = if what.starts_with(' ') { 32 } else { 16 };
    html! {
        text x=(indent) y=(y) { (what.trim()) }
        @for (side, count) in counts.iter().enumerate() {
            text x=(480 + 120 * side) y=(y) text-anchor="end" { (count) }
        }
    }
}

/// Two bars an hour; night is shaded.
fn hours(figures: &Figures, top: usize) -> Markup {
    let most = figures
        .alarms
        .iter()
        .flatten()
        .copied()
        .max()
        .unwrap_or_default()
        .max(1);
    let base = top + BARS;
    html! {
        text x="16" y=(top - 6) font-weight="600" { "Alarms by the hour of the day" }
        @for hour in 0..24_usize {
            @let x = 16 + hour * 30;
            @if NIGHT.iter().any(|&night| usize::try_from(night) == Ok(hour)) {
                rect x=(x) y=(top) width="30" height=(BARS) fill="#e4e9ef" {}
            }
            @for (side, hours) in figures.alarms.iter().enumerate() {
                @let height = hours[hour] * BARS / most;
                rect x=(x + 3 + side * 12) y=(base - height) width="11" height=(height) fill=(COLOURS[side]) {
                    title { (hours[hour]) }
                }
            }
            text x=(x + 15) y=(base + 18) text-anchor="middle" font-size="11" { (hour) }
        }
        (PreEscaped(format!("<line x1=\"16\" y1=\"{base}\" x2=\"736\" y2=\"{base}\" stroke=\"#1b1f23\"/>")))
    }
}
