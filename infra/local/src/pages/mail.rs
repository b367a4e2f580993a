//! Every mail that left.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::control::json_answer;
use super::layout::page as frame;
use crate::cloud::Cloud;
use crate::services::ses::mailbox::{Mail, readable};

/// Mails that the page shows; the JSON has all.
const ON_PAGE: usize = 50;

/// `GET /_local/mail`: newest first.
pub(super) async fn page(State(cloud): State<Arc<Cloud>>) -> Html<String> {
    let all = cloud.sending.mailbox.list();
    let newest = all.iter().rev().take(ON_PAGE);
    let mails: Vec<Mail> = newest
        .filter_map(|sent| cloud.sending.mailbox.get(&sent.id))
        .collect();
    let content = html! {
        @if mails.is_empty() { p { "Nothing has been sent yet." } }
        @for mail in &mails { (one(mail)) }
        @if all.len() > ON_PAGE {
            p { "Older mail: " a href="/_local/mail.json" { "all " (all.len()) " as JSON" } }
        }
    };
    frame("Mail sent", &content)
}

fn one(mail: &Mail) -> Markup {
    let sent = &mail.sent;
    let parts = readable(&mail.raw);
    html! {
        article id=(sent.id) {
            h2 { @if parts.subject.is_empty() { "(no subject)" } @else { (parts.subject) } }
            p {
                "From " (sent.from) " to " strong { (sent.to.join(", ")) } " at " (format!("{:.0}", sent.at))
                @if sent.bounced { " " span.bad { "bounced" } }
                " · " a href={ "/_local/mail/" (sent.id) } { "source" }
            }
            @for file in &parts.files { p { "Attached: " (file["name"].as_str().unwrap_or_default()) ", " (file["bytes"]) " bytes" } }
            @if let Some(text) = &parts.text { pre tabindex="0" { (text) } }
            @if parts.html.is_some() {
                details {
                    summary { "As HTML" }
                    iframe sandbox="" title={ "HTML of " (parts.subject) } loading="lazy" src={ "/_local/mail/" (sent.id) "/html" } {}
                }
            }
        }
    }
}

/// `GET /_local/mail.json`: oldest first.
pub(super) async fn list(State(cloud): State<Arc<Cloud>>) -> Response {
    let mailbox = &cloud.sending.mailbox;
    let all = mailbox.list().into_iter();
    let all: Vec<Value> = all
        .filter_map(|sent| mailbox.get(&sent.id))
        .map(|m| wire(&m))
        .collect();
    json_answer(StatusCode::OK, &Value::Array(all))
}

fn wire(mail: &Mail) -> Value {
    let parts = readable(&mail.raw);
    let sent = &mail.sent;
    json!({
        "id": sent.id,
        "at": sent.at,
        "from": sent.from,
        "to": sent.to,
        "subject": parts.subject,
        "text": parts.text,
        "html": parts.html,
        "headers": parts.headers,
        "files": parts.files,
        "bounced": sent.bounced,
        "raw_url": format!("/_local/mail/{}", sent.id),
    })
}

/// `GET /_local/mail/ID`: the raw message as it left.
pub(super) async fn source(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>) -> Response {
    match cloud.sending.mailbox.get(&id) {
        Some(mail) => {
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, mail.raw).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /_local/mail/ID/html`: the HTML part, cut off from everything.
pub(super) async fn html(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>) -> Response {
    let html = cloud
        .sending
        .mailbox
        .get(&id)
        .and_then(|mail| readable(&mail.raw).html);
    match html {
        Some(html) => {
            let headers = [(
                header::CONTENT_SECURITY_POLICY,
                "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            )];
            (headers, Html(html)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
