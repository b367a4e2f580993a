//! What customers are told while their request goes its way: who has it now, when it will be done, what support does not
//! cover, who reviews it.

use jiff::Timestamp;
use policy::{LetterKind, ScopeId, Tier};
use ticket::TooMuch;

use super::customer::{Customer, Draft};
use super::texts::ProgressTexts;
use super::{Content, Unsayable};
use crate::outbound::Block;

impl Customer<'_> {
    fn words(&self) -> &'static ProgressTexts {
        &super::texts::of(self.view.lang()).progress
    }

    /// Greeting, sentences, the page.
    fn told<const N: usize>(&self, kind: LetterKind, subject: &str, said: [String; N]) -> Content {
        let mut draft = Draft::new(subject);
        draft.part("greeting", [self.greeting()]);
        for text in said {
            draft.say(text);
        }
        draft.part("page", [self.page_link()]);
        self.written(kind, draft)
    }

    pub(super) fn passed_on(&self, tier: Tier) -> Content {
        let words = self.words();
        let said = [
            (words.passed_on)(&self.view.number(), tier),
            words.passed_on_hint.to_owned(),
        ];
        self.told(LetterKind::PassedOn, words.passed_on_subject, said)
    }

    /// The time an agent named, and why, in their words.
    pub(super) fn expectation_set(&self, until: Timestamp, seq: u32) -> Content {
        let words = self.words();
        let mut draft = Draft::new(words.expect_subject);
        draft.part("greeting", [self.greeting()]);
        let expect = (words.expect)(&self.view.number(), &self.time(until));
        draft.part("expected", [Block::Paragraph(expect)]);
        let reason = self.view.event(seq).and_then(|event| event.words.as_ref());
        let reason = reason.filter(|reason| !reason.text.trim().is_empty());
        let reason = reason.map(|reason| {
            [
                Block::Paragraph(words.reason.to_owned()),
                Block::Paragraph(reason.text.clone()),
            ]
        });
        draft.part("reason", reason.into_iter().flatten());
        let adding = self.texts.reply_hint.to_owned();
        draft.part("adding", [Block::Paragraph(adding)]);
        draft.part("page", [self.page_link()]);
        self.written(LetterKind::ExpectationSet, draft)
    }

    pub(super) fn out_of_scope(&self, scope: &ScopeId) -> Result<Content, Unsayable> {
        let words = self.words();
        let rules = &self.view.policy.terms().scope;
        let rule = rules.iter().find(|rule| rule.id == *scope);
        let rule = rule.ok_or(Unsayable::UnknownScope)?;
        let own = rule.texts.get(self.view.lang());
        let text = own.or_else(|| rule.texts.values().next()).cloned();
        let clause = format!("{}.", (self.texts.clause)(&rule.clause));
        let mut draft = Draft::new(words.out_of_scope_subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((words.out_of_scope)(&self.view.number()));
        let cited = text.into_iter().chain([clause]);
        draft.part("scope", cited.map(Block::Paragraph));
        draft.say(words.out_of_scope_hint.to_owned());
        draft.part("page", [self.page_link()]);
        Ok(self.written(LetterKind::OutOfScope, draft))
    }

    pub(super) fn under_review(&self) -> Content {
        let words = self.words();
        let said = [
            (words.review)(&self.view.number()),
            words.review_hint.to_owned(),
        ];
        self.told(LetterKind::UnderReview, words.review_subject, said)
    }

    /// The mail was received and could not be read in full.
    pub(super) fn too_much(&self, what: TooMuch) -> Content {
        let words = &super::texts::of(self.view.lang()).too_much;
        let mut draft = Draft::new(words.subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((words.received)(&self.view.number()));
        draft.say((words.instead)(what).to_owned());
        draft.part("page", [self.page_link()]);
        self.finished(draft)
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
