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
mod glance;
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
mod view;

pub use explain::{coming, explained, steps};
pub use files::{MOST_ENCLOSED, to_enclose};
pub use view::{NoticeView, Receiver};

use ticket::Text;

use crate::inbound::Mailbox;
use crate::outbound::{AutoSubmitted, Block, Letter, Page};
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
}
