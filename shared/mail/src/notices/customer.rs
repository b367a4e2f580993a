//! What customers are told.

use jiff::Timestamp;
use policy::{LetterKind, PersonId, Piece, PolicyHash};
use ticket::{Deadline, Event, Text};

use super::texts::CustomerTexts;
use super::{Content, NoticeView, Unsayable};
use crate::{
    clean,
    outbound::{AutoSubmitted, Block},
};

/// Writes a text for a customer. Whatever else may be in the outbox is refused here by name, so that a new text
/// for staff cannot reach a customer by accident.
pub(super) fn content(
    view: &NoticeView<'_>,
    texts: &CustomerTexts,
    page: &str,
) -> Result<Content, Unsayable> {
    let letter = Customer { view, texts, page };
    match &view.notice.text {
        Text::Acknowledgement => Ok(letter.acknowledgement()),
        Text::Numbers { tickets, more } => Ok(letter.numbers(tickets, *more)),
        Text::Reply { seq, agent, .. } => letter.reply(*seq, agent),
        Text::Arrived => Ok(letter.arrived()),
        Text::Released { seq } => letter.released(*seq),
        Text::SecretsMasked { masked } => Ok(letter.masked(masked)),
        Text::Joined { agent } => Ok(letter.joined(agent.as_ref())),
        Text::Merged { from } => Ok(letter.merged(*from)),
        Text::Solved { .. } => Ok(letter.solved()),
        Text::PromiseMissed { deadline, expected } => letter.promise_missed(deadline, *expected),
        Text::PassedOn { tier } => Ok(letter.passed_on(*tier)),
        Text::ExpectationSet { until, seq } => Ok(letter.expectation_set(*until, *seq)),
        Text::OutOfScope { scope } => letter.out_of_scope(scope),
        Text::UnderReview => Ok(letter.under_review()),
        Text::Standing { seq } => letter.standing(*seq),
        Text::StandingLifted { seq } => letter.standing_lifted(*seq),
        Text::TooMuch { what } => Ok(letter.too_much(*what)),
        Text::PolicyChanged { version, effective } => {
            Ok(letter.policy_changed(version, *effective))
        }
        Text::Opened { .. }
        | Text::ReviewAsked { .. }
        | Text::CustomerReplied { .. }
        | Text::Reopened { .. }
        | Text::MergedHere { .. }
        | Text::Assigned { .. }
        | Text::HandedOver { .. }
        | Text::Warning(_)
        | Text::Breach(_)
        | Text::NotReached { .. }
        | Text::OrdersAnswered { .. }
        | Text::KeptAsNote { .. } => Err(Unsayable::WrongReceiver),
    }
}

/// Characters of an answer that lists of mails have room for.
const PREHEADER: usize = 120;

/// A letter in the desk's words: its subject, and its pieces, some of which have names.
pub(super) struct Draft {
    subject: String,
    pieces: Vec<(&'static str, Vec<Block>)>,
}

impl Draft {
    pub(super) fn new(subject: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            pieces: Vec::new(),
        }
    }

    /// Words that the company may replace.
    pub(super) fn say(&mut self, text: String) {
        self.pieces.push(("", vec![Block::Paragraph(text)]));
    }

    /// A part that the company's words name (see [`LetterKind::parts`]).
    pub(super) fn part(&mut self, name: &'static str, blocks: impl IntoIterator<Item = Block>) {
        self.pieces.push((name, blocks.into_iter().collect()));
    }

    /// Whether its parts are those that the company's words may name.
    fn is_of(&self, kind: LetterKind) -> bool {
        let own = self.pieces.iter().map(|(name, _)| *name);
        let own = own.filter(|name| !name.is_empty());
        own.eq(kind.parts().iter().map(|part| part.name))
    }

    /// The same parts among the company's words.
    fn in_words_of(self, own: Vec<Piece>) -> Self {
        let mut draft = Self {
            subject: self.subject,
            pieces: Vec::new(),
        };
        for piece in own {
            match piece {
                Piece::Subject(subject) => draft.subject = subject,
                Piece::Paragraph(text) => draft.say(text),
                Piece::Part(name) => {
                    let part = self.pieces.iter().find(|(own, _)| *own == name);
                    draft.pieces.extend(part.cloned());
                }
            }
        }
        draft
    }
}

pub(super) struct Customer<'a> {
    pub(super) view: &'a NoticeView<'a>,
    pub(super) texts: &'a CustomerTexts,
    page: &'a str,
}

