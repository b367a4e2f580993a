//! A mail as words on a ticket: what is kept of it, where it was sent to, and whose department that is.

use policy::{DepartmentId, Policy};
use ticket::{AttachmentNote, TooMuch, Words};

use crate::inbound::{Bound, InboundMail, Kind, Refused};

impl InboundMail {
    /// The words of a mail: the new ones, the whole text folded behind them if they are not all of it, and what came
    /// along. `ses_id` is the name of the raw mail, `attachments` what is recorded of its files ([`InboundMail::notes`]).
    pub fn words(&self, ses_id: &str, attachments: Vec<AttachmentNote>) -> Words {
        let all_new = self.reply_text.trim() == self.text.trim();
        Words {
            subject: self.subject.clone(),
            text: self.reply_text.clone(),
            quoted: if all_new {
                String::new()
            } else {
                self.text.clone()
            },
            cut: self.text_truncated,
            raw: Some(ses_id.to_owned()),
            too_much: self.over.map(too_much),
            unseen: self.unseen.clone(),
            message_id: self.message_id.as_ref().map(ToString::to_string),
            attachments,
        }
    }

    /// A group mailbox that forwards to us marks mail as a list's; what came through the group of our own address was
    /// written to us by a person.
    pub fn take_groups_mail_as_written(&mut self, policy: &Policy) {
        let terms = policy.terms();
        let departments = terms.departments.iter().flat_map(|it| &it.addresses);
        let feedback = terms.feedback.iter().flat_map(|it| &it.addresses);
        let mut own = terms.addresses.iter().chain(departments).chain(feedback);
        if self.verdict.kind == Kind::List && own.any(|address| self.came_through_list_of(address))
        {
            self.verdict.kind = Kind::Human;
        }
    }

    /// Every address that the mail was sent to: envelope, forwarders' notes, To, Cc, in this order. A forwarder's envelope
    /// names us, and what it noted names the mailbox that the sender wrote to.
    pub fn addresses(&self, recipients: &[String]) -> Vec<String> {
        let listed = self.to.iter().chain(&self.cc);
        recipients
            .iter()
            .chain(&self.delivered_to)
            .chain(listed.map(|mailbox| &mailbox.address))
            .cloned()
            .collect()
    }

    /// The department that the first of our addresses names; none means triage.
    pub fn department(&self, recipients: &[String], policy: &Policy) -> Option<DepartmentId> {
        let addresses = self.addresses(recipients);
        let mut departments = addresses
            .iter()
            .filter_map(|address| policy.department_by_address(address));
        departments.next().map(|department| department.id.clone())
    }
}

fn too_much(bound: Bound) -> TooMuch {
    match bound {
        Bound::TotalBytes => TooMuch::Size,
        Bound::Attachments => TooMuch::Attachments,
        Bound::HeaderBytes | Bound::HeaderCount => TooMuch::Headers,
        Bound::Parts | Bound::Depth | Bound::LineBytes => TooMuch::Structure,
    }
}

impl From<Refused> for InboundMail {
    /// What can be filed of a mail over a bound: its top headers, and a sentence in the place of its text. The whole
    /// stands in the raw mail.
    fn from(refused: Refused) -> Self {
        let sentence = refused.sentence();
        Self {
            text: sentence.clone(),
            reply_text: sentence,
            text_truncated: true,
            over: Some(refused.bound),
            ..*refused.top
        }
    }
}
