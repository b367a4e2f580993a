//! One pass over all keys: which tickets there are, and what speaks of tickets from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use ticket::{AddressHash, NoticeId, TicketId};

use super::kept;
use super::{Finding, Problem};
use crate::error::StoreError;
use crate::item::Item;
use crate::scan::{Asked, Progress, text_of, ticket_of};
use crate::{Store, keys, once, parked};

/// Due for so long, an entry has been passed over by many ticks; and no two functions' clocks differ by more.
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
    /// Idempotency records by the ticket that they name.
    pub(super) records: BTreeMap<TicketId, Vec<Record>>,
    /// Mails that were sent or made a ticket, with what they name.
    pub(super) mails: Vec<(String, TicketId, Option<NoticeId>)>,
    /// The SES ids of mails that were sent.
    pub(super) sent: BTreeSet<String>,
    pub(super) rollouts: BTreeSet<String>,
    pub(super) digests: Vec<AddressHash>,
    /// The keys of items that a second look has to judge.
    pub(super) doubtful: Vec<(String, String)>,
}

/// An idempotency record.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) pk: String,
    /// When it was written, in seconds, which follows from its end.
    pub(super) taken: Option<i64>,
}

impl Survey {
    fn take(&mut self, item: &Item, now: Timestamp) {
        if let Some(ticket) = ticket_of(item) {
            self.tickets.insert(ticket);
            return;
        }
        let text = |name| text_of(item, name).unwrap_or_default();
        let (pk, sk) = (text("PK"), text("SK"));
        let named = text("ticket").parse::<TicketId>().ok();
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
            let name = format!("{pk} {sk}");
            self.mails
                .extend(named.map(|ticket| (name, ticket, notice)));
        } else if pk.starts_with(keys::ONCE_RECORDS) {
            let kept = once::ONCE_KEPT.as_secs();
            let record = Record {
                pk: pk.to_owned(),
                taken: kept::end_of(item).map(|end| end - kept),
            };
            if let Some(ticket) = named {
                self.records.entry(ticket).or_default().push(record);
            }
        } else if pk == keys::PUBLICATIONS.0 && sk.starts_with(keys::ROLLOUTS) {
            self.rollouts.insert(sk.to_owned());
        } else if let Some(who) = pk
            .strip_prefix(keys::CONTACTS)
            .filter(|_| sk == keys::DIGEST)
        {
            self.digests.extend(AddressHash::from_stored(who));
        }
        if kept::is_doubtful(item, now) {
            self.doubtful.push((pk.to_owned(), sk.to_owned()));
        }
    }
}

impl Store {
    /// Reads all keys of the table, and of what speaks of tickets a little more.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn survey(
        &self,
        now: Timestamp,
        progress: Progress<'_>,
    ) -> Result<Survey, StoreError> {
        let asked = Asked {
            projection: Some(
                "PK, SK, v, #ticket, notice, #raw, body, #ttl, kind, evidence, #at, times, rev, n",
            ),
            filter: None,
        };
        let mut survey = Survey::default();
        self.scan(asked, progress, |item| survey.take(&item, now))
            .await?;
        Ok(survey)
    }
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
