//! The numbers of requests whose acknowledgements were held, in one mail.

use ticket::TicketId;

use super::Content;
use super::customer::{Customer, Draft};

impl Customer<'_> {
    /// Numbers alone: no subject, no name, no word of whoever gave the address, and no link, since one would lead to the
    /// first request only.
    pub(super) fn numbers(&self, tickets: &[TicketId], more: u32) -> Content {
        let words = &super::texts::of(self.view.lang()).digest;
        let prefix = &self.view.policy.terms().prefix;
        let numbers: Vec<String> = tickets.iter().map(|it| it.number(prefix)).collect();
        let mut draft = Draft::new(words.subject);
        draft.part("greeting", [self.greeting()]);
        draft.say(words.received.to_owned());
        draft.say(format!("{}\n{}", words.numbers, numbers.join("\n")));
        if more > 0 {
            draft.say((words.more)(more));
        }
        draft.say(words.hint.to_owned());
        draft.say((words.answers)(&self.view.number()));
        draft.say(words.not_you.to_owned());
        Content {
            subject: words.subject.to_owned(),
            ..self.finished(draft)
        }
    }
}
