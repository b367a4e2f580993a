//! The runner's state for programs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::control::{json_answer, reading};
use crate::cloud::Cloud;
use crate::services::sqs::Message;

/// Dead letters that one queue shows.
const LETTERS: usize = 100;

/// `GET /_local/state.json`.
pub(super) async fn state(State(cloud): State<Arc<Cloud>>) -> Response {
    let (tickets, error) = match cloud.troth.tickets().await {
        Ok(tickets) => (tickets, Value::Null),
        Err(error) => (Value::Null, Value::String(error)),
    };
    let mut state = json!({
        "clock": reading(&cloud),
        "quiet": cloud.timeline.quiet(),
        "functions": functions(&cloud),
        "queues": queues(&cloud),
        "dead_letters": dead_letters(&cloud),
        "asynchronous_events": cloud.events.kept().unwrap_or_default(),
        "mails": cloud.sending.mailbox.list().len(),
        "tickets": tickets,
    });
    if !error.is_null() {
        state["tickets_error"] = error;
    }
    json_answer(StatusCode::OK, &state)
}

/// `GET /_local/env.json`: a flat map of variables for `troth --local`.
pub(super) async fn environment(State(cloud): State<Arc<Cloud>>) -> Response {
    json_answer(StatusCode::OK, &json!(cloud.environment))
}

fn functions(cloud: &Cloud) -> Value {
    let all = cloud.functions.iter().map(|(id, function)| {
        let stats = function.figures();
        let figures = json!({
            "invocations": stats.invocations,
            "errors": stats.errors,
            "timeouts": stats.timeouts,
            "processes_started": stats.processes_started,
            "peak_memory_kib": stats.peak_memory_kib,
        });
        (id.clone(), figures)
    });
    Value::Object(all.collect::<Map<_, _>>())
}

fn queues(cloud: &Cloud) -> Value {
    let all = cloud.queues.names().filter_map(|name| {
        let depth = cloud.queues.depth(name).ok()?;
        let figures = json!({
            "visible": depth.visible,
            "in_flight": depth.in_flight,
            "delayed": depth.delayed,
            "dead_letter": is_terminal(cloud, name),
        });
        Some((name.to_owned(), figures))
    });
    Value::Object(all.collect::<Map<_, _>>())
}

/// Whether messages end up here after failing: nothing consumes them but a person.
pub(super) fn is_terminal(cloud: &Cloud, queue: &str) -> bool {
    let on_failure =
        |f: &crate::template::FunctionSpec| f.asynchronous.on_failure.as_deref() == Some(queue);
    cloud.queues.is_dead_letter(queue) || cloud.stack.functions.iter().any(on_failure)
}

/// Every message that failed for good, with its queue.
pub(super) fn letters(cloud: &Cloud) -> Vec<(String, Message)> {
    let queues = cloud.queues.names().filter(|name| is_terminal(cloud, name));
    queues
        .flat_map(|name| {
            let messages = cloud.queues.peek(name, LETTERS).unwrap_or_default();
            messages.into_iter().map(move |m| (name.to_owned(), m))
        })
        .collect()
}

fn dead_letters(cloud: &Cloud) -> Value {
    let all = letters(cloud).into_iter().map(|(queue, message)| {
        json!({
            "queue": queue,
            "id": message.id,
            "sent_at": message.sent_at,
            "receives": message.receives,
            "body": message.body,
        })
    });
    Value::Array(all.collect())
}
