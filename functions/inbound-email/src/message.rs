//! A mail as words on a ticket, and as a request for a new one.

use mail::InboundMail;
use policy::{Channel, DepartmentId, Policy, TicketType};
use store::{EMAIL, Request};
use ticket::{AttachmentNote, Contact, ContentDigest, TicketId, Words};

/// The words of a mail: the new ones, the whole text folded behind them if they are not all of it, and what came along.
pub(crate) fn words(mail: &InboundMail, ses_id: &str) -> Words {
    let all_new = mail.reply_text.trim() == mail.text.trim();
    Words {
        subject: mail.subject.clone(),
        text: mail.reply_text.clone(),
        quoted: if all_new {
            String::new()
        } else {
            mail.text.clone()
        },
        cut: mail.text_truncated,
        raw: Some(ses_id.to_owned()),
        attachments: mail
            .attachments
            .iter()
            .map(|attachment| AttachmentNote {
                name: attachment.filename.clone(),
                bytes: attachment.size,
            })
            .collect(),
    }
}

/// The department that the first of our addresses names, in the order envelope, forwarders' notes, To, Cc; none means triage.
fn department(mail: &InboundMail, recipients: &[String], policy: &Policy) -> Option<DepartmentId> {
    addresses(mail, recipients)
        .iter()
        .find_map(|address| policy.department_by_address(address))
        .map(|department| department.id.clone())
}

/// Every address that the mail was sent to, as far as envelope, forwarders' notes, To and Cc tell.
pub(crate) fn addresses(mail: &InboundMail, recipients: &[String]) -> Vec<String> {
    let listed = mail
        .to
        .iter()
        .chain(&mail.cc)
        .map(|mailbox| &mailbox.address);
    recipients
        .iter()
        .chain(&mail.delivered_to)
        .chain(listed)
        .cloned()
        .collect()
}

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
        department: department(mail, recipients, policy),
        priority: None,
        lang: policy.terms().prevailing.clone(),
        zone: None,
        requester,
        proved,
        words: words(mail, ses_id),
        shown: false,
        acknowledge: mail.verdict.may_be_answered(),
        related,
        to: addresses(mail, recipients),
        service: None,
        escalates: None,
    }
}
