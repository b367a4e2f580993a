//! What is told of merged tickets: where a request goes on, and what came to a ticket.

use ticket::TicketId;

use super::Content;
use super::customer::{Customer, Draft};
use super::staff::Staff;
use super::texts::MergeTexts;
use crate::outbound::Block;

impl Customer<'_> {
    /// That the receiver's request goes on under this number. Nothing of what was written on either stands in it.
    pub(super) fn merged(&self, from: TicketId) -> Content {
        let all = super::texts::of(self.view.lang());
        let (words, number) = (&all.merge, self.view.number());
        let from = from.number(&self.view.policy.terms().prefix);
        let mut draft = Draft::new(words.subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((words.merged)(&from, &number));
        draft.say(words.hint.to_owned());
        if self.reads_after() > 0 {
            draft.say((all.people.joined_earlier)(false).to_owned());
        }
        draft.part("page", [self.page_link()]);
        self.finished(draft)
    }
}

impl Staff<'_> {
    pub(super) fn merge(&self) -> &'static MergeTexts {
        &super::texts::of(self.view.lang()).merge
    }

    /// What was written on the ticket that was merged.
    pub(super) fn merged_from(&self, from: TicketId, seq: u32) -> Vec<Block> {
        let number = from.number(&self.view.policy.terms().prefix);
        let mut blocks = vec![Block::Facts(vec![(self.merge().from.to_owned(), number)])];
        let event = self.view.event(seq);
        let words = event.and_then(|event| event.words.as_ref());
        blocks.extend(words.into_iter().flat_map(|words| self.words(seq, words)));
        blocks
    }
}
