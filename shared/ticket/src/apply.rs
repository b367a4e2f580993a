//! The fold: what the events of a ticket add up to.

use jiff::Timestamp;
use policy::{Metric, PersonId, Response, Status, Tier};

use crate::command::Actor;
use crate::event::{Event, Opened, Recorded};
use crate::identity::AddressHash;
use crate::model::{Heard, Joined, KeptAsNote, Missed, Review, StatusChange, Ticket, Told, caps};
use crate::secrets::add_all;
use crate::standing::ToldOfStanding;

/// Folds one event into the snapshot. It is total: whatever the log says happened.
///
/// `None` stands for the ticket before its first event, and is the answer when that event is not an opening.
pub fn apply(ticket: Option<Ticket>, recorded: &Recorded) -> Option<Ticket> {
    let mut ticket = match (ticket, &recorded.event) {
        (None, Event::Opened(opened)) => open(opened, recorded),
        (None, _) => return None,
        (Some(ticket), _) => ticket,
    };
    ticket.seq = recorded.seq;
    ticket.recorded_at = recorded.recorded_at;
    ticket.chain = recorded.chain.clone();
    change(&mut ticket, recorded);
    remember_involved(&mut ticket, recorded);
    Some(ticket)
}

fn open(opened: &Opened, recorded: &Recorded) -> Ticket {
    Ticket {
        id: opened.id,
        policy: opened.policy.clone(),
        source: opened.source.clone(),
        body: opened.body.clone(),
        channel: opened.channel,
        ticket_type: opened.ticket_type,
        priority: opened.priority,
        status: Status::New,
        department: opened.department.clone(),
        assignee: None,
        tier: Tier::L1,
        lang: opened.lang.clone(),
        zone: opened.zone.clone(),
        requester: opened.requester.clone(),
        requester_proved: opened.proved,
        participants: Vec::new(),
        joined: Vec::new(),
        heard: Vec::new(),
        withheld: Vec::new(),
        strangers: Vec::new(),
        merged_into: None,
        merged_from: Vec::new(),
        related: opened.related,
        group: opened.group.clone(),
        service: opened.service.clone(),
        busy: opened.busy.clone(),
        responses: opened.responses.clone(),
        missing: opened.missing.clone(),
        candidates: opened.candidates.clone(),
        opened_at: recorded.at,
        recorded_at: recorded.recorded_at,
        seq: recorded.seq,
        messages: 1,
        chain: recorded.chain.clone(),
        statuses: Vec::new(),
        acknowledged_at: opened.shown.then_some(recorded.at),
        first_reply_at: None,
        waiting_since: None,
        response_cycle: 0,
        last_reply_at: None,
        update_cycle: 0,
        expected: None,
        involved: Vec::new(),
        review: None,
        told: Vec::new(),
        missed: Vec::new(),
        bounds: Vec::new(),
        kept_as_note: Vec::new(),
        not_reached: Vec::new(),
        held: opened.held,
        standings: Vec::new(),
        masked: Vec::new(),
        announced: None,
        compared: None,
    }
}

