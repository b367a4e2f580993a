//! A ticket that was merged: the one it goes on with is there and knows of it, and nothing waits for it any more.

use jiff::Timestamp;
use policy::Policy;
use ticket::Ticket;

use super::survey::LATE;
use super::{Finding, Mend, Problem};
use crate::error::StoreError;
use crate::item::Item;
use crate::outbox::{State, read_entry};
use crate::{Store, keys, rows};

impl Store {
    /// What is wrong with a merged ticket; nothing with any other.
    pub(super) async fn merge_faults(
        &self,
        ticket: &Ticket,
        item: &Item,
        notices: &[Item],
        now: Timestamp,
    ) -> Result<Vec<Finding>, StoreError> {
        let Some(into) = ticket.merged_into else {
            return Ok(Vec::new());
        };
        let name = format!("ticket {}", ticket.id);
        let mut found = Vec::new();
        let next = self.get(&keys::ticket(into), keys::SNAPSHOT).await?;
        let wrong = match next.as_ref().map(rows::read_snapshot) {
            None => Some("which is not there"),
            Some(Ok((next, ..))) if !next.merged_from.contains(&ticket.id) => {
                Some("which does not know of it")
            }
            // One that cannot be read is found by itself.
            Some(_) => None,
        };
        if let Some(wrong) = wrong {
            let what = format!("{name}: merged into {into}, {wrong}");
            found.push(Finding::new(Problem::Merge, what, None));
        }
        if item.contains_key("due_at") {
            let mend = Some(Mend::Snapshot(ticket.id));
            found.push(Finding::new(Problem::MergedWork, &name, mend));
        }
        if now.duration_since(ticket.recorded_at) > LATE {
            match self.policy(&ticket.policy).await {
                Ok(policy) => found.extend(pointless(ticket, &policy, notices)),
                Err(error) if error.is_outage() => return Err(error),
                // That it is missing is found with the snapshot.
                Err(_) => {}
            }
        }
        Ok(found)
    }
}

/// Notices of work ahead that nobody has sent, and that no sender has looked at since the merge.
fn pointless(ticket: &Ticket, policy: &Policy, notices: &[Item]) -> Vec<Finding> {
    let unsent = notices.iter().filter_map(|item| read_entry(item).ok());
    let unsent = unsent.filter(|it| matches!(it.state, State::Pending { .. }));
    let pointless = unsent.filter(|it| !it.notice.text.still_holds(&it.notice.to, ticket, policy));
    pointless
        .map(|it| {
            let what = format!("notice {} of ticket {}", it.notice.id, ticket.id);
            let mend = Mend::Superseded(ticket.id, it.notice.id);
            Finding::new(Problem::MergedWork, what, Some(mend))
        })
        .collect()
}
