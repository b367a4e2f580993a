//! The fold: what the events of a ticket add up to.

use jiff::Timestamp;
use policy::{Metric, PersonId, Status};

use crate::command::Actor;
use crate::event::{Event, Opened, Recorded};
use crate::model::{KeptAsNote, Missed, StatusChange, Ticket, Tier, Told};

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
        related: opened.related,
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
        told: Vec::new(),
        missed: Vec::new(),
        bounds: Vec::new(),
        kept_as_note: Vec::new(),
        not_reached: Vec::new(),
    }
}

fn change(ticket: &mut Ticket, recorded: &Recorded) {
    let at = recorded.at;
    match &recorded.event {
        Event::Opened(_) => {}
        Event::CustomerWrote => {
            ticket.messages += 1;
            if ticket.first_reply_at.is_some() && ticket.waiting_since.is_none() {
                ticket.waiting_since = Some(at);
                ticket.response_cycle += 1;
            }
        }
        Event::StrangerWrote => ticket.messages += 1,
        Event::NoteAdded { instead_of_reply } => {
            ticket.messages += 1;
            if let (Some(_), Actor::Agent(agent)) = (instead_of_reply, &recorded.actor) {
                kept_as_note(ticket, agent);
            }
        }
        Event::AgentReplied => {
            ticket.messages += 1;
            answered(ticket, at);
        }
        Event::StatusChanged { to } => {
            ticket.status = *to;
            ticket.statuses.push(StatusChange { at, to: *to });
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
        } => ticket.told.extend(levels.iter().map(|level| Told {
            promise: promise.clone(),
            metric: *metric,
            cycle: *cycle,
            level: level.clone(),
        })),
        Event::PromiseMissed {
            promise,
            cycle,
            due,
        } => ticket.missed.push(Missed {
            promise: promise.clone(),
            cycle: *cycle,
            due: *due,
        }),
        Event::NotReached { who, .. } => {
            if let Some(who) = who
                && !ticket.not_reached.contains(who)
            {
                ticket.not_reached.push(who.clone());
            }
        }
    }
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
