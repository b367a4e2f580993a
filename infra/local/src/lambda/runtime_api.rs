//! The Lambda Runtime API, one path prefix per process: `/<function>/<slot>/2018-06-01/...`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::Functions;
use super::function::{Failure, Function};
use super::output::peak_memory_kib;
use super::process::Slot;
use crate::chaos::Kill;
use crate::template::arn;

/// Lambda's limit for an answer.
const ANSWER_LIMIT: usize = 6 * 1024 * 1024;

/// Serves all functions.
pub(crate) fn router(functions: Arc<Functions>) -> Router {
    let base = "/{function}/{slot}/2018-06-01/runtime";
    Router::new()
        .route(&format!("{base}/invocation/next"), get(next))
        .route(
            &format!("{base}/invocation/{{id}}/response"),
            post(response),
        )
        .route(&format!("{base}/invocation/{{id}}/error"), post(error))
        .route(&format!("{base}/init/error"), post(init_error))
        .layer(DefaultBodyLimit::max(4 * ANSWER_LIMIT))
        .with_state(functions)
}

fn find(functions: &Functions, name: &str, slot: usize) -> Option<(Arc<Function>, Arc<Slot>)> {
    let function = functions.get(name)?;
    Some((function.clone(), function.slot(slot)?))
}

async fn next(
    State(functions): State<Arc<Functions>>,
    Path((name, index)): Path<(String, usize)>,
) -> Response {
    let Some((function, slot)) = find(&functions, &name, index) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Dropped with the connection: a process that dies while it waits takes nothing with it.
    let run = slot.ready();
    let invocation = function.next().await;
    let id = invocation.id.clone();
    let kill = (!invocation.spared).then(|| function.host.chaos.kill(&name));
    let kill = kill.flatten();
    let payload = match slot.assign(run, invocation, kill) {
        Ok(payload) => payload,
        Err(invocation) => {
            function.put_back(invocation);
            return StatusCode::GONE.into_response();
        }
    };
    if struck(&function, &slot, Kill::First).await {
        return StatusCode::GONE.into_response();
    }
    tokio::spawn(slot.watch(function.clone(), id.clone()));
    let timeout = i64::try_from(function.spec.timeout.as_millis()).unwrap_or(i64::MAX);
    let deadline = function.host.clock.now().as_millisecond() + timeout;
    let trace = format!("Root=1-{:x}-{}", deadline / 1000, id.replace('-', ""));
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-trace-id", trace),
        (
            "lambda-runtime-invoked-function-arn",
            arn("lambda", &format!("function:{name}")),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, payload).into_response()
}

async fn response(
    State(functions): State<Arc<Functions>>,
    Path((name, index, id)): Path<(String, usize, String)>,
    body: Bytes,
) -> Response {
    let outcome = if body.len() > ANSWER_LIMIT {
        Err(Failure::new(
            "Function.ResponseSizeTooLarge",
            format!(
                "Response payload size exceeded maximum allowed payload size ({ANSWER_LIMIT} bytes)."
            ),
        ))
    } else {
        Ok(body)
    };
    finish(&functions, &name, index, &id, outcome).await
}

async fn error(
    State(functions): State<Arc<Functions>>,
    Path((name, index, id)): Path<(String, usize, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers
        .get("lambda-runtime-function-error-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("Unhandled");
    let payload = serde_json::from_slice::<Value>(&body)
        .unwrap_or_else(|_| json!({ "errorType": kind, "errorMessage": "" }));
    finish(&functions, &name, index, &id, Err(Failure { payload })).await
}

async fn init_error(
    State(functions): State<Arc<Functions>>,
    Path((name, index)): Path<(String, usize)>,
    body: Bytes,
) -> Response {
    let Some((function, _)) = find(&functions, &name, index) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    function.log(format!("init error: {}", String::from_utf8_lossy(&body)));
    accepted()
}

/// Kills the process if it is to die now.
async fn struck(function: &Function, slot: &Arc<Slot>, when: Kill) -> bool {
    let now = slot.fate() == Some(when);
    if now {
        function
            .host
            .chaos
            .strike(format!("killed {when:?}"), &function.spec.id, None);
        slot.kill().await;
    }
    now
}

async fn finish(
    functions: &Functions,
    name: &str,
    index: usize,
    id: &str,
    outcome: Result<Bytes, Failure>,
) -> Response {
    let Some((function, slot)) = find(functions, name, index) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(peak) = slot.pid().and_then(peak_memory_kib) {
        let mut stats = function.stats();
        stats.peak_memory_kib = stats.peak_memory_kib.max(peak);
    }
    if struck(&function, &slot, Kill::Last).await {
        return StatusCode::GONE.into_response();
    }
    let dies = slot.fate() == Some(Kill::Afterwards);
    if slot.finish(id, outcome) {
        if dies {
            function.host.chaos.strike("killed Afterwards", name, None);
            slot.kill().await;
        }
        return accepted();
    }
    let body = json!({ "errorType": "InvalidRequestID", "errorMessage": "Invalid request ID" });
    (StatusCode::BAD_REQUEST, body.to_string()).into_response()
}

fn accepted() -> Response {
    let headers = [("content-type", "application/json")];
    (StatusCode::ACCEPTED, headers, r#"{"status":"OK"}"#).into_response()
}
