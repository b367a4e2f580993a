//! The customer's page of one ticket: public messages only, status, promises, a box to write.

use jiff::Timestamp;
use maud::{Markup, html};
use policy::{PolicyHash, Status};
use runtime::http::Answer;
use ticket::{Masked, SaidOfStanding, Words, time_text};

use super::files::{self, FileLine};
use super::form::message_field;
use super::{Frame, in_language, promises, summary, version_path};
use crate::fields::FieldFault;
use crate::merged::Link;
use crate::promised::Promised;
use crate::visit::Visit;

/// A ticket as its customer may see it.
pub(crate) struct TicketPage<'a> {
    /// Language, words and the policy in force.
    pub(crate) visit: &'a Visit,
    /// The ticket's number.
    pub(crate) number: String,
    /// This page's path and query, with its key.
    pub(crate) url: String,
    /// Where an answer is sent to, with the key.
    pub(crate) reply_to: String,
    /// The subject.
    pub(crate) subject: &'a str,
    /// The status.
    pub(crate) status: Status,
    /// The ticket that this one goes on with, and its page.
    pub(crate) onward: Option<Link>,
    /// The visitor's tickets that go on with this one.
    pub(crate) merged: Vec<Link>,
    /// When an agent expects to be done, if that lies ahead.
    pub(crate) expected: Option<Timestamp>,
    /// What was masked in the visitor's newest message.
    pub(crate) masked: &'a [Masked],
    /// The public messages, oldest first.
    pub(crate) messages: Vec<Message<'a>>,
    /// Whether the visitor reads all of it; what others quote may repeat what was written before they joined.
    pub(crate) whole: bool,
    /// Who takes part, where it is more than the requester.
    pub(crate) people: Vec<Taking>,
    /// What is promised and how it stands.
    pub(crate) promises: Vec<Promised>,
    /// What was decided about the visitor's conduct, and the reason.
    pub(crate) standing: Option<(SaidOfStanding, &'a str)>,
    /// Whether they may still write on the ticket.
    pub(crate) may_write: bool,
    /// The zone to show times in.
    pub(crate) zone: &'a str,
    /// Makes sending an answer twice the same as once.
    pub(crate) nonce: &'a str,
    /// What was written before, if it could not be taken.
    pub(crate) draft: &'a str,
    /// What is wrong with it.
    pub(crate) faults: &'a [FieldFault],
    /// A reason why it was not taken that is not a field's.
    pub(crate) refused: Option<&'a str>,
    /// The policy version that the ticket is held to.
    pub(crate) version: &'a PolicyHash,
    /// The answer's status code.
    pub(crate) code: u16,
}

/// One public message.
pub(crate) struct Message<'a> {
    /// Its number in the ticket's log.
    pub(crate) seq: u32,
    /// Who wrote it.
    pub(crate) writer: Writer<'a>,
    /// When it reached us.
    pub(crate) at: Timestamp,
    /// The words, unless they were erased.
    pub(crate) words: Option<&'a Words>,
    /// What came with it.
    pub(crate) files: Vec<FileLine<'a>>,
}

/// Who wrote a message, as far as a customer is told.
pub(crate) enum Writer<'a> {
    /// The visitor.
    You,
    /// Another participant of the ticket.
    SomebodyElse,
    /// One of the company's people, by the name they sign with.
    Staff(&'a str),
}

/// Somebody who takes part.
pub(crate) enum Taking {
    /// The visitor.
    You,
    /// Whoever made the request.
    Requester,
    /// Another participant, by the address if the visitor may see it.
    Other(Option<String>),
}

