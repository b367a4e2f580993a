//! A ticket as its log tells it, added up by hand: nothing here calls the rules that it judges.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use policy::{
    DepartmentId, LevelId, Metric, PersonId, Policy, PolicyHash, Priority, PromiseId, Response,
    Status, Tier,
};
use ticket::{
    Actor, AddressHash, Bound, Event, MergedFrom, Opened, Recorded, SecretKind, TicketId,
};

use super::order::Order;
use super::versions::Version;

/// A level of one cycle of one promise.
pub(super) type Rung = (PromiseId, u32, LevelId);

/// How often people were told of a level, when last, and whether somebody has it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) metric: Metric,
    pub(super) at: Timestamp,
    pub(super) times: u32,
    pub(super) taken: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Case<'p> {
    pub(super) versions: &'p [Version],
    /// The version that the ticket is held to.
    pub(super) policy: &'p Policy,
    /// Since when the desk has seen the ticket open: its opening, or the last time that it was opened again.
    pub(super) since: Timestamp,
    /// The versions that it was compared with, and those that its customer was told of.
    pub(super) compared: Vec<PolicyHash>,
    pub(super) announced: Vec<PolicyHash>,
    pub(super) opened: &'p Opened,
    /// Whether the requester's address is proved, since the opening or later.
    pub(super) proved: bool,
    pub(super) opened_at: Timestamp,
    pub(super) priority: Priority,
    pub(super) status: Status,
    pub(super) department: Option<DepartmentId>,
    pub(super) assignee: Option<PersonId>,
    pub(super) tier: Tier,
    pub(super) statuses: Vec<(Timestamp, Status)>,
    pub(super) acknowledged: Option<Timestamp>,
    pub(super) answered: Option<Timestamp>,
    pub(super) waiting: Option<Timestamp>,
    pub(super) questions: u32,
    pub(super) spoke: Option<Timestamp>,
    pub(super) words_of_staff: u32,
    pub(super) expected: Option<Timestamp>,
    pub(super) involved: Vec<PersonId>,
    pub(super) barred: Vec<PersonId>,
    pub(super) under_review: bool,
    pub(super) said: BTreeMap<Rung, Said>,
    pub(super) missed: Vec<(PromiseId, u32)>,
    pub(super) bounds: Vec<Bound>,
    pub(super) kept: BTreeMap<PersonId, u32>,
    pub(super) participants: Vec<AddressHash>,
    /// Entries of strangers that nobody has released.
    pub(super) withheld: Vec<u32>,
    /// Where the newest words of whoever takes part stand.
    pub(super) heard: BTreeMap<AddressHash, u32>,
    /// Decisions on conduct that somebody was told of, each by its event.
    pub(super) standings: BTreeMap<AddressHash, u32>,
    /// The ticket that it goes on with, and those that go on with it.
    pub(super) merged_into: Option<TicketId>,
    pub(super) merged_from: Vec<TicketId>,
    pub(super) order: Order,
    masked: BTreeSet<SecretKind>,
    /// Whether the newest masking was of a kind of secret that the ticket had not seen.
    pub(super) masked_anew: bool,
}

impl<'p> Case<'p> {
    pub(super) fn of(versions: &'p [Version], first: &'p Recorded) -> Option<Self> {
        let Event::Opened(opened) = &first.event else {
            return None;
        };
        let own = versions
            .iter()
            .find(|it| *it.policy.hash() == opened.policy);
        Some(Self {
            versions,
            policy: &own?.policy,
            since: first.recorded_at,
            compared: Vec::new(),
            announced: Vec::new(),
            withheld: Vec::new(),
            opened,
            proved: opened.proved,
            opened_at: first.at,
            priority: opened.priority,
            status: Status::New,
            department: opened.department.clone(),
            assignee: None,
            tier: Tier::L1,
            statuses: Vec::new(),
            acknowledged: opened.shown.then_some(first.at),
            answered: None,
            waiting: None,
            questions: 0,
            spoke: None,
            words_of_staff: 0,
            expected: None,
            involved: Vec::new(),
            barred: Vec::new(),
            under_review: false,
            said: BTreeMap::new(),
            missed: Vec::new(),
            bounds: Vec::new(),
            kept: BTreeMap::new(),
            participants: Vec::new(),
            heard: BTreeMap::new(),
            standings: BTreeMap::new(),
            merged_into: None,
            merged_from: Vec::new(),
            order: Order::default(),
            masked: BTreeSet::new(),
            masked_anew: false,
        })
    }

    pub(super) fn requester(&self) -> &AddressHash {
        &self.opened.requester
    }

    /// Whether a level that was told waits for somebody to take it.
    pub(super) fn is_untaken(&self) -> bool {
        self.said.values().any(|said| said.times > 0 && !said.taken)
    }

    pub(super) fn settled(&self) -> bool {
        matches!(self.status, Status::Solved | Status::Closed)
    }

