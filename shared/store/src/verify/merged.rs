//! A ticket that was merged: the one it goes on with is there and knows of it, and nothing waits for it any more.

use jiff::Timestamp;
use policy::Policy;
use ticket::Ticket;

use super::survey::LATE;
use super::{Finding, Mend, Problem};
use crate::Store;
use crate::error::StoreError;
use crate::item::Item;
use crate::outbox::{State, read_entry};

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
        let wrong = match self.load(into).await? {
            None => Some("which is not there"),
            Some(next) if !next.ticket.merged_from.contains(&ticket.id) => {
                Some("which does not know of it")
            }
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
            let policy = self.policy(&ticket.policy).await?;
            found.extend(pointless(ticket, &policy, notices));
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
