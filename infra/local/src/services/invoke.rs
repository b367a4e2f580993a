//! Lambda's `Invoke`, as far as operators use it: an event for the queue of an asynchronous function.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Shared;

/// Keeps the event before it answers 202, as Lambda does.
pub(super) async fn invoke(
    State(shared): State<Arc<Shared>>,
    Path(function): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let refuse = |status: StatusCode, what: &str| {
        (status, json!({ "message": what }).to_string()).into_response()
    };
    if headers
        .get("x-amz-invocation-type")
        .is_none_or(|kind| kind != "Event")
    {
        return refuse(
            StatusCode::BAD_REQUEST,
            "the local runner takes InvocationType Event only",
        );
    }
    let events = &shared.events;
    if !events.functions.contains_key(&function) {
        return refuse(StatusCode::NOT_FOUND, "there is no such function");
    }
    let Ok(event) = serde_json::from_slice::<Value>(&body) else {
        return refuse(StatusCode::BAD_REQUEST, "the event is not JSON");
    };
    match events.submit(&function, &event, None) {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}
