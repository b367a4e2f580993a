//! Decisions on conduct: whose mail is not taken up while one stands, that they are told of it and nobody else is, and that
//! it ends by itself.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use policy::{Allowed, Channel, Terms, TicketType};
use ticket::{Actor, Event};

use super::reach::chain;
use crate::actors::{Limited, Outcome, Wrote, escalates_anew, is_feedback, is_forged};
use crate::desk::Desk;
use crate::records::Dossier;
use crate::story::{Input, Story, What};
use crate::world::State;

/// So near to its beginning and its end either may be right: what is read may be a moment old.
const ABOUT: SignedDuration = SignedDuration::from_mins(2);
const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn check(
    desk: &Desk,
    story: &Story,
    outcomes: &BTreeMap<usize, Outcome>,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let way = desk.way();
    let filed_as = |wrote: &Wrote| {
        let item = state.cloud.table.item(&format!("M#{}", wrote.id), "f")?;
        item.get("kind")?["S"].as_str()
    };
    let Some(limited) = &way.limited else {
        let wrote = way.wrote.iter();
        let held = wrote.filter(|(_, wrote)| filed_as(wrote) == Some("limited"));
        wrong
            .extend(held.map(|(number, _)| format!("input {number} was held back by no decision")));
        return;
    };
    let mut proved = Vec::new();
    for input in &story.inputs {
        let what = (input.number, &input.what);
        if let (Some(wrote), true) = (way.wrote.get(&input.number), is_mail(input)) {
            let own = wrote.from == limited.address;
            let takes = !own || limited.takes_mail(input, wrote, all, desk.policy.terms());
            let kind = filed_as(wrote);
            let held = kind == Some("limited");
            // Put aside before anybody asked who wrote it; `check/filed.rs` judges that.
            let aside = matches!(kind, Some("spam" | "virus"));
            let at = Timestamp::from_millisecond(wrote.at).unwrap_or_default();
            let about = wrote.ticket.as_ref().and_then(|id| all.get(id));
            let takes_now = takes && !about.is_some_and(|about| merged_later(about, all, at));
            if held && (takes_now || !limited.stands_about(at)) {
                wrong.push(format!("input {what:?} at {at} was held back"));
            }
            if !held && !aside && !takes && limited.surely_stands(at) {
                wrong.push(format!("input {what:?} at {at} was not held back"));
            }
            if held && wrote.proved {
                proved.push(at);
            }
        }
        if let (Some(at), Some(Outcome::Refused(403))) =
            (way.refused.get(&input.number), outcomes.get(&input.number))
        {
            let about = way.tickets.get(&input.ticket).and_then(|id| all.get(id));
            // A merge may have come between reading the ticket and the answer.
            let takes = about.is_none_or(|about| {
                limited.takes_words(about, all) && !merged_later(about, all, *at - ABOUT)
            });
            if takes || !limited.stands_about(*at) {
                wrong.push(format!("input {what:?} at {at} was refused on the page"));
            }
        }
    }
    for dossier in all.values() {
        taken(limited, dossier, all, wrong);
    }
    if let Some(dossier) = all.get(&limited.ticket) {
        told(limited, dossier, &proved, wrong);
    }
}

/// Whether a ticket, or one that it goes on with, was merged after an instant: what may be written there may have become
/// more by it.
fn merged_later(about: &Dossier, all: &BTreeMap<String, Dossier>, at: Timestamp) -> bool {
    let merge = |event: &Event| matches!(event, Event::MergedFrom(_) | Event::MergedInto { .. });
    chain(all, &about.id).any(|it| {
        let mut later = it.events.iter().filter(|it| it.recorded_at > at);
        later.any(|it| merge(&it.event))
    })
}

fn is_mail(input: &Input) -> bool {
    matches!(
        input.what,
        What::Mail { .. } | What::Request { .. } | What::Answer { .. } | What::Escalates
    )
}

/// What was taken although it should not have been: words on tickets, and tickets that were opened by mail.
fn taken(
    limited: &Limited,
    dossier: &Dossier,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    for recorded in &dossier.events {
        let own = matches!(&recorded.actor, Actor::Customer(who)
            if dossier.people.get(who.as_str()) == Some(&limited.address));
        let takes = match &recorded.event {
            Event::CustomerWrote => limited.takes_words(dossier, all),
            Event::Opened(opened) if opened.channel == Channel::Email => {
                let related = opened.related.and_then(|it| all.get(it.as_str()));
                let objects = related.is_some_and(|about| limited.objects(about, all));
                // Who asks for a review complains.
                let kind = match opened.ticket_type {
                    TicketType::Complaint => Allowed::Complaints,
                    TicketType::Feedback => Allowed::Feedback,
                    TicketType::Request => Allowed::Requests,
                };
                objects || limited.allows.contains(&kind)
            }
            _ => true,
        };
        if own && !takes && limited.surely_stands(recorded.at) {
            let seq = recorded.seq;
            wrong.push(format!(
                "ticket {}: event {seq} was taken and is not allowed",
                dossier.id
            ));
        }
    }
}

