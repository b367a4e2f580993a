//! Idempotency records: what came before is not done again.

use jiff::Timestamp;
use ticket::{ContentDigest, TicketId};

use crate::error::StoreError;
use crate::item::{self, Reader, number, text, with};
use crate::transaction::{Label, Transaction};
use crate::{EMAIL, Store, keys};

/// An idempotency record outlives every way an input can be delivered again (SQS keeps 14 days).
pub(crate) const ONCE_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// What makes a command's input unique, so that its second delivery changes nothing.
#[derive(Debug, Clone)]
pub struct Once {
    /// The kind of source.
    pub source: &'static str,
    /// The input's key there.
    pub key: String,
    /// Digest of the input.
    pub body: ContentDigest,
    /// What the input is, whichever way it came: the same mail comes once for each of our addresses. Taken once too.
    pub copy: Option<ContentDigest>,
}

impl Once {
    /// An inbound mail by its SES id, which stands for its bytes: SES gives each mail its own.
    pub fn of_mail(ses_id: &str) -> Self {
        Self {
            source: EMAIL,
            key: ses_id.to_owned(),
            body: ContentDigest::of(&[ses_id.as_bytes()]),
            copy: None,
        }
    }

    /// The record of the copy, as an input of its own.
    pub(crate) fn of_copy(copy: &ContentDigest) -> Self {
        Self {
            source: "copy",
            key: copy.as_str().to_owned(),
            body: copy.clone(),
            copy: None,
        }
    }
}

impl Store {
    /// Which ticket took an input, and the digest of what it was.
    pub async fn taken(
        &self,
        once: &Once,
    ) -> Result<Option<(TicketId, ContentDigest)>, StoreError> {
        let pk = keys::once(once.source, &once.key);
        let Some(item) = self.get(&pk, keys::ONCE).await? else {
            return Ok(None);
        };
        read(&item).map(Some)
    }

    /// Notes under an input's own key that it is a copy of one which a ticket took; answers that ticket, none if it is no
    /// copy. Its raw mail leaves the inbox as any other does: when it is delivered again, this note is all there is of it.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: noting it again changes nothing.
    pub(crate) async fn note_copy(
        &self,
        once: &Once,
        now: Timestamp,
    ) -> Result<Option<TicketId>, StoreError> {
        let Some(copy) = &once.copy else {
            return Ok(None);
        };
        let Some((id, _)) = self.taken(&Once::of_copy(copy)).await? else {
            return Ok(None);
        };
        let put = self.client.put_item().table_name(&*self.table);
        put.set_item(Some(record(once, id, now)))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("noting a copy", error))?;
        Ok(Some(id))
    }
}

pub(crate) fn read(item: &item::Item) -> Result<(TicketId, ContentDigest), StoreError> {
    let reader = Reader::new(item)?;
    let id = reader.text("ticket")?.parse();
    let id = id.map_err(|error| StoreError::corrupt(reader.name(), error))?;
    let body = ContentDigest::from_stored(reader.text("body")?)
        .ok_or_else(|| StoreError::corrupt(reader.name(), "no digest"))?;
    Ok((id, body))
}

/// Notes which ticket took a mail, whichever of our addresses it came to.
pub(crate) fn put_copy(
    transaction: &mut Transaction<'_>,
    copy: &ContentDigest,
    id: TicketId,
    now: Timestamp,
) {
    transaction.put_new(Label::Once, record(&Once::of_copy(copy), id, now));
}

pub(crate) fn record(once: &Once, id: TicketId, now: Timestamp) -> item::Item {
    let until = now.checked_add(ONCE_KEPT).unwrap_or(now);
    with(
        item::new(&keys::once(once.source, &once.key), keys::ONCE),
        [
            ("ticket", text(id.as_str())),
            ("body", text(once.body.as_str())),
            ("ttl", number(until.as_second())),
        ],
    )
}
