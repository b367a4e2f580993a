//! Everything under `/_local/`: pages for people, JSON for programs.

mod control;
pub(crate) mod layout;
mod mail;
mod overview;
mod preview;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::cloud::Cloud;
use crate::http_api::HttpApi;

/// The runner's pages in front of the template's routes.
pub(crate) fn router(cloud: Arc<Cloud>, api: Arc<HttpApi>) -> Router {
    let local = Router::new()
        .route("/_local", get(overview::page))
        .route("/_local/", get(overview::page))
        .route("/_local/clock", get(control::clock).post(control::advance))
        .route("/_local/ses", get(control::orders).post(control::order))
        .route("/_local/chaos", get(control::chaos).post(control::switch))
        .route("/_local/receiving", post(control::receiving))
        .route("/_local/state.json", get(state::state))
        .route("/_local/env.json", get(state::environment))
        .route("/_local/mail", get(mail::page))
        .route("/_local/mail.json", get(mail::list))
        .route("/_local/mail/{id}", get(mail::source))
        .route("/_local/mail/{id}/html", get(mail::html))
        .route("/_local/preview", get(preview::page))
        .route("/_local/preview/html", get(preview::part))
        .layer(from_fn(only_this_machine))
        .with_state(cloud);
    let api = Router::new().fallback(call).with_state(api);
    local.merge(api)
}

async fn call(
    State(api): State<Arc<HttpApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    api.serve(request, peer).await
}

/// Loopback alone does not keep out a foreign web page in this machine's
/// browser: names other than ours and requests from other origins are refused.
pub(crate) async fn only_this_machine(request: Request, next: Next) -> Response {
    if is_ours(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only for pages of this runner\n").into_response()
    }
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let local = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "127.0.0.1" | "localhost")
    };
    let host = text(header::HOST).unwrap_or_default();
    let origin = text(header::ORIGIN).and_then(|o| o.strip_prefix("http://").or(Some("?")));
    local(host) && origin.is_none_or(|origin| origin == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_page_and_a_rebound_name_are_refused() {
        for (host, origin, ours) in [
            ("127.0.0.1:8080", None, true),
            ("localhost:8080", Some("http://localhost:8080"), true),
            ("127.0.0.1:8080", Some("http://evil.example"), false),
            ("127.0.0.1:8080", Some("null"), false),
            ("evil.example:8080", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(is_ours(&headers), ours, "{host} {origin:?}");
        }
    }
}
