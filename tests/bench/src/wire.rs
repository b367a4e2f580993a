//! The table: an embedded `DynamoDB`, and in front of it a proxy that notes what passes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use dynoxide::Database;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::Fallible;
use crate::scales::Scales;

/// `DynamoDB`'s own limit of a request or an answer.
const LARGEST: usize = 16 * 1024 * 1024;

/// One call as it was seen on the wire.
pub(crate) struct Call {
    /// The operation: `X-Amz-Target` without the API's name.
    pub(crate) target: String,
    pub(crate) request: Value,
    pub(crate) answer: Value,
}

/// Notes calls while somebody wants to know.
pub(crate) struct Wire {
    upstream: SocketAddr,
    client: Client<HttpConnector, Body>,
    calls: Mutex<Option<Vec<Call>>>,
    scales: Mutex<Option<Scales>>,
}

impl Wire {
    /// Serves the database; answers the proxy and where it listens.
    pub(crate) async fn serve(database: Database) -> Fallible<(Arc<Self>, SocketAddr)> {
        let upstream = TcpListener::bind("127.0.0.1:0").await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let wire = Arc::new(Self {
            upstream: upstream.local_addr()?,
            client: Client::builder(TokioExecutor::new()).build_http(),
            calls: Mutex::new(None),
            scales: Mutex::new(None),
        });
        tokio::spawn(dynoxide::server::serve_on(upstream, database));
        let router = Router::new()
            .fallback(pass)
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(Arc::clone(&wire));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("bench: the proxy ended: {error}");
            }
        });
        Ok((wire, address))
    }

    /// From now on writes are weighed.
    pub(crate) fn weigh(&self, indexes: &BTreeMap<String, (String, String)>) {
        *self.scales() = Some(Scales::new(indexes.clone()));
    }

    /// The partition that had most to write in a second, and how many units.
    pub(crate) fn heaviest(&self) -> (String, u64) {
        let scales = self.scales();
        scales
            .as_ref()
            .map(|it| it.heaviest.clone())
            .unwrap_or_default()
    }

    fn scales(&self) -> MutexGuard<'_, Option<Scales>> {
        self.scales.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on calls are noted.
    pub(crate) fn watch(&self) {
        *self.calls() = Some(Vec::new());
    }

    /// What was noted since [`Wire::watch`]; from now on nothing is.
    pub(crate) fn seen(&self) -> Vec<Call> {
        self.calls().take().unwrap_or_default()
    }

    fn calls(&self) -> MutexGuard<'_, Option<Vec<Call>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, headers: &HeaderMap, request: &[u8], answer: &[u8]) {
        if let Some(scales) = &mut *self.scales() {
            scales.weigh(&serde_json::from_slice(request).unwrap_or_default());
        }
        if let Some(calls) = &mut *self.calls() {
            let target = headers
                .get("x-amz-target")
                .and_then(|value| value.to_str().ok()?.split('.').nth(1));
            calls.push(Call {
                target: target.unwrap_or("?").to_owned(),
                request: serde_json::from_slice(request).unwrap_or_default(),
                answer: serde_json::from_slice(answer).unwrap_or_default(),
            });
        }
    }

    async fn forward(
        &self,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Fallible<(StatusCode, HeaderMap, Bytes)> {
        let mut request =
            Request::post(format!("http://{}/", self.upstream)).body(Body::from(body))?;
        *request.headers_mut() = headers.clone();
        request.headers_mut().remove(header::HOST);
        let (parts, body) = self.client.request(request).await?.into_parts();
        let body = to_bytes(Body::new(body), LARGEST).await?;
        Ok((parts.status, parts.headers, body))
    }
}

async fn pass(State(wire): State<Arc<Wire>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    match wire.forward(&headers, body.clone()).await {
        Ok((status, answered, answer)) => {
            wire.note(&headers, &body, &answer);
            (status, answered, answer).into_response()
        }
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}