/// Whoever proved to be the owner knows of it; a decision is told again for their mails only, and once a day.
fn told(limited: &Limited, dossier: &Dossier, proved: &[Timestamp], wrong: &mut Vec<String>) {
    let mut known: Vec<Timestamp> = Vec::new();
    for recorded in &dossier.events {
        let now = recorded.recorded_at;
        match &recorded.event {
            Event::StandingSet { .. } => known.push(now),
            Event::StandingTold { .. } => {
                if known
                    .last()
                    .is_none_or(|last| now.duration_since(*last) < DAY)
                {
                    wrong.push(format!(
                        "ticket {}: told twice in a day, at {now}",
                        dossier.id
                    ));
                }
                // A mail that the sweep found came when its object was written, which S3 says to the second.
                let came = |at: &Timestamp| at.as_second() == recorded.at.as_second();
                if !proved.iter().any(came) {
                    wrong.push(format!(
                        "ticket {}: told at {now} for no proved mail",
                        dossier.id
                    ));
                }
                known.push(now);
            }
            _ => {}
        }
    }
    for at in proved {
        // It may have been read later than it came; then it was known within the day before that.
        if !known.iter().any(|known| at.duration_since(*known) < DAY) && !limited.is_over(*at) {
            wrong.push(format!(
                "what came at {at} was held back and its owner was not told"
            ));
        }
    }
}

impl Limited {
    fn end(&self) -> Timestamp {
        self.lifted
            .map_or(self.until, |lifted| lifted.min(self.until))
    }

    fn surely_stands(&self, at: Timestamp) -> bool {
        self.from + ABOUT < at && at + ABOUT < self.end()
    }

    fn stands_about(&self, at: Timestamp) -> bool {
        self.from - ABOUT < at && at < self.end() + ABOUT
    }

    /// Taken back, there is nothing to tell of any more.
    fn is_over(&self, at: Timestamp) -> bool {
        self.lifted.is_some_and(|lifted| lifted < at + DAY)
    }

    /// Whether words on a ticket are taken: an objection always is, wherever its ticket goes on.
    fn takes_words(&self, about: &Dossier, all: &BTreeMap<String, Dossier>) -> bool {
        let snapshots = chain(all, &about.id).filter_map(|it| it.snapshot.as_ref());
        let objects = self.objects(about, all);
        let related = |it: &ticket::Ticket| {
            it.related
                .is_some_and(|related| related.as_str() == self.ticket)
        };
        let complaint = |it: &ticket::Ticket| {
            it.ticket_type == TicketType::Complaint && self.allows.contains(&Allowed::Complaints)
        };
        let fits = |it: &ticket::Ticket| related(it) || complaint(it);
        objects || self.allows.contains(&Allowed::Messages) || snapshots.into_iter().any(fits)
    }

    /// Whether what is said about a ticket is an objection to the decision: it is on that of the decision, or on what goes on
    /// with either.
    fn objects(&self, about: &Dossier, all: &BTreeMap<String, Dossier>) -> bool {
        chain(all, &self.ticket).any(|it| chain(all, &about.id).any(|other| other.id == it.id))
    }

    fn takes_mail(
        &self,
        input: &Input,
        wrote: &Wrote,
        all: &BTreeMap<String, Dossier>,
        terms: &Terms,
    ) -> bool {
        let about = wrote.ticket.as_ref().and_then(|id| all.get(id));
        // Who asks for a review complains, wherever there are reviews.
        let reviews = terms.complaint_escalation.is_some();
        let complains = reviews && self.allows.contains(&Allowed::Complaints);
        match (&input.what, about) {
            (What::Escalates, _) if complains => true,
            (What::Escalates, Some(about)) if !escalates_anew(input) => {
                self.takes_words(about, all)
            }
            (What::Answer { .. }, Some(about)) if !is_forged(input) => self.takes_words(about, all),
            // It names a ticket and opens one of its own.
            (What::Answer { .. }, Some(about)) if self.objects(about, all) => true,
            _ if is_feedback(input) && terms.feedback.is_some() => {
                self.allows.contains(&Allowed::Feedback)
            }
            _ => self.allows.contains(&Allowed::Requests),
        }
    }
}