fn change(ticket: &mut Ticket, recorded: &Recorded) {
    let at = recorded.at;
    match &recorded.event {
        Event::Opened(_) => heard(ticket, recorded),
        Event::SecretsMasked { masked, .. } => add_all(&mut ticket.masked, masked),
        Event::CustomerWrote => {
            ticket.messages += 1;
            heard(ticket, recorded);
            waits(ticket, at);
        }
        Event::StrangerWrote => {
            ticket.messages += 1;
            ticket.withheld.push(recorded.seq);
            waits(ticket, at);
        }
        Event::StrangerTold { who } => ticket.strangers.push(who.clone()),
        Event::Released { seq } => ticket.withheld.retain(|held| held != seq),
        Event::ParticipantAdded { who, earlier } => {
            ticket.participants.push(who.clone());
            if !earlier {
                ticket.joined.push(Joined {
                    who: who.clone(),
                    after: recorded.seq,
                });
            }
        }
        Event::ParticipantRemoved { who } => leave(ticket, who),
        Event::NoteAdded { instead_of_reply } => {
            ticket.messages += 1;
            if let (Some(_), Actor::Agent(agent)) = (instead_of_reply, &recorded.actor) {
                kept_as_note(ticket, agent);
            }
        }
        Event::AgentReplied => {
            ticket.messages += 1;
            spoke(ticket, at);
            if ticket.is_answered_by(Response::Reply) {
                answered(ticket, at);
            }
        }
        Event::StatusChanged { to } => {
            ticket.status = *to;
            ticket.statuses.push(StatusChange { at, to: *to });
            if *to == Status::Solved {
                ticket.expected = None;
                if ticket.is_answered_by(Response::Solve) {
                    answered(ticket, at);
                }
            }
        }
        // The customer gets the policy's words and its clause, which is an answer.
        Event::OutOfScope { .. } => answered(ticket, at),
        Event::ExpectationSet { until } => ticket.expected = Some(*until),
        Event::EscalationAcknowledged => {
            for told in &mut ticket.told {
                told.acknowledged = true;
            }
        }
        Event::ComplaintEscalated { to, bounds } => {
            ticket.department = Some(to.clone());
            ticket.assignee = None;
            ticket.bounds.extend(bounds.iter().cloned());
            let not_by = ticket.involved.clone();
            ticket.review = Some(Review { at, not_by });
        }
        Event::Assigned { to } => ticket.assignee = Some(to.clone()),
        Event::PriorityChanged { to, bounds } => {
            ticket.priority = *to;
            ticket.bounds.extend(bounds.iter().cloned());
        }
        Event::DepartmentChanged { to, bounds } => {
            ticket.department = Some(to.clone());
            ticket.bounds.extend(bounds.iter().cloned());
        }
        Event::HandedOver { to } => ticket.tier = *to,
        Event::Acknowledged => {
            ticket.acknowledged_at.get_or_insert(at);
        }
        Event::LevelTold {
            promise,
            metric,
            cycle,
            levels,
            ..
        } => {
            for level in levels {
                let known = ticket.told.iter_mut().find(|told| {
                    told.promise == *promise && told.cycle == *cycle && told.level == *level
                });
                match known {
                    Some(told) => {
                        told.times += 1;
                        told.at = at;
                    }
                    None => ticket.told.push(Told {
                        promise: promise.clone(),
                        metric: *metric,
                        cycle: *cycle,
                        level: level.clone(),
                        at,
                        times: 1,
                        acknowledged: false,
                    }),
                }
            }
        }
        Event::LevelReached {
            promise,
            metric,
            cycle,
            level,
        } => ticket.told.push(Told {
            promise: promise.clone(),
            metric: *metric,
            cycle: *cycle,
            level: level.clone(),
            at,
            times: 0,
            acknowledged: false,
        }),
        Event::PromiseMissed {
            promise,
            cycle,
            due,
            tier,
        } => ticket.missed.push(Missed {
            promise: promise.clone(),
            cycle: *cycle,
            due: *due,
            tier: *tier,
        }),
        Event::VersionAnnounced { published, .. } => ticket.announced = Some(*published),
        Event::VersionCompared {
            version,
            effective,
            kept,
            ..
        } => {
            ticket.compared = Some(*effective);
            if kept.is_none() {
                ticket.policy = version.clone();
            }
        }
        Event::StandingSet { who, .. } => {
            ticket.standings.retain(|standing| standing.who != *who);
            ticket.standings.push(ToldOfStanding {
                who: who.clone(),
                seq: recorded.seq,
                told: recorded.recorded_at,
                times: 1,
            });
        }
        Event::StandingTold { who } => {
            for standing in ticket.standings.iter_mut().filter(|it| it.who == *who) {
                standing.told = recorded.recorded_at;
                standing.times += 1;
            }
        }
        Event::StandingLifted { who, .. } => {
            ticket.standings.retain(|standing| standing.who != *who);
        }
        Event::MergedInto { into, .. } => ticket.merged_into = Some(*into),
        Event::MergedFrom(facts) => facts.fold_into(ticket),
        Event::RequesterProved => ticket.requester_proved = true,
        Event::SecretsRevealed { .. } | Event::NumbersTold { .. } => {}
        Event::NotReached { who, .. } => {
            if let Some(who) = who
                && !ticket.not_reached.contains(who)
            {
                ticket.not_reached.push(who.clone());
            }
        }
    }
}

/// Somebody waits for an answer; a clock that runs already goes on.
fn waits(ticket: &mut Ticket, at: Timestamp) {
    if ticket.first_reply_at.is_some() && ticket.waiting_since.is_none() {
        ticket.waiting_since = Some(at);
        ticket.response_cycle += 1;
    }
}

/// Remembers where the newest words of whoever takes part stand.
fn heard(ticket: &mut Ticket, recorded: &Recorded) {
    let Actor::Customer(who) = &recorded.actor else {
        return;
    };
    ticket.heard.retain(|heard| heard.who != *who);
    ticket.heard.push(Heard {
        who: who.clone(),
        seq: recorded.seq,
    });
}

fn leave(ticket: &mut Ticket, who: &AddressHash) {
    ticket.participants.retain(|other| other != who);
    ticket.joined.retain(|joined| joined.who != *who);
    ticket.heard.retain(|heard| heard.who != *who);
}

fn kept_as_note(ticket: &mut Ticket, agent: &PersonId) {
    let kept = &mut ticket.kept_as_note;
    match kept.iter_mut().find(|kept| kept.agent == *agent) {
        Some(kept) => kept.times += 1,
        None => kept.push(KeptAsNote {
            agent: agent.clone(),
            times: 1,
        }),
    }
}

/// A public answer: ends the response clocks; what was told about ended `next_response` cycles is forgotten.
fn answered(ticket: &mut Ticket, at: Timestamp) {
    ticket.first_reply_at.get_or_insert(at);
    if ticket.waiting_since.take().is_some() {
        let over = ticket.response_cycle;
        ticket
            .bounds
            .retain(|bound| bound.metric != Metric::NextResponse || bound.cycle > over);
        ticket
            .told
            .retain(|told| told.metric != Metric::NextResponse);
    }
}

/// A public word of staff: the next `update` is counted from here; what was told about the last one is forgotten.
fn spoke(ticket: &mut Ticket, at: Timestamp) {
    ticket.last_reply_at = Some(at);
    ticket.update_cycle += 1;
    ticket.bounds.retain(|bound| bound.metric != Metric::Update);
    ticket.told.retain(|told| told.metric != Metric::Update);
}

/// Whoever wrote, decided or was assigned has had a part in the ticket.
fn remember_involved(ticket: &mut Ticket, recorded: &Recorded) {
    let acted = match &recorded.actor {
        Actor::Agent(agent) => Some(agent),
        _ => None,
    };
    let assigned = match &recorded.event {
        Event::Assigned { to } => Some(to),
        _ => None,
    };
    for person in acted.into_iter().chain(assigned) {
        if ticket.involved.len() < caps::INVOLVED && !ticket.involved.contains(person) {
            ticket.involved.push(person.clone());
        }
    }
}
