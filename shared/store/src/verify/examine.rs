//! One ticket, looked at several times: its log, and by it its snapshot, notices, people and mails.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use ticket::{Recorded, TicketId, first_break, fold};

use super::partition::unreadable;
use super::survey::Survey;
use super::{Examined, Finding, Mend, Problem};
use crate::error::StoreError;
use crate::item::{Item, Reader};
use crate::scan::text_of;
use crate::{Store, keys};

/// So often a ticket is read before a finding counts: somebody may be writing it.
const LOOKS: u32 = 3;

impl Store {
    /// What is wrong with a ticket, as found at every one of several looks.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn examine(
        &self,
        id: TicketId,
        survey: &Survey,
        now: Timestamp,
    ) -> Result<Examined, StoreError> {
        let mut last = self.look(id, survey, now).await?;
        for look in 1..LOOKS {
            if last.findings.is_empty() {
                break;
            }
            self.wait(Duration::from_millis(100 << look)).await;
            let again = self.look(id, survey, now).await?;
            let before = std::mem::replace(&mut last, again);
            last.findings.retain(|it| before.findings.contains(it));
        }
        Ok(last)
    }

    async fn look(
        &self,
        id: TicketId,
        survey: &Survey,
        now: Timestamp,
    ) -> Result<Examined, StoreError> {
        let partition = self.partition_of(id).await?;
        let mut examined = Examined::default();
        let (log, unread) = partition.log();
        let broken = log_faults(id, &log, !unread.is_empty());
        let whole = unread.is_empty() && broken.is_empty();
        examined.findings.extend(unread);
        examined.findings.extend(broken);
        let folded = fold(&log).filter(|_| whole);
        match &partition.snapshot {
            None => examined.findings.push(match folded {
                Some(_) => Finding::new(
                    Problem::SnapshotMissing,
                    format!("ticket {id}"),
                    Some(Mend::Snapshot(id)),
                ),
                None => Finding::new(Problem::Orphan, format!("items of ticket {id}"), None),
            }),
            Some(item) => {
                let found = self
                    .snapshot_faults(id, item, folded.as_ref(), &log, now)
                    .await?;
                examined.findings.extend(found);
                if let Some(ticket) = &folded {
                    let notices = &partition.notices;
                    let found = self.merge_faults(ticket, item, notices, now).await?;
                    examined.findings.extend(found);
                }
            }
        }
        for item in &partition.notices {
            self.notice_faults(id, item, survey, now, &mut examined)
                .await?;
        }
        for item in &partition.people {
            examined.findings.extend(person_faults(id, item));
        }
        let found = self.record_faults(id, &log, survey, now).await?;
        examined.findings.extend(found);
        let raw = log.iter().filter_map(|it| it.words.as_ref()?.raw.clone());
        examined.raw = raw.collect::<BTreeSet<_>>().into_iter().collect();
        let words = log.iter().filter_map(|it| it.words.as_ref());
        let files = words.flat_map(|words| &words.attachments);
        examined.files = files.filter_map(|file| file.key.clone()).collect();
        Ok(examined)
    }
}

/// What the log says of itself: gaps first, since a gap breaks the chain too.
fn log_faults(id: TicketId, log: &[Recorded], unread: bool) -> Vec<Finding> {
    let gap = log
        .iter()
        .zip(1..)
        .find(|(recorded, seq)| recorded.seq != *seq);
    if let Some((_, seq)) = gap {
        if unread {
            return Vec::new();
        }
        let what = format!("ticket {id}: event {seq} is missing");
        return vec![Finding::new(Problem::LogGap, what, None)];
    }
    first_break(log)
        .map(|seq| {
            let what = format!("ticket {id}: event {seq} is not what was recorded");
            Finding::new(Problem::LogBroken, what, None)
        })
        .into_iter()
        .collect()
}

fn person_faults(id: TicketId, item: &Item) -> Option<Finding> {
    if let Err(error) = Reader::new(item) {
        return Some(unreadable(item, &error));
    }
    let hash = text_of(item, "SK")?.strip_prefix(keys::PARTICIPANTS)?;
    let told = text_of(item, "person") == Some(hash) && item.contains_key("person_created");
    let mend = Mend::Person(id, hash.to_owned());
    (!told).then(|| {
        let what = format!("participant {hash} of ticket {id}");
        Finding::new(Problem::Index, what, Some(mend))
    })
}
