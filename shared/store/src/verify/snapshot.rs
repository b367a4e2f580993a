//! A ticket's snapshot: what its log adds up to, due in time, and what the indexes are told of it.

use jiff::Timestamp;
use policy::Policy;
use ticket::{Recorded, Ticket, TicketId, next_due};

use super::partition::unreadable;
use super::survey::{LATE, waiting};
use super::{Finding, Mend, Problem};
use crate::error::StoreError;
use crate::item::Item;
use crate::scan::text_of;
use crate::{Store, keys, parked, rows};

impl Store {
    /// What is wrong with a snapshot, given what its log adds up to where that can be read.
    pub(super) async fn snapshot_faults(
        &self,
        id: TicketId,
        item: &Item,
        folded: Option<&Ticket>,
        log: &[Recorded],
        now: Timestamp,
    ) -> Result<Vec<Finding>, StoreError> {
        let name = format!("ticket {id}");
        let rewrite = |problem| Finding::new(problem, &name, Some(Mend::Snapshot(id)));
        let (ticket, subject, due) = match rows::read_snapshot(item) {
            Ok(read) => read,
            Err(error @ StoreError::NewerSchema { .. }) => {
                return Ok(vec![unreadable(item, &error)]);
            }
            // The log has it all.
            Err(_) if folded.is_some() => return Ok(vec![rewrite(Problem::SnapshotDiffers)]),
            Err(error) => return Ok(vec![unreadable(item, &error)]),
        };
        let ends = log.last().map_or(0, |last| last.seq);
        if ends < ticket.seq {
            let what = format!(
                "{name}: the log ends at {ends}, the snapshot at {}",
                ticket.seq
            );
            return Ok(vec![Finding::new(Problem::LogGap, what, None)]);
        }
        if folded.is_some_and(|folded| *folded != ticket) {
            return Ok(vec![rewrite(Problem::SnapshotDiffers)]);
        }
        let policy = match self.policy(&ticket.policy).await {
            Ok(policy) => policy,
            Err(error) if error.is_outage() => return Err(error),
            Err(_) => {
                let what = format!("{name}: version {}", ticket.policy);
                return Ok(vec![Finding::new(Problem::PolicyMissing, what, None)]);
            }
        };
        let mut found = Vec::new();
        if let Some(parked) = parked::read(item) {
            found.push(waiting(&parked));
        } else if let Some(problem) = timer_fault(item, &ticket, &policy, due, now) {
            found.push(match problem {
                Problem::Overdue => Finding::new(problem, &name, None),
                problem => rewrite(problem),
            });
        }
        let should = rows::snapshot(&ticket, &subject, due);
        let whole = folded.is_some();
        if index_differs(item, &should, ticket.merged_into.is_some()) {
            let mend = whole.then_some(Mend::Snapshot(id));
            found.push(Finding::new(Problem::Index, &name, mend));
        }
        Ok(found)
    }
}

/// Whether the due index is told in time. An entry that comes too early does no harm: the tick looks and moves it.
fn timer_fault(
    item: &Item,
    ticket: &Ticket,
    policy: &Policy,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Option<Problem> {
    let wanted = next_due(ticket, policy, now)?;
    let wanted = keys::instant_of(&keys::sortable(wanted))?;
    let Some(due) = due else {
        return Some(Problem::Timer);
    };
    if now.duration_since(due) > LATE {
        return Some(Problem::Overdue);
    }
    // What failed was put off on purpose.
    let put_off = item.contains_key("failures");
    (due > wanted && due > now && !put_off).then_some(Problem::Timer)
}

/// Whether an index is told something else than the item says. The instants follow the timer, which is looked at by
/// itself; a merged ticket has none.
fn index_differs(item: &Item, should: &Item, merged: bool) -> bool {
    let differs = |name: &str| text_of(item, name) != text_of(should, name);
    let place = |name: &str| {
        let (is, should) = (text_of(item, name), text_of(should, name));
        is.is_some() != should.is_some()
    };
    differs("queue")
        || differs("agent")
        || place("queue_due")
        || place("agent_due")
        || (!merged && item.contains_key("due_at") && differs("due_shard"))
}
