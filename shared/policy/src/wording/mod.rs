//! The words in which customers read numbers, hours and dates: English, German, Vietnamese.

mod closing;
mod words;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use self::words::{Words, words};
use crate::calendar::{Calendar, Closure, Dates, Interval, Zone};
use crate::id::Lang;
use crate::target::{Target, Unit};
use crate::vocabulary::{Day, Strength};

impl Target {
    /// The target as a customer reads it, in this language (English if there are no words for it).
    pub fn text(&self, lang: &Lang) -> String {
        let unit = Unit::ALL
            .iter()
            .position(|&unit| unit == self.unit)
            .unwrap_or(0);
        let (one, several) = words(lang).units[unit];
        format!(
            "{} {}",
            self.amount,
            if self.amount == 1 { one } else { several }
        )
    }
}

impl Target {
    /// The target as a phrase that fits into a sentence: "within 4 open hours", "innerhalb von 5 Arbeitstagen".
    pub fn within_text(&self, lang: &Lang) -> String {
        let unit = Unit::ALL.iter().position(|&unit| unit == self.unit);
        let (before, units) = words(lang).within;
        let (one, several) = units[unit.unwrap_or(0)];
        let unit = if self.amount == 1 { one } else { several };
        format!("{before} {} {unit}", self.amount)
    }
}

impl Strength {
    /// What stands before the verb in this language: "we aim to" or "we will".
    pub fn text(self, lang: &Lang) -> &'static str {
        match self {
            Self::Target => words(lang).aim,
            Self::Commitment => words(lang).will,
        }
    }
}

impl Calendar {
    /// The hours of the week: `Monday to Friday 09:00 to 17:30; Saturday 09:00 to 12:00`.
    pub fn hours_text(&self, lang: &Lang) -> String {
        let words = words(lang);
        if self.is_round_the_clock() {
            return words.round_the_clock.to_owned();
        }
        let mut groups: Vec<(usize, usize, &Vec<Interval>)> = Vec::new();
        for (index, day) in Day::ALL.iter().enumerate() {
            let Some(hours) = self.week.get(day) else {
                continue;
            };
            match groups.last_mut() {
                Some((_, last, same)) if *last + 1 == index && *same == hours => *last = index,
                _ => groups.push((index, index, hours)),
            }
        }
        let said = groups.into_iter().map(|(first, last, hours)| {
            let days = match last - first {
                0 => words.days[first].to_owned(),
                _ => format!("{}{}{}", words.days[first], words.to, words.days[last]),
            };
            format!("{days} {}", intervals(hours, words))
        });
        said.collect::<Vec<_>>().join("; ")
    }

    /// The closed dates as a Markdown list, one line a year: `- 2026: Australia Day (26 January), …`.
    pub fn closed_text(&self, lang: &Lang) -> String {
        let words = words(lang);
        let mut years: Vec<(Option<i16>, Vec<&Closure>)> = Vec::new();
        let mut closed: Vec<&Closure> = self.closed.iter().collect();
        closed.sort_by_key(|closure| (first_year(closure.dates), first_day(closure.dates)));
        for closure in closed {
            let year = first_year(closure.dates);
            match years.last_mut() {
                Some((last, closures)) if *last == year => closures.push(closure),
                _ => years.push((year, vec![closure])),
            }
        }
        let lines = years.into_iter().map(|(year, closures)| {
            let year = year.map_or_else(|| words.every_year.to_owned(), |year| year.to_string());
            let said: Vec<_> = closures
                .iter()
                .map(|c| format!("{} ({})", c.name, dates(c.dates, words)))
                .collect();
            format!("- {year}: {}", said.join(", "))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Dates with hours of their own as a Markdown list: `- Thursday, 24 December 2026: 09:00 to 12:00`.
    ///
    /// The day of the week stands first, because a line that begins with `24.` is a numbered list to Markdown.
    pub fn days_text(&self, lang: &Lang) -> String {
        let words = words(lang);
        let lines = self.days.iter().map(|(date, hours)| {
            let weekday = lang.weekday(date.weekday());
            let day = closing::date(*date, lang);
            format!("- {weekday}, {day}: {}", intervals(hours, words))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Zone {
    /// An instant as wall time of this zone, with its name: `1 December 2026, 09:00 (Australia/Sydney)`.
    pub fn instant_text(&self, at: Timestamp, lang: &Lang) -> String {
        let local = at.to_zoned(self.rules().clone());
        let date = closing::date(local.date(), lang);
        let (hour, minute) = (local.hour(), local.minute());
        format!("{date}, {hour:02}:{minute:02} ({})", self.name())
    }
}

impl Lang {
    /// The language's own name, as its speakers look for it; the tag if we do not know it.
    pub fn name(&self) -> &str {
        match self.as_str() {
            "en" => "English",
            "de" => "Deutsch",
            "vi" => "Tiếng Việt",
            tag => tag,
        }
    }

    /// The language's name in another language; its own name where there are no words for it.
    pub fn name_in(&self, lang: &Self) -> &str {
        let known = ["en", "de", "vi"]
            .iter()
            .position(|tag| *tag == self.as_str());
        match known {
            Some(known) if lang.has_texts() => words(lang).languages[known],
            _ => self.name(),
        }
    }

    /// Whether form, mails and pages have their texts in it.
    pub(crate) fn has_texts(&self) -> bool {
        self.name() != self.as_str()
    }

    /// A day of the week as it stands in a date in this language.
    pub fn weekday(&self, day: Weekday) -> &'static str {
        let from_monday = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
        words(self).days[from_monday % 7]
    }

    /// A month, counted from 1, in this language.
    pub fn month(&self, month: i8) -> &'static str {
        let from_january = usize::try_from(month - 1).unwrap_or(0);
        words(self).months[from_january % 12]
    }
}

fn intervals(hours: &[Interval], words: &Words) -> String {
    let said: Vec<_> = hours
        .iter()
        .map(|interval| interval.to_string().replace('-', words.to))
        .collect();
    said.join(words.and)
}

fn first_year(dates: Dates) -> Option<i16> {
    match dates {
        Dates::One(first) | Dates::Range(first, _) => Some(first.year()),
        Dates::Yearly(..) => None,
    }
}

/// Month and day on which they begin.
fn first_day(dates: Dates) -> (i8, i8) {
    match dates {
        Dates::One(first) | Dates::Range(first, _) => (first.month(), first.day()),
        Dates::Yearly(month, day) => (month, day),
    }
}

fn dates(dates: Dates, words: &Words) -> String {
    let said = |date: Date| day_and_month(date.month(), date.day(), words);
    match dates {
        Dates::One(date) => said(date),
        Dates::Range(first, last) if first.year() == last.year() => {
            format!("{}{}{}", said(first), words.to, said(last))
        }
        Dates::Range(first, last) => {
            format!("{}{}{} {}", said(first), words.to, said(last), last.year())
        }
        Dates::Yearly(month, day) => day_and_month(month, day, words),
    }
}

fn day_and_month(month: i8, day: i8, words: &Words) -> String {
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|index| words.months.get(index))
        .unwrap_or(&"");
    format!("{day}{}{name}", words.of)
}
