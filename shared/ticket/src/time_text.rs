//! An instant in words, for people. The names of days and months are the policy crate's.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use policy::Lang;

/// Writes an instant as wall time of `zone`, in the way of the language; languages without a way of their own get English.
///
/// The zone is always named, with its distance from UTC: a reader in another zone must not read the time as theirs.
/// A zone that does not exist is shown as UTC. Seconds are cut, so that a deadline never reads later than it is.
pub fn time_text(at: Timestamp, zone: &str, lang: &Lang) -> String {
    let (name, rules) = match TimeZone::get(zone) {
        Ok(rules) => (zone, rules),
        Err(_) => ("UTC", TimeZone::UTC),
    };
    let local = at.to_zoned(rules);
    let wall = wall(&local, &clock(&local), lang);
    match distance(local.offset()) {
        distance if distance == name => format!("{wall} ({name})"),
        distance => format!("{wall} ({name}, {distance})"),
    }
}

/// Wall time with its date, without the zone.
pub(crate) fn wall(local: &Zoned, clock: &str, lang: &Lang) -> String {
    let date = date_text(local, lang);
    match lang.as_str() {
        "de" => format!("{date}, {clock} Uhr"),
        "vi" => format!("{clock} {date}"),
        _ => format!("{date}, {clock}"),
    }
}

/// A date with its weekday.
pub(crate) fn date_text(local: &Zoned, lang: &Lang) -> String {
    let (day, month, year) = (local.day(), local.month(), local.year());
    // Languages without words of their own get English ones.
    let weekday = lang.weekday(local.weekday());
    match lang.as_str() {
        "de" => format!("{weekday}, {day}. {} {year}", lang.month(month)),
        "vi" => format!("{weekday}, {day:02}/{month:02}/{year}"),
        _ => format!("{weekday}, {day} {} {year}", lang.month(month)),
    }
}

fn clock(local: &Zoned) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `UTC`, `UTC+11`, `UTC-3:30`.
fn distance(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let sign = if minutes < 0 { '-' } else { '+' };
    match (hours, rest) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_the_way_of_each_language_with_its_zone() {
        for (at, zone, lang, text) in [
            (
                "2026-11-23T05:40:59Z",
                "Australia/Sydney",
                "en",
                "Monday, 23 November 2026, 16:40 (Australia/Sydney, UTC+11)",
            ),
            (
                "2026-11-23T15:40:00Z",
                "Europe/Berlin",
                "de",
                "Montag, 23. November 2026, 16:40 Uhr (Europe/Berlin, UTC+1)",
            ),
            (
                "2026-07-05T07:05:00Z",
                "Europe/Berlin",
                "de",
                "Sonntag, 5. Juli 2026, 09:05 Uhr (Europe/Berlin, UTC+2)",
            ),
            (
                "2026-03-01T09:40:00Z",
                "Asia/Ho_Chi_Minh",
                "vi",
                "16:40 Chủ nhật, 01/03/2026 (Asia/Ho_Chi_Minh, UTC+7)",
            ),
            (
                "2026-01-01T00:00:00Z",
                "America/St_Johns",
                "fr",
                "Wednesday, 31 December 2025, 20:30 (America/St_Johns, UTC-3:30)",
            ),
            (
                "2026-01-01T00:00:00Z",
                "Europe/London",
                "en",
                "Thursday, 1 January 2026, 00:00 (Europe/London, UTC)",
            ),
            (
                "2026-03-02T09:40:00Z",
                "Asia/Ho_Chi_Minh",
                "vi",
                "16:40 thứ Hai, 02/03/2026 (Asia/Ho_Chi_Minh, UTC+7)",
            ),
            (
                "2026-01-01T00:00:00Z",
                "UTC",
                "en",
                "Thursday, 1 January 2026, 00:00 (UTC)",
            ),
            (
                "2026-01-01T00:00:00Z",
                "Mars/Base",
                "en",
                "Thursday, 1 January 2026, 00:00 (UTC)",
            ),
        ] {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(time_text(at, zone, &Lang::new(lang).unwrap()), text);
        }
    }
}
