//! The clock and SES's orders.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SpanRelativeTo, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chaos;
use crate::cloud::Cloud;
use crate::services::ses::orders::Order;

/// How far a clock shall move.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Move {
    /// An ISO 8601 duration; a day is 24 hours.
    Advance(String),
    /// An RFC 3339 instant.
    To(String),
}

/// `GET /_local/clock`.
pub(super) async fn clock(State(cloud): State<Arc<Cloud>>) -> Response {
    json_answer(StatusCode::OK, &reading(&cloud))
}

/// The clock as programs see it.
pub(super) fn reading(cloud: &Cloud) -> Value {
    json!({
        "now": cloud.clock.now(),
        "speed": cloud.clock.speed(),
        "advancing": cloud.clock.held(),
    })
}

/// `POST /_local/clock`: answers when everything due by then has happened.
pub(super) async fn advance(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Response {
    // `curl -d` sends JSON under a form's content type; the body tells them apart.
    let pressed = body.strip_prefix(b"advance=");
    let order = match pressed {
        Some(value) => Ok(Move::Advance(String::from_utf8_lossy(value).into_owned())),
        None => serde_json::from_slice(&body).map_err(|error| error.to_string()),
    };
    let target = match order.and_then(|order| target(&order, cloud.clock.now())) {
        Ok(target) => target,
        Err(error) => {
            let says =
                format!("{error}; send {{\"advance\":\"PT4H\"}} or {{\"to\":\"<RFC 3339>\"}}");
            return json_answer(StatusCode::BAD_REQUEST, &json!({ "error": says }));
        }
    };
    // A task of its own: half an advance would be worse than one nobody waits for.
    let work = cloud.clone();
    let work = tokio::spawn(async move { work.timeline.advance(target).await });
    match work.await {
        Ok(Ok(_)) if pressed.is_some() => Redirect::to("/_local/").into_response(),
        Ok(Ok(done)) => {
            let mut answer = reading(&cloud);
            answer["ticks_run"] = json!(done.ticks_run);
            answer["ticks_skipped"] = json!(done.ticks_skipped);
            json_answer(StatusCode::OK, &answer)
        }
        Ok(Err(error)) => failed(&error.to_string()),
        Err(error) => failed(&error.to_string()),
    }
}

fn target(order: &Move, now: Timestamp) -> Result<Timestamp, String> {
    match order {
        Move::Advance(text) => {
            let span: jiff::Span = text.parse().map_err(|error| format!("{error}"))?;
            let duration = span
                .to_duration(SpanRelativeTo::days_are_24_hours())
                .map_err(|error| error.to_string())?;
            if duration.is_negative() {
                return Err("the clock does not go backwards".to_owned());
            }
            now.checked_add(duration).map_err(|error| error.to_string())
        }
        Move::To(text) => {
            let target: Timestamp = text.parse().map_err(|error| format!("{error}"))?;
            if target < now {
                return Err(format!("the clock does not go backwards, it is {now}"));
            }
            Ok(target)
        }
    }
}

/// `GET /_local/ses`: the standing orders.
pub(super) async fn orders(State(cloud): State<Arc<Cloud>>) -> Response {
    json_answer(StatusCode::OK, &json!(cloud.sending.orders.standing()))
}

/// `POST /_local/ses`: how SES shall answer from now on.
pub(super) async fn order(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Order>(&body) {
        Ok(order) => json_answer(StatusCode::OK, &json!(cloud.sending.orders.give(order))),
        Err(error) => {
            let says = format!(
                "{error}; send {{\"answer\":\"ok|throttle|quota|reject|bounce|stall\",\"address\":\"a@x\",\"next\":1}}, address and next may be left out"
            );
            json_answer(StatusCode::BAD_REQUEST, &json!({ "error": says }))
        }
    }
}

/// What happens to mail that comes in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Incoming {
    /// Of so many mails to come, the event gets lost; 0 withdraws the order.
    drop: u64,
}

/// `POST /_local/receiving`: SES puts the next mails into the bucket, and nobody hears of them.
pub(super) async fn receiving(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Incoming>(&body) {
        Ok(order) => {
            let drops = &cloud.sending.receiving.drops;
            drops.store(order.drop, std::sync::atomic::Ordering::SeqCst);
            json_answer(StatusCode::OK, &json!({ "drop": order.drop }))
        }
        Err(error) => {
            let says = format!("{error}; send {{\"drop\":1}}");
            json_answer(StatusCode::BAD_REQUEST, &json!({ "error": says }))
        }
    }
}

/// `GET /_local/chaos`: the seed, what is away, and every fault that happened.
pub(super) async fn chaos(State(cloud): State<Arc<Cloud>>) -> Response {
    json_answer(StatusCode::OK, &cloud.chaos.report())
}

/// `POST /_local/chaos`: turns seeded faults on or off, and takes services away or brings them back.
pub(super) async fn switch(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Response {
    let order = serde_json::from_slice::<chaos::Order>(&body);
    let done = order
        .map_err(|error| error.to_string())
        .and_then(|order| cloud.chaos.order(order).map_err(str::to_owned));
    match done {
        Ok(()) => json_answer(StatusCode::OK, &cloud.chaos.report()),
        Err(error) => {
            let says = format!(
                "{error}; send {{\"faults\":false}} or {{\"away\":[\"dynamodb\",\"s3\",\"sqs\",\"ses\",\"secrets\",\"schedule\"]}}"
            );
            json_answer(StatusCode::BAD_REQUEST, &json!({ "error": says }))
        }
    }
}

fn failed(error: &str) -> Response {
    json_answer(
        StatusCode::INTERNAL_SERVER_ERROR,
        &json!({ "error": error }),
    )
}

/// A JSON response.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (status, headers, format!("{body}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-02T09:30:00Z".parse().unwrap()
    }

    fn read(text: &str) -> Result<Timestamp, String> {
        let order = serde_json::from_str(text).map_err(|error| error.to_string())?;
        target(&order, now())
    }

    #[test]
    fn durations_and_instants_move_the_clock_and_the_past_does_not() {
        for (text, expected) in [
            (r#"{"advance":"PT4H"}"#, Some("2026-03-02T13:30:00Z")),
            (r#"{"advance":"P1DT1M"}"#, Some("2026-03-03T09:31:00Z")),
            (
                r#"{"to":"2026-03-02T10:30:00+01:00"}"#,
                Some("2026-03-02T09:30:00Z"),
            ),
            (r#"{"to":"2026-03-02T09:29:59Z"}"#, None),
            (r#"{"advance":"-PT1S"}"#, None),
            (r#"{"advance":"P1M"}"#, None),
            (r#"{"back":"PT1S"}"#, None),
        ] {
            let expected = expected.map(|t| t.parse::<Timestamp>().unwrap());
            assert_eq!(read(text).ok(), expected, "{text}");
        }
    }
}
