//! A policy version, ready to answer.

use std::collections::BTreeMap;

use crate::calendar::{Calendar, CalendarError, Timetable};
use crate::hash;
use crate::id::{CalendarId, DepartmentId, Lang, PersonId, PolicyHash, PromiseId};
use crate::letters::Letters;
use crate::terms::{Department, Person, Promise, Terms};

/// One version of a policy: its terms, its calendars made ready, its pages.
///
/// Building one is cheap: a calendar's spans are computed when it is first asked.
#[derive(Debug, Clone)]
pub struct Policy {
    hash: PolicyHash,
    terms: Terms,
    pages: BTreeMap<Lang, String>,
    letters: Letters,
    timetables: BTreeMap<CalendarId, Timetables>,
}

/// A calendar's two ways of counting.
#[derive(Debug, Clone)]
pub(crate) struct Timetables {
    /// Its open hours.
    pub(crate) open: Timetable,
    /// The whole dates on which it opens.
    pub(crate) whole_days: Timetable,
}

impl Timetables {
    fn new(calendar: &Calendar) -> Result<Self, CalendarError> {
        let open = Timetable::new(calendar)?;
        let whole_days = open.whole_days();
        Ok(Self { open, whole_days })
    }
}

impl Policy {
    /// Puts checked terms, pages and letters together; without a hash, the content is hashed.
    pub(crate) fn new(
        terms: Terms,
        pages: BTreeMap<Lang, String>,
        letters: Letters,
        hash: Option<PolicyHash>,
    ) -> Result<Self, CalendarError> {
        let mut timetables = BTreeMap::new();
        for (id, calendar) in &terms.calendars {
            timetables.insert(id.clone(), Timetables::new(calendar)?);
        }
        let always = Timetables::new(&Calendar::always(terms.zone.clone()))?;
        timetables.insert(CalendarId::always(), always);
        let hash = hash.unwrap_or_else(|| {
            hash::of_content(&crate::stored::terms_json(&terms), &pages, &letters)
        });
        Ok(Self {
            hash,
            terms,
            pages,
            letters,
            timetables,
        })
    }

    /// The version's identity.
    pub fn hash(&self) -> &PolicyHash {
        &self.hash
    }

    /// What the policy says.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The sources of the published pages that this copy carries.
    pub fn pages(&self) -> &BTreeMap<Lang, String> {
        &self.pages
    }

    /// The company's own words for mails to customers.
    pub fn letters(&self) -> &Letters {
        &self.letters
    }

    /// The same version with its pages, where they were kept apart from the terms.
    #[must_use]
    pub fn with_pages(self, pages: BTreeMap<Lang, String>) -> Self {
        Self { pages, ..self }
    }

    /// The department of this id.
    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.terms
            .departments
            .iter()
            .find(|department| department.id == *id)
    }

    /// The department that a mail address reaches; case does not matter.
    pub fn department_by_address(&self, address: &str) -> Option<&Department> {
        let reaches = |department: &&Department| {
            department
                .addresses
                .iter()
                .any(|own| own.eq_ignore_ascii_case(address))
        };
        self.terms.departments.iter().find(reaches)
    }

    /// Whether mail to this address is for us: a department's, feedback's or the desk's as a whole; case does not
    /// matter.
    pub fn is_own_address(&self, address: &str) -> bool {
        let feedback = self.terms.feedback.iter().flat_map(|it| &it.addresses);
        let shared = self
            .terms
            .addresses
            .iter()
            .chain(feedback)
            .any(|own| own.eq_ignore_ascii_case(address));
        shared || self.department_by_address(address).is_some()
    }

    /// Whether a mail server forwards the desk's mailboxes to it.
    pub fn trusts_forwarder(&self, host: &str) -> bool {
        self.terms.forwarders.iter().any(|it| it.matches(host))
    }

    /// The person of this id.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.terms.people.iter().find(|person| person.id == *id)
    }

    /// The person who has this mail address; case does not matter.
    pub fn person_by_address(&self, address: &str) -> Option<&Person> {
        self.terms
            .people
            .iter()
            .find(|person| person.address.eq_ignore_ascii_case(address))
    }

    /// The agents of a department, in the file's order; nobody for a department that does not exist.
    pub fn agents_of(&self, id: &DepartmentId) -> Vec<&Person> {
        let agents = self
            .department(id)
            .map_or(&[][..], |department| &department.agents);
        self.people(agents)
    }

    /// The lead of a department.
    pub fn lead(&self, id: &DepartmentId) -> Option<&Person> {
        self.person(&self.department(id)?.lead)
    }

    /// Whom the last level reaches.
    pub fn management(&self) -> Vec<&Person> {
        self.people(&self.terms.management)
    }

    fn people(&self, ids: &[PersonId]) -> Vec<&Person> {
        ids.iter().filter_map(|id| self.person(id)).collect()
    }

    /// The promise of this id.
    pub fn promise(&self, id: &PromiseId) -> Option<&Promise> {
        self.terms.promises.iter().find(|promise| promise.id == *id)
    }

    /// The calendar of this id as it is written; none for the built-in `always`.
    pub fn calendar(&self, id: &CalendarId) -> Option<&Calendar> {
        self.terms.calendars.get(id)
    }

    /// The calendar of this id, ready to count with its open hours.
    pub fn timetable(&self, id: &CalendarId) -> Option<&Timetable> {
        self.timetables.get(id).map(|timetables| &timetables.open)
    }

    pub(crate) fn timetables(&self, id: &CalendarId) -> Option<&Timetables> {
        self.timetables.get(id)
    }

    /// The language to use with someone who prefers these, most wanted first: theirs if the desk speaks it, else the
    /// first of the policy's.
    pub fn language<'a>(&'a self, wanted: impl IntoIterator<Item = &'a Lang>) -> &'a Lang {
        let spoken = |lang: &&Lang| self.terms.languages.contains(lang);
        wanted
            .into_iter()
            .find(spoken)
            .or(self.terms.languages.first())
            .unwrap_or(&self.terms.prevailing)
    }
}

impl Department {
    /// Its name in this language, or in another if it has none there.
    pub fn name(&self, lang: &Lang) -> &str {
        let name = self.names.get(lang).or_else(|| self.names.values().next());
        name.map_or(self.id.as_str(), String::as_str)
    }
}