impl Customer<'_> {
    /// The letter in the company's own words if it has some, else in the desk's; the small print is always the desk's.
    pub(super) fn written(&self, kind: LetterKind, draft: Draft) -> Content {
        debug_assert!(
            draft.is_of(kind),
            "`LetterKind::parts` and the desk's letter differ"
        );
        let number = self.view.number();
        let own = self.view.policy.letter(kind, self.view.lang(), &number);
        self.finished(match own {
            Some(own) => draft.in_words_of(own),
            None => draft,
        })
    }

    /// The draft in our own words, with subject, sender and footer.
    pub(super) fn finished(&self, draft: Draft) -> Content {
        let Draft { subject, pieces } = draft;
        let mut blocks: Vec<Block> = pieces.into_iter().flat_map(|(_, blocks)| blocks).collect();
        let begins = blocks.iter().find_map(|block| match block {
            Block::Paragraph(text) if *text != self.hello() => Some(text.clone()),
            _ => None,
        });
        blocks.push(self.footer([]));
        Content {
            subject: self.numbered(&subject),
            from: self.view.company().to_owned(),
            preheader: begins.unwrap_or_default(),
            blocks,
            auto_submitted: Some(AutoSubmitted::AutoGenerated),
        }
    }

    fn hello(&self) -> String {
        (self.texts.hello)(self.view.proved_name())
    }

    pub(super) fn greeting(&self) -> Block {
        Block::Paragraph(self.hello())
    }

    /// An agent's words, and nothing of ours before them. Only the words of a public answer: whatever the notice says,
    /// a note does not go out.
    fn reply(&self, seq: u32, agent: &PersonId) -> Result<Content, Unsayable> {
        let Self { view, texts, .. } = self;
        let words = view
            .event(seq)
            .filter(|event| event.event == Event::AgentReplied)
            .and_then(|event| event.words.as_ref())
            .ok_or(Unsayable::NoWords(seq))?;
        let mut blocks = vec![Block::Words(words.text.clone())];
        if words.cut {
            blocks.push(Block::Paragraph(texts.cut.to_owned()));
        }
        if !view.enclosed && !words.attachments.is_empty() {
            blocks.extend(self.files(words));
            blocks.push(self.page_link());
        }
        // What we add stands below the agent's words as their signature would, so that nobody takes it for theirs.
        let page = format!("{}: {}", texts.page, self.page);
        let mut more: Vec<String> = self.expected_by().into_iter().collect();
        more.extend([texts.reply_hint.to_owned(), page]);
        blocks.push(self.footer_of(more));
        let subject = match view.subject.trim() {
            _ if self.reads_after() > 0 => texts.your_request,
            "" => texts.your_request,
            subject => subject,
        };
        let company = view.company();
        Ok(Content {
            subject: format!("Re: {}", self.numbered(subject)),
            from: view
                .person(agent)
                .map_or(company.to_owned(), |p| format!("{}, {company}", p.name)),
            preheader: clean::beginning(&words.text, PREHEADER),
            blocks,
            auto_submitted: None,
        })
    }

    fn solved(&self) -> Content {
        let Self { view, texts, .. } = self;
        let mut draft = Draft::new(texts.solved_subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((texts.solved)(&view.number()));
        draft.say(texts.solved_hint.to_owned());
        draft.part("page", [self.page_link()]);
        self.written(LetterKind::Solved, draft)
    }

    fn promise_missed(
        &self,
        deadline: &Deadline,
        expected: Option<Timestamp>,
    ) -> Result<Content, Unsayable> {
        let Self { view, texts, .. } = self;
        let promise = view.policy.promise(&deadline.promise);
        let promise = promise.ok_or(Unsayable::UnknownPromise)?;
        let target = promise.target.text(view.lang());
        let mut promised = (texts.promised)(promise.strength, promise.metric, &target);
        if let Some(clause) = &promise.clause {
            promised = format!("{promised} {}.", (texts.clause)(clause));
        }
        let was_due = (texts.was_due)(&self.time(deadline.due));
        let mut draft = Draft::new(texts.missed_subject);
        draft.part("greeting", [self.greeting()]);
        draft.say((texts.missed)(&view.number()));
        draft.part("promised", [promised, was_due].map(Block::Paragraph));
        draft.part("expected", [Block::Paragraph(self.expectation(expected))]);
        draft.part("page", [self.page_link()]);
        draft.part("adding", [Block::Paragraph(texts.reply_hint.to_owned())]);
        Ok(self.written(LetterKind::PromiseMissed, draft))
    }

    fn policy_changed(&self, version: &PolicyHash, effective: Timestamp) -> Content {
        let Self { view, texts, .. } = self;
        let link = |label: &str, version: &PolicyHash| Block::Link {
            label: label.to_owned(),
            url: self.policy_url(version),
        };
        let mut draft = Draft::new(texts.changed_subject);
        draft.part("greeting", [self.greeting()]);
        let changed = (texts.changed)(&view.time(effective));
        draft.part("effective", [Block::Paragraph(changed)]);
        draft.say((texts.changed_hint)(&view.number()));
        let versions = [
            link(texts.changed_policy, version),
            link(texts.own_policy, &view.ticket.policy),
        ];
        draft.part("versions", versions);
        self.written(LetterKind::PolicyChanged, draft)
    }

    /// Where a version can be read, in the customer's language.
    pub(super) fn policy_url(&self, version: &PolicyHash) -> String {
        let lang = &self.view.ticket.lang;
        format!("{}/policy?version={version}&lang={lang}", self.view.site)
    }

    /// When the customer can expect it after all; a time that has passed meanwhile is not named again.
    pub(super) fn expectation(&self, expected: Option<Timestamp>) -> String {
        match expected.filter(|at| *at > self.view.now) {
            Some(at) => (self.texts.expected)(&self.time(at)),
            None => self.texts.not_expected.to_owned(),
        }
    }

    pub(super) fn page_link(&self) -> Block {
        Block::Button {
            label: self.texts.page.to_owned(),
            url: self.page.to_owned(),
        }
    }

    pub(super) fn footer<const N: usize>(&self, more: [String; N]) -> Block {
        self.footer_of(Vec::from(more))
    }

    fn footer_of(&self, mut entries: Vec<String>) -> Block {
        entries.extend(self.view.imprint(super::texts::of(self.view.lang())));
        Block::Footer(entries)
    }

    fn numbered(&self, subject: &str) -> String {
        format!("[{}] {subject}", self.view.number())
    }

    pub(super) fn time(&self, at: Timestamp) -> String {
        self.view.time(at)
    }
}
