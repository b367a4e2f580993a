//! What a delivery or feedback report says about a mail of ours: whom it is about, and which mail.

mod original;
mod text;

use super::{
    address::{Mailbox, normalise, tokens},
    forward,
    headers::{Headers, line_end},
    ids::MessageId,
    kind::{Evidence, Kind},
    limits::Limits,
    mime::Part,
};
use crate::clean;

/// What a bounce or feedback report claims. Anyone can send one: nothing here may be acted on before an
/// id of it was found among the mails that we really sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whom it is about: in a delivery report those who were (not) reached, in a feedback report who complained.
    pub recipients: Vec<ReportedRecipient>,
    /// The `Feedback-Type` in lower case: `abuse`, `not-spam`, `opt-out`, ...
    pub feedback_type: Option<String>,
    /// Every id that the mail reported on may be known by: its Message-ID, what SES gave it (header,
    /// envelope sender, Received lines), its References with our own signed ids.
    pub original_ids: Vec<MessageId>,
    /// Ids of our notices in the quoted original (`X-Troth-Notice`).
    pub notices: Vec<String>,
    /// To of the quoted original.
    pub original_to: Vec<Mailbox>,
}

/// One recipient of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportedRecipient {
    /// The address that failed or complained, normalised.
    pub address: String,
    /// The address that the mail was sent to, where a forwarder changed it (`Original-Recipient`).
    pub sent_to: Option<String>,
    /// What became of the mail, where the report says so.
    pub action: Option<Action>,
    /// The status code, such as `5.1.1` (RFC 3463).
    pub status: Option<String>,
    /// What the mail server said, one line of at most 500 characters.
    pub diagnostic: String,
}

impl ReportedRecipient {
    /// Whether mail to this address failed for good: the action is a failure, or none is given, and the
    /// status is not a temporary one.
    pub fn failed_for_good(&self) -> bool {
        let acted = self.action.is_none_or(|a| a == Action::Failed);
        let status = self.status.as_deref();
        acted && status.is_some_and(|s| s.starts_with('5'))
            || self.action == Some(Action::Failed) && status.is_none_or(|s| !s.starts_with('4'))
    }
}

/// What became of a mail (RFC 3464 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Not delivered, given up.
    Failed,
    /// Not delivered yet.
    Delayed,
    /// Delivered.
    Delivered,
    /// Passed on to a server that does not report.
    Relayed,
    /// Passed on to several addresses.
    Expanded,
}

impl Action {
    fn parse(text: &str) -> Option<Self> {
        let word: String = text
            .trim()
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        Some(match word.to_ascii_lowercase().as_str() {
            "failed" | "failure" => Self::Failed,
            "delayed" | "deferred" => Self::Delayed,
            "delivered" => Self::Delivered,
            "relayed" => Self::Relayed,
            "expanded" => Self::Expanded,
            _ => return None,
        })
    }
}

/// Recipients and ids kept of one report.
const MAX_RECIPIENTS: usize = 100;
const MAX_IDS: usize = 100;
const MAX_DIAGNOSTIC: usize = 500;
/// Bytes of a part of a report that are read.
const LOOK: usize = 64 * 1024;

impl Report {
    /// Adds a recipient; one that is known already gains what was not known of it.
    fn recipient(&mut self, recipient: ReportedRecipient) {
        let mut known = self.recipients.iter_mut();
        if let Some(known) = known.find(|r| r.address == recipient.address) {
            if known.status.is_none() && recipient.status.is_some() {
                known.status = recipient.status;
                known.diagnostic = recipient.diagnostic;
            }
            known.action = known.action.or(recipient.action);
        } else if !recipient.address.is_empty() && self.recipients.len() < MAX_RECIPIENTS {
            self.recipients.push(recipient);
        }
    }

    fn id(&mut self, id: MessageId) {
        if self.original_ids.len() < MAX_IDS && !self.original_ids.contains(&id) {
            self.original_ids.push(id);
        }
    }
}

