//! The SQS JSON protocol: `X-Amz-Target: AmazonSQS.<Operation>`.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{BATCH_LIMIT, Message, Queues, SqsError, digest};
use crate::activity::wait;
use crate::services::{answer, refuse};
use crate::template::ACCOUNT;

/// SQS adds up a batch's bodies against this limit.
const BATCH_BYTES: usize = 1_048_576;

/// Serves one operation. `base` is the endpoint that queue URLs start with.
pub(crate) async fn serve(queues: &Queues, base: &str, operation: &str, body: &Value) -> Response {
    let result = match operation {
        "ReceiveMessage" => receive(queues, body).await,
        "GetQueueUrl" => queue_url(queues, base, body),
        other => call(queues, other, body),
    };
    match result {
        Ok(value) => answer(StatusCode::OK, &value),
        Err(error) => refuse(
            StatusCode::BAD_REQUEST,
            &format!("com.amazonaws.sqs#{}", shape(&error)),
            &error.to_string(),
        ),
    }
}

fn shape(error: &SqsError) -> &'static str {
    match error {
        SqsError::NoSuchQueue => "QueueDoesNotExist",
        SqsError::EmptyBatch => "EmptyBatchRequest",
        SqsError::TooManyEntries(_) => "TooManyEntriesInBatchRequest",
        SqsError::IdsNotDistinct => "BatchEntryIdsNotDistinct",
        SqsError::BatchTooLong(_) => "BatchRequestTooLong",
        SqsError::Invalid(_) => "InvalidParameterValue",
        SqsError::BadReceipt => "ReceiptHandleIsInvalid",
        SqsError::Ledger(_) => "InternalFailure",
    }
}

fn call(queues: &Queues, operation: &str, body: &Value) -> Result<Value, SqsError> {
    let queue = queue_of(body);
    match operation {
        "SendMessage" => send(queues, queue, body),
        "SendMessageBatch" => batch(body, |entry| send(queues, queue, entry)),
        "DeleteMessage" => delete(queues, queue, body),
        "DeleteMessageBatch" => batch(body, |entry| delete(queues, queue, entry)),
        "ChangeMessageVisibility" => hide(queues, queue, body),
        "ChangeMessageVisibilityBatch" => batch(body, |entry| hide(queues, queue, entry)),
        "GetQueueAttributes" => attributes(queues, queue),
        "PurgeQueue" => queues.purge(queue).map(|()| json!({})),
        other => Err(SqsError::Invalid(format!("{other} is not served locally"))),
    }
}

fn queue_of(body: &Value) -> &str {
    let url = body["QueueUrl"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or(url)
}

fn seconds(body: &Value, key: &str, most: u64) -> Result<Option<Duration>, SqsError> {
    match &body[key] {
        Value::Null => Ok(None),
        node => match node.as_u64() {
            Some(value) if value <= most => Ok(Some(Duration::from_secs(value))),
            _ => Err(SqsError::Invalid(format!("{key} must be 0 to {most}."))),
        },
    }
}

fn send(queues: &Queues, queue: &str, entry: &Value) -> Result<Value, SqsError> {
    let body = entry["MessageBody"].as_str().unwrap_or_default();
    let delay = seconds(entry, "DelaySeconds", 900)?;
    let id = queues.send(queue, body, &entry["MessageAttributes"], delay)?;
    Ok(json!({ "MessageId": id, "MD5OfMessageBody": digest(body) }))
}

fn delete(queues: &Queues, queue: &str, entry: &Value) -> Result<Value, SqsError> {
    let receipt = entry["ReceiptHandle"].as_str().unwrap_or_default();
    queues.delete(queue, receipt).map(|()| json!({}))
}

fn hide(queues: &Queues, queue: &str, entry: &Value) -> Result<Value, SqsError> {
    let receipt = entry["ReceiptHandle"].as_str().unwrap_or_default();
    let visibility = seconds(entry, "VisibilityTimeout", 43_200)?.unwrap_or_default();
    queues
        .change_visibility(queue, receipt, visibility)
        .map(|()| json!({}))
}

/// Applies one call per entry; whole-batch rules first, then each entry fails alone.
fn batch(
    body: &Value,
    mut one: impl FnMut(&Value) -> Result<Value, SqsError>,
) -> Result<Value, SqsError> {
    let entries = body["Entries"].as_array().map_or(&[][..], Vec::as_slice);
    if entries.is_empty() {
        return Err(SqsError::EmptyBatch);
    }
    if entries.len() > BATCH_LIMIT {
        return Err(SqsError::TooManyEntries(entries.len()));
    }
    let ids: BTreeSet<_> = entries.iter().map(|e| e["Id"].as_str()).collect();
    if ids.len() != entries.len() {
        return Err(SqsError::IdsNotDistinct);
    }
    let bytes = entries.iter().filter_map(|e| e["MessageBody"].as_str());
    if bytes.map(str::len).sum::<usize>() > BATCH_BYTES {
        return Err(SqsError::BatchTooLong(BATCH_BYTES));
    }
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        match one(entry) {
            Ok(mut value) => {
                value["Id"] = entry["Id"].clone();
                done.push(value);
            }
            Err(error @ SqsError::NoSuchQueue) => return Err(error),
            Err(error) => failed.push(json!({
                "Id": entry["Id"], "Code": shape(&error), "Message": error.to_string(),
                "SenderFault": !matches!(error, SqsError::Ledger(_)),
            })),
        }
    }
    Ok(json!({ "Successful": done, "Failed": failed }))
}

