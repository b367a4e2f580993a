//! What is told of who takes part: to strangers, to new participants, and of words that were released.

use policy::PersonId;
use ticket::{Event, Masked};

use super::customer::{Customer, Draft};
use super::staff::Staff;
use super::texts::PeopleTexts;
use super::{Content, Receiver, Unsayable};
use crate::outbound::{AutoSubmitted, Block};

impl Customer<'_> {
    fn said_of_people(&self) -> &'static PeopleTexts {
        &super::texts::of(self.view.lang()).people
    }

    /// After which event the receiver may read; 0 is all of it.
    pub(super) fn reads_after(&self) -> u32 {
        match self.view.receiver {
            Receiver::Customer { hash, .. } => self.view.ticket.reads_after(hash),
            Receiver::Staff { .. } | Receiver::Address { .. } => 0,
        }
    }

    /// Nothing of the ticket: no number, no subject, no link.
    pub(super) fn arrived(&self) -> Content {
        let words = self.said_of_people();
        let mut draft = Draft::new(words.arrived_subject);
        draft.part("greeting", [self.greeting()]);
        for text in words.arrived {
            draft.say((*text).to_owned());
        }
        Content {
            subject: words.arrived_subject.to_owned(),
            auto_submitted: Some(AutoSubmitted::AutoReplied),
            ..self.finished(draft)
        }
    }

    /// What a stranger wrote. Only words that are released: whatever the notice says, others do not go out.
    pub(super) fn released(&self, seq: u32) -> Result<Content, Unsayable> {
        let (view, words) = (self.view, self.said_of_people());
        let released = !view.ticket.withheld.contains(&seq);
        let event = view
            .event(seq)
            .filter(|event| released && event.event == Event::StrangerWrote);
        let said = event.and_then(|event| event.words.as_ref());
        let said = said.ok_or(Unsayable::NoWords(seq))?;
        let mut draft = Draft::new(words.released_subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((words.released)(&view.number()));
        draft.part("words", [Block::Quote(said.text.clone())]);
        if said.cut {
            draft.say(self.texts.cut.to_owned());
        }
        draft.part("files", self.files(said));
        draft.part("page", [self.page_link()]);
        Ok(self.finished(draft))
    }

    /// What was masked in the receiver's own mail.
    pub(super) fn masked(&self, masked: &[Masked]) -> Content {
        let (view, words) = (self.view, self.said_of_people());
        let mut draft = Draft::new(words.masked_subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((words.masked)(&view.number()));
        draft.say(ticket::masked_text(masked, view.lang()));
        draft.part("page", [self.page_link()]);
        self.finished(draft)
    }

    /// That the receiver takes part from now on, and whether they may read what was written before.
    pub(super) fn joined(&self, agent: Option<&PersonId>) -> Content {
        let (view, words) = (self.view, self.said_of_people());
        let agent = agent.and_then(|agent| view.person(agent));
        let by = agent.map(|agent| format!("{} ({})", agent.name, view.company()));
        let mut draft = Draft::new(words.joined_subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((words.joined)(by.as_deref(), &view.number()));
        draft.say(words.joined_hint.to_owned());
        draft.say((words.joined_earlier)(self.reads_after() == 0).to_owned());
        draft.part("page", [self.page_link()]);
        self.finished(draft)
    }
}

impl Staff<'_> {
    pub(super) fn people(&self) -> &'static PeopleTexts {
        &super::texts::of(self.view.lang()).people
    }

    /// The number by which the words are released.
    pub(super) fn entry(&self, seq: u32) -> Block {
        let label = self.people().entry.to_owned();
        Block::Facts(vec![(label, seq.to_string())])
    }
}
