//! Closures as customers read of them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::day_and_month;
use super::words::words;
use crate::closures::Closing;
use crate::id::{DepartmentId, Lang};
use crate::policy::Policy;

impl Policy {
    /// The closures to be announced at this instant, a sentence each behind the departments that it is about; those of
    /// one department only, where it is named.
    pub fn closings(
        &self,
        at: Timestamp,
        department: Option<&DepartmentId>,
        lang: &Lang,
    ) -> Vec<String> {
        let ahead = self.closures_ahead(at).into_iter();
        ahead
            .filter(|closing| department.is_none_or(|id| closing.departments.contains(&id)))
            .map(|closing| {
                let closed = closing
                    .departments
                    .iter()
                    .filter_map(|id| self.department(id));
                let names: Vec<&str> = closed.map(|department| department.name(lang)).collect();
                format!(
                    "{}: {}",
                    names.join(", "),
                    self.closing_text(&closing, lang)
                )
            })
            .collect()
    }

    /// One sentence: when it is closed, why, and when it opens again, in the wall time of its calendar.
    pub fn closing_text(&self, closing: &Closing<'_>, lang: &Lang) -> String {
        let zone = self
            .calendar(closing.calendar)
            .map_or(TimeZone::UTC, |calendar| calendar.zone.rules().clone());
        let reopens = closing.reopens.to_zoned(zone).datetime();
        let names = closing.names.join(", ");
        let (first, last) = (date(closing.first, lang), date(closing.last, lang));
        let weekday = lang.weekday(reopens.date().weekday());
        let (day, hour) = (date(reopens.date(), lang), reopens.strftime("%H:%M"));
        let one = closing.first == closing.last;
        match lang.as_str() {
            "de" if one => format!(
                "Am {first} geschlossen ({names}); ab {weekday}, {day}, {hour} Uhr sind wir wieder da."
            ),
            "de" => format!(
                "Vom {first} bis zum {last} geschlossen ({names}); ab {weekday}, {day}, {hour} Uhr sind wir wieder da."
            ),
            "vi" if one => format!(
                "Nghỉ ngày {first} ({names}); làm việc trở lại từ {hour} {weekday}, ngày {day}."
            ),
            "vi" => format!(
                "Nghỉ từ ngày {first} đến hết ngày {last} ({names}); làm việc trở lại từ {hour} {weekday}, ngày {day}."
            ),
            _ if one => {
                format!("Closed on {first} ({names}); open again on {weekday}, {day}, at {hour}.")
            }
            _ => format!(
                "Closed from {first} to {last} ({names}); open again on {weekday}, {day}, at {hour}."
            ),
        }
    }
}

/// `5 February 2027`, `5. Februar 2027`, `5 tháng 2 năm 2027`
pub(super) fn date(date: Date, lang: &Lang) -> String {
    let day = day_and_month(date.month(), date.day(), words(lang));
    let year = date.year();
    if lang.as_str() == "vi" {
        format!("{day} năm {year}")
    } else {
        format!("{day} {year}")
    }
}
