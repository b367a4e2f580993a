//! `/merge NUMBER`: this ticket goes on with that one, and closes.
//!
//! **No promise is lost by it.** For each metric that is owed here to the customer, the other ticket must owe it too, and
//! its deadline becomes the earlier of both; what is past already is due half an hour from now, as after any change. What
//! was missed here stays missed here, and is told.
//!
//! **No words reach another customer by it.** Nothing that was written here is shown to anybody on the other ticket but to
//! staff: the words travel in an event that no page and no mail to customers reads. Whoever took part here takes part there
//! and reads what is written from then on. Unless they did so before, or where the two are not the same proved person's,
//! that takes `confirm`.

use policy::{Metric, Policy, Status, TicketType};

use super::orders::GRACE;
use super::{Decision, Draft, timers};
use crate::clocks::{Clock, clocks};
use crate::command::{Actor, Contact, Context, Refusal};
use crate::event::Event;
use crate::identity::{AddressHash, TicketId};
use crate::merge::{MergeRefusal, MergedFrom, Other};
use crate::model::{Bound, StatusChange, Ticket, caps};
use crate::notice::{Addressee, Happening, Text};

/// Rows of the transaction that both tickets share; it has room for a hundred, and the records of the input take some.
const ROWS: usize = 90;

/// Rows that are written besides events, people and notices: two snapshots, and what the merge itself adds here.
const OWN_ROWS: usize = 12;

/// Merges the ticket into the one named. Everything is checked before anything is recorded.
pub(super) fn into(
    draft: &mut Draft<'_>,
    by: &Actor,
    named: TicketId,
    confirmed: bool,
) -> Result<(), Refusal> {
    let own_prefix = &draft.policy().terms().prefix;
    let Some(other) = draft.other else {
        return Err(MergeRefusal::NoSuchTicket(named.number(own_prefix)).into());
    };
    if other.named != named {
        return Err(MergeRefusal::OneAtATime.into());
    }
    let merge = Merge {
        source: &draft.ticket,
        policy: draft.policy(),
        other,
        numbers: (
            draft.ticket.id.number(own_prefix),
            other.end.id.number(&other.policy.terms().prefix),
        ),
        at: draft.context,
    };
    merge.possible()?;
    if !confirmed {
        merge.needs_no_confirmation()?;
    }
    let target = merge.target(by)?;
    let rows = |events: usize, people: usize, notices: usize| events + people + notices;
    let both = rows(
        draft.events.len() + target.events.len(),
        draft.contacts.len() + target.contacts.len(),
        draft.notices.len() + target.notices.len(),
    );
    if both + OWN_ROWS > ROWS {
        return Err(Refusal::TooMuchAtOnce);
    }
    timers::misses(draft);
    let into = other.end.id;
    draft.record(by.clone(), Event::MergedInto { into, confirmed }, None);
    let to = Status::Closed;
    draft.record(Actor::System, Event::StatusChanged { to }, None);
    draft.merged = Some(target);
    Ok(())
}

struct Merge<'a> {
    source: &'a Ticket,
    policy: &'a Policy,
    other: &'a Other<'a>,
    /// The numbers of both, as customers see them: of the one that closes, and of the one that goes on.
    numbers: (String, String),
    at: &'a Context<'a>,
}

