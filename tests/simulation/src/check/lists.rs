//! The lists in which people look for tickets: each ticket stands in those in which it belongs, at the place that its next
//! deadline gives it.

use std::collections::BTreeMap;

use policy::Status;
use ticket::{AddressHash, Ticket};

use crate::aws::dynamodb::Item;
use crate::records::Dossier;
use crate::world::State;

pub(super) fn check(state: &State, all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    for dossier in all.values() {
        let item = state
            .cloud
            .table
            .item(&format!("T#{}", dossier.id), "ticket");
        let (Some(ticket), Some(item)) = (&dossier.snapshot, item) else {
            continue;
        };
        for (name, found, wanted) in places(ticket, item) {
            if found != wanted {
                wrong.push(format!(
                    "ticket {}: its {name} is {found:?}; it should be {wanted:?}",
                    dossier.id
                ));
            }
        }
        let others = ticket.participants.iter().map(AddressHash::as_str);
        let unknown = others.chain([ticket.requester.as_str()]);
        let unknown = unknown.filter(|it| !dossier.people.contains_key(*it));
        wrong.extend(unknown.map(|it| format!("ticket {}: {it} has no address", dossier.id)));
    }
}

/// The keys of a ticket in the lists: which, what it is and what it should be.
fn places(ticket: &Ticket, item: &Item) -> Vec<(&'static str, Option<String>, Option<String>)> {
    let of = |name: &str| Some(item.get(name)?["S"].as_str()?.to_owned());
    let department = ticket.department.as_ref();
    let department = department.map_or("triage", |it| it.as_str());
    let group = match ticket.status {
        Status::New | Status::Open => "open",
        Status::Pending | Status::OnHold => "waiting",
        Status::Solved | Status::Closed => "settled",
    };
    let assignee = ticket.assignee.as_ref();
    let agent = assignee.map_or_else(|| format!("none#{department}"), ToString::to_string);
    let never = format!("9999-12-31T23:59:59Z#{}", ticket.id);
    let mut all = vec![("queue", of("queue"), Some(format!("{department}#{group}")))];
    // What failed is due again later, in no list.
    if !item.contains_key("failures") && !item.contains_key("parked") {
        all.push(("queue_due", of("queue_due"), of("due_at").or(Some(never))));
    }
    let is_listed = group != "settled";
    all.push(("agent", of("agent"), Some(agent).filter(|_| is_listed)));
    let due = of("queue_due").filter(|_| is_listed);
    all.push(("agent_due", of("agent_due"), due));
    all
}
