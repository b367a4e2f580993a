//! After sending: the number, the promised times, the link.

use jiff::Timestamp;
use maud::html;
use runtime::http::Answer;

use super::{Frame, in_language, promises, version_path};
use ticket::Masked;

use crate::promised::Promised;
use crate::visit::Visit;

/// What became of a request.
pub(crate) struct Thanks {
    /// The ticket's number.
    pub(crate) number: String,
    /// The customer's page, relative, with its key.
    pub(crate) url: String,
    /// What is promised.
    pub(crate) promises: Vec<Promised>,
    /// When working hours begin again, if that is all that can be said.
    pub(crate) next_hours: Option<Timestamp>,
    /// What was masked in the request.
    pub(crate) masked: Vec<Masked>,
    /// The zone to show times in.
    pub(crate) zone: String,
    /// When it reached us.
    pub(crate) received: Timestamp,
}

/// Renders the page; a reload sends the same form again and gets the same answer.
pub(crate) fn thanks(visit: &Visit, thanks: &Thanks) -> Answer {
    let texts = visit.texts;
    let switch = |lang: &policy::Lang| in_language(&thanks.url, lang);
    let frame = Frame {
        status: 201,
        title: texts.thanks_title,
        switch: &switch,
        style: "",
        wants_zone: false,
    };
    let main = html! {
        h1 { (texts.thanks_title) }
        p { (texts.number_is) " " span.number #number { (thanks.number) } }
        section.panel {
            h2 { (texts.expect_title) }
            (promises::list(visit, &thanks.promises, &thanks.zone))
            @if let Some(from) = thanks.next_hours {
                p { ((texts.next_hours)(&ticket::time_text(from, &thanks.zone, &visit.lang))) }
            }
        }
        @if !thanks.masked.is_empty() {
            p.panel #masked { (ticket::masked_text(&thanks.masked, &visit.lang)) }
        }
        p { (texts.mailed) }
        p { a #ticket-link href=(in_language(&thanks.url, &visit.lang)) { (texts.link_text) } }
        p.hint { (texts.link_hint) }
        @if let Some(rules) = visit.conduct() { p.hint #conduct { (rules) } }
        p.hint { (texts.policy_version) " " a href=(in_language(&version_path(visit.policy.hash()), &visit.lang)) { (visit.policy.hash()) } }
    };
    frame.page(visit, &main)
}
