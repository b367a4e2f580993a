//! The log of a ticket: without gaps, chained, and what the snapshot says.

use jiff::Timestamp;
use policy::Status;
use ticket::{Event, first_break, fold};

use crate::records::Dossier;

pub(crate) fn check(dossier: &Dossier, now: Timestamp, wrong: &mut Vec<String>) {
    let id = &dossier.id;
    let Some(snapshot) = &dossier.snapshot else {
        wrong.push(format!("ticket {id} has items and no snapshot"));
        return;
    };
    if let Some(seq) = first_break(&dossier.events) {
        wrong.push(format!("ticket {id}: its log breaks at event {seq}"));
    }
    if fold(&dossier.events).as_ref() != Some(snapshot) {
        wrong.push(format!(
            "ticket {id}: its snapshot is not what its log adds up to"
        ));
    }
    let mut before = Timestamp::MIN;
    for event in &dossier.events {
        if event.recorded_at < before {
            wrong.push(format!(
                "ticket {id}: event {} was recorded before the one before it",
                event.seq
            ));
        }
        before = event.recorded_at;
    }
    transitions(dossier, wrong);
    if snapshot.merged_into.is_some() && dossier.due.is_some() {
        wrong.push(format!(
            "ticket {id} was merged and a clock still runs on it"
        ));
    }
    if let Some(due) = &dossier.due
        && due.as_str()
            < (now - jiff::SignedDuration::from_hours(2))
                .to_string()
                .as_str()
    {
        wrong.push(format!(
            "ticket {id} has been due since {due} and nobody came"
        ));
    }
}

/// The statuses as Zendesk has them: `new` is never returned to, `closed` is never left.
fn transitions(dossier: &Dossier, wrong: &mut Vec<String>) {
    let mut status = Status::New;
    for event in &dossier.events {
        let is_words = matches!(
            event.event,
            Event::CustomerWrote | Event::StrangerWrote | Event::AgentReplied
        );
        if status == Status::Closed && is_words {
            wrong.push(format!(
                "ticket {}: words on a closed ticket, event {}",
                dossier.id, event.seq
            ));
        }
        if let Event::StatusChanged { to } = event.event {
            if status == Status::Closed || to == Status::New || to == status {
                wrong.push(format!(
                    "ticket {}: from {status:?} to {to:?}, event {}",
                    dossier.id, event.seq
                ));
            }
            status = to;
        }
    }
}
