//! Items outside of tickets, each by itself: whether it can be read, counts what has been, and has an end.

use jiff::{SignedDuration, Timestamp};

use super::partition::unreadable;
use super::survey::LATE;
use super::{Finding, Mend, Problem};
use crate::counters::{self, COUNTER_KEPT};
use crate::delivery::REMEMBERED;
use crate::error::StoreError;
use crate::item::{Item, Reader};
use crate::mail_map::{FILED_KEPT, read_filed, read_sent};
use crate::once::{self, ONCE_KEPT};
use crate::outbox::SENT_MAIL_KEPT;
use crate::scan::text_of;
use crate::{busy, keys, publications, standing};

/// What an item outside of tickets is, by its keys.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Record,
    Counter,
    Sent,
    Filed,
    Reach,
    /// What is read by many and stays: few, and without it a function cannot go on.
    Schedule(fn(&Item) -> Result<(), StoreError>),
}

impl Kind {
    fn of(item: &Item) -> Option<Self> {
        let (pk, sk) = (text_of(item, "PK")?, text_of(item, "SK")?);
        let of_contact = pk.starts_with(keys::CONTACTS);
        Some(match sk {
            keys::ONCE if pk.starts_with(keys::ONCE_RECORDS) => Self::Record,
            keys::COUNTER if pk.starts_with(keys::COUNTERS) => Self::Counter,
            keys::MAIL_SENT if pk.starts_with(keys::MAIL) => Self::Sent,
            keys::MAIL_FILED if pk.starts_with(keys::MAIL) => Self::Filed,
            keys::REACH if of_contact => Self::Reach,
            sk if of_contact && sk.starts_with(keys::STANDINGS) => {
                Self::Schedule(|item| standing::read(item).map(drop))
            }
            sk if pk == keys::BUSY.0 && sk.starts_with(keys::BUSY.1) => {
                Self::Schedule(|item| busy::read(item).map(drop))
            }
            sk if pk == keys::PUBLICATIONS.0 && sk.starts_with(keys::PUBLICATIONS.1) => {
                Self::Schedule(|item| publications::read(item).map(drop))
            }
            _ => return None,
        })
    }

    /// How long it stays at most after it was written last; none for what stays.
    fn kept(self) -> Option<SignedDuration> {
        match self {
            Self::Record => Some(ONCE_KEPT),
            Self::Counter => Some(COUNTER_KEPT),
            Self::Sent => Some(SENT_MAIL_KEPT),
            Self::Filed => Some(FILED_KEPT),
            Self::Reach => Some(REMEMBERED),
            Self::Schedule(_) => None,
        }
    }

    fn read(self, item: &Item) -> Result<(), StoreError> {
        match self {
            Self::Record => once::read(item).map(drop),
            Self::Counter if item.contains_key("n") => {
                Reader::new(item)?.number::<u64>("n").map(drop)
            }
            Self::Counter => counters::read(item).map(drop),
            Self::Sent => read_sent(item).map(drop),
            Self::Filed => read_filed("", item).map(drop),
            Self::Reach => Reader::new(item).map(drop),
            Self::Schedule(read) => read(item),
        }
    }
}

/// The second at which an item's time is over.
pub(super) fn end_of(item: &Item) -> Option<i64> {
    item.get("ttl")?.as_n().ok()?.parse().ok()
}

/// Whether an item that was read in part has to be read whole and judged.
pub(super) fn is_doubtful(item: &Item, now: Timestamp) -> bool {
    let always = matches!(Kind::of(item), Some(Kind::Schedule(_)));
    always || judged(item, now).is_some()
}

/// What is wrong with an item.
pub(super) fn judged(item: &Item, now: Timestamp) -> Option<Finding> {
    let kind = Kind::of(item)?;
    let (pk, sk) = (text_of(item, "PK")?.to_owned(), text_of(item, "SK")?);
    let name = format!("{pk} {sk}");
    let anew = || {
        let mend = Some(Mend::Counter(pk.clone()));
        Finding::new(Problem::Counter, &name, mend)
    };
    if let Err(error) = kind.read(item) {
        let newer = matches!(error, StoreError::NewerSchema { .. });
        return Some(match kind {
            Kind::Counter if !newer => anew(),
            _ => unreadable(item, &error),
        });
    }
    if matches!(kind, Kind::Counter) && counts_ahead(item, now) {
        return Some(anew());
    }
    let kept = kind.kept()?;
    let end = now.checked_add(kept + LATE).ok()?.as_second();
    let is_endless = end_of(item).is_none_or(|it| it > end);
    is_endless.then(|| {
        let mend = Mend::End(pk.clone(), sk.to_owned(), kept);
        Finding::new(Problem::Endless, &name, Some(mend))
    })
}

/// Whether a counter has counted an instant that is not yet: it would count as one of the last day until then.
fn counts_ahead(item: &Item, now: Timestamp) -> bool {
    let times = counters::read(item).map(|(times, _)| times);
    let ahead = |at: &Timestamp| at.duration_since(now) > LATE;
    times.unwrap_or_default().iter().any(ahead)
}
