//! One ticket: its log, its snapshot, its notices and what the indexes are told of them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use policy::Policy;
use ticket::{Recorded, Ticket, TicketId, first_break, fold, next_due};

use super::survey::{Survey, overdue, waiting};
use super::{Examined, Finding, Mend, Problem};
use crate::due::DueKind;
use crate::error::StoreError;
use crate::item::{Item, Reader};
use crate::outbox::{SENT_MAIL_KEPT, State, read_entry};
use crate::scan::text_of;
use crate::{OutboxEntry, Store, keys, parked, rows};

/// So often a ticket is read before a finding counts: somebody may be writing it.
const LOOKS: u32 = 3;

/// The items of a ticket.
#[derive(Debug, Default)]
pub(super) struct Partition {
    pub(super) snapshot: Option<Item>,
    events: Vec<Item>,
    notices: Vec<Item>,
    people: Vec<Item>,
}

impl Partition {
    fn of(items: Vec<Item>) -> Self {
        let mut partition = Self::default();
        for item in items {
            let sk = text_of(&item, "SK").unwrap_or_default().to_owned();
            match sk.as_str() {
                keys::SNAPSHOT => partition.snapshot = Some(item),
                sk if sk.starts_with(keys::EVENTS) => partition.events.push(item),
                sk if sk.starts_with(keys::NOTICES) => partition.notices.push(item),
                _ => partition.people.push(item),
            }
        }
        partition
    }

    /// The log, as far as it can be read, with what cannot.
    pub(super) fn log(&self) -> (Vec<Recorded>, Vec<Finding>) {
        let mut unread = Vec::new();
        let mut log = Vec::new();
        for item in &self.events {
            match rows::read_event(item) {
                Ok(recorded) => log.push(recorded),
                Err(error) => unread.push(unreadable(item, &error)),
            }
        }
        (log, unread)
    }
}

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

    pub(super) async fn partition_of(&self, id: TicketId) -> Result<Partition, StoreError> {
        Ok(Partition::of(self.partition(&keys::ticket(id), "").await?))
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
        let raw = log.iter().filter_map(|it| it.words.as_ref()?.raw.clone());
        examined.raw = raw.collect::<BTreeSet<_>>().into_iter().collect();
        let words = log.iter().filter_map(|it| it.words.as_ref());
        let files = words.flat_map(|words| &words.attachments);
        examined.files = files.filter_map(|file| file.key.clone()).collect();
        Ok(examined)
    }

    async fn snapshot_faults(
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
            Err(error) if error.is_retryable() => return Err(error),
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
        if index_differs(item, &should) {
            let mend = whole.then_some(Mend::Snapshot(id));
            found.push(Finding::new(Problem::Index, &name, mend));
        }
        Ok(found)
    }

    async fn notice_faults(
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
            if kept && !survey.sent.contains(ses_id) && self.sent_mail(ses_id).await?.is_none() {
                let mend = Some(Mend::Map(id, notice.clone(), ses_id.clone()));
                examined
                    .findings
                    .push(Finding::new(Problem::Unmapped, &name, mend));
            }
        }
        Ok(())
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
    if now.duration_since(due) > super::survey::LATE {
        return Some(Problem::Overdue);
    }
    // What failed was put off on purpose.
    let put_off = item.contains_key("failures");
    (due > wanted && due > now && !put_off).then_some(Problem::Timer)
}

/// Whether an index is told something else than the item says. The instants follow the timer, which is looked at by
/// itself.
fn index_differs(item: &Item, should: &Item) -> bool {
    let differs = |name: &str| text_of(item, name) != text_of(should, name);
    let place = |name: &str| {
        let (is, should) = (text_of(item, name), text_of(should, name));
        is.is_some() != should.is_some()
    };
    differs("queue")
        || differs("agent")
        || place("queue_due")
        || place("agent_due")
        || (item.contains_key("due_at") && differs("due_shard"))
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
        State::Claimed { until }
            if now.duration_since(until) > super::survey::LATE && is_far(due, now) =>
        {
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

fn unreadable(item: &Item, error: &StoreError) -> Finding {
    let problem = match error {
        StoreError::NewerSchema { .. } => Problem::Newer,
        _ => Problem::Unreadable,
    };
    let part = |name| text_of(item, name).unwrap_or("?");
    Finding::new(problem, format!("{} {}", part("PK"), part("SK")), None)
}

/// What a repaired snapshot is written with; the subject is personal and stands beside the state.
pub(super) fn rewritten(
    partition: &Partition,
    now: Timestamp,
    policy_of: impl FnOnce(&Ticket) -> Option<std::sync::Arc<Policy>>,
) -> Option<(Item, Option<u32>)> {
    let (log, unread) = partition.log();
    let ticket = fold(&log).filter(|_| unread.is_empty() && first_break(&log).is_none())?;
    let policy = policy_of(&ticket)?;
    let stored = partition.snapshot.as_ref();
    let seq: Option<u32> = match stored {
        Some(item) => Some(Reader::new(item).ok()?.number("seq").ok()?),
        None => None,
    };
    if seq.is_some_and(|seq| seq > ticket.seq) {
        return None;
    }
    let opening = log.first().and_then(|it| it.words.as_ref());
    let subject = stored
        .and_then(|item| text_of(item, "subject"))
        .or(opening.map(|words| words.subject.as_str()))
        .unwrap_or_default();
    let due = next_due(&ticket, &policy, now);
    Some((rows::snapshot(&ticket, subject, due), seq))
}

/// The keys of a participant by the hash as text.
pub(super) fn participant_keys(id: TicketId, hash: &str) -> (String, String) {
    (keys::ticket(id), format!("{}{hash}", keys::PARTICIPANTS))
}
