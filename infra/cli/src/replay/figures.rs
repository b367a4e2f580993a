//! What a replay adds up to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ::policy::{Policy, PromiseId, Zone};
use jiff::Timestamp;
use ticket::{Recorded, Replayed, replay};

use crate::text;

/// Night in the policy's zone: from ten to six.
pub(super) const NIGHT: [i8; 8] = [22, 23, 0, 1, 2, 3, 4, 5];

/// Before and after, for everything that is counted.
pub(super) struct Figures {
    zone: Zone,
    pub(super) tickets: usize,
    /// Misses of each promise.
    pub(super) missed: BTreeMap<PromiseId, [usize; 2]>,
    /// Tickets on which something was missed under one text only.
    gained: Vec<String>,
    lost: Vec<String>,
    /// Alarms by the hour of the day; one mail to one person is one alarm.
    pub(super) alarms: [[usize; 24]; 2],
}

impl Figures {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            zone: policy.terms().zone.clone(),
            tickets: 0,
            missed: BTreeMap::new(),
            gained: Vec::new(),
            lost: Vec::new(),
            alarms: [[0; 24]; 2],
        }
    }

    /// Plays one ticket under both texts.
    pub(super) fn add(
        &mut self,
        number: &str,
        log: &[Recorded],
        own: &Policy,
        new: &Policy,
        until: Timestamp,
    ) {
        let (Some(before), Some(after)) =
            (replay(log, own, own, until), replay(log, own, new, until))
        else {
            return;
        };
        self.tickets += 1;
        let published = |replayed: &Replayed| -> BTreeSet<_> {
            let published = replayed.missed.iter().filter(|miss| miss.published);
            published.map(|miss| miss.metric).collect()
        };
        let (was, is) = (published(&before), published(&after));
        if is.difference(&was).next().is_some() {
            self.gained.push(number.to_owned());
        }
        if was.difference(&is).next().is_some() {
            self.lost.push(number.to_owned());
        }
        for (side, replayed) in [before, after].iter().enumerate() {
            for miss in &replayed.missed {
                self.missed.entry(miss.promise.clone()).or_default()[side] += 1;
            }
            for (at, _) in &replayed.alarms {
                let hour = at.to_zoned(self.zone.rules().clone()).hour();
                self.alarms[side][usize::try_from(hour).unwrap_or_default()] += 1;
            }
        }
    }

    /// Alarms at night, before and after.
    pub(super) fn at_night(&self) -> [usize; 2] {
        self.alarms.map(|hours| {
            let night = NIGHT.iter().filter_map(|&hour| usize::try_from(hour).ok());
            night.map(|hour| hours[hour]).sum()
        })
    }

    /// Every line of the table: what, before, after.
    pub(super) fn lines(&self) -> Vec<(String, [usize; 2])> {
        let total = |side: usize| self.missed.values().map(|counts| counts[side]).sum();
        let mut lines = vec![("misses".to_owned(), [total(0), total(1)])];
        let promises = self.missed.iter();
        lines.extend(promises.map(|(promise, counts)| (format!("  {promise}"), *counts)));
        lines.push((
            "alarms".to_owned(),
            self.alarms.map(|hours| hours.iter().sum()),
        ));
        lines.push(("  at night (22:00-06:00)".to_owned(), self.at_night()));
        lines
    }

    pub(super) fn table(&self) -> String {
        let mut rows = vec![["", "before", "after", ""].map(str::to_owned)];
        rows.extend(self.lines().into_iter().map(|(what, [before, after])| {
            let change = match after.cmp(&before) {
                std::cmp::Ordering::Equal => String::new(),
                std::cmp::Ordering::Greater => format!("+{}", after - before),
                std::cmp::Ordering::Less => format!("-{}", before - after),
            };
            [what, before.to_string(), after.to_string(), change]
        }));
        let mut out = format!(
            "{} tickets, hours in {} time\n\n",
            self.tickets,
            self.zone.name()
        );
        out.push_str(&text::columns(&rows));
        for (what, tickets) in [
            (
                "Published promises missed only under the new text",
                &self.gained,
            ),
            (
                "Published promises kept only under the new text",
                &self.lost,
            ),
        ] {
            if !tickets.is_empty() {
                let _ = writeln!(out, "\n{what}: {}", tickets.join(", "));
            }
        }
        out
    }
}
