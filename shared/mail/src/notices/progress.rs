//! What customers are told while their request goes its way: who has it now, when it will be done, what support does not
//! cover, who reviews it.

use jiff::Timestamp;
use policy::{ScopeId, Tier};

use super::customer::Customer;
use super::texts::ProgressTexts;
use super::{Content, Unsayable};
use crate::outbound::Block;

impl Customer<'_> {
    fn words(&self) -> &'static ProgressTexts {
        &super::texts::of(self.view.lang()).progress
    }

    /// Greeting, sentences, the page, how to answer.
    fn told(&self, subject: &str, middle: Vec<Block>) -> Content {
        let mut blocks = vec![Block::Paragraph((self.texts.hello)(
            self.view.proved_name(),
        ))];
        blocks.extend(middle);
        blocks.push(self.page_link());
        blocks.push(self.footer([]));
        self.automatic(subject, blocks)
    }

    pub(super) fn passed_on(&self, tier: Tier) -> Content {
        let words = self.words();
        let said = [
            (words.passed_on)(&self.view.number(), tier),
            words.passed_on_hint.to_owned(),
        ];
        self.told(words.passed_on_subject, said.map(Block::Paragraph).into())
    }

    /// The time an agent named, and why, in their words.
    pub(super) fn expectation_set(&self, until: Timestamp, seq: u32) -> Content {
        let words = self.words();
        let said = (words.expect)(&self.view.number(), &self.time(until));
        let mut middle = vec![Block::Paragraph(said)];
        let reason = self.view.event(seq).and_then(|event| event.words.as_ref());
        if let Some(reason) = reason {
            middle.push(Block::Paragraph(words.reason.to_owned()));
            middle.push(Block::Words(reason.text.clone()));
        }
        middle.push(Block::Paragraph(self.texts.reply_hint.to_owned()));
        self.told(words.expect_subject, middle)
    }

    pub(super) fn out_of_scope(&self, scope: &ScopeId) -> Result<Content, Unsayable> {
        let words = self.words();
        let rules = &self.view.policy.terms().scope;
        let rule = rules.iter().find(|rule| rule.id == *scope);
        let rule = rule.ok_or(Unsayable::UnknownScope)?;
        let text = rule
            .texts
            .get(self.view.lang())
            .or_else(|| rule.texts.values().next());
        let mut said = vec![(words.out_of_scope)(&self.view.number())];
        said.extend(text.cloned());
        said.push((self.texts.clause)(&rule.clause));
        said.push(words.out_of_scope_hint.to_owned());
        let middle = said.into_iter().map(Block::Paragraph).collect();
        Ok(self.told(words.out_of_scope_subject, middle))
    }

    pub(super) fn under_review(&self) -> Content {
        let words = self.words();
        let said = [
            (words.review)(&self.view.number()),
            words.review_hint.to_owned(),
        ];
        self.told(words.review_subject, said.map(Block::Paragraph).into())
    }

    /// When an agent expects to be done, if that lies ahead.
    pub(super) fn expected_by(&self) -> Option<String> {
        let expected = self.view.ticket.expected.filter(|at| *at > self.view.now)?;
        Some((self.words().expected_by)(&self.time(expected)))
    }

    /// What the request did not say and would help; the clock runs without it.
    pub(super) fn missing(&self) -> Vec<Block> {
        let (view, words) = (self.view, self.words());
        let asks = view.policy.terms().asks.iter();
        let labels: Vec<String> = asks
            .filter(|ask| view.ticket.missing.contains(&ask.id))
            .filter_map(|ask| {
                ask.labels
                    .get(view.lang())
                    .or_else(|| ask.labels.values().next())
            })
            .map(|label| format!("- {label}"))
            .collect();
        if labels.is_empty() {
            return Vec::new();
        }
        let said = [
            words.missing.to_owned(),
            labels.join("\n"),
            words.missing_hint.to_owned(),
        ];
        said.map(Block::Paragraph).into()
    }
}