impl TicketPage<'_> {
    /// Renders the page.
    pub(crate) fn answer(&self) -> Answer {
        let texts = self.visit.texts;
        let title = (texts.ticket_title)(&self.number);
        let title = if self.code == 200 {
            title
        } else {
            format!("{}: {title}", texts.error_prefix)
        };
        let switch = |lang: &policy::Lang| in_language(&self.url, lang);
        let frame = Frame {
            status: self.code,
            title: &title,
            switch: &switch,
            style: "",
            wants_zone: false,
        };
        frame.page(self.visit, &self.main())
    }

    fn main(&self) -> Markup {
        let texts = self.visit.texts;
        html! {
            h1 { ((texts.ticket_title)(&self.number)) }
            @if let Some(refused) = self.refused {
                (summary(refused, texts, &[], &|_| String::new()))
            } @else if !self.faults.is_empty() {
                (summary(texts.faults_title, texts, self.faults, &|_| texts.message.to_owned()))
            }
            @if !self.subject.is_empty() { p { strong { (self.subject) } } }
            @if !self.masked.is_empty() {
                p.panel #masked { (ticket::masked_text(self.masked, &self.visit.lang)) }
            }
            @if let Some((said, reason)) = &self.standing { (decision(said, reason)) }
            section.panel {
                h2 { (texts.status_title) }
                @match &self.onward {
                    Some((number, page)) => {
                        p #status data-status=(self.status) { ((texts.goes_on)(number)) }
                        p { a #onward href=(in_language(page, &self.visit.lang)) { (texts.goes_on_link) } }
                    }
                    None => { p #status data-status=(self.status) { ((texts.status)(self.status)) } }
                }
                @for (number, page) in &self.merged {
                    p.merged { (texts.came_with) " " a href=(in_language(page, &self.visit.lang)) { (number) } }
                }
                @if let Some(at) = self.expected {
                    p #expected { ((texts.expected_by)(&time_text(at, self.zone, &self.visit.lang))) }
                }
                (promises::list(self.visit, &self.promises, self.zone))
            }
            section {
                h2 { (texts.messages_title) }
                @for message in &self.messages { (self.message(message)) }
            }
            (self.taking_part())
            (self.reply_box())
            p.hint { (texts.policy_version) " " a href=(in_language(&version_path(self.version), &self.visit.lang)) { (self.version) } }
        }
    }

    fn taking_part(&self) -> Markup {
        let texts = self.visit.texts;
        let name = |person: &Taking| match person {
            Taking::You => texts.you.to_owned(),
            Taking::Requester => texts.requester.to_owned(),
            Taking::Other(address) => match address {
                Some(address) => address.clone(),
                None => texts.somebody_else.to_owned(),
            },
        };
        html! {
            @if !self.people.is_empty() {
                section #people {
                    h2 { (texts.taking_part) }
                    ul { @for person in &self.people { li { (name(person)) } } }
                }
            }
        }
    }

    fn message(&self, message: &Message<'_>) -> Markup {
        let texts = self.visit.texts;
        let writer = match message.writer {
            Writer::You => texts.you.to_owned(),
            Writer::SomebodyElse => texts.somebody_else.to_owned(),
            Writer::Staff(name) => format!("{name}, {}", self.visit.policy.terms().company.name),
        };
        html! {
            article.message.ours[matches!(message.writer, Writer::Staff(_))] {
                h3 { (writer) }
                p.hint { time datetime=(message.at) { (time_text(message.at, self.zone, &self.visit.lang)) } }
                @match message.words {
                    None => { p.hint { (texts.erased) } }
                    Some(words) => { (self.words(words)) (files::list(self.visit, &message.files)) }
                }
            }
        }
    }

    fn words(&self, words: &Words) -> Markup {
        let texts = self.visit.texts;
        html! {
            p.words { (words.text) }
            @if words.cut { p.hint { (texts.cut) } }
            @if self.whole && !words.quoted.is_empty() {
                details { summary { (texts.quoted) } p.words { (words.quoted) } }
            }
        }
    }

    fn reply_box(&self) -> Markup {
        let texts = self.visit.texts;
        if !self.may_write {
            // What they wrote is not lost: it stands where they can copy it.
            return html! { @if !self.draft.is_empty() { p.words #draft { (self.draft) } } };
        }
        if self.onward.is_some() {
            return html! { @if !self.draft.is_empty() { p.words #draft { (self.draft) } } };
        }
        if self.status == Status::Closed {
            return html! { p.panel { (texts.no_more) " " a href=(in_language("/", &self.visit.lang)) { (texts.new_request) } } };
        }
        html! {
            section {
                h2 { (texts.reply_title) }
                form method="post" action=(self.reply_to) accept-charset="utf-8" novalidate {
                    (message_field(self.visit, "message", self.draft, self.faults))
                    input type="hidden" name="lang" value=(self.visit.lang);
                    input type="hidden" name="nonce" value=(self.nonce);
                    p { button type="submit" { (texts.send) } }
                }
            }
        }
    }
}

/// What was decided about the visitor's conduct; the reason is its author's own words.
fn decision(said: &SaidOfStanding, reason: &str) -> Markup {
    html! {
        section.panel #standing {
            h2 { (said.title) }
            ul { @for (label, value) in &said.facts { li { (label) ": " (value) } } }
            h3 { (said.reason) }
            p.words { (reason) }
            h3 { (said.possible_title) }
            ul { @for it in &said.possible { li { (it) } } }
            p { (said.rest) }
            p { (said.objection) }
        }
    }
}
