//! Promises that no ticket can match, because earlier ones take every ticket they name.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::facts::{Facts, Moment};
use crate::id::{CalendarId, GroupId, PromiseId, ServiceId};
use crate::problem::Report;
use crate::read::Places;
use crate::terms::{Condition, Promise, Received, Terms, Touching};
use crate::vocabulary::{Channel, Metric, Priority, TicketType};

/// With more different questions about time than this, promises are not tried: every answer doubles the work.
const MOST_QUESTIONS: usize = 8;

/// Refuses promises that can never match.
pub(super) fn check(report: &mut Report<'_>, terms: &Terms, places: &Places) {
    let mut matched: BTreeSet<&PromiseId> = BTreeSet::new();
    for &metric in Metric::ALL {
        for published in [true, false] {
            let rivals: Vec<&Promise> = terms
                .promises
                .iter()
                .filter(|it| (it.metric, it.published) == (metric, published))
                .collect();
            try_every_ticket(terms, &rivals, &mut matched);
        }
    }
    for promise in terms.promises.iter().filter(|it| !matched.contains(&it.id)) {
        let place = places
            .promises
            .get(&promise.id)
            .cloned()
            .unwrap_or_default();
        let id = &promise.id;
        report.error(
            place,
            format!("promise `{id}` can never match: earlier promises take all its tickets; move it up, or leave it out"),
        );
    }
}

/// Notes each promise that is the first to match some ticket at some moment.
fn try_every_ticket<'t>(
    terms: &'t Terms,
    rivals: &[&'t Promise],
    matched: &mut BTreeSet<&'t PromiseId>,
) {
    let mut questions = Vec::new();
    for rival in rivals {
        questions_of(&rival.when, &mut questions);
    }
    if questions.len() > MOST_QUESTIONS {
        matched.extend(rivals.iter().map(|it| &it.id));
        return;
    }
    for facts in every_kind_of_ticket(terms, rivals) {
        for department in &terms.departments {
            for answers in 0..1_u32 << questions.len() {
                let moment = Imagined {
                    questions: &questions,
                    answers,
                };
                let first = rivals
                    .iter()
                    .find(|it| it.when.holds(&department.id, &facts, &moment));
                matched.extend(first.map(|it| &it.id));
            }
        }
    }
}

/// Something that a condition asks of the moment of receipt.
#[derive(PartialEq)]
enum Question<'t> {
    Busy,
    Open(&'t CalendarId),
    Touches(&'t Touching),
}

fn questions_of<'t>(condition: &'t Condition, questions: &mut Vec<Question<'t>>) {
    let mut ask = |question| {
        if !questions.contains(&question) {
            questions.push(question);
        }
    };
    if condition.busy.is_some() {
        ask(Question::Busy);
    }
    if let Some(Received::In(calendar) | Received::Outside(calendar)) = &condition.received {
        ask(Question::Open(calendar));
    }
    if let Some(touching) = &condition.touching {
        ask(Question::Touches(touching));
    }
    for further in &condition.any {
        questions_of(further, questions);
    }
}

/// A moment at which each question has the answer of its bit; `always` is open at every moment.
struct Imagined<'q> {
    questions: &'q [Question<'q>],
    answers: u32,
}

impl Imagined<'_> {
    fn answer(&self, question: &Question<'_>) -> bool {
        let place = self.questions.iter().position(|it| it == question);
        place.is_some_and(|place| self.answers & (1 << place) != 0)
    }
}

impl Moment for Imagined<'_> {
    fn is_busy(&self) -> bool {
        self.answer(&Question::Busy)
    }

    fn is_open(&self, calendar: &CalendarId) -> bool {
        *calendar == CalendarId::always() || self.answer(&Question::Open(calendar))
    }

    fn touches(&self, touching: &Touching) -> bool {
        self.answer(&Question::Touches(touching))
    }
}

/// Every combination of what these promises tell apart, except department and time.
pub(super) fn every_kind_of_ticket<'t>(
    terms: &'t Terms,
    promises: &[&'t Promise],
) -> Vec<Facts<'t>> {
    let conditions: Vec<&Condition> = promises.iter().map(|it| &it.when).collect();
    let conditions = || {
        conditions
            .iter()
            .flat_map(|it| [*it].into_iter().chain(&it.any))
    };
    let groups: BTreeSet<Option<&GroupId>> = conditions()
        .flat_map(|it| &it.groups)
        .map(Some)
        .chain([None])
        .collect();
    let services: BTreeSet<Option<&ServiceId>> = conditions()
        .flat_map(|it| &it.services)
        .map(Some)
        .chain([None])
        .collect();
    let mut kinds = Vec::new();
    for &priority in Priority::ALL {
        for &channel in Channel::ALL {
            for &ticket_type in TicketType::ALL {
                for lang in &terms.languages {
                    for &group in &groups {
                        kinds.extend(services.iter().map(|&service| Facts {
                            department: None,
                            priority,
                            channel,
                            ticket_type,
                            lang,
                            group,
                            service,
                            received: Timestamp::UNIX_EPOCH,
                            busy: &[],
                        }));
                    }
                }
            }
        }
    }
    kinds
}
