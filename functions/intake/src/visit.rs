//! In which language and under which policy a visitor is answered.

use std::sync::Arc;

use jiff::Timestamp;
use policy::{Lang, Policy, Span};
use runtime::http::{Request, preferred};
use store::Busy;

use crate::texts::{self, EN, Texts};

/// What every page needs to know.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The policy in force.
    pub(crate) policy: Arc<Policy>,
    /// The language chosen.
    pub(crate) lang: Lang,
    /// Its words.
    pub(crate) texts: &'static Texts,
    /// The declared busy time that lasts, if one does.
    pub(crate) busy: Option<Busy>,
    /// Every declared busy time: what a request sent now would be told of.
    pub(crate) declared: Vec<Span>,
    /// When the visitor came, as far as that is known.
    pub(crate) at: Option<Timestamp>,
}

impl Visit {
    /// Chooses by `?lang=`, then by `lang` (the language of the ticket on its own page), then by the browser's wishes;
    /// always one that the policy lists and that we have words for, else the policy's first.
    pub(crate) fn new(policy: Arc<Policy>, request: &Request, lang: Option<&Lang>) -> Self {
        let offered = offered(&policy);
        let asked = wishes(request, lang)
            .into_iter()
            .find(|wish| offered.contains(wish));
        let lang = asked
            .or_else(|| offered.into_iter().next())
            .unwrap_or_else(|| policy.terms().prevailing.clone());
        let texts = texts::of(&lang).unwrap_or(&EN);
        Self {
            policy,
            lang,
            texts,
            busy: None,
            declared: Vec::new(),
            at: None,
        }
    }

    /// The same visit at an instant, told of the declared busy times and of closures ahead.
    pub(crate) fn during(self, times: &[Busy], at: Timestamp) -> Self {
        Self {
            busy: times.iter().find(|busy| busy.lasts_at(at)).cloned(),
            declared: times.iter().map(Busy::span).collect(),
            at: Some(at),
            ..self
        }
    }

    /// The same visit answered in another language, if we have words for it.
    pub(crate) fn speaking(&self, lang: &Lang) -> Self {
        match texts::of(lang) {
            Some(texts) => Self {
                lang: lang.clone(),
                texts,
                ..self.clone()
            },
            None => self.clone(),
        }
    }

    /// That rules of conduct may limit support, where the policy has any. It is said to everybody in the same words.
    pub(crate) fn conduct(&self) -> Option<String> {
        let rules = self.policy.terms().conduct.as_ref()?;
        Some((self.texts.conduct)(rules.clause.as_deref()))
    }

    /// The closures to be announced to this visitor.
    pub(crate) fn closings(&self) -> Vec<String> {
        let at = self.at;
        at.map_or_else(Vec::new, |at| self.policy.closings(at, None, &self.lang))
    }

    /// The languages to switch between.
    pub(crate) fn offered(&self) -> Vec<Lang> {
        offered(&self.policy)
    }

    /// The zone to show times in for a ticket or request that names none.
    pub(crate) fn zone(&self) -> &str {
        self.policy.terms().zone.name()
    }
}

/// The words for a visitor whom no policy can be shown to.
pub(crate) fn texts_without_policy(request: &Request) -> &'static Texts {
    wishes(request, None)
        .iter()
        .find_map(texts::of)
        .unwrap_or(&EN)
}

fn offered(policy: &Policy) -> Vec<Lang> {
    policy
        .terms()
        .languages
        .iter()
        .filter(|lang| texts::of(lang).is_some())
        .cloned()
        .collect()
}

fn wishes(request: &Request, lang: Option<&Lang>) -> Vec<Lang> {
    let asked = request.query("lang").and_then(|lang| Lang::new(lang).ok());
    let header = request.header("accept-language").unwrap_or_default();
    asked
        .into_iter()
        .chain(lang.cloned())
        .chain(preferred(header))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{lang, policy, request};

    #[test]
    fn the_link_decides_before_the_ticket_and_the_ticket_before_the_browser() {
        for (query, ticket, header, chosen) in [
            ("lang=vi", Some("de"), "en", "vi"),
            ("lang=fr", Some("de"), "en", "de"),
            ("lang=%3Cscript%3E", None, "de;q=0.5, vi", "vi"),
            ("", None, "fr, nl", "en"),
            ("", None, "", "en"),
        ] {
            let ticket = ticket.map(lang);
            let visit = Visit::new(policy(), &request(query, header), ticket.as_ref());
            assert_eq!(
                (visit.lang.as_str(), visit.texts.tag),
                (chosen, chosen),
                "{query} {header}"
            );
        }
    }

    #[test]
    fn without_a_policy_the_browser_decides_among_the_words_we_have() {
        assert_eq!(texts_without_policy(&request("", "fr, vi")).tag, "vi");
        assert_eq!(texts_without_policy(&request("lang=de", "vi")).tag, "de");
        assert_eq!(texts_without_policy(&request("", "fr")).tag, "en");
    }
}
