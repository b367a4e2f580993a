//! The HTTP API: routes of the template, payload 2.0 in, response 2.0 out.

mod event;
mod reply;
mod routing;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::chaos::{self, Chaos};
use crate::clock::Clock;
use crate::lambda::Functions;
use crate::template::Route;

/// API Gateway's payload limit.
const PAYLOAD_LIMIT: usize = 10 * 1024 * 1024;
/// Lambda's limit for the event that a request becomes.
const EVENT_LIMIT: usize = 6 * 1024 * 1024;
/// API Gateway's limit for request line and headers together.
const HEADER_LIMIT: usize = 10_240;
/// API Gateway's longest integration.
const PATIENCE: Duration = Duration::from_secs(30);

/// The API and what it calls.
#[derive(Debug)]
pub(crate) struct HttpApi {
    pub(crate) routes: Vec<Route>,
    pub(crate) functions: Arc<Functions>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) chaos: Arc<Chaos>,
    /// `127.0.0.1:PORT`, for requests without a Host header.
    pub(crate) host: String,
}

impl HttpApi {
    /// Serves one request from `peer`.
    pub(crate) async fn serve(&self, request: Request, peer: SocketAddr) -> Response {
        let (parts, body) = request.into_parts();
        if header_bytes(&parts.headers) + parts.uri.to_string().len() > HEADER_LIMIT {
            return reply::plain(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "Request Header Fields Too Large",
            );
        }
        let Some((route, parameters)) =
            routing::find(&self.routes, parts.method.as_str(), parts.uri.path())
        else {
            return reply::plain(StatusCode::NOT_FOUND, "Not Found");
        };
        let Ok(body) = to_bytes(body, PAYLOAD_LIMIT).await else {
            return reply::plain(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        };
        let id = uuid::Uuid::new_v4().to_string();
        let seen = event::Seen {
            parts: &parts,
            body: &body,
            peer,
            host: &self.host,
            at: self.clock.now(),
            request_id: &id,
        };
        let event = event::payload(&seen, route, &parameters).to_string();
        if event.len() > EVENT_LIMIT {
            return reply::plain(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        }
        self.call(route, id, Bytes::from(event)).await
    }

    async fn call(&self, route: &Route, id: String, event: Bytes) -> Response {
        let Some(function) = self.functions.get(&route.function).cloned() else {
            return reply::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        };
        let fault = self.chaos.request(&route.function);
        // A task of its own: Lambda finishes an invocation whose caller has gone.
        let work = tokio::spawn(async move {
            if fault == Some(chaos::Request::Twice) {
                let again = function.invoke(format!("{id}-again"), event.clone(), false);
                return tokio::join!(function.invoke(id, event, false), again).1;
            }
            function.invoke(id, event, false).await
        });
        match tokio::time::timeout(PATIENCE, work).await {
            _ if fault == Some(chaos::Request::Unheard) => {
                reply::plain(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            }
            Ok(Ok(Ok(answer))) => reply::from_answer(&answer),
            Ok(_) => reply::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Err(_) => reply::plain(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        }
    }
}

fn header_bytes(headers: &HeaderMap) -> usize {
    let sizes = headers.iter().map(|(n, v)| n.as_str().len() + v.len() + 4);
    sizes.sum()
}

/// A body of known length.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    Body::from(bytes.into())
}
