//! Two tickets that became one: what the one that goes on must have taken over, and whether a merge was rightly refused, by
//! the logs of both.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use policy::{Metric, PersonId, Policy, Status, TicketType};
use ticket::{Actor, AddressHash, Addressee, Event, MergedFrom, Recorded, Text, TicketId, Words};

use super::case::Case;
use super::clocks::Clock;
use super::{Ordered, Walked};
use crate::records::Dossier;

/// What a merge would put into the past is due so much later instead.
const GRACE: SignedDuration = SignedDuration::from_mins(30);

/// From reading two tickets to what is recorded of it, and the reverse: an invocation's whole time.
const WITHIN: i64 = 65;

/// What a walk through one log keeps for the comparison with others.
#[derive(Debug, Default)]
pub(super) struct Merging<'p> {
    /// The ticket after each commit, with its instant.
    states: Vec<(Timestamp, Case<'p>)>,
    gone: Option<(&'p Recorded, Case<'p>)>,
    took: Vec<Took<'p>>,
}

/// The commit by which a ticket took another over, and the ticket before and after it.
#[derive(Debug)]
struct Took<'p> {
    commit: &'p [Recorded],
    facts: &'p MergedFrom,
    before: Case<'p>,
    after: Case<'p>,
}

impl<'p> Merging<'p> {
    pub(super) fn is_now(&mut self, at: Timestamp, case: &Case<'p>) {
        self.states.push((at, case.clone()));
    }

    pub(super) fn goes(&mut self, recorded: &'p Recorded, case: &Case<'p>) {
        self.gone = Some((recorded, case.clone()));
    }

    pub(super) fn takes(&mut self, commit: &'p [Recorded], before: Case<'p>, after: &Case<'p>) {
        if let Event::MergedFrom(facts) = &commit[0].event {
            let after = after.clone();
            self.took.push(Took {
                commit,
                facts,
                before,
                after,
            });
        }
    }

    /// Whether somebody who acted about this second may not have found the ticket.
    fn is_new(&self, second: i64) -> bool {
        let first = self.states.first();
        first.is_none_or(|(at, _)| second - WITHIN <= at.as_second())
    }

    /// The ticket as it was opened.
    pub(super) fn first(&self) -> Option<&Case<'p>> {
        self.states.first().map(|(_, case)| case)
    }

    /// The ticket as somebody may have found it who acted about this second; none where it was not there yet.
    pub(super) fn about(&self, second: i64) -> Vec<&Case<'p>> {
        let from = self.states.iter().map(|(at, _)| at.as_second());
        let until = from.clone().skip(1).chain([i64::MAX]);
        let all = self.states.iter().zip(from.zip(until));
        let about =
            all.filter(|(_, (from, until))| *from <= second + WITHIN && second - WITHIN <= *until);
        about.map(|((_, case), _)| case).collect()
    }
}

/// An agent's mail that asks for a merge.
pub(in crate::check) struct Tried<'a> {
    ordered: &'a Ordered,
    by: PersonId,
    line: &'a str,
    named: Option<TicketId>,
}

impl<'a> Tried<'a> {
    /// The first such line of a mail whose lines count.
    pub(in crate::check) fn of(ordered: &'a Ordered, policy: &Policy) -> Option<Self> {
        let mut lines = ordered.agent.orders.iter().filter(|_| ordered.agent.marker);
        let line = lines.find(|line| line.starts_with("/merge"))?;
        let number = line.split(' ').nth(1).unwrap_or_default();
        Some(Self {
            ordered,
            by: policy.person_by_address(&ordered.wrote.from)?.id.clone(),
            line,
            named: TicketId::with_any_prefix(number),
        })
    }

    fn confirmed(&self) -> bool {
        self.line.ends_with(" confirm")
    }
}

/// Whoever took part in the ticket that this event merges into its own.
pub(super) fn joining(all: &BTreeMap<String, Dossier>, event: &Event) -> Vec<AddressHash> {
    let mut people: Vec<AddressHash> = Vec::new();
    let Event::MergedFrom(facts) = event else {
        return people;
    };
    let log = all.get(facts.from.as_str()).map(|it| it.events.iter());
    for recorded in log.into_iter().flatten() {
        match &recorded.event {
            Event::Opened(opened) => people.push(opened.requester.clone()),
            Event::ParticipantAdded { who, .. } => people.push(who.clone()),
            Event::ParticipantRemoved { who } => people.retain(|other| other != who),
            Event::MergedInto { .. } => break,
            _ => {}
        }
    }
    people
}

