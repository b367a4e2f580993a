//! A mail as a request for a new ticket.

use policy::{Channel, Policy, TicketType};
use store::{EMAIL, Request};
use ticket::{Contact, ContentDigest, TicketId};

use crate::handler::Mail;
use crate::route::proved;

/// A mail as a request. `related` is the ticket that it named without being allowed on it, `escalates` names the
/// complaints that it may be about if it asks for a review.
pub(crate) fn request(
    mail: &Mail<'_>,
    requester: Contact,
    related: Option<TicketId>,
    escalates: Option<Vec<TicketId>>,
    policy: &Policy,
) -> Request {
    let ses_id = &mail.ses.mail.message_id;
    let recipients = &mail.ses.receipt.recipients;
    Request {
        source: EMAIL,
        key: ses_id.clone(),
        body: ContentDigest::of(&[ses_id.as_bytes()]),
        channel: Channel::Email,
        ticket_type: TicketType::Request,
        department: mail.parsed.department(recipients, policy),
        priority: None,
        lang: policy.terms().prevailing.clone(),
        zone: None,
        requester,
        proved: proved(&mail.parsed, &mail.ses.receipt),
        words: mail.words(),
        shown: false,
        acknowledge: mail.parsed.verdict.may_be_answered(),
        related,
        to: mail.parsed.addresses(recipients),
        service: None,
        escalates,
        copy: mail.copy.clone(),
    }
}
