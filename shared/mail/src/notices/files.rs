//! Files in notices: along with an agent's answer, on the customer's page, or behind a link for staff.

use ticket::{AttachmentNote, Event, Recorded, Text, Words, size_text};

use super::customer::Customer;
use super::staff::Staff;
use super::texts::{self, FilesTexts};
use super::{NoticeView, Receiver};
use crate::file_link::{file_path, file_place};
use crate::outbound::Block;

/// Files of an answer go along with the mail up to so many bytes together; what is more stands on the ticket's page.
/// Encoded they are a third larger, and many mailboxes refuse a mail of more than 10 MB.
pub const MOST_ENCLOSED: u64 = 7 * 1024 * 1024;

/// The files that go along with a notice: all of an agent's answer, or none. The same at every try, since it follows from
/// what is recorded.
pub fn to_enclose<'e>(text: &Text, events: &'e [Recorded]) -> &'e [AttachmentNote] {
    let Text::Reply { seq, .. } = text else {
        return &[];
    };
    let event = events
        .iter()
        .find(|event| event.seq == *seq && event.event == Event::AgentReplied);
    let words = event.and_then(|event| event.words.as_ref());
    let files = words.map_or(&[][..], |words| &words.attachments);
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let all = files.iter().all(|file| file.key.is_some());
    if all && bytes <= MOST_ENCLOSED {
        files
    } else {
        &[]
    }
}

fn words_of(view: &NoticeView<'_>) -> &'static FilesTexts {
    &texts::of(view.lang()).files
}

/// Name, type and size in one line.
fn described(view: &NoticeView<'_>, file: &AttachmentNote) -> String {
    let size = size_text(file.bytes, view.lang());
    match &file.kind {
        Some(kind) => format!("{} ({kind}, {size})", file.name),
        None => format!("{} ({size})", file.name),
    }
}

impl Customer<'_> {
    /// What came with a message and does not go along with this mail: on the page, whose link lives as long as the ticket.
    pub(super) fn files(&self, words: &Words) -> Vec<Block> {
        let files = &words.attachments;
        if files.is_empty() {
            return Vec::new();
        }
        let list: Vec<String> = files
            .iter()
            .map(|file| format!("- {}", described(self.view, file)))
            .collect();
        let said = (words_of(self.view).on_the_page)(files.len());
        vec![
            Block::Paragraph(said.to_owned()),
            Block::Paragraph(list.join("\n")),
        ]
    }
}

impl Staff<'_> {
    /// What came with a message: a link for each file that there is, if the reader is a person.
    pub(super) fn files(&self, seq: u32, words: &Words) -> Vec<Block> {
        if words.attachments.is_empty() {
            return Vec::new();
        }
        let mut links = Vec::new();
        let mut others = Vec::new();
        for (file, place) in words.attachments.iter().zip(1..) {
            let label = described(self.view, file);
            match self.link(file, &file_place(seq, place)) {
                Some(url) => links.push(Block::Link { label, url }),
                None if file.key.is_some() => others.push(label),
                None => {
                    let why = (words_of(self.view).not_here)(file.withheld);
                    others.push(format!("{label}: {why}"));
                }
            }
        }
        let label = self.texts.attachments.to_owned();
        let fact = Block::Facts(vec![(label, others.join("; "))]);
        if links.is_empty() {
            return vec![fact];
        }
        let heading = Block::Paragraph(format!("{}:", self.texts.attachments));
        let mut blocks = vec![heading];
        blocks.append(&mut links);
        blocks.extend((!others.is_empty()).then_some(fact));
        blocks
    }

    fn link(&self, file: &AttachmentNote, place: &str) -> Option<String> {
        let view = self.view;
        let Receiver::Staff { person, .. } = view.receiver else {
            return None;
        };
        file.key.as_ref()?;
        let prefix = &view.policy.terms().prefix;
        let until = view.agent_address_ends();
        let path = file_path(
            view.keyring,
            prefix,
            view.ticket_id(),
            &person.id,
            until,
            place,
        );
        Some(format!("{}{path}", view.site))
    }
}