impl Merge<'_> {
    /// What no confirmation makes good.
    fn possible(&self) -> Result<(), MergeRefusal> {
        let (source, end) = (self.source, self.other.end);
        let (own, theirs) = self.numbers.clone();
        let named = self.other.named;
        if named == source.id {
            return Err(MergeRefusal::Itself(own));
        }
        let written = named.number(&self.other.policy.terms().prefix);
        if end.id == source.id {
            return Err(MergeRefusal::CameFromThere(written));
        }
        if end.id != named {
            return Err(MergeRefusal::GoesOn(written, theirs));
        }
        for (ticket, number) in [(source, &own), (end, &theirs)] {
            if ticket.is_settled() {
                return Err(MergeRefusal::NotOpen(number.clone()));
            }
        }
        let complaint = |ticket: &Ticket| ticket.ticket_type == TicketType::Complaint;
        if source.review.is_some() || complaint(source) && !complaint(end) {
            return Err(MergeRefusal::Complaint(theirs, own));
        }
        let people = end.participants.len() + self.joining().count();
        let tickets = end.merged_from.len() + source.merged_from.len();
        let changes = end.statuses.len().max(source.statuses.len());
        if people > caps::PARTICIPANTS || tickets >= caps::MERGED || changes >= caps::STATUS_CHANGES
        {
            return Err(MergeRefusal::NoRoom(theirs));
        }
        Ok(())
    }

    /// Whose words could be read by whom.
    fn needs_no_confirmation(&self) -> Result<(), MergeRefusal> {
        let (source, end) = (self.source, self.other.end);
        let theirs = self.numbers.1.clone();
        if source.requester != end.requester {
            Err(MergeRefusal::OtherCustomer(theirs))
        } else if !(source.requester_proved && end.requester_proved) {
            Err(MergeRefusal::Unproved(theirs))
        } else if self.joining().next().is_some() {
            Err(MergeRefusal::LetsIn(theirs))
        } else {
            Ok(())
        }
    }

    /// Whoever takes part in the source.
    fn taking_part(&self) -> impl Iterator<Item = &AddressHash> {
        std::iter::once(&self.source.requester).chain(&self.source.participants)
    }

    /// Those who take part in the target from now on.
    fn joining(&self) -> impl Iterator<Item = &AddressHash> {
        let end = self.other.end;
        self.taking_part().filter(|who| !end.is_participant(who))
    }

    /// What becomes of the ticket that goes on.
    fn target(&self, by: &Actor) -> Result<Decision, MergeRefusal> {
        let context = Context {
            policy: self.other.policy,
            ..*self.at
        };
        let mut target = Draft::of(self.other.end.clone(), &context);
        let facts = self.facts()?;
        let from = facts.from;
        let words = Some(self.other.words.clone()).filter(|words| !words.text.is_empty());
        let seq = target.record(by.clone(), Event::MergedFrom(Box::new(facts)), words);
        if let Some(to) = self.wakes() {
            target.record(Actor::System, Event::StatusChanged { to }, None);
        }
        for who in self.joining() {
            let earlier = false;
            let who = who.clone();
            target.record(by.clone(), Event::ParticipantAdded { who, earlier }, None);
        }
        let joins = |contact: &&Contact| self.joining().any(|who| *who == contact.hash);
        let contacts = self.other.people.iter().filter(joins);
        target.contacts.extend(contacts.cloned());
        for who in self.taking_part() {
            let to = Addressee::Customer(who.clone());
            target.notify(to, Text::Merged { from }, &["merged", from.as_str()]);
        }
        target.tell(Happening::MergedHere, seq, Some(by), |_| Text::MergedHere {
            from,
            seq,
        });
        Ok(target.finish())
    }

    /// Work that was owed here is owed there: what waits for others there waits no more.
    fn wakes(&self) -> Option<Status> {
        let owed = matches!(self.source.status, Status::New | Status::Open);
        let waits = matches!(self.other.end.status, Status::Pending | Status::OnHold);
        (owed && waits).then_some(Status::Open)
    }

    fn facts(&self) -> Result<MergedFrom, MergeRefusal> {
        let source = self.source;
        let unanswered = source.first_reply_at.is_none().then_some(source.opened_at);
        let mut facts = MergedFrom {
            earlier: source.merged_from.clone(),
            waiting: unanswered.or(source.waiting_since),
            expected: source.expected,
            involved: source.involved.clone(),
            ..MergedFrom::of(source.id)
        };
        let mut after = self.other.end.clone();
        facts.fold_into(&mut after);
        if let Some(to) = self.wakes() {
            after.status = to;
            after.statuses.push(StatusChange { at: self.at.at, to });
        }
        facts.bounds = self.bounds(&after)?;
        Ok(facts)
    }

    /// The earlier of both deadlines for each metric that runs on the target as it will be.
    fn bounds(&self, after: &Ticket) -> Result<Vec<Bound>, MergeRefusal> {
        let running = |ticket, policy| -> Vec<Clock<'_>> {
            let all = clocks(ticket, policy).into_iter();
            all.filter(|clock| clock.running).collect()
        };
        let ours = running(self.source, self.policy);
        let before = running(self.other.end, self.other.policy);
        let after = running(after, self.other.policy);
        let lost = ours.iter().find(|clock| {
            clock.promise.published
                && group(clock.promise.metric) != Metric::Acknowledge
                && !after.iter().any(|other| alike(clock, other))
        });
        if let Some(lost) = lost {
            let (own, theirs) = self.numbers.clone();
            let promise = lost.promise.id.to_string();
            return Err(MergeRefusal::LosesPromise(theirs, own, promise));
        }
        Ok(after
            .iter()
            .filter_map(|clock| self.bound(clock, &ours, &before))
            .collect())
    }

    fn bound(&self, clock: &Clock<'_>, ours: &[Clock<'_>], before: &[Clock<'_>]) -> Option<Bound> {
        let now = self.at.now;
        let floor = now.checked_add(GRACE).unwrap_or(now);
        // A question is one question, also where another promise answers for it from now on, by night instead of by day.
        let same = |old: &&Clock<'_>| {
            let of = |it: &Clock<'_>| (it.promise.metric, it.promise.published, it.cycle);
            of(old) == of(clock)
        };
        let old = before.iter().find(same).and_then(|old| old.due);
        let ours = ours.iter().filter(|own| alike(own, clock));
        let brought = ours.filter_map(|own| own.due).min();
        let derived = clock.due?;
        let due = match (old, brought) {
            // Too late already: the tick will say so, at the instant at which it was.
            (Some(old), _) if old <= now => old,
            (Some(old), Some(brought)) => old.min(brought.max(floor)),
            (Some(old), None) => old,
            (None, Some(brought)) => brought.max(floor),
            (None, None) => derived.max(floor),
        };
        (due != derived).then(|| Bound {
            metric: clock.promise.metric,
            cycle: clock.cycle,
            published: clock.promise.published,
            latest: (due < derived).then_some(due),
            earliest: (due > derived).then_some(due),
        })
    }
}

/// The first answer and the next one are the same to somebody who waits for it.
fn group(metric: Metric) -> Metric {
    match metric {
        Metric::FirstResponse => Metric::NextResponse,
        other => other,
    }
}

fn alike(one: &Clock<'_>, other: &Clock<'_>) -> bool {
    one.promise.published == other.promise.published
        && group(one.promise.metric) == group(other.promise.metric)
}
