//! The services that functions reach over `AWS_ENDPOINT_URL_*`.

pub(crate) mod dynamodb;
mod invoke;
pub(crate) mod s3;
pub(crate) mod secrets;
pub(crate) mod ses;
pub(crate) mod sqs;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::lambda::asynchronous::Events;
use secrets::Secrets;
use ses::api::Sending;
use sqs::Queues;

/// What the JSON services share.
#[derive(Debug)]
struct Shared {
    queues: Arc<Queues>,
    secrets: Secrets,
    sending: Arc<Sending>,
    events: Arc<Events>,
    base: String,
}

/// SQS, Secrets Manager, `SESv2` and Lambda's `Invoke` on one port: the target header or the path tells them apart.
pub(crate) fn router(
    queues: Arc<Queues>,
    secrets: Secrets,
    sending: Arc<Sending>,
    events: Arc<Events>,
    base: &str,
) -> Router {
    let shared = Shared {
        queues,
        secrets,
        sending,
        events,
        base: base.to_owned(),
    };
    Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .route(
            "/2015-03-31/functions/{function}/invocations",
            post(invoke::invoke),
        )
        .fallback(json_call)
        .layer(DefaultBodyLimit::max(64 * 1024 * 1024))
        .with_state(Arc::new(shared))
}

async fn send_email(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    shared.sending.serve(&body).await
}

async fn json_call(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|v| v.to_str().ok());
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "SerializationException",
            "not JSON",
        );
    };
    match target.and_then(|target| target.split_once('.')) {
        Some(("AmazonSQS", operation)) => {
            sqs::api::serve(&shared.queues, &shared.base, operation, &body).await
        }
        Some(("secretsmanager", operation)) => shared.secrets.serve(operation, &body),
        _ => refuse(
            StatusCode::BAD_REQUEST,
            "UnknownOperationException",
            "the local runner does not serve this operation",
        ),
    }
}

/// An AWS JSON protocol answer.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response {
    let headers = [
        ("content-type", "application/x-amz-json-1.0".to_owned()),
        ("x-amzn-requestid", uuid::Uuid::new_v4().to_string()),
    ];
    (status, headers, body.to_string()).into_response()
}

/// An AWS JSON protocol error; `kind` is the shape's name.
pub(crate) fn refuse(status: StatusCode, kind: &str, message: &str) -> Response {
    let mut response = answer(status, &json!({ "__type": kind, "message": message }));
    if let Ok(value) = kind.rsplit('#').next().unwrap_or(kind).parse() {
        response.headers_mut().insert("x-amzn-errortype", value);
    }
    response
}