/// Reads a report; `None` if the mail is none.
pub(crate) fn read(evidence: &Evidence<'_>, kind: Kind) -> Option<Report> {
    if !matches!(kind, Kind::Bounce | Kind::FeedbackReport) {
        return None;
    }
    let mut report = Report::default();
    for part in evidence.parts {
        match part.mime.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => {
                delivery_status(&source(part, evidence), &mut report);
            }
            "message/feedback-report" => feedback(&source(part, evidence), &mut report),
            _ => {}
        }
    }
    named_in_headers(evidence, &mut report);
    original::read(evidence, &mut report);
    if report.recipients.is_empty() && kind == Kind::Bounce {
        text::recipients(evidence, &mut report);
    }
    if report.recipients.is_empty() {
        for to in report.original_to.clone() {
            report.recipient(ReportedRecipient {
                address: to.address,
                ..ReportedRecipient::default()
            });
        }
    }
    let mail = evidence.mail;
    for id in mail.in_reply_to.iter().chain(&mail.references) {
        report.id(id.clone());
    }
    Some(report)
}

fn source(part: &Part<'_>, evidence: &Evidence<'_>) -> Vec<u8> {
    let bytes = part.bytes(evidence.raw);
    bytes[..bytes.len().min(LOOK)].to_vec()
}

/// The blocks of fields that blank lines set apart, each read by itself.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = Headers<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        match Headers::read(bytes, at, &Limits::DEFAULT, |_| false) {
            Ok((fields, next)) => {
                // A line that is no field ends a block where it stands; go past it.
                at = if next > at {
                    next
                } else {
                    line_end(bytes, at).1
                };
                Some(fields)
            }
            Err(_) => None,
        }
    })
}

/// RFC 3464: a block about the mail, then one for each recipient.
fn delivery_status(bytes: &[u8], report: &mut Report) {
    for fields in blocks(bytes) {
        if let Some(kind) = fields.token("feedback-type") {
            report.feedback_type = Some(clean::single_line(&kind, 40));
        }
        for name in ["original-envelope-id", "x-original-message-id"] {
            fields
                .text(name)
                .as_deref()
                .and_then(MessageId::parse)
                .into_iter()
                .for_each(|id| report.id(id));
        }
        let last = typed_address(&fields, "final-recipient");
        let first = typed_address(&fields, "original-recipient");
        let Some(address) = last.clone().or_else(|| first.clone()) else {
            continue;
        };
        let diagnostic = fields.text("diagnostic-code").unwrap_or_default();
        let status = fields.text("status");
        report.recipient(ReportedRecipient {
            sent_to: first.filter(|first| *first != address),
            address,
            action: fields.text("action").as_deref().and_then(Action::parse),
            status: status
                .as_deref()
                .and_then(text::status_code)
                .or_else(|| text::status_code(&diagnostic)),
            diagnostic: clean::single_line(&diagnostic, MAX_DIAGNOSTIC),
        });
    }
}

/// An address with its type before it (`rfc822; jo@x.example`).
fn typed_address(fields: &Headers<'_>, name: &str) -> Option<String> {
    let text = fields.text(name)?;
    let address = text.rsplit_once(';').map_or(text.as_str(), |(_, a)| a);
    normalise(address).or_else(|| tokens(address).find_map(normalise))
}

/// RFC 5965: who complained, and about what.
fn feedback(bytes: &[u8], report: &mut Report) {
    for fields in blocks(bytes) {
        if let Some(kind) = fields.token("feedback-type") {
            report.feedback_type = Some(clean::single_line(&kind, 40));
        }
        for name in [
            "original-rcpt-to",
            "removal-recipient",
            "redacted-address",
            "original-recipient",
        ] {
            for address in forward::addresses(&fields, name) {
                report.recipient(ReportedRecipient {
                    address,
                    ..ReportedRecipient::default()
                });
            }
        }
        original::envelope_ids(&fields, report);
    }
}

/// Recipients in the headers of the report itself.
fn named_in_headers(evidence: &Evidence<'_>, report: &mut Report) {
    for name in ["x-hmxmroriginalrecipient", "x-failed-recipients"] {
        for address in forward::addresses(evidence.headers, name) {
            report.recipient(ReportedRecipient {
                address,
                action: (name == "x-failed-recipients").then_some(Action::Failed),
                ..ReportedRecipient::default()
            });
        }
    }
}
