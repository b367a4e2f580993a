//! The frame of every page: no script, readable on a phone, light or dark.

use axum::response::Html;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = "
:root { color-scheme: light dark; --line: #8886; --bad: #c22; }
@media (prefers-color-scheme: dark) { :root { --bad: #f77; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: 1rem; } h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } h3, h4 { font-size: 1rem; }
th[scope=row] { white-space: nowrap; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child { min-width: 12rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; border: 1px solid var(--line); padding: .5rem; max-height: 20rem; overflow-y: auto; }
iframe { width: 100%; height: 24rem; border: 1px solid var(--line); background: #fff; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; overflow-wrap: anywhere; }
button { font: inherit; padding: .5rem .8rem; min-height: 44px; margin: 0 .5rem .5rem 0; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
.beside iframe, .beside pre { height: 40rem; max-height: none; margin: 0; box-sizing: border-box; }
.story { list-style: none; padding: 0; } .story li { border-left: 3px solid var(--line); padding: 0 0 .6rem .8rem; overflow-wrap: anywhere; }
.story .sent { border-left-style: dotted; } .story time { font-variant-numeric: tabular-nums; margin-right: .5rem; opacity: .75; }
.story pre { margin: .3rem 0; max-height: 12rem; } blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 2px solid var(--line); white-space: pre-line; }
.links a { display: inline-block; padding: .4rem 0; margin-right: 1.2rem; }
form { display: inline; } .bad { color: var(--bad); font-weight: 600; } .quiet { opacity: .75; }
";

/// Wraps a page of one desk.
pub(super) fn page(title: &str, content: &Markup) -> Html<String> {
    let links = [
        ("/", "Form"),
        ("/_local/", "Runner"),
        ("/_local/mail", "Mail"),
        ("/_local/preview", "Notices"),
    ];
    framed(&links, title, content)
}

/// Wraps a page's content; `links` lead round, each an address and its words.
pub(crate) fn framed(links: &[(&str, &str)], title: &str, content: &Markup) -> Html<String> {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav aria-label="Runner" {
                    @for (address, words) in links { a href=(address) { (words) } }
                }
                main { h1 { (title) } (content) }
            }
        }
    };
    Html(whole.into_string())
}
