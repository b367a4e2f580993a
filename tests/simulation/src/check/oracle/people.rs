//! Who is behind a recipient: assignees, departments, tiers, stand-ins, and nobody who had a part in what is reviewed.

use jiff::Timestamp;
use policy::{DepartmentId, Person, PersonId, Recipient, Tier};
use ticket::Addressee;

use super::case::Case;
use super::terms;

impl<'p> Case<'p> {
    pub(super) fn customer(&self) -> Vec<Addressee> {
        vec![Addressee::Customer(self.requester().clone())]
    }

    /// Everybody outside the company who takes part.
    pub(super) fn customers(&self) -> Vec<Addressee> {
        let others = self.participants.iter().cloned().map(Addressee::Customer);
        self.customer().into_iter().chain(others).collect()
    }

    /// The people behind several recipients, each once.
    pub(super) fn staff(&self, recipients: &[Recipient], at: Timestamp) -> Vec<Addressee> {
        let mut all: Vec<Addressee> = Vec::new();
        for recipient in recipients {
            for person in self.behind(recipient, at) {
                if !all.contains(&person) {
                    all.push(person);
                }
            }
        }
        all
    }

    fn behind(&self, recipient: &Recipient, at: Timestamp) -> Vec<Addressee> {
        let policy = self.policy;
        let departments: Vec<DepartmentId> = match &self.department {
            Some(department) => vec![department.clone()],
            None => policy
                .possible_departments()
                .into_iter()
                .map(|it| it.id.clone())
                .collect(),
        };
        let agents = || {
            departments
                .iter()
                .flat_map(|id| policy.agents_of(id))
                .collect::<Vec<_>>()
        };
        let people: Vec<&Person> = match recipient {
            Recipient::Address(address) => return vec![Addressee::Address(address.clone())],
            Recipient::Department => agents(),
            Recipient::Lead => departments
                .iter()
                .filter_map(|id| policy.lead(id))
                .collect(),
            Recipient::Management => policy.management(),
            Recipient::Person(id) => policy.person(id).into_iter().collect(),
            Recipient::OnCall(roster) => terms::on_call(policy, roster, at),
            Recipient::Assignee => {
                let has = self.has_it();
                if has.is_empty() { agents() } else { has }
            }
        };
        self.who_come(&people, at)
    }

    /// The assignee; but once a later tier has the ticket and the assignee is none of its people, that tier's people.
    fn has_it(&self) -> Vec<&'p Person> {
        let tier = self.tier_people();
        let assignee = self.assignee.as_ref().and_then(|id| self.policy.person(id));
        if let Some(assignee) = assignee {
            let one_of_them = tier.iter().any(|person| person.id == assignee.id);
            if one_of_them || tier.is_empty() || self.tier == Tier::L1 {
                return vec![assignee];
            }
        }
        tier
    }

    fn tier_people(&self) -> Vec<&'p Person> {
        let department = self
            .department
            .as_ref()
            .and_then(|id| self.policy.department(id));
        let tier = department.and_then(|department| department.tier(self.tier));
        let ids = tier.map(|tier| tier.people.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|id| self.policy.person(id)).collect()
    }

    pub(super) fn tier_staff(&self, at: Timestamp) -> Vec<Addressee> {
        self.who_come(&self.tier_people(), at)
    }

    /// The tier that has the ticket, where its department has tiers.
    pub(super) fn own_tier(&self) -> Option<Tier> {
        let department = self.policy.department(self.department.as_ref()?)?;
        department.tier(self.tier).map(|own| own.tier)
    }

    fn may(&self, person: &PersonId) -> bool {
        !(self.under_review && self.barred.contains(person))
    }

    fn who_come(&self, people: &[&Person], at: Timestamp) -> Vec<Addressee> {
        let mut come = self.instead(people, at);
        if come.is_empty() && !people.is_empty() {
            come = self.instead(&self.policy.management(), at);
        }
        if come.is_empty() {
            come = people.iter().map(|person| person.id.clone()).collect();
        }
        let mut all: Vec<Addressee> = Vec::new();
        for person in come.into_iter().map(Addressee::Staff) {
            if !all.contains(&person) {
                all.push(person);
            }
        }
        all
    }

    fn instead(&self, people: &[&Person], at: Timestamp) -> Vec<PersonId> {
        let mut come = Vec::new();
        for person in people.iter().filter(|person| self.may(&person.id)) {
            let stand_in = terms::present(self.policy, &person.id, at);
            let stand_in = stand_in.filter(|it| self.may(&it.id));
            come.push(stand_in.map_or(&person.id, |it| &it.id).clone());
        }
        come
    }
}
