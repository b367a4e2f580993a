//! The Lambda Runtime API for one process, as small as it can be: one invocation at a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as Turn, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::Fallible;

/// An event on its way to the function.
pub(crate) struct Invocation {
    pub(crate) payload: String,
    pub(crate) deadline: Timestamp,
}

/// What the function answered, or its error.
type Answer = Result<Bytes, Bytes>;

/// The caller's end.
pub(crate) struct Line {
    ready: Option<oneshot::Receiver<Instant>>,
    events: mpsc::Sender<Invocation>,
    answers: mpsc::Receiver<Answer>,
}

struct Api {
    ready: Mutex<Option<oneshot::Sender<Instant>>>,
    events: Turn<mpsc::Receiver<Invocation>>,
    answers: mpsc::Sender<Answer>,
}

impl Line {
    /// The instant of the first `/next`.
    pub(crate) async fn ready(&mut self) -> Fallible<Instant> {
        let ready = self.ready.take().ok_or("asked twice")?;
        Ok(ready.await?)
    }

    pub(crate) async fn invoke(&mut self, invocation: Invocation) -> Fallible<Bytes> {
        self.events.send(invocation).await?;
        let answer = self.answers.recv().await.ok_or("the process is gone")?;
        answer.map_err(|error| String::from_utf8_lossy(&error).into_owned().into())
    }
}

/// Serves a process on this listener.
pub(crate) fn serve(listener: TcpListener) -> (JoinHandle<()>, Line) {
    let (ready, is_ready) = oneshot::channel();
    let (events, next_event) = mpsc::channel(1);
    let (answers, next_answer) = mpsc::channel(1);
    let api = Api {
        ready: Mutex::new(Some(ready)),
        events: Turn::new(next_event),
        answers,
    };
    let base = "/2018-06-01/runtime";
    let router = Router::new()
        .route(&format!("{base}/invocation/next"), get(next))
        .route(
            &format!("{base}/invocation/{{id}}/response"),
            post(response),
        )
        .route(&format!("{base}/invocation/{{id}}/error"), post(error))
        .route(&format!("{base}/init/error"), post(error))
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::new(api));
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("bench: the Runtime API ended: {error}");
        }
    });
    let line = Line {
        ready: Some(is_ready),
        events,
        answers: next_answer,
    };
    (server, line)
}

async fn next(State(api): State<Arc<Api>>) -> Response {
    let arrived = Instant::now();
    let first = api
        .ready
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(first) = first {
        // Nobody waits if the start took too long.
        let _ = first.send(arrived);
    }
    let Some(invocation) = api.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("lambda-runtime-aws-request-id", "bench".to_owned()),
        (
            "lambda-runtime-deadline-ms",
            invocation.deadline.as_millisecond().to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:bench".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, invocation.payload).into_response()
}

async fn response(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    answer(&api, Ok(body)).await
}

async fn error(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    answer(&api, Err(body)).await
}

async fn answer(api: &Api, answer: Answer) -> StatusCode {
    match api.answers.send(answer).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::GONE,
    }
}
