//! What people wrote, set apart from our words.

use ticket::{Actor, AddressHash, Recorded, Words};

use super::Receiver;
use super::staff::Staff;
use crate::outbound::Block;

impl Staff<'_> {
    fn address_of(&self, who: &AddressHash) -> Option<&str> {
        let mut writers = self.view.writers.iter();
        let (_, mailbox) = writers.find(|(hash, _)| hash == who)?;
        Some(&mailbox.address)
    }

    /// What the customer asked in the first place.
    pub(super) fn request(&self) -> Vec<Block> {
        self.quote(1)
    }

    /// The words of an event, set apart from ours.
    pub(super) fn quote(&self, seq: u32) -> Vec<Block> {
        let texts = self.texts;
        let Some(event) = self.view.event(seq) else {
            return vec![Block::Paragraph(texts.erased.to_owned())];
        };
        let (who, time) = (self.writer(event), self.view.time(event.at));
        let mut blocks = vec![Block::Paragraph((texts.wrote)(&who, &time))];
        match &event.words {
            None => blocks.push(Block::Paragraph(texts.erased.to_owned())),
            Some(words) => blocks.extend(self.words(seq, words)),
        }
        blocks
    }

    pub(super) fn words(&self, seq: u32, words: &Words) -> Vec<Block> {
        let texts = self.texts;
        let text = match words.text.trim() {
            "" => texts.empty,
            _ => &words.text,
        };
        let mut blocks = vec![Block::Quote(text.to_owned())];
        if words.cut {
            blocks.push(Block::Paragraph(texts.cut.to_owned()));
        }
        blocks.extend(self.files(seq, words));
        blocks
    }

    fn writer(&self, event: &Recorded) -> String {
        match &event.actor {
            Actor::Agent(agent) => self
                .view
                .person(agent)
                .map_or_else(|| agent.to_string(), |p| p.name.clone()),
            Actor::Customer(who) => self.participant(who),
            Actor::Operator | Actor::System => self.view.company().to_owned(),
        }
    }

    /// The requester by name; anybody else by the address that they wrote from, for staff to know who it is.
    fn participant(&self, who: &AddressHash) -> String {
        let ticket = self.view.ticket;
        let known = match self.view.receiver {
            Receiver::Staff {
                requester: Some(mailbox),
                ..
            }
            | Receiver::Address {
                requester: Some(mailbox),
                ..
            } if *who == ticket.requester => Some(
                [&mailbox.name, &mailbox.address]
                    .into_iter()
                    .find(|text| !text.trim().is_empty()),
            ),
            _ => None,
        };
        match known.flatten() {
            Some(name) => name.clone(),
            None if self.address_of(who).is_some() => {
                self.address_of(who).unwrap_or_default().to_owned()
            }
            None if ticket.is_participant(who) => self.texts.customer.to_owned(),
            None => self.texts.somebody.to_owned(),
        }
    }
}
