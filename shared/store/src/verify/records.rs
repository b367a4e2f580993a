//! Records that name tickets, rollouts and digests: what they name is there, and knows of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use ticket::{AddressHash, Recorded, TicketId};

use super::kept::judged;
use super::partition::unreadable;
use super::survey::{LATE, Survey, overdue, waiting};
use super::{Examined, Finding, Mend, Problem};
use crate::due::DueKind;
use crate::error::StoreError;
use crate::item::Item;
use crate::once::{self, ONCE_KEPT};
use crate::rollouts::RolloutId;
use crate::scan::text_of;
use crate::{EMAIL, Store, digest, keys, parked};

impl Store {
    /// What is wrong outside of the tickets' own partitions: items that cannot be what they are, records that name what is
    /// not there, and rollouts.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn examine_records(
        &self,
        survey: &Survey,
        now: Timestamp,
    ) -> Result<Examined, StoreError> {
        let mut examined = Examined::default();
        let findings = &mut examined.findings;
        for (pk, sk) in &survey.doubtful {
            let item = self.get(pk, sk).await?;
            findings.extend(item.and_then(|item| judged(&item, now)));
        }
        for (ticket, records) in &survey.records {
            if !self.is_known(survey, *ticket).await? {
                findings.extend(records.iter().map(|it| orphan(&it.pk, *ticket)));
            }
        }
        for (name, ticket, notice) in &survey.mails {
            if !self.is_known(survey, *ticket).await? {
                findings.push(orphan(name, *ticket));
                continue;
            }
            let Some(notice) = notice else { continue };
            let there = self
                .get(&keys::ticket(*ticket), &keys::notice(notice))
                .await?;
            if there.is_none() {
                let what = format!("{name} (notice {notice} of ticket {ticket})");
                findings.push(Finding::new(Problem::NoticeMissing, what, None));
            }
        }
        for sk in &survey.rollouts {
            let (pk, _) = keys::PUBLICATIONS;
            if let Some(item) = self.get(pk, sk).await? {
                findings.extend(rollout(&item, now));
                if item.contains_key("due_at") || unfinished(&item) {
                    let rollout = RolloutId::from_stored(sk);
                    examined.entries.push(DueKind::Rollout(rollout));
                }
            }
        }
        for who in &survey.digests {
            self.digest_faults(who, survey, now, &mut examined).await?;
        }
        Ok(examined)
    }

    /// The numbers that wait for an address are of tickets that there are, and stand in the due index.
    async fn digest_faults(
        &self,
        who: &AddressHash,
        survey: &Survey,
        now: Timestamp,
        examined: &mut Examined,
    ) -> Result<(), StoreError> {
        let kind = DueKind::Digest(who.clone());
        let (pk, sk) = kind.keys();
        let Some(item) = self.get(&pk, &sk).await? else {
            return Ok(());
        };
        let tickets = match digest::read(&item) {
            Ok(gathered) => gathered.waiting.tickets,
            Err(error) => {
                examined.findings.push(unreadable(&item, &error));
                return Ok(());
            }
        };
        for &ticket in &tickets {
            if !self.is_known(survey, ticket).await? {
                examined.findings.push(orphan(&kind.to_string(), ticket));
            }
        }
        let waits = !tickets.is_empty();
        examined.findings.extend(untimely(&item, waits, now));
        if waits {
            examined.entries.push(kind);
        }
        Ok(())
    }

    /// A ticket may have been opened behind the scan's back: it is asked for again.
    async fn is_known(&self, survey: &Survey, ticket: TicketId) -> Result<bool, StoreError> {
        let seen = survey.tickets.contains(&ticket);
        let pk = keys::ticket(ticket);
        Ok(seen || self.get(&pk, keys::SNAPSHOT).await?.is_some())
    }

    /// Where a ticket's log and the idempotency records contradict each other, as far as the two can be compared: a record
    /// holds a digest of its key, and of all inputs only mails stand in the log by theirs.
    pub(super) async fn record_faults(
        &self,
        id: TicketId,
        log: &[Recorded],
        survey: &Survey,
        now: Timestamp,
    ) -> Result<Vec<Finding>, StoreError> {
        let Some(opening) = log.first().filter(|first| first.seq == 1) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let opened = opening.recorded_at.as_second() - LATE.as_secs();
        let records = survey.records.get(&id).map_or(&[][..], Vec::as_slice);
        for record in records {
            if record.taken.is_some_and(|taken| taken < opened) {
                let what = format!("{} (ticket {id}, opened later)", record.pk);
                found.push(Finding::new(Problem::Taken, what, None));
            }
        }
        let known: BTreeSet<&str> = records.iter().map(|record| record.pk.as_str()).collect();
        let (own, later) = (raw_of(opening), log.iter().skip(1));
        let young = |it: &&Recorded| now.duration_since(it.recorded_at) < ONCE_KEPT - LATE;
        let mails: BTreeSet<&str> = later.filter(young).filter_map(raw_of).collect();
        for ses_id in mails {
            let pk = keys::once(EMAIL, ses_id);
            if Some(ses_id) != own && !known.contains(pk.as_str()) {
                found.extend(self.record_fault(id, ses_id, &pk).await?);
            }
        }
        Ok(found)
    }

    /// What is wrong with the record of a mail that stands on a ticket, which the scan saw no record name.
    async fn record_fault(
        &self,
        id: TicketId,
        ses_id: &str,
        pk: &str,
    ) -> Result<Option<Finding>, StoreError> {
        let record = self.get(pk, keys::ONCE).await?;
        Ok(match record.as_ref().map(once::read) {
            None => {
                let what = format!("mail {ses_id} of ticket {id}");
                let mend = Mend::Record(id, ses_id.to_owned());
                Some(Finding::new(Problem::Record, what, Some(mend)))
            }
            Some(Ok((named, _))) if named != id => {
                let what = format!("{pk} (ticket {named}, and mail {ses_id} is on ticket {id})");
                Some(Finding::new(Problem::Taken, what, None))
            }
            // One that cannot be read is found by itself.
            Some(_) => None,
        })
    }
}

fn raw_of(recorded: &Recorded) -> Option<&str> {
    recorded.words.as_ref()?.raw.as_deref()
}

fn orphan(name: &str, ticket: TicketId) -> Finding {
    Finding::new(Problem::Orphan, format!("{name} (ticket {ticket})"), None)
}

/// A rollout is under way, parked, or done; done ones keep nothing of their place.
fn rollout(item: &Item, now: Timestamp) -> Option<Finding> {
    untimely(item, unfinished(item), now)
}

/// What has no ticket stands in the due index while it waits, not for long once it is due, or is parked.
fn untimely(item: &Item, waits: bool, now: Timestamp) -> Option<Finding> {
    let kind = parked::kind_of(item)?;
    if let Some(parked) = parked::read(item) {
        return Some(waiting(&parked));
    }
    if let Some(due) = text_of(item, "due_at") {
        return overdue(due, now).then(|| Finding::new(Problem::Overdue, &kind, None));
    }
    let mend = Mend::Entry(kind.clone());
    waits.then(|| Finding::new(Problem::Timer, &kind, Some(mend)))
}

/// Whether a rollout has not begun or has kept its place.
fn unfinished(item: &Item) -> bool {
    let step = item.get("step").and_then(|step| step.as_n().ok());
    step.is_some_and(|step| step == "0") || item.contains_key("queue_at")
}
