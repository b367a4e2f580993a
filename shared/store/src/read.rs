//! Reading: one item, a ticket, its log, its people.

use std::sync::Arc;

use aws_sdk_dynamodb::types::Select;
use jiff::Timestamp;
use policy::Policy;
use ticket::{AddressHash, Event, Recorded, Ticket, TicketId};

use crate::error::StoreError;
use crate::item::{Item, Reader, key, text};
use crate::{Store, keys, rows};

/// A ticket as it stands in the table.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The snapshot.
    pub ticket: Ticket,
    /// The subject; personal.
    pub subject: String,
    /// The policy version it is held to.
    pub policy: Arc<Policy>,
    /// When it is to be looked at next.
    pub next_due: Option<Timestamp>,
}

/// A person who may write on a ticket; personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The pseudonym.
    pub hash: AddressHash,
    /// The e-mail address.
    pub address: String,
    /// The name they gave; may be empty.
    pub name: String,
    /// The generation of their link key; raising it revokes every older link.
    pub generation: u32,
}

/// The mails of a ticket's log whose secrets were masked: the event with their words, and the name of the raw mail.
pub fn masked_mails(log: &[Recorded]) -> impl Iterator<Item = (u32, &str)> {
    let masked = log.iter().filter_map(|it| match it.event {
        Event::SecretsMasked { seq, .. } => Some(seq),
        _ => None,
    });
    masked.filter_map(|seq| {
        let words = log.iter().find(|it| it.seq == seq)?.words.as_ref()?;
        Some((seq, words.raw.as_deref()?))
    })
}

impl Store {
    /// One item, read consistently.
    pub(crate) async fn get(&self, pk: &str, sk: &str) -> Result<Option<Item>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&*self.table)
            .set_key(Some(key(pk, sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("reading an item", error))?;
        Ok(answer.item)
    }

    /// All items of a partition whose sort key begins with `prefix`, in order; with an empty one, all there are.
    pub(crate) async fn partition(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .expression_attribute_values(":pk", text(pk))
            .select(Select::AllAttributes)
            .consistent_read(true);
        // DynamoDB refuses an empty string as the value of a key.
        let query = if prefix.is_empty() {
            query.key_condition_expression("PK = :pk")
        } else {
            query
                .key_condition_expression("PK = :pk AND begins_with(SK, :prefix)")
                .expression_attribute_values(":prefix", text(prefix))
        };
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let page = query
                .clone()
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| StoreError::of_sdk("reading a partition", error))?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// A ticket with the policy version it is held to.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; `NewerSchema` and `Corrupt` as named.
    pub async fn load(&self, id: TicketId) -> Result<Option<Stored>, StoreError> {
        let Some(item) = self.get(&keys::ticket(id), keys::SNAPSHOT).await? else {
            return Ok(None);
        };
        let (ticket, subject, next_due) = rows::read_snapshot(&item)?;
        let policy = self.policy(&ticket.policy).await?;
        Ok(Some(Stored {
            ticket,
            subject,
            policy,
            next_due,
        }))
    }

    /// The whole log of a ticket, in order.
    pub async fn history(&self, id: TicketId) -> Result<Vec<Recorded>, StoreError> {
        let items = self.partition(&keys::ticket(id), keys::EVENTS).await?;
        items.iter().map(rows::read_event).collect()
    }

    /// The policy version of a ticket if the raw mail `raw` held secrets, so that a masked copy takes its place; the policy
    /// tells what becomes of the mail itself.
    ///
    /// A mail that no message of the ticket names came to another of our addresses, too, and was taken there, or it brought
    /// orders alone. Which message a copy is stands nowhere, so on a ticket whose secrets were masked it counts as one that held
    /// some: the mail that the message names is kept as it is in any case.
    ///
    /// Asked after the mail was decided, at every delivery: whoever is killed before the raw mail is gone leaves it under
    /// `inbox/`, where the next delivery finds it and asks again.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn held_secrets(
        &self,
        id: TicketId,
        raw: &str,
    ) -> Result<Option<Arc<Policy>>, StoreError> {
        let stored = self.load(id).await?;
        let Some(stored) = stored.filter(|stored| !stored.ticket.masked.is_empty()) else {
            return Ok(None);
        };
        let history = self.history(id).await?;
        let words = history.iter().filter_map(|it| it.words.as_ref());
        let mut named = words.filter_map(|words| words.raw.as_deref());
        let is_copy = !named.any(|name| name == raw);
        let held = is_copy || masked_mails(&history).any(|(_, name)| name == raw);
        Ok(held.then_some(stored.policy))
    }

    /// One event of a ticket.
    pub async fn event(&self, id: TicketId, seq: u32) -> Result<Option<Recorded>, StoreError> {
        let item = self.get(&keys::ticket(id), &keys::event(seq)).await?;
        item.as_ref().map(rows::read_event).transpose()
    }

    /// A participant of a ticket.
    pub async fn participant(
        &self,
        id: TicketId,
        hash: &AddressHash,
    ) -> Result<Option<Participant>, StoreError> {
        let Some(item) = self
            .get(&keys::ticket(id), &keys::participant(hash))
            .await?
        else {
            return Ok(None);
        };
        let reader = Reader::new(&item)?;
        Ok(Some(Participant {
            hash: hash.clone(),
            address: reader.text("address")?.to_owned(),
            name: reader.text("name")?.to_owned(),
            generation: reader.number("gen")?,
        }))
    }
}
