//! A published version of the policy, and the list of all.

use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};
use policy::{Policy, PublishedPage};
use runtime::http::Answer;
use store::{Publication, in_force};

use super::{Frame, in_language, version_path};
use crate::visit::Visit;

/// A version as it is to be shown.
pub(crate) struct PolicyPage<'a> {
    /// Language and words.
    pub(crate) visit: &'a Visit,
    /// The version, with its pages.
    pub(crate) policy: &'a Policy,
    /// Its publication.
    pub(crate) shown: &'a Publication,
    /// All publications, in the order in which they take effect.
    pub(crate) publications: &'a [Publication],
    /// What is in force now is marked.
    pub(crate) now: Timestamp,
}

impl PolicyPage<'_> {
    /// Renders the page in the visitor's language, or in the prevailing one where there is no other.
    pub(crate) fn answer(&self) -> Answer {
        let texts = self.visit.texts;
        let page = (self.policy).page_html(&self.visit.lang, Some(self.shown.effective));
        let path = match self.current() {
            Some(current) if current.version == self.shown.version => "/policy".to_owned(),
            _ => version_path(&self.shown.version),
        };
        let switch = |lang: &policy::Lang| in_language(&path, lang);
        let frame = Frame {
            status: if page.is_some() { 200 } else { 404 },
            title: texts.policy,
            switch: &switch,
            style: "",
            wants_zone: false,
        };
        let main = html! {
            @match &page {
                None => { h1 { (texts.policy) } p { (texts.policy_absent) } }
                Some(page) => (self.text(page)),
            }
            (self.versions())
        };
        frame.page(self.visit, &main)
    }

    fn current(&self) -> Option<&Publication> {
        in_force(self.publications, self.now)
    }

    fn text(&self, page: &PublishedPage) -> Markup {
        let texts = self.visit.texts;
        let is_current = self.current() == Some(self.shown);
        let prevailing = &self.policy.terms().prevailing;
        html! {
            @if !is_current {
                p.panel {
                    (if self.shown.effective > self.now { texts.not_yet_in_force } else { texts.no_longer_in_force })
                    " " a href=(in_language("/policy", &self.visit.lang)) { (texts.policy_now) }
                }
            }
            dl.imprint {
                @for (label, value) in &page.imprint { dt { (label) } dd { (value) } }
            }
            @if page.lang != *prevailing || self.visit.lang != *prevailing {
                p.hint { ((texts.prevails)(prevailing.name())) }
            }
            article.policy lang=(page.lang) { (PreEscaped(&page.html)) }
        }
    }

    /// Every publication, the newest first.
    fn versions(&self) -> Markup {
        let (visit, texts) = (self.visit, self.visit.texts);
        let zone = &self.policy.terms().zone;
        html! {
            section #versions {
                h2 { (texts.versions_title) }
                ul {
                    @for publication in self.publications.iter().rev() {
                        li {
                            ((texts.in_force_from)(&zone.instant_text(publication.effective, &visit.lang))) ": "
                            a href=(in_language(&version_path(&publication.version), &visit.lang))
                                aria-current=[(publication == self.shown).then_some("true")] { (publication.version) }
                        }
                    }
                }
            }
        }
    }
}
