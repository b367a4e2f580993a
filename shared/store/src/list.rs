//! Lists of tickets, by department and status group.

use jiff::Timestamp;
use policy::Policy;
use ticket::{AddressHash, Ticket};

use crate::error::StoreError;
use crate::item::text;
use crate::{Store, keys, rows};

/// A ticket in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The ticket.
    pub ticket: Ticket,
    /// Its subject; personal.
    pub subject: String,
    /// When it is to be looked at next.
    pub next_due: Option<Timestamp>,
}

impl Store {
    /// All tickets of a policy's departments and of triage, those due first first.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn tickets(&self, policy: &Policy) -> Result<Vec<Listed>, StoreError> {
        let departments = policy.terms().departments.iter().map(|d| d.id.to_string());
        let mut listed = Vec::new();
        for department in departments.chain(["triage".to_owned()]) {
            for group in rows::GROUPS {
                self.queue(&format!("{department}#{group}"), &mut listed)
                    .await?;
            }
        }
        listed.sort_by_key(|row| (row.next_due.is_none(), row.next_due, row.ticket.opened_at));
        Ok(listed)
    }

    /// The newest tickets that a person has asked or takes part in, at most this many.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn tickets_of(
        &self,
        who: &AddressHash,
        most: i32,
    ) -> Result<Vec<Ticket>, StoreError> {
        let page = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name("person")
            .key_condition_expression("person = :person")
            .expression_attribute_values(":person", text(who.as_str()))
            .scan_index_forward(false)
            .limit(most)
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("listing a person's tickets", error))?;
        let mut tickets = Vec::new();
        for entry in page.items() {
            let pk = entry.get("PK").and_then(|value| value.as_s().ok());
            let Some(pk) = pk else { continue };
            if let Some(item) = self.get(pk, keys::SNAPSHOT).await? {
                let (ticket, ..) = rows::read_snapshot(&item)?;
                // A stranger's item says who wrote, and nothing more.
                tickets.extend(Some(ticket).filter(|ticket| ticket.is_participant(who)));
            }
        }
        Ok(tickets)
    }

    async fn queue(&self, queue: &str, listed: &mut Vec<Listed>) -> Result<(), StoreError> {
        for pk in self.queued(queue).await? {
            // An index entry may be stale: the ticket itself is read, and may be gone.
            if let Some(item) = self.get(&pk, keys::SNAPSHOT).await? {
                let (ticket, subject, next_due) = rows::read_snapshot(&item)?;
                listed.push(Listed {
                    ticket,
                    subject,
                    next_due,
                });
            }
        }
        Ok(())
    }

    /// The partition keys of the items in a partition of the queue index, in its order.
    pub(crate) async fn queued(&self, queue: &str) -> Result<Vec<String>, StoreError> {
        let (mut keys, mut from) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .query()
                .table_name(&*self.table)
                .index_name("queue")
                .key_condition_expression("queue = :queue")
                .expression_attribute_values(":queue", text(queue))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| StoreError::of_sdk("listing a queue", error))?;
            let found = page.items().iter().filter_map(|entry| entry.get("PK"));
            keys.extend(found.filter_map(|pk| pk.as_s().ok()).cloned());
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(keys);
            }
        }
    }
}
