//! Whether what left, or did not leave, was still worth saying when it was its turn.

use jiff::{SignedDuration, Timestamp};
use policy::{PersonId, PromiseId, Tier};
use ticket::{AddressHash, Addressee, Text};

use super::case::{Case, Rung};
use super::clocks::Clock;
use crate::records::Outgoing;

/// The ticket after a commit, as far as a notice can lose its point by it.
#[derive(Debug)]
pub(crate) struct Look {
    from: Timestamp,
    runs: Vec<(PromiseId, u32)>,
    assignee: Option<PersonId>,
    expected: Option<Timestamp>,
    tier: Tier,
    settled: bool,
    merged: bool,
    standings: Vec<u32>,
    participants: Vec<AddressHash>,
    taken_levels: Vec<Rung>,
}

impl Look {
    pub(super) fn since(&self) -> Timestamp {
        self.from
    }

    pub(super) fn at(from: Timestamp, case: &Case<'_>, clocks: &[Clock<'_>]) -> Self {
        let runs = clocks.iter().filter(|clock| clock.runs);
        Self {
            from,
            runs: runs
                .map(|clock| (clock.promise.id.clone(), clock.cycle))
                .collect(),
            assignee: case.assignee.clone(),
            expected: case.expected,
            tier: case.tier,
            settled: case.settled(),
            standings: case.standings.values().copied().collect(),
            merged: case.merged_into.is_some(),
            participants: std::iter::once(case.requester().clone())
                .chain(case.participants.iter().cloned())
                .collect(),
            taken_levels: case
                .said
                .iter()
                .filter(|(_, said)| said.taken)
                .map(|(rung, _)| rung.clone())
                .collect(),
        }
    }

    /// Whether the notice tells something that is so.
    fn holds(&self, outgoing: &Outgoing) -> bool {
        if let (Addressee::Customer(who), false) =
            (&outgoing.notice.to, outgoing.notice.text == Text::Arrived)
            && !self.participants.contains(who)
        {
            return false;
        }
        if self.merged && speaks_of_work(&outgoing.notice.text) {
            return false;
        }
        match &outgoing.notice.text {
            Text::Warning(deadline) | Text::Breach(deadline) => {
                let (promise, cycle) = (deadline.promise.clone(), deadline.cycle);
                let goes_on = self.runs.contains(&(promise.clone(), cycle));
                let rung = deadline.level.clone().map(|level| (promise, cycle, level));
                let has_it = rung.is_some_and(|rung| self.taken_levels.contains(&rung));
                goes_on && !(deadline.repetition.is_some() && has_it)
            }
            Text::Assigned { .. } => match &outgoing.notice.to {
                Addressee::Staff(person) => self.assignee.as_ref() == Some(person),
                _ => false,
            },
            Text::Standing { seq } => self.standings.contains(seq),
            Text::ExpectationSet { until, .. } => self.expected == Some(*until),
            Text::PassedOn { tier } => self.tier == *tier && !self.settled,
            _ => true,
        }
    }
}

/// What is still to be done on a merged ticket is told where it goes on; what people wrote and what was missed is told all
/// the same.
fn speaks_of_work(text: &Text) -> bool {
    match text {
        Text::Acknowledgement
        | Text::Opened { .. }
        | Text::Assigned { .. }
        | Text::HandedOver { .. }
        | Text::PassedOn { .. }
        | Text::ExpectationSet { .. }
        | Text::Warning(_)
        | Text::Breach(_)
        | Text::PolicyChanged { .. } => true,
        Text::CustomerReplied { .. }
        | Text::Reopened { .. }
        | Text::Reply { .. }
        | Text::Arrived
        | Text::Released { .. }
        | Text::SecretsMasked { .. }
        | Text::Joined { .. }
        | Text::Merged { .. }
        | Text::MergedHere { .. }
        | Text::Solved { .. }
        | Text::OutOfScope { .. }
        | Text::TooMuch { .. }
        | Text::UnderReview
        | Text::ReviewAsked { .. }
        | Text::PromiseMissed { .. }
        | Text::Standing { .. }
        | Text::StandingLifted { .. }
        | Text::NotReached { .. }
        | Text::OrdersAnswered { .. }
        | Text::Numbers { .. }
        | Text::KeptAsNote { .. } => false,
    }
}

/// A sender reads the ticket, then sends: so long an answer of SES and a commit may take.
const BETWEEN: SignedDuration = SignedDuration::from_secs(150);

/// Whether a mail that left at `at` had no point any more.
pub(crate) fn was_pointless(outgoing: &Outgoing, looks: &[Look], at: Timestamp) -> bool {
    // Whether somebody stands in is asked of the calendar: more than a look knows.
    let known = !matches!(outgoing.notice.text, Text::Assigned { .. });
    let from = at.checked_sub(BETWEEN).unwrap_or(at);
    let first = looks.iter().rposition(|look| look.from <= from);
    let seen = looks
        .iter()
        .skip(first.unwrap_or_default())
        .take_while(|look| look.from <= at);
    known && first.is_some() && seen.into_iter().all(|look| !look.holds(outgoing))
}

/// Whether the notice can ever have lost its point.
/// `since` is the earliest at which it was made, where that is known: what is undone in the commit that makes it may be so
/// again much later.
pub(crate) fn lost_its_point(
    outgoing: &Outgoing,
    looks: &[Look],
    since: Option<Timestamp>,
) -> bool {
    if since.is_some_and(|since| {
        let mut later = looks.iter().filter(|look| look.from >= since);
        later.any(|look| !look.holds(outgoing))
    }) {
        return true;
    }
    let mut held = looks.iter().skip_while(|look| !look.holds(outgoing));
    // What is undone in the commit that says it has never been so.
    held.next().is_none() || held.any(|look| !look.holds(outgoing))
}
