//! Every notice of the policy in force, as `troth mail preview` writes it.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::page as frame;
use crate::cloud::Cloud;

/// A notice as `troth` describes it.
#[derive(Deserialize)]
struct Preview {
    notice: String,
    lang: String,
    #[serde(rename = "for")]
    readers: String,
    from: String,
    subject: String,
    text: String,
    html: String,
}

/// Which notice is to be shown; all are listed without.
#[derive(Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
    notice: Option<String>,
}

impl Asked {
    fn is_for(&self, preview: &Preview) -> bool {
        self.lang.as_ref() == Some(&preview.lang) && self.notice.as_ref() == Some(&preview.notice)
    }
}

/// `GET /_local/preview`: a list of all notices, and the one that is asked for.
pub(super) async fn page(State(cloud): State<Arc<Cloud>>, Query(asked): Query<Asked>) -> Response {
    match read(&cloud).await {
        Ok(all) => frame("Notices", &content(&all, &asked)).into_response(),
        Err(problem) => {
            let content = html! { p.bad { (problem) } };
            (StatusCode::SERVICE_UNAVAILABLE, frame("Notices", &content)).into_response()
        }
    }
}

/// `GET /_local/preview/html`: the HTML part of one, cut off from everything.
pub(super) async fn part(State(cloud): State<Arc<Cloud>>, Query(asked): Query<Asked>) -> Response {
    let found = read(&cloud).await.ok();
    let found = found.and_then(|all| all.into_iter().find(|it| asked.is_for(it)));
    match found {
        Some(preview) => {
            let headers = [(
                header::CONTENT_SECURITY_POLICY,
                "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            )];
            (headers, Html(preview.html)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn read(cloud: &Cloud) -> Result<Vec<Preview>, String> {
    let all = cloud.troth.previews().await?;
    serde_json::from_value(all).map_err(|error| format!("troth's answer is not readable: {error}"))
}

fn content(all: &[Preview], asked: &Asked) -> Markup {
    let shown = all.iter().find(|it| asked.is_for(it));
    html! {
        p { "What the policy in force writes, for an example ticket. Nothing here was sent." }
        @if let Some(preview) = shown { (one(preview)) }
        div.wide { table {
            thead { tr { th { "Notice" } th { "Language" } th { "For" } th { "Subject" } } }
            tbody {
                @for it in all {
                    tr {
                        td { a href={ "/_local/preview?lang=" (it.lang) "&notice=" (it.notice) } { (it.notice) } }
                        td { (it.lang) }
                        td { (it.readers) }
                        td lang=(it.lang) { (it.subject) }
                    }
                }
            }
        } }
    }
}

fn one(preview: &Preview) -> Markup {
    let part = format!(
        "/_local/preview/html?lang={}&notice={}",
        preview.lang, preview.notice
    );
    html! {
        article {
            h2 lang=(preview.lang) { (preview.subject) }
            p { "From " (preview.from) ", for " (preview.readers) " · " a href=(part) { "HTML alone" } }
            div.beside lang=(preview.lang) {
                iframe sandbox="" title={ "HTML of " (preview.notice) } src=(part) {}
                pre tabindex="0" { (preview.text) }
            }
        }
    }
}
