//! Where somebody on the staff says that they have what a ladder told of: a question with a button, and its answer.

use maud::html;
use runtime::http::Answer;

use super::{Frame, in_language};
use crate::visit::Visit;

/// What the page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HaveIt {
    /// Asks, with a button.
    Ask,
    /// It was noted.
    Done,
    /// Nothing waits for anybody.
    Nothing,
}

/// The page; `url` is its own path and query, with the key.
pub(crate) fn have_it(visit: &Visit, number: &str, url: &str, what: HaveIt) -> Answer {
    let texts = visit.texts;
    let switch = |lang: &policy::Lang| in_language(url, lang);
    let frame = Frame {
        status: 200,
        title: texts.have_it_title,
        switch: &switch,
        style: "",
        wants_zone: false,
    };
    let said = match what {
        HaveIt::Ask => (texts.have_it)(number),
        HaveIt::Done => (texts.have_it_done)(number),
        HaveIt::Nothing => (texts.have_it_nothing)(number),
    };
    let main = html! {
        h1 { (texts.have_it_title) }
        p #said { (said) }
        @if what == HaveIt::Ask {
            form method="post" action=(in_language(url, &visit.lang)) {
                button type="submit" { (texts.have_it_button) }
            }
        }
    };
    frame.page(visit, &main)
}
