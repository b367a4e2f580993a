//! Merged tickets: where a ticket goes on, and what a merge is decided on.

use policy::Policy;
use ticket::{Contact, Other, TicketId, Words, transcript};

use crate::error::StoreError;
use crate::{Store, Stored};

/// So many tickets of a chain are read; [`ticket::caps::MERGED`] keeps every honest one shorter.
const LONGEST: usize = ticket::caps::MERGED + 1;

/// The ticket that a merge goes on with, and what comes along.
#[derive(Debug)]
pub(crate) struct Partner {
    named: TicketId,
    pub(crate) end: Stored,
    people: Vec<Contact>,
    words: Words,
}

impl Partner {
    pub(crate) fn other(&self) -> Other<'_> {
        let policy: &Policy = &self.end.policy;
        Other {
            named: self.named,
            end: &self.end.ticket,
            policy,
            people: &self.people,
            words: &self.words,
        }
    }
}

impl Store {
    /// The ticket that goes on where this one was merged: the end of its chain, or the ticket itself.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn followed(&self, id: TicketId) -> Result<Option<Stored>, StoreError> {
        match self.load(id).await? {
            Some(stored) => self.end_of(stored).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whatever a chain looks like, it ends: before a ticket that is not there, before one that was seen already, and after
    /// so many. What it ends with is closed then, and takes what comes as every closed ticket does; `troth verify` names
    /// the break.
    pub(crate) async fn end_of(&self, stored: Stored) -> Result<Stored, StoreError> {
        let mut seen = vec![stored.ticket.id];
        let mut end = stored;
        while let Some(next) = end.ticket.merged_into
            && !seen.contains(&next)
            && seen.len() < LONGEST
            && let Some(stored) = self.load(next).await?
        {
            seen.push(next);
            end = stored;
        }
        Ok(end)
    }

    /// What a merge of `source` into the ticket named is decided on; none if there is no such ticket.
    pub(crate) async fn partner(
        &self,
        source: &Stored,
        named: TicketId,
    ) -> Result<Option<Partner>, StoreError> {
        let Some(end) = self.followed(named).await? else {
            return Ok(None);
        };
        let ticket = &source.ticket;
        let mut people = Vec::new();
        for who in std::iter::once(&ticket.requester).chain(&ticket.participants) {
            let known = self.participant(ticket.id, who).await?;
            people.extend(known.map(|person| Contact {
                hash: person.hash,
                address: person.address,
                name: person.name,
            }));
        }
        let words = transcript(&source.subject, &self.history(ticket.id).await?);
        Ok(Some(Partner {
            named,
            end,
            people,
            words,
        }))
    }
}
