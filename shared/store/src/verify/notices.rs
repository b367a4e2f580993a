//! A ticket's notices: on their way, or settled and off the index, with a map entry where one was sent.

use jiff::{SignedDuration, Timestamp};
use ticket::TicketId;

use super::partition::unreadable;
use super::survey::{LATE, Survey, overdue, waiting};
use super::{Examined, Finding, Mend, Problem};
use crate::due::DueKind;
use crate::error::StoreError;
use crate::item::Item;
use crate::outbox::{SENT_MAIL_KEPT, State, read_entry};
use crate::scan::text_of;
use crate::{OutboxEntry, Store, keys, parked};

impl Store {
    /// What is wrong with a notice; one that is on its way is noted as such.
    pub(super) async fn notice_faults(
        &self,
        id: TicketId,
        item: &Item,
        survey: &Survey,
        now: Timestamp,
        examined: &mut Examined,
    ) -> Result<(), StoreError> {
        let entry = match read_entry(item) {
            Ok(entry) => entry,
            Err(error) => {
                examined.findings.push(unreadable(item, &error));
                return Ok(());
            }
        };
        let notice = &entry.notice.id;
        let name = format!("notice {notice} of ticket {id}");
        let unsent = matches!(entry.state, State::Pending { .. } | State::Claimed { .. });
        if unsent {
            examined.unsent.push(notice.clone());
            examined
                .findings
                .extend(unsent_fault(id, item, &entry, &name, now));
        } else if item.contains_key("due_at") {
            let mend = Some(Mend::Settled(id, notice.clone()));
            examined
                .findings
                .push(Finding::new(Problem::Index, &name, mend));
        }
        if let State::Sent { ses_id, at } = &entry.state {
            let kept = now.duration_since(*at) < SENT_MAIL_KEPT;
            if kept && !survey.sent.contains(ses_id) && self.is_unmapped(ses_id).await? {
                let mend = Some(Mend::Map(id, notice.clone(), ses_id.clone()));
                examined
                    .findings
                    .push(Finding::new(Problem::Unmapped, &name, mend));
            }
        }
        Ok(())
    }

    /// Whether no map entry stands for a mail. One that cannot be read is a finding of its own.
    async fn is_unmapped(&self, ses_id: &str) -> Result<bool, StoreError> {
        let entry = self.get(&keys::mail(ses_id), keys::MAIL_SENT).await?;
        Ok(entry.is_none())
    }
}

fn unsent_fault(
    id: TicketId,
    item: &Item,
    entry: &OutboxEntry,
    name: &str,
    now: Timestamp,
) -> Option<Finding> {
    if let Some(parked) = parked::read(item) {
        return Some(waiting(&parked));
    }
    let kind = DueKind::Notice(id, entry.notice.id.clone());
    let shard = kind.due_keys(now).0;
    let mend = Some(Mend::Entry(kind));
    let Some(due) = text_of(item, "due_at") else {
        return Some(Finding::new(Problem::NoticeTimer, name, mend));
    };
    if text_of(item, "due_shard") != Some(shard.as_str()) {
        return Some(Finding::new(Problem::NoticeTimer, name, mend));
    }
    match entry.state {
        State::Claimed { until } if now.duration_since(until) > LATE && is_far(due, now) => {
            Some(Finding::new(Problem::Lease, name, mend))
        }
        _ => overdue(due, now).then(|| Finding::new(Problem::Overdue, name, None)),
    }
}

/// Whether an entry lies further ahead than any tick puts one that it has given back to its queue.
fn is_far(due_at: &str, now: Timestamp) -> bool {
    const FAR: SignedDuration = SignedDuration::from_mins(15);
    keys::instant_of(due_at).is_some_and(|due| due.duration_since(now) > FAR)
}
