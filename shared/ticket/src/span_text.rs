//! A stretch of time in words, for people.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use policy::Lang;

use crate::time_text::{date_text, wall};

/// Writes a stretch as wall time of `zone`, which is to be named once where the stretches stand.
///
/// A whole date is its date only; the end of a date is `24:00`. Seconds are shown where there are any, so that what
/// counted can be added up.
pub fn span_text(from: Timestamp, until: Timestamp, zone: &str, lang: &Lang) -> String {
    let rules = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let (from, until) = (from.to_zoned(rules.clone()), until.to_zoned(rules));
    let ends_with_its_date = from
        .tomorrow()
        .and_then(|next| next.start_of_day())
        .is_ok_and(|midnight| midnight == until);
    let begins_with_its_date = from.start_of_day().is_ok_and(|midnight| midnight == from);
    if begins_with_its_date && ends_with_its_date {
        return date_text(&from, lang);
    }
    let end = if ends_with_its_date {
        "24:00".to_owned()
    } else {
        exact(&until)
    };
    if from.date() == until.date() || ends_with_its_date {
        return wall(&from, &format!("{}–{end}", exact(&from)), lang);
    }
    let (from, until) = (wall(&from, &exact(&from), lang), wall(&until, &end, lang));
    format!("{from} – {until}")
}

/// `16:00`, or `16:00:07`.
fn exact(local: &Zoned) -> String {
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    match second {
        0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_as_short_as_it_can_be_said() {
        for (from, until, lang, text) in [
            (
                "2027-02-05T02:00:00Z",
                "2027-02-05T04:30:00Z",
                "en",
                "Friday, 5 February 2027, 09:00–11:30",
            ),
            (
                "2027-02-05T10:30:00Z",
                "2027-02-05T17:00:00Z",
                "de",
                "Freitag, 5. Februar 2027, 17:30–24:00 Uhr",
            ),
            (
                "2027-02-05T17:00:00Z",
                "2027-02-06T17:00:00Z",
                "vi",
                "thứ Bảy, 06/02/2027",
            ),
            (
                "2027-02-05T10:30:07Z",
                "2027-02-08T02:00:00Z",
                "en",
                "Friday, 5 February 2027, 17:30:07 – Monday, 8 February 2027, 09:00",
            ),
        ] {
            let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
            let said = span_text(from, until, "Asia/Ho_Chi_Minh", &Lang::new(lang).unwrap());
            assert_eq!(said, text);
        }
    }
}
