//! What somebody reads whose support was limited, or no longer is (clause ON.6).

use policy::ConductId;
use ticket::{Actor, Decided, Event, Recorded, SaidOfStanding, said_of_standing};

use jiff::Timestamp;

use super::customer::{Customer, Draft};
use super::{Content, Unsayable};
use crate::outbound::Block;

impl Customer<'_> {
    /// What was decided, why, until when, what is still possible, and how to object.
    pub(super) fn standing(&self, seq: u32) -> Result<Content, Unsayable> {
        let event = self.view.event(seq).ok_or(Unsayable::NoWords(seq))?;
        let Event::StandingSet { level, until, .. } = &event.event else {
            return Err(Unsayable::NoWords(seq));
        };
        let words = event.words.as_ref().ok_or(Unsayable::NoWords(seq))?;
        let said = self.said(event, level, *until);
        let possible: Vec<String> = said.possible.iter().map(|it| format!("- {it}")).collect();
        let mut draft = Draft::new(&said.title);
        draft.part("greeting", [self.greeting()]);
        draft.say(said.opening);
        draft.part(
            "decision",
            [
                Block::Facts(said.facts),
                Block::Heading(said.reason.to_owned()),
                Block::Paragraph(words.text.clone()),
                Block::Heading(said.possible_title.to_owned()),
                Block::Paragraph(possible.join("\n")),
            ],
        );
        draft.say(said.rest.to_owned());
        draft.say(said.objection);
        draft.part("page", [self.page_link()]);
        Ok(self.finished(draft))
    }

    pub(super) fn standing_lifted(&self, seq: u32) -> Result<Content, Unsayable> {
        let event = self.view.event(seq).ok_or(Unsayable::NoWords(seq))?;
        let Event::StandingLifted { level, .. } = &event.event else {
            return Err(Unsayable::NoWords(seq));
        };
        let said = self.said(event, level, event.at);
        let mut draft = Draft::new(said.lifted_title);
        draft.part("greeting", [self.greeting()]);
        draft.say(said.lifted);
        let reason = event.words.as_ref().map(|words| words.text.clone());
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        draft.part("reason", reason.map(Block::Paragraph));
        draft.part("page", [self.page_link()]);
        Ok(self.finished(draft))
    }

    /// The rules of the policy in force count: it is they that limit, whatever version the ticket is held to.
    fn said(&self, event: &Recorded, level: &ConductId, until: Timestamp) -> SaidOfStanding {
        let view = self.view;
        let by = match &event.actor {
            Actor::Agent(agent) => view.person(agent),
            _ => None,
        };
        let zone = view.ticket.zone.as_deref();
        let decided = Decided {
            conduct: view.current.terms().conduct.as_ref(),
            level,
            from: event.at,
            until,
            by: by.map_or(view.company(), |person| person.name.as_str()),
            zone: zone.unwrap_or_else(|| view.policy.terms().zone.name()),
        };
        said_of_standing(&decided, view.lang())
    }
}
