//! The published policy, from its Markdown.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};
use runtime::http::Answer;

use super::{Frame, in_language};
use crate::visit::Visit;

/// Renders the page in the visitor's language, or in the prevailing one where there is no other.
pub(crate) fn policy_page(visit: &Visit) -> Answer {
    let texts = visit.texts;
    let switch = |lang: &policy::Lang| in_language("/policy", lang);
    let page = visit.policy.render_page(&visit.lang);
    let status = if page.is_some() { 200 } else { 404 };
    let frame = Frame {
        status,
        title: texts.policy,
        switch: &switch,
        style: "",
        wants_zone: false,
    };
    let prevailing = &visit.policy.terms().prevailing;
    let lang = if visit.policy.pages().contains_key(&visit.lang) {
        &visit.lang
    } else {
        prevailing
    };
    let main = html! {
        @match page {
            None => { h1 { (texts.policy) } p { (texts.policy_absent) } }
            Some(page) => {
                @if lang != prevailing || visit.lang != *prevailing { p.hint { ((texts.prevails)(prevailing.name())) } }
                article.policy lang=(lang) { (markdown(&page)) }
            }
        }
    };
    frame.page(visit, &main)
}

/// Markdown to HTML. HTML inside it is left out, and links lead to web pages, mail or places of ours only.
fn markdown(text: &str) -> Markup {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let dest_url = if is_harmless(&dest_url) {
                dest_url
            } else {
                "#".into()
            };
            Some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }))
        }
        Event::Html(_)
        | Event::InlineHtml(_)
        | Event::Start(Tag::Image { .. })
        | Event::End(TagEnd::Image) => None,
        event => Some(event),
    });
    let mut page = String::with_capacity(text.len() * 2);
    push_html(&mut page, events);
    PreEscaped(page)
}

fn is_harmless(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["https://", "http://", "mailto:", "#"]
        .iter()
        .any(|start| lower.starts_with(start))
        || (lower.starts_with('/') && !lower.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html_without_foreign_html_scripts_and_pictures() {
        for (source, page) in [
            (
                "# A & B\n\n- *c*",
                "<h1>A &amp; B</h1>\n<ul>\n<li><em>c</em></li>\n</ul>\n",
            ),
            ("<!-- note -->\n\na", "<p>a</p>\n"),
            ("a <script>alert(1)</script> b", "<p>a alert(1) b</p>\n"),
            (
                "[a](https://example.com)",
                "<p><a href=\"https://example.com\">a</a></p>\n",
            ),
            (
                "[a](#top) [b](/policy)",
                "<p><a href=\"#top\">a</a> <a href=\"/policy\">b</a></p>\n",
            ),
            ("![a](https://example.com/x.png)", "<p>a</p>\n"),
        ] {
            assert_eq!(markdown(source).into_string(), page, "{source}");
        }
    }

    #[test]
    fn a_link_that_is_no_web_or_mail_link_leads_nowhere() {
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,a",
            "//evil.example",
            "vbscript:a",
        ] {
            let page = markdown(&format!("[a]({url})")).into_string();
            assert_eq!(page, "<p><a href=\"#\">a</a></p>\n", "{url}");
        }
    }
}
