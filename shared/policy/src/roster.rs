//! Who is there at an instant: on call, standing in, in a tier.

use jiff::Timestamp;

use crate::id::{CalendarId, OnCallId, PersonId};
use crate::point::Point;
use crate::policy::Policy;
use crate::terms::{Department, DepartmentTier, OnCall, Person};
use crate::vocabulary::Tier;

impl Policy {
    /// The person who is told at `at` in this person's place: themselves, or who stands in while they are away.
    ///
    /// Stand-ins who are away too are followed; whoever closes a circle is told, so that somebody always is. None if
    /// there is no such person.
    pub fn present(&self, id: &PersonId, at: Timestamp) -> Option<&Person> {
        let today = at.to_zoned(self.terms().zone.rules().clone()).date();
        let mut person = self.person(id)?;
        for _ in 0..self.terms().people.len() {
            let Some(absence) = person.absent.iter().find(|it| it.dates.contains(today)) else {
                break;
            };
            person = self.person(&absence.stand_in)?;
        }
        Some(person)
    }

    /// Who is on call at this instant, stand-ins included: the first shift whose calendar is open, else the others.
    pub fn on_call(&self, id: &OnCallId, at: Timestamp) -> Vec<&Person> {
        let Some(roster) = self.roster(id) else {
            return Vec::new();
        };
        let open =
            |calendar: &CalendarId| self.timetable(calendar).is_some_and(|it| it.is_open(at));
        let shift = roster.shifts.iter().find(|shift| open(&shift.calendar));
        let who = shift.map_or(&roster.otherwise, |shift| &shift.who);
        let mut people: Vec<&Person> = Vec::new();
        for person in who.iter().filter_map(|id| self.present(id, at)) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }

    /// The roster of this id.
    pub fn roster(&self, id: &OnCallId) -> Option<&OnCall> {
        self.terms().on_call.iter().find(|roster| roster.id == *id)
    }

    /// The first instant from `at` on at which this calendar is open; `at` itself for one that does not exist.
    pub fn next_open(&self, calendar: &CalendarId, at: Timestamp) -> Timestamp {
        self.timetable(calendar).map_or(at, |it| it.next_open(at))
    }
}

impl Department {
    /// A tier of its support; none if it does not have it.
    pub fn tier(&self, tier: Tier) -> Option<&DepartmentTier> {
        self.tiers.iter().find(|own| own.tier == tier)
    }

    /// When the clock hands a ticket on: each tier after the first with the point of the target at which it gets it.
    pub fn tier_points(&self) -> Vec<(Tier, Point)> {
        let mut points = Vec::new();
        let mut used = 0;
        for pair in self.tiers.windows(2) {
            if let ([before, next], true) = (pair, pair[0].share.is_some()) {
                used += before.share.unwrap_or(0);
                points.push((next.tier, Point::Share(used)));
            }
        }
        points
    }
}