    /// Adds what happened. Order is the log's; instants are those at which inputs reached us.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match &recorded.event {
            Event::Opened(_) => self.hears(recorded),
            Event::CustomerWrote => {
                self.hears(recorded);
                self.waits(at);
            }
            Event::StrangerWrote => {
                self.withheld.push(recorded.seq);
                self.waits(at);
            }
            Event::Released { seq } => self.withheld.retain(|waits| waits != seq),
            Event::VersionAnnounced { version, .. } => self.announced.push(version.clone()),
            Event::VersionCompared { version, kept, .. } => {
                self.compared.push(version.clone());
                let newer = self.versions.iter();
                let mut newer = newer.filter(|it| it.policy.hash() == version);
                if let (None, Some(newer)) = (kept, newer.next()) {
                    self.policy = &newer.policy;
                }
            }
            Event::SecretsMasked { masked, .. } => {
                let before = self.masked.len();
                self.masked.extend(masked.iter().map(|it| it.kind));
                self.masked_anew = self.masked.len() > before;
            }
            Event::ParticipantAdded { who, .. } => self.participants.push(who.clone()),
            Event::ParticipantRemoved { who } => {
                self.participants.retain(|other| other != who);
                self.heard.remove(who);
            }
            Event::AgentReplied => {
                self.spoke = Some(at);
                self.words_of_staff += 1;
                self.said.retain(|_, said| said.metric != Metric::Update);
                if self.answers(Response::Reply) {
                    self.answer(at);
                }
            }
            Event::NoteAdded {
                instead_of_reply: Some(_),
            } => {
                if let Actor::Agent(agent) = &recorded.actor {
                    *self.kept.entry(agent.clone()).or_default() += 1;
                }
            }
            Event::StatusChanged { to } => {
                if matches!(self.status, Status::Solved | Status::Closed) {
                    // Late mail reopens as of when it came; until it was read, the desk saw nothing open.
                    self.since = recorded.recorded_at;
                }
                self.status = *to;
                self.statuses.push((at, *to));
                if *to == Status::Solved {
                    self.expected = None;
                    if self.answers(Response::Solve) {
                        self.answer(at);
                    }
                }
            }
            Event::OutOfScope { .. } => self.answer(at),
            Event::ExpectationSet { until } => self.expected = Some(*until),
            Event::EscalationAcknowledged => {
                self.said.values_mut().for_each(|said| said.taken = true);
            }
            Event::ComplaintEscalated { to, bounds } => {
                self.department = Some(to.clone());
                self.assignee = None;
                self.under_review = true;
                self.barred.clone_from(&self.involved);
                self.bounds.extend(bounds.iter().cloned());
            }
            Event::Assigned { to } => self.assignee = Some(to.clone()),
            Event::PriorityChanged { to, bounds } => {
                self.priority = *to;
                self.bounds.extend(bounds.iter().cloned());
            }
            Event::DepartmentChanged { to, bounds } => {
                self.department = Some(to.clone());
                self.bounds.extend(bounds.iter().cloned());
            }
            Event::HandedOver { to } => self.tier = *to,
            Event::Acknowledged => {
                self.acknowledged.get_or_insert(at);
            }
            Event::LevelTold {
                promise,
                metric,
                cycle,
                levels,
                ..
            } => {
                for level in levels {
                    self.say(promise, *metric, *cycle, level, at, 1);
                }
            }
            Event::LevelReached {
                promise,
                metric,
                cycle,
                level,
            } => {
                self.say(promise, *metric, *cycle, level, at, 0);
            }
            Event::StandingSet { who, .. } => {
                self.standings.insert(who.clone(), recorded.seq);
            }
            Event::StandingLifted { who, .. } => {
                self.standings.remove(who);
            }
            Event::RequesterProved => self.proved = true,
            Event::MergedInto { into, .. } => self.merged_into = Some(*into),
            Event::MergedFrom(facts) => self.goes_on_for(facts),
            Event::PromiseMissed { promise, cycle, .. } => {
                self.missed.push((promise.clone(), *cycle));
            }
            _ => {}
        }
        self.involve(recorded);
    }

    fn hears(&mut self, recorded: &Recorded) {
        if let Actor::Customer(who) = &recorded.actor {
            self.heard.insert(who.clone(), recorded.seq);
        }
    }

    fn waits(&mut self, at: Timestamp) {
        if self.answered.is_some() && self.waiting.is_none() {
            self.waiting = Some(at);
            self.questions += 1;
        }
    }

    /// Another ticket is part of this one: who waited there for an answer waits here, for as long.
    pub(super) fn goes_on_for(&mut self, facts: &MergedFrom) {
        self.merged_from.push(facts.from);
        self.merged_from.extend(&facts.earlier);
        if let (Some(since), true) = (facts.waiting, self.answered.is_some()) {
            self.questions += u32::from(self.waiting.is_none());
            self.waiting = Some(self.waiting.map_or(since, |own| own.min(since)));
        }
        let both = [self.expected, facts.expected];
        self.expected = both.into_iter().flatten().min();
        let had_a_part = facts.involved.iter();
        let had_a_part: Vec<_> = had_a_part
            .filter(|it| !self.involved.contains(it))
            .collect();
        self.involved.extend(had_a_part.into_iter().cloned());
        self.bounds.extend(facts.bounds.iter().cloned());
    }

    fn answers(&self, response: Response) -> bool {
        let named = &self.opened.responses;
        named.contains(&response) || (named.is_empty() && response == Response::Reply)
    }

    fn answer(&mut self, at: Timestamp) {
        self.answered.get_or_insert(at);
        if self.waiting.take().is_some() {
            self.said
                .retain(|_, said| said.metric != Metric::NextResponse);
        }
    }

    fn say(
        &mut self,
        promise: &PromiseId,
        metric: Metric,
        cycle: u32,
        level: &LevelId,
        at: Timestamp,
        times: u32,
    ) {
        let rung = (promise.clone(), cycle, level.clone());
        let said = self.said.entry(rung).or_insert(Said {
            metric,
            at,
            times: 0,
            taken: false,
        });
        said.at = at;
        said.times += times;
    }

    fn involve(&mut self, recorded: &Recorded) {
        let mut people = Vec::new();
        if let Actor::Agent(agent) = &recorded.actor {
            people.push(agent.clone());
        }
        if let Event::Assigned { to } = &recorded.event {
            people.push(to.clone());
        }
        for person in people {
            if !self.involved.contains(&person) {
                self.involved.push(person);
            }
        }
    }
}
