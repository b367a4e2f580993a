//! What each notice says, to whom, in their language.
//!
//! [`compose`] is pure: a notice, its ticket and the people concerned in, a [`Letter`] out. What a customer may read and
//! what is for staff only are written in two places that share no text, so that a note cannot slip into a customer's mail.

mod conduct;
mod customer;
mod deadline;
mod digest;
mod explain;
mod files;
mod merge;
mod people;
mod progress;
mod quoted;
mod receipt;
mod refused;
mod staff;
#[cfg(test)]
pub(crate) mod tests;
mod texts;

pub use explain::{coming, explained, steps};
pub use files::{MOST_ENCLOSED, to_enclose};

use jiff::Timestamp;
use policy::{Lang, Person, PersonId, Policy};
use ticket::{Actor, AddressHash, Addressee, Keyring, Notice, Recorded, Text, Ticket, TicketId};

use crate::inbound::Mailbox;
use crate::outbound::{AutoSubmitted, Band, Block, Letter, Page};
use crate::threading::{Reference, ReplyAddress};
use texts::Texts;

/// The line above which an agent writes to the customer.
///
/// It is the same in every language, because [`crate::above_marker`] looks for this one; what it means stands below it
/// in the agent's language. ASCII, so that no mail program can change it.
pub const MARKER: &str = "=== Reply above this line; your words go to the customer ===";

/// How long an agent's reply address acts. Longer than a ticket waits for anybody, short enough that a mailbox that is
/// lost or archived cannot speak for the company for ever; a later reply is kept as a note, and no text is lost.
pub const AGENT_REPLY_DAYS: i64 = 30;

/// The local part that everything is sent from; SES has proved the mail domain, not the departments' own addresses.
const SENDER: &str = "desk";

/// The id that stands first in the References of every mail about a ticket, so that mail programs keep them together.
const ROOT: &str = "root";

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
    /// The events that [`events_needed`] asks for, as far as there are any.
    pub events: &'a [Recorded],
    /// Whether the files that [`to_enclose`] names go along with the letter.
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

/// Why a notice cannot be written, now or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// The event whose words it carries is gone, or is not of the kind that may be shown.
    #[error("the words of event {0} are not there to be sent")]
    NoWords(u32),
    /// A text for customers is addressed to staff, or the other way round.
    #[error("the text is not for this receiver")]
    WrongReceiver,
    /// The policy version has no such promise.
    #[error("the policy version has no such promise")]
    UnknownPromise,
    /// The policy version has no such scope rule.
    #[error("the policy version has no such scope rule")]
    UnknownScope,
}

/// The events whose words a text carries.
pub fn events_needed(text: &Text) -> Vec<u32> {
    /// Where the customer's first words are: what an agent needs who has not seen the ticket yet.
    const REQUEST: u32 = 1;
    match text {
        Text::Reply { seq, answers, .. } => std::iter::once(*seq).chain(*answers).collect(),
        Text::Arrived
        | Text::Numbers { .. }
        | Text::Joined { .. }
        | Text::SecretsMasked { .. }
        | Text::Merged { .. }
        | Text::Solved { .. }
        | Text::PromiseMissed { .. }
        | Text::PassedOn { .. }
        | Text::OutOfScope { .. }
        | Text::UnderReview
        | Text::TooMuch { .. }
        | Text::PolicyChanged { .. }
        | Text::NotReached { .. }
        | Text::OrdersAnswered { .. } => Vec::new(),
        Text::Opened { seq }
        | Text::CustomerReplied { seq, .. }
        | Text::Reopened { seq }
        | Text::Released { seq }
        | Text::ExpectationSet { seq, .. }
        | Text::MergedHere { seq, .. }
        | Text::Standing { seq }
        | Text::StandingLifted { seq }
        | Text::KeptAsNote { seq, .. } => vec![*seq],
        Text::HandedOver { seq, .. } | Text::ReviewAsked { seq } => vec![*seq, REQUEST],
        // An acknowledgement takes the id of the mail that it answers from there, and no words.
        Text::Acknowledgement | Text::Assigned { .. } | Text::Warning(_) | Text::Breach(_) => {
            vec![REQUEST]
        }
    }
}

/// What differs from text to text.
struct Content {
    /// Without the ticket's number.
    subject: String,
    /// The sender's display name.
    from: String,
    /// What lists of mails show beside the subject.
    preheader: String,
    blocks: Vec<Block>,
    auto_submitted: Option<AutoSubmitted>,
}

