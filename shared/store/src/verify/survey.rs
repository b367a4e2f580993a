//! One pass over all keys: which tickets there are, and what speaks of tickets from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use ticket::{NoticeId, TicketId};

use super::{Examined, Finding, Mend, Problem};
use crate::error::StoreError;
use crate::item::Item;
use crate::rollouts::RolloutId;
use crate::scan::{Asked, Progress, text_of, ticket_of};
use crate::{Store, keys, parked};

/// Due for so long, an entry has been passed over by many ticks.
pub(super) const LATE: SignedDuration = SignedDuration::from_hours(1);

/// A filed mail and where its raw mail must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledRaw {
    /// Its SES id.
    pub ses_id: String,
    /// The S3 key.
    pub raw: String,
}

/// What a pass over the table found out.
#[derive(Debug, Default)]
pub struct Survey {
    /// Every ticket of which there is any item.
    pub tickets: BTreeSet<TicketId>,
    /// Mails filed without a ticket.
    pub filed: Vec<FiledRaw>,
    /// Items with what they name: an idempotency record, a mail that was sent or filed.
    named: Vec<(String, TicketId, Option<NoticeId>)>,
    /// The SES ids of mails that were sent.
    pub(super) sent: BTreeSet<String>,
    rollouts: BTreeMap<String, Item>,
    strange: Vec<String>,
}

impl Survey {
    fn take(&mut self, item: Item) {
        let text = |name| text_of(&item, name).unwrap_or_default();
        let (pk, sk) = (text("PK"), text("SK"));
        if let Some(ticket) = ticket_of(&item) {
            self.tickets.insert(ticket);
            return;
        }
        let name = format!("{pk} {sk}");
        let named = |ticket: &str| ticket.parse::<TicketId>().ok();
        if let Some(ses_id) = pk.strip_prefix(keys::MAIL) {
            if sk == keys::MAIL_SENT {
                self.sent.insert(ses_id.to_owned());
            } else {
                self.filed.push(FiledRaw {
                    ses_id: ses_id.to_owned(),
                    raw: text("raw").to_owned(),
                });
            }
            let notice = NoticeId::from_stored(text("notice")).filter(|_| sk == keys::MAIL_SENT);
            self.named
                .extend(named(text("ticket")).map(|ticket| (name, ticket, notice)));
        } else if pk.starts_with(keys::ONCE_RECORDS) {
            match named(text("ticket")) {
                Some(ticket) => self.named.push((name, ticket, None)),
                None => self.strange.push(name),
            }
        } else if pk == keys::PUBLICATIONS.0 && sk.starts_with(keys::ROLLOUTS) {
            self.rollouts.insert(sk.to_owned(), item);
        }
    }
}

impl Store {
    /// Reads all keys of the table, and of what speaks of tickets a little more.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn survey(&self, progress: Progress<'_>) -> Result<Survey, StoreError> {
        let asked = Asked {
            projection: Some(
                "PK, SK, #ticket, notice, #raw, step, queue_at, due_at, parked, held, park_why, st",
            ),
            filter: None,
        };
        let mut survey = Survey::default();
        self.scan(asked, progress, |item| survey.take(item)).await?;
        Ok(survey)
    }

    /// What is wrong outside of the tickets' own partitions: records that name what is not there, and rollouts.
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
        for name in &survey.strange {
            findings.push(Finding::new(Problem::Unreadable, name, None));
        }
        for (name, ticket, notice) in &survey.named {
            // A ticket may have been opened behind the scan's back: it is asked for again.
            let known = survey.tickets.contains(ticket)
                || self
                    .get(&keys::ticket(*ticket), keys::SNAPSHOT)
                    .await?
                    .is_some();
            if !known {
                let what = format!("{name} (ticket {ticket})");
                findings.push(Finding::new(Problem::Orphan, what, None));
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
        for sk in survey.rollouts.keys() {
            let (pk, _) = keys::PUBLICATIONS;
            if let Some(item) = self.get(pk, sk).await? {
                findings.extend(rollout(&item, now));
                if item.contains_key("due_at") || unfinished(&item) {
                    examined.rollouts.push(RolloutId::from_stored(sk));
                }
            }
        }
        Ok(examined)
    }
}

/// A rollout is under way, parked, or done; done ones keep nothing of their place.
fn rollout(item: &Item, now: Timestamp) -> Option<Finding> {
    let kind = parked::kind_of(item)?;
    if let Some(parked) = parked::read(item) {
        return Some(waiting(&parked));
    }
    if let Some(due) = text_of(item, "due_at") {
        return overdue(due, now).then(|| Finding::new(Problem::Overdue, &kind, None));
    }
    let mend = Mend::Entry(kind.clone());
    unfinished(item).then(|| Finding::new(Problem::Timer, &kind, Some(mend)))
}

/// Whether a rollout has not begun or has kept its place.
fn unfinished(item: &Item) -> bool {
    let step = item.get("step").and_then(|step| step.as_n().ok());
    step.is_some_and(|step| step == "0") || item.contains_key("queue_at")
}

/// A parked or held entry as a finding.
pub(super) fn waiting(parked: &parked::Parked) -> Finding {
    let problem = if parked.held {
        Problem::Held
    } else {
        Problem::Parked
    };
    Finding::new(problem, &parked.kind, None)
}

/// Whether an entry has been due for long.
pub(super) fn overdue(due_at: &str, now: Timestamp) -> bool {
    keys::instant_of(due_at).is_some_and(|due| now.duration_since(due) > LATE)
}
