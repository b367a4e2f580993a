//! A notice with everything that it is written from, and what every text asks of that.

use jiff::{SignedDuration, Timestamp};
use policy::{Lang, Person, PersonId, Policy};
use ticket::{Actor, AddressHash, Addressee, Keyring, Notice, Recorded, Text, Ticket, TicketId};

use super::{AGENT_REPLY_DAYS, texts::Texts};
use crate::inbound::Mailbox;
use crate::outbound::Band;
use crate::threading::{Reference, ReplyAddress};

/// A notice with everything that it is written from.
#[derive(Debug, Clone, Copy)]
pub struct NoticeView<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// Its ticket as it is now.
    pub ticket: &'a Ticket,
    /// The ticket's subject; personal.
    pub subject: &'a str,
    /// The policy version that the ticket is held to: promises, departments.
    pub policy: &'a Policy,
    /// The policy in force now: people's names.
    pub current: &'a Policy,
    /// Who gets it.
    pub receiver: &'a Receiver,
    /// The events that [`super::events_needed`] asks for, as far as there are any.
    pub events: &'a [Recorded],
    /// Whether the files that [`super::to_enclose`] names go along with the letter.
    pub enclosed: bool,
    /// Whoever wrote the words of these events and is not the requester, as far as they are known; for staff.
    pub writers: &'a [(AddressHash, Mailbox)],
    /// Where the form, the policy's page and the customers' pages are, without a slash at the end.
    pub site: &'a str,
    /// The domain that sends and receives.
    pub domain: &'a str,
    /// Signs reply addresses and reference ids.
    pub keyring: &'a Keyring,
    /// When it is written.
    pub now: Timestamp,
}

/// Who gets a notice.
#[derive(Debug, Clone)]
pub enum Receiver {
    /// A participant.
    Customer {
        /// Their pseudonym.
        hash: AddressHash,
        /// Their address and the name that they gave.
        mailbox: Mailbox,
        /// The URL of their page of the ticket.
        page: String,
    },
    /// A member of staff.
    Staff {
        /// The person.
        person: Person,
        /// The pseudonym of their address, by which their answer is recognised.
        hash: AddressHash,
        /// The customer who asked, if they are still known.
        requester: Option<Mailbox>,
    },
    /// An address that a ladder names and that is no person's.
    Address {
        /// The address.
        address: String,
        /// The language it is written to in.
        lang: Lang,
        /// The pseudonym of the address.
        hash: AddressHash,
        /// The customer who asked, if they are still known.
        requester: Option<Mailbox>,
    },
}

impl NoticeView<'_> {
    /// The language of whoever gets it.
    pub(super) fn lang(&self) -> &Lang {
        match self.receiver {
            Receiver::Customer { .. } => &self.ticket.lang,
            Receiver::Staff { person, .. } => &person.lang,
            Receiver::Address { lang, .. } => lang,
        }
    }

    /// The company in its colours, as the policy in force has them.
    pub(super) fn band(&self) -> Option<Band> {
        let terms = self.current.terms();
        let brand = terms.brand.as_ref()?;
        Some(Band {
            name: terms.company.name.clone(),
            colours: (brand.colour, brand.text),
        })
    }

    /// The Message-ID of the receiver's own mail that this one answers: their program files the answer under it, whatever
    /// it thinks of our ids. Never anybody else's; and an acknowledgement carries one to a proved address only, since
    /// whoever sent the mail chose it.
    pub(super) fn answered(&self) -> Option<String> {
        let Receiver::Customer { hash, .. } = self.receiver else {
            return None;
        };
        let seq = match &self.notice.text {
            Text::Reply { answers, .. } => (*answers)?,
            Text::Acknowledgement if self.proved() => 1,
            _ => return None,
        };
        let event = self.event(seq)?;
        let own = event.actor == Actor::Customer(hash.clone());
        let words = event.words.as_ref().filter(|_| own)?;
        words.message_id.clone()
    }

    /// What stands below every mail: who writes, where they are, what they do with personal data.
    pub(super) fn imprint(&self, texts: &Texts) -> Vec<String> {
        let terms = self.policy.terms();
        let company = &terms.company;
        let privacy = format!("{}: {}", texts.customer.privacy, company.privacy_url);
        let mut entries = vec![company.name.clone(), company.address.clone()];
        let brand = self.current.terms().brand.as_ref();
        entries.extend(brand.and_then(|brand| brand.footer.get(self.lang()).cloned()));
        entries.push(privacy);
        entries
    }

    pub(super) fn ticket_id(&self) -> TicketId {
        self.ticket.id
    }

    pub(super) fn number(&self) -> String {
        self.ticket_id().number(&self.policy.terms().prefix)
    }

    pub(super) fn company(&self) -> &str {
        &self.policy.terms().company.name
    }

    pub(super) fn reference(&self, what: &str) -> String {
        Reference::sign(self.ticket_id(), what, self.domain, self.keyring)
    }

    pub(super) fn participant_address(&self, hash: &AddressHash) -> String {
        ReplyAddress::participant(self.ticket_id(), hash.short(), self.domain, self.keyring)
    }

    pub(super) fn agent_address(&self, hash: &AddressHash) -> String {
        let until = self.agent_address_ends();
        ReplyAddress::agent(
            self.ticket_id(),
            hash.short(),
            until,
            self.domain,
            self.keyring,
        )
    }

    pub(super) fn agent_address_ends(&self) -> Timestamp {
        let kept = SignedDuration::from_hours(24 * AGENT_REPLY_DAYS);
        self.now.checked_add(kept).unwrap_or(Timestamp::MAX)
    }

    /// Whether the receiver is the requester, and the address is proved to be theirs.
    ///
    /// Whoever types another's address into the form must not be able to have words of their own mailed there.
    pub(super) fn proved(&self) -> bool {
        let requester = Addressee::Customer(self.ticket.requester.clone());
        self.ticket.requester_proved && self.notice.to == requester
    }

    pub(super) fn proved_name(&self) -> Option<&str> {
        match self.receiver {
            Receiver::Customer { mailbox, .. } if self.proved() => {
                Some(mailbox.name.trim()).filter(|name| !name.is_empty())
            }
            Receiver::Customer { .. } | Receiver::Staff { .. } | Receiver::Address { .. } => None,
        }
    }

    /// A person's name: as the policy in force has it, else as the ticket's had it.
    pub(super) fn person(&self, id: &PersonId) -> Option<&Person> {
        self.current.person(id).or_else(|| self.policy.person(id))
    }

    pub(super) fn event(&self, seq: u32) -> Option<&Recorded> {
        self.events.iter().find(|event| event.seq == seq)
    }

    /// An instant as wall time: the customer's zone for them if we know it, the policy's for everybody else.
    pub(super) fn time(&self, at: Timestamp) -> String {
        let own = match self.receiver {
            Receiver::Customer { .. } => self.ticket.zone.as_deref(),
            Receiver::Staff { .. } | Receiver::Address { .. } => None,
        };
        let zone = own.unwrap_or_else(|| self.policy.terms().zone.name());
        ticket::time_text(at, zone, self.lang())
    }
}
