//! Pages with nothing but a message: not found, busy, broken, not open yet.

use maud::{DOCTYPE, Markup, html};
use runtime::http::{Answer, ContentPolicy};

use super::{Frame, STYLE, head, in_language};
use crate::texts::Texts;
use crate::visit::Visit;

/// What there is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// No such page or ticket, or no right to see it: the same for all, so that nothing can be learnt from it.
    NotFound,
    /// No policy is published, so there is nothing to promise.
    NotOpen,
    /// It may work in a moment.
    Busy,
    /// Too many requests came from the same place.
    TooMany,
    /// It will not work until a person has looked.
    Broken,
    /// The request is not one that a page of ours sends.
    Unreadable(u16),
}

impl Notice {
    fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::NotOpen | Self::Busy => 503,
            Self::TooMany => 429,
            Self::Broken => 500,
            Self::Unreadable(status) => status,
        }
    }

    fn title(self, texts: &Texts) -> &'static str {
        match self {
            Self::NotFound => texts.not_found_title,
            Self::NotOpen => texts.closed_desk_title,
            Self::Busy => texts.busy_title,
            Self::TooMany => texts.too_many_title,
            Self::Broken => texts.broken_title,
            Self::Unreadable(_) => texts.unreadable_title,
        }
    }

    fn main(self, texts: &Texts) -> Markup {
        let said = match self {
            Self::NotFound => texts.not_found,
            Self::NotOpen => texts.closed_desk,
            Self::Busy => texts.busy,
            Self::TooMany => texts.too_many,
            Self::Broken => texts.broken,
            Self::Unreadable(_) => texts.unreadable,
        };
        html! {
            h1 { (self.title(texts)) }
            p { (said) }
            @if self == Self::NotOpen { p.hint { (texts.closed_desk_operator) } }
        }
    }
}

/// The message in the company's frame.
pub(crate) fn notice(visit: &Visit, notice: Notice) -> Answer {
    let switch = |lang: &policy::Lang| in_language("/", lang);
    let title = notice.title(visit.texts);
    let frame = Frame {
        status: notice.status(),
        title,
        switch: &switch,
        style: "",
        wants_zone: false,
    };
    frame.page(visit, &notice.main(visit.texts))
}

/// The message alone, where no policy can be had for a frame.
pub(crate) fn bare(texts: &Texts, notice: Notice) -> Answer {
    let page = html! {
        (DOCTYPE)
        html lang=(texts.tag) {
            head { (head(notice.title(texts), "", "")) }
            body { main #main { (notice.main(texts)) } }
        }
    };
    Answer::html(
        notice.status(),
        page.into_string(),
        &ContentPolicy::new(&[STYLE], &[]),
    )
}
