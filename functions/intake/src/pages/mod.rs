//! Pages: values in, HTML out. They work without JavaScript; the one script only fills in the visitor's time zone.

mod asked;
mod files;
mod form;
mod have_it;
mod notice;
mod policy;
mod promises;
mod thanks;
mod ticket;

use ::policy::Lang;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use runtime::http::{Answer, ContentPolicy};

use crate::submission::asks;
use crate::texts::Texts;
use crate::visit::Visit;

pub(crate) use files::FileLine;
pub(crate) use form::FormPage;
pub(crate) use have_it::{HaveIt, have_it};
pub(crate) use notice::{Notice, bare, notice};
pub(crate) use policy::PolicyPage;
pub(crate) use promises::standing_text;
pub(crate) use thanks::{Thanks, thanks};
pub(crate) use ticket::{Message, Taking, TicketPage, Writer};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("zone.js");

/// The frame around a page's own content.
struct Frame<'a> {
    status: u16,
    title: &'a str,
    /// Where the page is in each language, from the language's tag.
    switch: &'a dyn Fn(&Lang) -> String,
    /// Styles that only this page needs.
    style: &'a str,
    /// Whether the visitor's time zone is wanted.
    wants_zone: bool,
}

impl Frame<'_> {
    fn page(&self, visit: &Visit, main: &Markup) -> Answer {
        let texts = visit.texts;
        let company = &visit.policy.terms().company;
        let page = html! {
            (DOCTYPE)
            html lang=(visit.lang) {
                head { (head(self.title, &company.name, self.style)) }
                body {
                    a.skip href="#main" { (texts.skip) }
                    header {
                        strong { (company.name) }
                        (self.languages(visit))
                    }
                    @if let Some(busy) = &visit.busy { (busy_banner(visit, busy)) }
                    @for closing in visit.closings() { p.panel.ahead { (closing) } }
                    main #main { (main) }
                    footer {
                        a href=(in_language("/", &visit.lang)) { (texts.new_request) }
                        a href=(in_language("/policy", &visit.lang)) { (texts.policy) }
                        a href=(company.privacy_url) rel="noreferrer" { (texts.privacy) }
                        span { (company.name) ", " (company.address) }
                    }
                    @if self.wants_zone { script { (PreEscaped(SCRIPT)) } }
                }
            }
        };
        let scripts: &[&str] = if self.wants_zone { &[SCRIPT] } else { &[] };
        let styles = if self.style.is_empty() {
            vec![STYLE]
        } else {
            vec![STYLE, self.style]
        };
        Answer::html(
            self.status,
            page.into_string(),
            &ContentPolicy::new(&styles, scripts),
        )
    }

    fn languages(&self, visit: &Visit) -> Markup {
        html! {
            nav aria-label=(visit.texts.language) {
                ul {
                    @for lang in visit.offered() {
                        li {
                            a href=((self.switch)(&lang)) lang=(lang) hreflang=(lang)
                                aria-current=[(lang == visit.lang).then_some("true")] { (lang.name()) }
                        }
                    }
                }
            }
        }
    }
}

/// What was declared, above everything else.
fn busy_banner(visit: &Visit, busy: &store::Busy) -> Markup {
    let until = ::ticket::time_text(busy.end(), visit.zone(), &visit.lang);
    html! {
        section.panel.busy role="status" {
            p { strong { ((visit.texts.busier)(&until)) } }
            p { (busy.reason_in(&visit.lang)) }
        }
    }
}

/// Where a version of the policy can be read.
fn version_path(version: &::policy::PolicyHash) -> String {
    format!("/policy?version={version}")
}

fn head(title: &str, company: &str, style: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="robots" content="noindex";
        title { (title) @if !company.is_empty() { " – " (company) } }
        style { (PreEscaped(STYLE)) }
        @if !style.is_empty() { style { (PreEscaped(style)) } }
    }
}

/// A path of ours with the language chosen.
pub(crate) fn in_language(path: &str, lang: &Lang) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lang={lang}")
}

/// The fault beside a field, and the id that ties it to the field.
fn beside(texts: &Texts, name: &str, faults: &[crate::fields::FieldFault]) -> Markup {
    html! {
        @for (_, fault) in faults.iter().filter(|(field, _)| field == name) {
            p.fault #{ (name) "-fault" } { (capitalised(&(texts.fault)(fault))) }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn is_faulty(name: &str, faults: &[crate::fields::FieldFault]) -> bool {
    faults.iter().any(|(field, _)| field == name)
}

/// What describes a field to a screen reader: its hint, and its fault if there is one.
fn described_by(name: &str, hinted: bool, faults: &[crate::fields::FieldFault]) -> Option<String> {
    let hint = hinted.then(|| format!("{name}-hint"));
    let fault = is_faulty(name, faults).then(|| format!("{name}-fault"));
    let ids: Vec<String> = hint.into_iter().chain(fault).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// All faults at the top of a page, each leading to its field; screen readers say them at once.
fn summary(
    title: &str,
    texts: &Texts,
    faults: &[crate::fields::FieldFault],
    label: &dyn Fn(&str) -> String,
) -> Markup {
    html! {
        div.faults role="alert" tabindex="-1" autofocus {
            h2 { (title) }
            @if !faults.is_empty() {
                ul {
                    @for (field, fault) in faults {
                        li { a href={ "#" (anchor(field)) } { (label(field)) ": " ((texts.fault)(fault)) } }
                    }
                }
            }
        }
    }
}

/// The element that a fault's link leads to.
fn anchor(field: &str) -> &str {
    match field {
        "email" | "name" | "subject" | "message" | "department" | "type" | asks::SERVICE => field,
        asked if asked.starts_with(asks::PREFIX) => asked,
        _ => "main",
    }
}

#[cfg(test)]
mod tests;
