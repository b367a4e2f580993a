//! The outbox against what is owed.

use std::collections::{BTreeMap, BTreeSet};

use super::Walk;
use super::owed::{self, Owed};

impl Walk<'_, '_> {
    /// The outbox holds what is owed, and nothing else.
    pub(super) fn compare(&mut self) {
        let mut there: Vec<Owed> = self
            .dossier
            .notices
            .iter()
            .map(|outgoing| {
                (
                    outgoing.notice.to.clone(),
                    owed::shape(&outgoing.notice.text),
                )
            })
            .filter(|(_, text)| text != "OrdersAnswered")
            .collect();
        for owed in std::mem::take(&mut self.owed) {
            match there.iter().position(|it| *it == owed) {
                Some(place) => drop(there.swap_remove(place)),
                None => self
                    .wrong
                    .push(format!("nobody told {:?}: {}", owed.0, owed.1)),
            }
        }
        let extra = there
            .into_iter()
            .map(|(to, text)| format!("no reason to tell {to:?}: {text}"));
        self.wrong.extend(extra);
        self.answered_orders();
    }

    /// Whoever ordered something is told what became of it, once for each mail. Mails of one instant that order the same and
    /// change nothing may have one answer: it says the same of each.
    fn answered_orders(&mut self) {
        let mut told = self.answers();
        for (what, given) in self.orders() {
            let instants = given.iter().collect::<BTreeSet<_>>().len();
            let (times, given) = (told.remove(&what).unwrap_or_default(), given.len());
            if !(instants..=given).contains(&times) {
                self.wrong.push(format!(
                    "orders were given {given} times and answered {times} times: {what}"
                ));
            }
        }
        let unasked = told.into_keys();
        self.wrong
            .extend(unasked.map(|what| format!("answered orders that nobody gave: {what}")));
    }

    /// How often each person was told what became of which orders.
    fn answers(&self) -> BTreeMap<String, usize> {
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for outgoing in &self.dossier.notices {
            if let (ticket::Text::OrdersAnswered { answers }, ticket::Addressee::Staff(person)) =
                (&outgoing.notice.text, &outgoing.notice.to)
            {
                let lines: Vec<&str> = answers.iter().map(|it| it.line.as_str()).collect();
                *told
                    .entry(format!("{person}: {}", lines.join(" ")))
                    .or_default() += 1;
            }
        }
        told
    }

    /// When each person gave which orders, in milliseconds.
    fn orders(&self) -> BTreeMap<String, Vec<i64>> {
        let mut given: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for ordered in self.ordered {
            let person = self.policy.person_by_address(&ordered.wrote.from);
            if let Some(person) =
                person.filter(|_| ordered.agent.marker && !ordered.agent.orders.is_empty())
            {
                // An address is personal: the answer holds what stands behind its `@`.
                let lines = ordered.agent.orders.join(" ").replace(" helper@", " …@");
                let what = format!("{}: {lines}", person.id);
                given.entry(what).or_default().push(ordered.wrote.at);
            }
        }
        given
    }
}