/// Compares the two halves of every merge, and says which were refused without a reason or made in spite of one.
pub(in crate::check) fn merges<'a>(
    all: &BTreeMap<String, Dossier>,
    walked: &BTreeMap<String, Walked<'_>>,
    tried: impl Iterator<Item = Tried<'a>>,
    wrong: &mut Vec<String>,
) {
    for (id, ticket) in walked {
        if let Some((event, case)) = &ticket.merging.gone {
            let found = one(all, walked, event, case);
            wrong.extend(
                found
                    .into_iter()
                    .map(|line| format!("ticket {id}: merged: {line}")),
            );
        }
        for took in &ticket.merging.took {
            let from = walked.get(took.facts.from.as_str());
            let gone = from.and_then(|it| it.merging.gone.as_ref());
            let here = |event: &Event| matches!(event, Event::MergedInto { into, .. } if into.as_str() == id);
            if !gone.is_some_and(|(recorded, _)| here(&recorded.event)) {
                let from = took.facts.from;
                wrong.push(format!(
                    "ticket {id}: goes on for {from}, which was not merged into it"
                ));
            }
        }
    }
    for tried in tried {
        let found = answered(all, walked, &tried);
        let (line, number) = (tried.line, &tried.ordered.taint);
        wrong.extend(found.map(|found| format!("{number} \"{line}\": {found}")));
    }
}

/// What is wrong with one merge, seen from the ticket that has gone.
fn one(
    all: &BTreeMap<String, Dossier>,
    walked: &BTreeMap<String, Walked<'_>>,
    gone: &Recorded,
    source: &Case<'_>,
) -> Vec<String> {
    let Event::MergedInto { into, confirmed } = &gone.event else {
        return Vec::new();
    };
    let own = source.opened.id;
    let took = walked.get(into.as_str()).map(|it| it.merging.took.iter());
    let took = took.into_iter().flatten().filter(|it| it.facts.from == own);
    let took: Vec<&Took<'_>> = took.collect();
    let [took] = took[..] else {
        return vec![format!("{into} took it over {} times", took.len())];
    };
    let mut wrong = Vec::new();
    let at = took.commit[0].at;
    if let Some(why) = refusal(source, &took.before, *confirmed, at) {
        wrong.push(format!("{why} stands in its way"));
    }
    wrong.extend(facts(source, took));
    wrong.extend(commit(source, took, gone));
    wrong.extend(deadlines(source, took));
    if let Some(dossier) = all.get(own.as_str()) {
        wrong.extend(words(dossier, gone, took));
    }
    wrong
}

/// Why a ticket cannot be merged into another as the two are; the reasons that no word of an agent's overcomes come first.
fn refusal(
    source: &Case<'_>,
    target: &Case<'_>,
    confirmed: bool,
    at: Timestamp,
) -> Option<&'static str> {
    let complaint = |case: &Case<'_>| case.opened.ticket_type == TicketType::Complaint;
    let known = |who: &AddressHash| who == target.requester() || target.participants.contains(who);
    let mut people = std::iter::once(source.requester()).chain(&source.participants);
    let possible = if source.settled() || target.settled() {
        Some("NotOpen")
    } else if source.under_review || (complaint(source) && !complaint(target)) {
        Some("Complaint")
    } else {
        None
    };
    let second_word = if source.requester() != target.requester() {
        Some("OtherCustomer")
    } else if !(source.proved && target.proved) {
        Some("Unproved")
    } else {
        people.any(|who| !known(who)).then_some("LetsIn")
    };
    let lost = || loses(source, target, at).then_some("LosesPromise");
    possible
        .or(second_word.filter(|_| !confirmed))
        .or_else(lost)
}

/// Whether a promise to the customer that runs on the one would have nothing like it on the other.
fn loses(source: &Case<'_>, target: &Case<'_>, at: Timestamp) -> bool {
    let mut after = target.clone();
    after.goes_on_for(&wanted(source));
    if let Some(to) = wakes(source, target) {
        after.status = to;
        after.statuses.push((at, to));
    }
    let goes_on = running(&after);
    let mut own = running(source).into_iter();
    own.any(|it| {
        it.promise.published
            && it.promise.metric != Metric::Acknowledge
            && !goes_on.iter().any(|other| alike(&it, other))
    })
}

