//! When a department opens next.

use jiff::Timestamp;

use crate::id::DepartmentId;
use crate::policy::Policy;

impl Policy {
    /// The first instant from `at` on at which this department's calendar is open; `at` itself if it is open then.
    ///
    /// None if there is no such department.
    pub fn next_opening(&self, department: &DepartmentId, at: Timestamp) -> Option<Timestamp> {
        let calendar = &self.department(department)?.calendar;
        Some(self.timetable(calendar)?.next_open(at))
    }
}
