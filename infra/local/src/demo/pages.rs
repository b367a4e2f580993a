//! The pages of the demo: one that links the desks, one a desk, and what `troth` says of a ticket.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use serde_json::Value;

use super::board::{Board, Shown};
use super::journal::{Entry, What};
use super::wall;
use crate::pages::layout::framed;
use crate::pages::only_this_machine;

/// A heading for each date, in words.
const DATE: &str = "%A, %-d %B %Y";
/// How often a page of a story under way asks again, in seconds.
const AGAIN: &str = "2";

/// Everything the demo serves itself; the desks have ports of their own.
pub(super) fn router(board: Arc<Board>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/desks/{desk}", get(desk))
        .route("/desks/{desk}/tickets/{number}/explain", get(explain))
        .route("/desks/{desk}/tickets/{number}/evidence", get(evidence))
        .layer(from_fn(only_this_machine))
        .with_state(board)
}

async fn index(State(board): State<Arc<Board>>) -> Response {
    let desks = board.all();
    let content = html! {
        p {
            "Each desk is a stack of its own: it has one company's policy, its own clock and its own mail. People and companies are invented. "
            "A story has been played at each; the desks stay open until you end the program, so go on with any of them."
        }
        @for shown in &desks {
            article {
                h2 { a href={ "/desks/" (shown.story.id) } { (shown.story.head.title) } }
                p { (shown.story.head.shows) }
                p { strong { (shown.summary()) } " · " (began(shown)) }
                (links(shown))
            }
        }
    };
    answer(
        &[],
        "Five minutes with Troth",
        &content,
        desks.iter().all(|shown| shown.finished),
    )
}

fn began(shown: &Shown) -> String {
    wall(
        shown.story.head.at.0,
        &shown.story.zone,
        "begins on %A, %-d %B %Y, %H:%M %Z",
    )
}

/// Where to click, as soon as the desk is open.
fn links(shown: &Shown) -> Markup {
    html! {
        @if let Some(address) = shown.address() {
            p.links {
                a href={ "/desks/" (shown.story.id) } { "What happened" }
                a href={ (address) "/" } { "Form" }
                a href={ (address) "/policy" } { "Published policy" }
                a href={ (address) "/_local/mail" } { "Mailbox" }
                a href={ "/desks/" (shown.story.id) "#tickets" } { "Tickets" }
                a href={ (address) "/_local/" } { "Clock and queues" }
            }
        }
    }
}

