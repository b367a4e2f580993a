//! Declared busy times: who declared them, from when to when, and why. They are never removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use policy::{Lang, Span};
use tokio::sync::Mutex;

use crate::error::{StoreError, is_failed_condition};
use crate::item::{self, Item, Reader, instant, json, key, text, with};
use crate::publications::SCHEDULE_AGE;
use crate::{Store, keys};

/// What was read last, and when; believed as long as the schedule of policies.
pub(crate) type Cache = Mutex<Option<(Timestamp, Arc<[Busy]>)>>;

/// A declared busy time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// When it was declared; tickets received from then on are told of it.
    pub from: Timestamp,
    /// When it ends, unless it is ended before.
    pub until: Timestamp,
    /// Why, as customers may read it who have no language of [`Self::reasons`].
    pub reason: String,
    /// The same in other languages.
    pub reasons: BTreeMap<Lang, String>,
    /// Who declared it.
    pub by: String,
    /// When it was ended before its time, and by whom.
    pub ended: Option<(Timestamp, String)>,
}

/// What became of an order to end the busy time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BusyUntil {
    /// It ends now.
    Ended(Busy),
    /// Nothing was declared.
    NotBusy,
}

impl Busy {
    /// Why, in this language if it was declared in it.
    pub fn reason_in(&self, lang: &Lang) -> &str {
        self.reasons.get(lang).unwrap_or(&self.reason)
    }

    /// When it ends, or has ended.
    pub fn end(&self) -> Timestamp {
        let ended = self.ended.as_ref().map(|(at, _)| *at);
        ended.map_or(self.until, |at| at.min(self.until))
    }

    /// From its declaration to its end.
    pub fn span(&self) -> Span {
        Span {
            from: self.from,
            until: Some(self.end()),
        }
    }

    /// Whether it lasts at this instant: from its declaration, until before its end.
    pub fn lasts_at(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.end()
    }
}

impl Store {
    /// Every busy time that was ever declared, oldest first.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn busy_times(&self) -> Result<Vec<Busy>, StoreError> {
        let (pk, prefix) = keys::BUSY;
        let items = self.partition(pk, prefix).await?;
        items.iter().map(read).collect()
    }

    /// The declared busy times as a function knows them: what was declared a minute before `now` is among them.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn busy_known(&self, now: Timestamp) -> Result<Arc<[Busy]>, StoreError> {
        let mut cached = self.busy.lock().await;
        let fresh = cached
            .as_ref()
            .filter(|(read, _)| now.duration_since(*read).abs() < SCHEDULE_AGE);
        if let Some((_, times)) = fresh {
            return Ok(times.clone());
        }
        let times: Arc<[Busy]> = self.busy_times().await?.into();
        *cached = Some((now, times.clone()));
        Ok(times)
    }

    /// Declares a busy time. One that lasts already is ended by it: the newer word counts.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: declaring the same twice is the same as once.
    pub async fn declare_busy(&self, busy: &Busy) -> Result<(), StoreError> {
        self.end_busy(busy.from, &busy.by).await?;
        let (pk, prefix) = keys::BUSY;
        let sk = format!("{prefix}{:015}", busy.from.as_millisecond());
        let item = with(
            item::new(pk, &sk),
            [
                ("from", instant(busy.from)),
                ("until", instant(busy.until)),
                ("reason", text(&busy.reason)),
                ("reasons", json(&busy.reasons)),
                ("by", text(&busy.by)),
            ],
        );
        let put = self.client.put_item().table_name(&*self.table);
        put.set_item(Some(item))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("declaring a busy time", error))?;
        Ok(())
    }

    /// Ends the busy time that lasts at `at`; it stays on record with who ended it.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn end_busy(&self, at: Timestamp, by: &str) -> Result<BusyUntil, StoreError> {
        let times = self.busy_times().await?;
        let Some(busy) = times.into_iter().rev().find(|busy| busy.lasts_at(at)) else {
            return Ok(BusyUntil::NotBusy);
        };
        let (pk, prefix) = keys::BUSY;
        let sk = format!("{prefix}{:015}", busy.from.as_millisecond());
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(pk, &sk)))
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(ended)")
            .update_expression("SET ended = :at, ended_by = :by")
            .expression_attribute_values(":at", instant(at))
            .expression_attribute_values(":by", text(by));
        match update.send().await {
            Ok(_) => Ok(BusyUntil::Ended(Busy {
                ended: Some((at, by.to_owned())),
                ..busy
            })),
            Err(error) if is_failed_condition(&error) => Ok(BusyUntil::NotBusy),
            Err(error) => Err(StoreError::of_sdk("ending a busy time", error)),
        }
    }
}

pub(crate) fn read(item: &Item) -> Result<Busy, StoreError> {
    let reader = Reader::new(item)?;
    let ended = match item.get("ended") {
        Some(_) => Some((
            reader.instant("ended")?,
            reader.text("ended_by")?.to_owned(),
        )),
        None => None,
    };
    Ok(Busy {
        from: reader.instant("from")?,
        until: reader.instant("until")?,
        reason: reader.text("reason")?.to_owned(),
        // Older binaries declared them in one language.
        reasons: match item.get("reasons") {
            Some(_) => reader.json("reasons")?,
            None => BTreeMap::new(),
        },
        by: reader.text("by")?.to_owned(),
        ended,
    })
}
