//! What an inbound mail says.

use super::{Attachment, Bound, ForwardMark, Mailbox, MessageId, Report, Seal, Verdict};

/// What an inbound mail says. Everything in it is the sender's claim.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboundMail {
    /// Mailboxes of all From fields.
    pub from: Vec<Mailbox>,
    /// Whether From leaves a doubt about who sent it (several, a group, an address inside a name):
    /// such a mail is unverified whatever the verdicts say.
    pub ambiguous_sender: bool,
    /// The Sender field.
    pub sender: Option<Mailbox>,
    /// The Reply-To field.
    pub reply_to: Vec<Mailbox>,
    /// The To field.
    pub to: Vec<Mailbox>,
    /// The Cc field.
    pub cc: Vec<Mailbox>,
    /// Addresses that forwarders noted: Delivered-To, X-Original-To, X-Forwarded-To, Envelope-To, ...
    pub delivered_to: Vec<String>,
    /// What forwarders left on it.
    pub forwarded: Vec<ForwardMark>,
    /// The mail server that handed the mail to SES, by the line that SES wrote on top; none if SES looked up no name.
    pub handed_over_by: Option<String>,
    /// The subject, one line of at most 300 characters.
    pub subject: String,
    /// This mail's id.
    pub message_id: Option<MessageId>,
    /// Ids it answers.
    pub in_reply_to: Vec<MessageId>,
    /// Ids of its thread, oldest first.
    pub references: Vec<MessageId>,
    /// The readable text; HTML is reduced where there is no plain text. What came damaged (no boundary closes it, or it
    /// is not in the encoding it declares) is not here but among the attachments.
    pub text: String,
    /// The new words: the text without quotation and signature, or all of it if nothing would be left. Where there is no
    /// text, what can be read of the damaged parts: a mail that was cut off does not come without words.
    pub reply_text: String,
    /// Whether text over [`super::Limits::text_bytes`] was left out.
    pub text_truncated: bool,
    /// What came with it.
    pub attachments: Vec<Attachment>,
    /// What kind of mail it is, and why.
    pub verdict: Verdict,
    /// The id of the mailing list it came through.
    pub list_id: Option<String>,
    /// Whether it is signed or encrypted. Neither is verified or opened: the parts are kept as attachments.
    pub seal: Option<Seal>,
    /// The bound that it went over; then its text is a sentence that says so.
    pub over: Option<Bound>,
    /// Secrets in its texts, those included that nobody reads ([`super::texts`]); of each kind the greatest number that one text
    /// holds.
    pub unseen: Vec<ticket::Masked>,
    /// What it reports, if it is a bounce or a feedback report.
    pub report: Option<Report>,
}

impl InboundMail {
    /// Whether the mail came through a list that is one of our own addresses, as a group mailbox forwards
    /// it: its list id is that address with a dot for the `@`. Such a mail is no list mail to us; what it
    /// would be otherwise is [`super::Kind::Human`].
    pub fn came_through_list_of(&self, own: &str) -> bool {
        let Some(id) = &self.list_id else {
            return false;
        };
        let id = id.rsplit_once('<').map_or(id.as_str(), |(_, id)| id);
        id.trim_end_matches('>')
            .trim()
            .eq_ignore_ascii_case(&own.replacen('@', ".", 1))
    }
}