async fn receive(queues: &Queues, body: &Value) -> Result<Value, SqsError> {
    let queue = queue_of(body);
    let limit = body["MaxNumberOfMessages"].as_u64().unwrap_or(1);
    let limit = usize::try_from(limit)
        .ok()
        .filter(|limit| (1..=BATCH_LIMIT).contains(limit))
        .ok_or_else(|| SqsError::Invalid("MaxNumberOfMessages must be 1 to 10.".into()))?;
    let visibility = seconds(body, "VisibilityTimeout", 43_200)?;
    let patience = seconds(body, "WaitTimeSeconds", 20)?.unwrap_or_default();
    let until = tokio::time::Instant::now() + patience;
    let mut bell = queues.activity.listen();
    loop {
        let messages = queues.receive(queue, limit, visibility)?;
        let left = until.saturating_duration_since(tokio::time::Instant::now());
        if !messages.is_empty() || left.is_zero() {
            let messages: Vec<Value> = messages.iter().map(wire).collect();
            return Ok(json!({ "Messages": messages }));
        }
        let next = queues.next_visible(queue)?;
        let timer = next.and_then(|at| queues.clock.real_until_infra(at));
        wait(&mut bell, Some(timer.map_or(left, |timer| timer.min(left)))).await;
    }
}

fn wire(message: &Message) -> Value {
    let mut wire = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MD5OfBody": digest(&message.body),
        "Attributes": system_attributes(message),
    });
    if !message.attributes.is_null() {
        wire["MessageAttributes"] = message.attributes.clone();
    }
    wire
}

/// The attributes that SQS itself gives a message.
pub(crate) fn system_attributes(message: &Message) -> Value {
    json!({
        "ApproximateReceiveCount": message.receives.to_string(),
        "SentTimestamp": message.sent_at.as_millisecond().to_string(),
        "SenderId": ACCOUNT,
        "ApproximateFirstReceiveTimestamp": message.first_receive.as_millisecond().to_string(),
    })
}

fn attributes(queues: &Queues, queue: &str) -> Result<Value, SqsError> {
    let spec = queues.spec(queue)?;
    let depth = queues.depth(queue)?;
    let mut attributes = json!({
        "ApproximateNumberOfMessages": depth.visible.to_string(),
        "ApproximateNumberOfMessagesNotVisible": depth.in_flight.to_string(),
        "ApproximateNumberOfMessagesDelayed": depth.delayed.to_string(),
        "VisibilityTimeout": spec.visibility.as_secs().to_string(),
        "DelaySeconds": spec.delay.as_secs().to_string(),
        "MaximumMessageSize": spec.max_bytes.to_string(),
        "QueueArn": crate::template::arn("sqs", queue),
    });
    if let Some(redrive) = &spec.redrive {
        let policy = json!({
            "deadLetterTargetArn": crate::template::arn("sqs", &redrive.queue),
            "maxReceiveCount": redrive.max_receives,
        });
        attributes["RedrivePolicy"] = Value::String(policy.to_string());
    }
    Ok(json!({ "Attributes": attributes }))
}

fn queue_url(queues: &Queues, base: &str, body: &Value) -> Result<Value, SqsError> {
    let name = body["QueueName"].as_str().unwrap_or_default();
    queues.spec(name)?;
    Ok(json!({ "QueueUrl": format!("{base}/{ACCOUNT}/{name}") }))
}