/// The facts that a ticket takes over, without deadlines.
fn wanted(source: &Case<'_>) -> MergedFrom {
    MergedFrom {
        earlier: source.merged_from.clone(),
        waiting: match source.answered {
            None => Some(source.opened_at),
            Some(_) => source.waiting,
        },
        expected: source.expected,
        involved: source.involved.clone(),
        ..MergedFrom::of(source.opened.id)
    }
}

fn facts(source: &Case<'_>, took: &Took<'_>) -> Option<String> {
    let told = MergedFrom {
        bounds: Vec::new(),
        ..took.facts.clone()
    };
    let wanted = wanted(source);
    (told != wanted).then(|| format!("{told:?} was taken over, not {wanted:?}"))
}

/// Work that was owed on the one wakes what waits for others on the other.
fn wakes(source: &Case<'_>, target: &Case<'_>) -> Option<Status> {
    let owed = matches!(source.status, Status::New | Status::Open);
    let waits = matches!(target.status, Status::Pending | Status::OnHold);
    (owed && waits).then_some(Status::Open)
}

/// Who did it, what became of the status, and who takes part from now on and reads nothing of before.
fn commit(source: &Case<'_>, took: &Took<'_>, gone: &Recorded) -> Vec<String> {
    let mut wrong = Vec::new();
    if took.commit[0].actor != gone.actor {
        wrong.push("somebody else did it there".to_owned());
    }
    let (mut became, mut joined) = (Vec::new(), BTreeSet::new());
    for recorded in &took.commit[1..] {
        match &recorded.event {
            Event::StatusChanged { to } => became.push(*to),
            Event::ParticipantAdded {
                who,
                earlier: false,
            } => {
                joined.insert(who.as_str());
            }
            // What was masked before is masked again.
            Event::SecretsMasked { .. } => {}
            other => wrong.push(format!("{other:?} came with it")),
        }
    }
    let wakes: Vec<Status> = wakes(source, &took.before).into_iter().collect();
    if became != wakes {
        wrong.push(format!("there it became {became:?}, not {wakes:?}"));
    }
    let known = |who: &&AddressHash| {
        *who == took.before.requester() || took.before.participants.contains(who)
    };
    let people = std::iter::once(source.requester()).chain(&source.participants);
    let join: BTreeSet<&str> = people
        .filter(|it| !known(it))
        .map(AddressHash::as_str)
        .collect();
    if joined != join {
        wrong.push(format!("{joined:?} take part there now, not {join:?}"));
    }
    wrong
}

/// Of each metric the earlier deadline counts; what is past is due half an hour later, and nothing falls due by it.
fn deadlines(source: &Case<'_>, took: &Took<'_>) -> Vec<String> {
    let now = took.commit[0].recorded_at;
    let soon = now.checked_add(GRACE).unwrap_or(now);
    // Who lost a race counts from when they began, and is recorded after the one who won.
    let decided = soon
        .checked_sub(SignedDuration::from_secs(WITHIN))
        .unwrap_or(soon);
    let (ours, theirs) = (running(source), running(&took.before));
    let mut wrong = Vec::new();
    for clock in running(&took.after) {
        let Some(due) = clock.due else { continue };
        let same = |it: &&Clock<'_>| {
            it.promise.metric == clock.promise.metric
                && it.promise.published == clock.promise.published
                && it.cycle == clock.cycle
        };
        let old = theirs.iter().find(same).and_then(|it| it.due);
        let brought = ours
            .iter()
            .filter(|it| alike(it, &clock))
            .filter_map(|it| it.due)
            .min();
        let latest = [old, brought.map(|at| at.max(soon))];
        let late = latest
            .into_iter()
            .flatten()
            .min()
            .is_some_and(|latest| due > latest);
        let fell = due < decided && old.is_none_or(|old| old > due);
        if late || fell {
            wrong.push(format!(
                "{} is due at {due}; before it was {old:?} there and {brought:?} here",
                clock.promise.id
            ));
        }
    }
    wrong
}

fn running<'p>(case: &Case<'p>) -> Vec<Clock<'p>> {
    case.clocks().into_iter().filter(|it| it.runs).collect()
}

/// To somebody who waits, the first answer and the next are the same.
fn alike(one: &Clock<'_>, other: &Clock<'_>) -> bool {
    let of = |metric: Metric| match metric {
        Metric::FirstResponse => Metric::NextResponse,
        other => other,
    };
    one.promise.published == other.promise.published
        && of(one.promise.metric) == of(other.promise.metric)
}

