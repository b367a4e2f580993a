//! What was decided about the conduct of an address: by whom, why, from when to when (clause ON.6). Nothing is removed.

use jiff::Timestamp;
use policy::{ConductId, PersonId};
use ticket::{AddressHash, TicketId};

use crate::error::{StoreError, is_failed_condition};
use crate::item::{self, Item, Reader, instant, key, text, with};
use crate::{Store, keys};

/// One decision about an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The level of the policy's `[conduct]`.
    pub level: ConductId,
    /// When it was decided.
    pub from: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Why, as the person reads it; personal.
    pub reason: String,
    /// Who decided.
    pub by: PersonId,
    /// The ticket on which it was decided: what the person writes there is always taken, as an objection.
    pub ticket: TicketId,
    /// How it ended before its time, if it did.
    pub ended: Option<TakenBack>,
}

/// A decision that was taken back, or replaced by a newer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonId,
    /// Why; may be empty; personal.
    pub reason: String,
}

impl Standing {
    /// When it ends, or has ended.
    pub fn end(&self) -> Timestamp {
        let ended = self.ended.as_ref().map(|ended| ended.at);
        ended.map_or(self.until, |at| at.min(self.until))
    }

    /// Whether it stands at this instant: from its decision, until before its end.
    pub fn lasts_at(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.end()
    }
}

impl Store {
    /// Every decision about an address, oldest first.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn standings(&self, who: &AddressHash) -> Result<Vec<Standing>, StoreError> {
        let items = self.partition(&keys::contact(who), keys::STANDINGS).await?;
        items.iter().map(read).collect()
    }

    /// What stands about an address at an instant, which is when something reached us: what was written before the end
    /// and is read after it was written under the decision.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn standing(
        &self,
        who: &AddressHash,
        at: Timestamp,
    ) -> Result<Option<Standing>, StoreError> {
        let all = self.standings(who).await?;
        Ok(all.into_iter().rev().find(|it| it.lasts_at(at)))
    }

    /// Records a decision. One that stands already is ended by it: the newer word counts.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: recording the same twice is the same as once.
    pub async fn set_standing(
        &self,
        who: &AddressHash,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        let replaced = TakenBack {
            at: standing.from,
            by: standing.by.clone(),
            reason: String::new(),
        };
        self.end_standing(who, &replaced).await?;
        let item = with(
            item::new(&keys::contact(who), &keys::standing(standing.from)),
            [
                ("level", text(standing.level.as_str())),
                ("from", instant(standing.from)),
                ("until", instant(standing.until)),
                ("words", text(&standing.reason)),
                ("by", text(standing.by.as_str())),
                ("ticket", text(standing.ticket.as_str())),
            ],
        );
        let put = self.client.put_item().table_name(&*self.table);
        put.set_item(Some(item))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("recording a decision on conduct", error))?;
        Ok(())
    }

    /// Ends what stands at `ended.at`; it stays on record with who ended it. None if nothing stands.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn end_standing(
        &self,
        who: &AddressHash,
        ended: &TakenBack,
    ) -> Result<Option<Standing>, StoreError> {
        let Some(standing) = self.standing(who, ended.at).await? else {
            return Ok(None);
        };
        let sk = keys::standing(standing.from);
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::contact(who), &sk)))
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(ended)")
            .update_expression("SET ended = :at, ended_by = :by, ended_words = :words")
            .expression_attribute_values(":at", instant(ended.at))
            .expression_attribute_values(":by", text(ended.by.as_str()))
            .expression_attribute_values(":words", text(&ended.reason));
        match update.send().await {
            Ok(_) => Ok(Some(standing)),
            Err(error) if is_failed_condition(&error) => Ok(None),
            Err(error) => Err(StoreError::of_sdk("ending a decision on conduct", error)),
        }
    }
}

pub(crate) fn read(item: &Item) -> Result<Standing, StoreError> {
    let reader = Reader::new(item)?;
    let person = |name| {
        let id = PersonId::new(reader.text(name)?);
        id.map_err(|error| StoreError::corrupt(reader.name(), error))
    };
    let level = ConductId::new(reader.text("level")?);
    let ticket = reader.text("ticket")?.parse();
    let ended = match item.get("ended") {
        Some(_) => Some(TakenBack {
            at: reader.instant("ended")?,
            by: person("ended_by")?,
            reason: reader.text("ended_words")?.to_owned(),
        }),
        None => None,
    };
    Ok(Standing {
        level: level.map_err(|error| StoreError::corrupt(reader.name(), error))?,
        from: reader.instant("from")?,
        until: reader.instant("until")?,
        reason: reader.text("words")?.to_owned(),
        by: person("by")?,
        ticket: ticket.map_err(|error| StoreError::corrupt(reader.name(), error))?,
        ended,
    })
}
