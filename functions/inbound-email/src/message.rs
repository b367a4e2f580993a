//! A mail as a request for a new ticket.

use mail::InboundMail;
use policy::{Channel, Policy, TicketType};
use store::{EMAIL, Request};
use ticket::{Contact, ContentDigest, TicketId};

/// A mail as a request. `related` is the ticket that it named without being allowed on it.
pub(crate) fn request(
    mail: &InboundMail,
    ses_id: &str,
    requester: Contact,
    proved: bool,
    related: Option<TicketId>,
    recipients: &[String],
    policy: &Policy,
) -> Request {
    Request {
        source: EMAIL,
        key: ses_id.to_owned(),
        body: ContentDigest::of(&[ses_id.as_bytes()]),
        channel: Channel::Email,
        ticket_type: TicketType::Request,
        department: mail.department(recipients, policy),
        priority: None,
        lang: policy.terms().prevailing.clone(),
        zone: None,
        requester,
        proved,
        words: mail.words(ses_id),
        shown: false,
        acknowledge: mail.verdict.may_be_answered(),
        related,
        to: mail.addresses(recipients),
        service: None,
        escalates: None,
        copy: None,
    }
}