/// Writes a notice.
///
/// # Errors
/// [`Unsayable`]: it cannot be written, now or later.
pub fn compose(view: &NoticeView<'_>) -> Result<Letter, Unsayable> {
    let texts = texts::of(view.lang());
    let (content, to, reply_to) = match view.receiver {
        Receiver::Customer {
            hash,
            mailbox,
            page,
        } => {
            let content = customer::content(view, &texts.customer, page)?;
            let name = view.proved_name().unwrap_or_default().to_owned();
            let to = Mailbox {
                name,
                address: mailbox.address.clone(),
            };
            (content, to, view.participant_address(hash))
        }
        Receiver::Staff { person, hash, .. } => {
            let content = staff::content(view, &texts.staff)?;
            let to = Mailbox {
                name: person.name.clone(),
                address: person.address.clone(),
            };
            (content, to, view.agent_address(hash))
        }
        Receiver::Address { address, hash, .. } => {
            let content = staff::content(view, &texts.staff)?;
            let to = Mailbox {
                name: String::new(),
                address: address.clone(),
            };
            (content, to, view.agent_address(hash))
        }
    };
    Ok(view.letter(texts, content, to, reply_to))
}

impl NoticeView<'_> {
    fn letter(&self, texts: &Texts, content: Content, to: Mailbox, reply_to: String) -> Letter {
        let page = Page {
            preheader: content.preheader,
            band: self.band(),
            blocks: content.blocks,
            ..Page::new(texts.tag, content.subject.as_str())
        };
        let id = self.reference(self.notice.id.short());
        let answered = self.answered();
        Letter {
            date: self.now,
            notice: self.notice.id.as_str().to_owned(),
            from: Mailbox {
                name: content.from,
                address: format!("{SENDER}@{}", self.domain),
            },
            to,
            reply_to: Some(reply_to),
            subject: content.subject,
            text: page.text(),
            html: page.html(),
            auto_submitted: content.auto_submitted,
            references: std::iter::once(self.reference(ROOT))
                .chain(answered.clone())
                .chain([id.clone()])
                .collect(),
            in_reply_to: answered,
            message_id: id,
            headers: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The language of whoever gets it.
    fn lang(&self) -> &Lang {
        match self.receiver {
            Receiver::Customer { .. } => &self.ticket.lang,
            Receiver::Staff { person, .. } => &person.lang,
            Receiver::Address { lang, .. } => lang,
        }
    }

    /// The company in its colours, as the policy in force has them.
    fn band(&self) -> Option<Band> {
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
    fn answered(&self) -> Option<String> {
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
    fn imprint(&self, texts: &Texts) -> Vec<String> {
        let terms = self.policy.terms();
        let company = &terms.company;
        let privacy = format!("{}: {}", texts.customer.privacy, company.privacy_url);
        let mut entries = vec![company.name.clone(), company.address.clone()];
        let brand = self.current.terms().brand.as_ref();
        entries.extend(brand.and_then(|brand| brand.footer.get(self.lang()).cloned()));
        entries.push(privacy);
        entries
    }

    fn ticket_id(&self) -> TicketId {
        self.ticket.id
    }

    fn number(&self) -> String {
        self.ticket_id().number(&self.policy.terms().prefix)
    }

    fn company(&self) -> &str {
        &self.policy.terms().company.name
    }

    fn reference(&self, what: &str) -> String {
        Reference::sign(self.ticket_id(), what, self.domain, self.keyring)
    }

    fn participant_address(&self, hash: &AddressHash) -> String {
        ReplyAddress::participant(self.ticket_id(), hash.short(), self.domain, self.keyring)
    }

    fn agent_address(&self, hash: &AddressHash) -> String {
        let until = self.agent_address_ends();
        ReplyAddress::agent(
            self.ticket_id(),
            hash.short(),
            until,
            self.domain,
            self.keyring,
        )
    }

    fn agent_address_ends(&self) -> Timestamp {
        let kept = jiff::SignedDuration::from_hours(24 * AGENT_REPLY_DAYS);
        self.now.checked_add(kept).unwrap_or(Timestamp::MAX)
    }

    /// Whether the receiver is the requester, and the address is proved to be theirs.
    ///
    /// Whoever types another's address into the form must not be able to have words of their own mailed there.
    fn proved(&self) -> bool {
        let requester = Addressee::Customer(self.ticket.requester.clone());
        self.ticket.requester_proved && self.notice.to == requester
    }

    fn proved_name(&self) -> Option<&str> {
        match self.receiver {
            Receiver::Customer { mailbox, .. } if self.proved() => {
                Some(mailbox.name.trim()).filter(|name| !name.is_empty())
            }
            Receiver::Customer { .. } | Receiver::Staff { .. } | Receiver::Address { .. } => None,
        }
    }

    /// A person's name: as the policy in force has it, else as the ticket's had it.
    fn person(&self, id: &PersonId) -> Option<&Person> {
        self.current.person(id).or_else(|| self.policy.person(id))
    }

    fn event(&self, seq: u32) -> Option<&Recorded> {
        self.events.iter().find(|event| event.seq == seq)
    }

    /// An instant as wall time: the customer's zone for them if we know it, the policy's for everybody else.
    fn time(&self, at: Timestamp) -> String {
        let own = match self.receiver {
            Receiver::Customer { .. } => self.ticket.zone.as_deref(),
            Receiver::Staff { .. } | Receiver::Address { .. } => None,
        };
        let zone = own.unwrap_or_else(|| self.policy.terms().zone.name());
        ticket::time_text(at, zone, self.lang())
    }
}