/// The colleagues read what was said, and none of the notes.
fn words(source: &Dossier, gone: &Recorded, took: &Took<'_>) -> Vec<String> {
    let Some(copied) = took.commit[0].words.as_ref() else {
        return vec!["no words came with it".to_owned()];
    };
    let mut wrong = Vec::new();
    let is_said = |it: &Recorded| !matches!(it.event, Event::NoteAdded { .. });
    for (recorded, words) in written(source, gone) {
        let said = is_said(recorded);
        let text = words.text.trim();
        // A note may say the same as somebody said to all; by mail, an order can be both.
        let by_others =
            || written(source, gone).any(|(it, other)| is_said(it) && other.text.contains(text));
        let came = copied.text.contains(text) && (said || !by_others());
        let of_words = !text.is_empty() && came != said;
        let mut files = words.attachments.iter();
        if of_words || files.any(|it| copied.attachments.contains(it) != said) {
            wrong.push(format!(
                "what event {} said, or its files, came {}along",
                recorded.seq,
                if said { "not " } else { "" }
            ));
        }
    }
    wrong
}

/// What was written on a ticket before it was merged, notes included.
fn written<'a>(
    source: &'a Dossier,
    gone: &'a Recorded,
) -> impl Iterator<Item = (&'a Recorded, &'a Words)> {
    let earlier = source.events.iter();
    let earlier = earlier.filter(|it| it.recorded_at < gone.recorded_at);
    let words = earlier.filter_map(|it| Some((it, it.words.as_ref()?)));
    words.filter(|(it, _)| {
        matches!(
            it.event,
            Event::Opened(_)
                | Event::CustomerWrote
                | Event::StrangerWrote
                | Event::AgentReplied
                | Event::MergedFrom(_)
                | Event::NoteAdded { .. }
        )
    })
}

/// What is wrong with how an order was answered.
fn answered(
    all: &BTreeMap<String, Dossier>,
    walked: &BTreeMap<String, Walked<'_>>,
    tried: &Tried<'_>,
) -> Option<String> {
    let id = &tried.ordered.ticket;
    let ticket = walked.get(id)?;
    let answers = all[id]
        .notices
        .iter()
        .filter_map(|it| match &it.notice.text {
            Text::OrdersAnswered { answers }
                if it.notice.to == Addressee::Staff(tried.by.clone()) =>
            {
                answers.iter().find(|it| it.line == tried.line)
            }
            _ => None,
        });
    let refused = answers.map(|it| it.refused.as_ref());
    let said: Vec<String> = refused
        .map(|it| it.map_or_else(|| "merged".to_owned(), |why| format!("{why:?}")))
        .collect();
    let by = Actor::Agent(tried.by.clone());
    let gone = ticket.merging.gone.as_ref();
    let merged = gone.is_some_and(|(event, _)| {
        let late = event.at.as_millisecond() - tried.ordered.wrote.at;
        let there = matches!(&event.event, Event::MergedInto { into, .. } if Some(into) == tried.named.as_ref());
        event.actor == by && there && (-999..1000).contains(&late)
    });
    let wanted: Vec<&str> = if merged {
        vec!["merged"]
    } else {
        reasons(walked, id, tried)
    };
    let fits = |said: &String| wanted.iter().any(|why| said.contains(why));
    (!said.iter().any(fits))
        .then(|| format!("the answer was {said:?}; it should be one of {wanted:?}"))
}

/// Why a merge may have been refused, by what the two tickets were at about that time; empty if nothing was in its way.
fn reasons(
    walked: &BTreeMap<String, Walked<'_>>,
    id: &str,
    tried: &Tried<'_>,
) -> Vec<&'static str> {
    let Some(named) = tried.named else {
        return vec!["NotANumber"];
    };
    if named.as_str() == id {
        return vec!["Itself"];
    }
    let second = tried.ordered.taken;
    let target = walked.get(named.as_str()).map(|it| &it.merging);
    let targets = target.map(|it| it.about(second)).unwrap_or_default();
    let mut reasons = Vec::new();
    if target.is_none_or(|it| it.is_new(second)) {
        reasons.push("NoSuchTicket");
    }
    let at = tried.ordered.wrote.at;
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    for target in targets {
        if target.merged_into.is_some() {
            reasons.extend(["CameFromThere", "GoesOn"]);
        }
        for source in walked[id].merging.about(second) {
            let gone = source.merged_into.is_some();
            let why = refusal(source, target, tried.confirmed(), at);
            reasons.extend(why.or(gone.then_some("Gone")));
        }
    }
    reasons
}
