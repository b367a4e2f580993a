//! The main function of a Lambda function behind an HTTP API.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lambda_runtime::Error;

use super::{Answer, Event, Problem, Request};
use crate::Seen;
use crate::run::{Invocation, run};

/// Polls for requests and answers each with what `handler` says.
///
/// A request that cannot be decoded is answered 400, a panic 500, both with the headers of every other answer; the
/// gateway's own error page would have none. One line a request goes to the log: the route, never the path or the
/// query, because a customer's link carries its key there.
///
/// # Errors
/// The Lambda Runtime API is gone; the process is to end.
pub async fn serve<Handler, Answering>(timeout: Duration, handler: Handler) -> Result<(), Error>
where
    Handler: Fn(Request, Invocation) -> Answering + Send + Sync + 'static,
    Answering: Future<Output = Answer> + Send + 'static,
{
    let handler = Arc::new(handler);
    run(timeout, move |event: Event, invocation| {
        let handler = Arc::clone(&handler);
        async move { Ok::<_, Infallible>(answer(event, invocation, &*handler).await) }
    })
    .await
}

async fn answer<Handler, Answering>(
    event: Event,
    invocation: Invocation,
    handler: &Handler,
) -> Answer
where
    Handler: Fn(Request, Invocation) -> Answering,
    Answering: Future<Output = Answer> + Send + 'static,
{
    let Ok(request) = Request::of(event) else {
        return Problem::new(400, "The request is not readable.", "Send it again.").answer();
    };
    let (route, id) = (request.route.clone(), request.id.clone());
    let answer = match tokio::spawn(handler(request, invocation)).await {
        Ok(answer) => answer,
        Err(_) => Problem::internal().answer(),
    };
    // Refused with a reason: counted, because a wave of it is an attack or a fault of a form.
    let refused = (400..500).contains(&answer.status_code);
    tracing::info!(
        seen = refused.then_some(Seen::RequestRefused.name()),
        http.route = route,
        http.request_id = id,
        http.status = answer.status_code,
        "answered"
    );
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::json;

    async fn answered(event: serde_json::Value) -> Answer {
        let invocation = Invocation {
            now: Timestamp::UNIX_EPOCH,
            deadline: Timestamp::UNIX_EPOCH,
            request_id: String::new(),
        };
        let handler = |request: Request, _| async move {
            assert_eq!(request.route, "GET /", "a route that panics");
            Answer::json(200, &1)
        };
        answer(serde_json::from_value(event).unwrap(), invocation, &handler).await
    }

    fn event(route: &str) -> serde_json::Value {
        json!({ "routeKey": route, "requestContext": { "requestId": "a", "timeEpoch": 0 } })
    }

    #[tokio::test]
    async fn a_request_gets_the_handlers_answer() {
        assert_eq!(answered(event("GET /")).await.status_code, 200);
    }

    #[tokio::test]
    async fn a_panic_is_answered_500_with_the_usual_headers() {
        let answer = answered(event("GET /panic")).await;
        assert_eq!(answer.status_code, 500);
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(!answer.body.contains("a route that panics"));
    }

    #[tokio::test]
    async fn a_body_that_is_not_what_the_event_says_is_answered_400() {
        let mut event = event("GET /");
        event["body"] = json!("???");
        event["isBase64Encoded"] = json!(true);
        assert_eq!(answered(event).await.status_code, 400);
    }
}
