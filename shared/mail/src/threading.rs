//! How a mail finds its ticket: signed reply addresses, signed ids in References, ids that SES gave.
//!
//! What is signed proves only which ticket and whose address it was given to. It gets forwarded and
//! copied, so it never proves who writes; the caller checks the sender.

mod ids;
mod reply_address;

use jiff::Timestamp;
use ticket::{Keyring, TicketId};

pub use ids::{Reference, looks_like_ses};
pub use reply_address::ReplyAddress;

use crate::inbound::{InboundMail, MessageId};

/// What in a mail names a ticket, in the order in which it is to be tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThreadKeys {
    /// The first of the recipients that is a reply address of ours, its tag verified.
    pub reply_address: Option<ReplyAddress>,
    /// The ticket of the newest of our signed ids that the mail answers.
    pub reference: Option<TicketId>,
    /// Local parts of the ids it answers that look like SES ids, newest first: some clients drop our
    /// References and keep only what SES put in.
    pub ses_ids: Vec<String>,
}

/// SES ids looked up for one mail.
const MAX_SES_IDS: usize = 10;

/// Reads the thread keys of a mail. `recipients` are those of the envelope; what forwarders noted, To and
/// Cc are looked at after them.
pub fn thread_keys(
    mail: &InboundMail,
    recipients: &[String],
    domain: &str,
    keyring: &Keyring,
    now: Timestamp,
) -> ThreadKeys {
    let mut addresses = addresses(mail, recipients);
    let mut keys = ThreadKeys {
        reply_address: addresses.find_map(|a| ReplyAddress::parse(a, domain, keyring, now)),
        ..ThreadKeys::default()
    };
    for id in answered(mail) {
        if keys.reference.is_none() {
            keys.reference = Reference::parse(id, domain, keyring).map(|r| r.ticket);
        }
        if keys.ses_ids.len() < MAX_SES_IDS
            && looks_like_ses(id)
            && !keys.ses_ids.contains(&id.local)
        {
            keys.ses_ids.push(id.local.clone());
        }
    }
    keys
}

/// The tags of everything in a mail that may be signed by us: addresses, ids that it answers, and ids that it reports on.
///
/// Each begins with the id of its key. A keyring for [`thread_keys`] must hold the keys that are named here: whoever knows
/// the newest key alone takes what was signed before a rotation for somebody else's.
pub fn signed_tags<'a>(
    mail: &'a InboundMail,
    recipients: &'a [String],
    domain: &'a str,
) -> impl Iterator<Item = &'a str> {
    let addresses = addresses(mail, recipients).filter_map(move |address| {
        let (local, at) = address.trim().rsplit_once('@')?;
        reply_address::tag(local).filter(|_| at.eq_ignore_ascii_case(domain))
    });
    let reported = mail.report.iter().flat_map(|it| &it.original_ids);
    let ids = answered(mail).chain(reported);
    let ids = ids.filter(move |id| id.domain.eq_ignore_ascii_case(domain));
    addresses.chain(ids.filter_map(|id| ids::tag(&id.local)))
}

/// The addresses that a mail came to: those of the envelope, what forwarders noted, To and Cc.
fn addresses<'a>(mail: &'a InboundMail, recipients: &'a [String]) -> impl Iterator<Item = &'a str> {
    let listed = mail.to.iter().chain(&mail.cc).map(|m| m.address.as_str());
    let noted = mail.delivered_to.iter().map(String::as_str);
    let recipients = recipients.iter().map(String::as_str);
    recipients.chain(noted).chain(listed)
}

/// The ids a mail answers, newest first.
fn answered(mail: &InboundMail) -> impl Iterator<Item = &MessageId> {
    mail.in_reply_to.iter().chain(mail.references.iter().rev())
}

#[cfg(test)]
mod tests;
