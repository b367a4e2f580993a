//! The other services, with canned answers: the functions are what is measured, and they cannot tell the difference.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::Fallible;
use crate::desk::{PEPPER_SECRET, SIGNING_KEY_SECRET};
use crate::events::NAME;

/// SQS, Secrets Manager, S3 and SES on one port.
pub(crate) struct Services {
    /// The one object of the bucket, whatever its key, but for the [`NAME`] in it.
    mail: String,
    queued: Mutex<Vec<Vec<String>>>,
    sent: Mutex<usize>,
}

impl Services {
    /// Serves them; every object of the bucket is this mail.
    pub(crate) async fn serve(mail: String) -> Fallible<(Arc<Self>, SocketAddr)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let services = Arc::new(Self {
            mail,
            queued: Mutex::default(),
            sent: Mutex::default(),
        });
        let router = Router::new()
            .fallback(answer)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&services));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("bench: the services ended: {error}");
            }
        });
        Ok((services, address))
    }

    /// The bodies of all messages that were put on a queue since this was last asked, by the call that did it.
    pub(crate) fn take_queued(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *self.queued.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many mails were sent so far.
    pub(crate) fn sent(&self) -> usize {
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn json(&self, operation: &str, body: &Value) -> Option<Value> {
        match operation {
            "secretsmanager.GetSecretValue" => secret(body),
            "AmazonSQS.SendMessageBatch" => Some(self.enqueue(body)),
            _ => None,
        }
    }

    fn enqueue(&self, body: &Value) -> Value {
        let entries = body["Entries"].as_array().map_or(&[][..], Vec::as_slice);
        let bodies = entries
            .iter()
            .filter_map(|entry| entry["MessageBody"].as_str().map(str::to_owned));
        self.queued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(bodies.collect());
        let taken = |entry: &Value| json!({ "Id": entry["Id"], "MessageId": "00000000-0000-0000-0000-000000000000", "MD5OfMessageBody": "" });
        json!({ "Successful": entries.iter().map(taken).collect::<Vec<_>>(), "Failed": [] })
    }

    fn object(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        let name = path.rsplit('/').next().unwrap_or_default();
        match *method {
            Method::GET => self.mail.replace(NAME, &format!("{name}@")).into_response(),
            Method::PUT if headers.contains_key("x-amz-copy-source") => {
                let copied = "<CopyObjectResult><ETag>\"0\"</ETag><LastModified>2026-11-23T00:00:00Z</LastModified></CopyObjectResult>";
                ([("content-type", "application/xml")], copied).into_response()
            }
            Method::PUT => StatusCode::OK.into_response(),
            Method::DELETE => StatusCode::NO_CONTENT.into_response(),
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        }
    }

    fn send(&self) -> Value {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        *sent += 1;
        json!({ "MessageId": format!("bench-{sent}") })
    }
}

fn secret(body: &Value) -> Option<Value> {
    let secret = match body["SecretId"].as_str()? {
        SIGNING_KEY_SECRET => json!({ "kid": "1", "key": "k".repeat(64) }),
        PEPPER_SECRET => json!({ "pepper": "p".repeat(64) }),
        _ => return None,
    };
    Some(
        json!({ "ARN": body["SecretId"], "Name": body["SecretId"], "SecretString": secret.to_string() }),
    )
}

async fn answer(
    State(services): State<Arc<Services>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok());
    let answer = match target {
        Some(target) => {
            let body = serde_json::from_slice(&body).unwrap_or_default();
            services.json(target, &body)
        }
        None if uri.path() == "/v2/email/outbound-emails" => Some(services.send()),
        None => return services.object(&method, uri.path(), &headers),
    };
    let Some(answer) = answer else {
        eprintln!("bench: no answer is prepared for {target:?}");
        return StatusCode::BAD_REQUEST.into_response();
    };
    let kind = [("content-type", "application/x-amz-json-1.0")];
    (kind, answer.to_string()).into_response()
}