async fn desk(State(board): State<Arc<Board>>, Path(id): Path<String>) -> Response {
    let Some(shown) = board.desk(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tickets = match shown.client.clone().filter(|_| shown.finished) {
        Some(client) => asked(move || client.tickets()).await,
        None => Ok(Vec::new()),
    };
    let links_of_tickets = mailed_links(&shown).await;
    let content = html! {
        p { (shown.story.head.shows) }
        p { strong { (shown.summary()) } " · times are those of " (shown.story.head.zone) }
        (links(&shown))
        section aria-labelledby="tickets" {
            h2 id="tickets" { "Tickets" }
            @match &tickets {
                Ok(tickets) => (table(&shown, tickets, &links_of_tickets)),
                Err(problem) => p.bad { (problem) },
            }
        }
        section aria-labelledby="story" {
            h2 id="story" { "What happened, in this order" }
            (story(&shown))
        }
    };
    answer(
        &[("/", "All desks")],
        &shown.story.head.title,
        &content,
        shown.finished,
    )
}

/// Links to customers' pages, as they were mailed: whoever has one may open the page.
async fn mailed_links(shown: &Shown) -> Vec<String> {
    let Some(client) = shown.client.clone() else {
        return Vec::new();
    };
    let mails = asked(move || client.mails()).await.unwrap_or_default();
    let words = mails.iter().flat_map(|mail| mail.text().split_whitespace());
    words
        .filter(|word| word.starts_with("http") && word.contains("?key="))
        .map(str::to_owned)
        .collect()
}

fn table(shown: &Shown, tickets: &[Value], links: &[String]) -> Markup {
    let text = |ticket: &Value, key: &str| ticket[key].as_str().unwrap_or("–").to_owned();
    html! {
        @if tickets.is_empty() { p { "None yet." } }
        @else {
            div.wide { table {
                thead { tr {
                    th scope="col" { "Number" } th scope="col" { "Subject" } th scope="col" { "Status" }
                    th scope="col" { "Department" } th scope="col" { "Look" }
                } }
                tbody { @for ticket in tickets {
                    @let number = text(ticket, "number");
                    @let own = format!("/desks/{}/tickets/{number}", shown.story.id);
                    @let page = links.iter().find(|link| link.contains(&format!("/tickets/{number}?key=")));
                    tr {
                        th scope="row" { (number) }
                        td lang=(shown.story.head.lang) { (text(ticket, "subject")) }
                        td { (text(ticket, "status")) }
                        td { (text(ticket, "department")) }
                        td {
                            a href={ (own) "/explain" } { "why these deadlines" } " · "
                            a href={ (own) "/evidence" } { "evidence" }
                            @if let Some(page) = page { " · " a href=(page) { "the customer's page" } }
                        }
                    }
                } }
            } }
            @if let Some(address) = shown.address() {
                p { "On the command line:" }
                pre tabindex="0" {
                    "troth --local=" (address) "/_local ticket list\n"
                    "troth --local=" (address) "/_local explain NUMBER\n"
                    "troth --local=" (address) "/_local evidence NUMBER > evidence.html"
                }
            }
        }
    }
}

fn story(shown: &Shown) -> Markup {
    let zone = &shown.story.zone;
    let date = |entry: &Entry| wall(entry.at, zone, DATE);
    let days = shown.journal.chunk_by(|a, b| date(a) == date(b));
    html! {
        @for day in days {
            h3 { (date(&day[0])) }
            ul.story { @for entry in day { (line(shown, entry)) } }
        }
    }
}

fn line(shown: &Shown, entry: &Entry) -> Markup {
    let lang = &shown.story.head.lang;
    let time = wall(entry.at, &shown.story.zone, "%H:%M");
    html! {
        @match &entry.what {
            What::Chapter { title, clauses } => li {
                h4 { (title) @if !clauses.is_empty() { " " span.quiet { "(" (clauses.join(", ")) ")" } } }
            },
            What::Did { line, words } => li {
                time { (time) } (line)
                @if !words.is_empty() { blockquote lang=(lang) { (words) } }
            },
            What::Sent { to, subject, id } => li.sent {
                time { (time) } "Mail to " (to) ": "
                @if let Some(address) = shown.address() {
                    a lang=(lang) href={ (address) "/_local/mail/" (id) "/html" } { (subject) }
                } @else { (subject) }
            },
        }
    }
}

async fn explain(state: State<Arc<Board>>, path: Path<(String, String)>) -> Response {
    let number = path.1.clone();
    match troth(state, path, "explain").await {
        Ok(said) => {
            let content = html! { pre tabindex="0" style="max-height: none" { (said) } };
            answer(
                &[("/", "All desks")],
                &format!("Why: {number}"),
                &content,
                true,
            )
        }
        Err(refusal) => refusal,
    }
}

async fn evidence(state: State<Arc<Board>>, path: Path<(String, String)>) -> Response {
    match troth(state, path, "evidence").await {
        Ok(page) => Html(page).into_response(),
        Err(refusal) => refusal,
    }
}

/// What `troth` says of one ticket. What is no number never reaches its command line.
async fn troth(
    State(board): State<Arc<Board>>,
    Path((desk, number)): Path<(String, String)>,
    command: &'static str,
) -> Result<String, Response> {
    let is_number = number.starts_with(|c: char| c.is_ascii_alphanumeric())
        && number
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-');
    let client = board.desk(&desk).and_then(|shown| shown.client);
    let Some(client) = client.filter(|_| is_number) else {
        return Err(StatusCode::NOT_FOUND.into_response());
    };
    let said = asked(move || client.troth(&[command, &number])).await;
    said.map_err(|said| (StatusCode::NOT_FOUND, said).into_response())
}

/// Asks a desk, which waits as people do, beside the threads that serve pages.
async fn asked<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let asked = tokio::task::spawn_blocking(ask).await;
    asked.unwrap_or_else(|error| Err(error.to_string()))
}

/// A page; while a story is under way the browser asks again by itself.
fn answer(links: &[(&str, &str)], title: &str, content: &Markup, finished: bool) -> Response {
    let page = framed(links, title, content);
    if finished {
        return page.into_response();
    }
    ([(header::REFRESH, AGAIN)], page).into_response()
}
