//! SQS event sources: batches to functions, successes deleted, failures left to their visibility timeout.

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::activity::{Activity, wait};
use crate::chaos::{Batch, Chaos};
use crate::clock::Clock;
use crate::lambda::Function;
use crate::services::sqs::api::system_attributes;
use crate::services::sqs::{Message, Queues, digest};
use crate::template::{EventSource, REGION, arn};

/// One event source and what it joins.
#[derive(Debug)]
pub(crate) struct Poller {
    pub(crate) source: EventSource,
    pub(crate) function: Arc<Function>,
    pub(crate) queues: Arc<Queues>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) activity: Activity,
    pub(crate) chaos: Arc<Chaos>,
}

impl Poller {
    /// Polls until the runner ends.
    pub(crate) async fn run(self: Arc<Self>) {
        let permits = Arc::new(Semaphore::new(self.source.max_concurrency.max(1)));
        let mut bell = self.activity.listen();
        loop {
            bell.borrow_and_update();
            let Ok(permit) = permits.clone().acquire_owned().await else {
                return;
            };
            let visible = self.queues.depth(&self.source.queue).map(|d| d.visible);
            if !matches!(visible, Ok(1..)) {
                drop(permit);
                let next = self.queues.next_visible(&self.source.queue);
                let timer = next.ok().flatten();
                let limit = timer.and_then(|at| self.clock.real_until_infra(at));
                wait(&mut bell, limit).await;
                continue;
            }
            // Busy before the messages turn invisible: an advance must see one or the other.
            let busy = self.activity.busy();
            let batch = self
                .queues
                .receive(&self.source.queue, self.source.batch_size, None);
            let this = self.clone();
            tokio::spawn(async move {
                match batch {
                    Ok(batch) if !batch.is_empty() => this.deliver(batch).await,
                    Ok(_) => {}
                    Err(error) => eprintln!("local: cannot receive messages: {error}"),
                }
                drop(permit);
                drop(busy);
            });
        }
    }

    async fn deliver(&self, batch: Vec<Message>) {
        let last = self.is_last_try(&batch);
        let fault = (!last).then(|| self.chaos.batch(&self.source.queue));
        let fault = fault.flatten();
        if fault == Some(Batch::NotHanded) {
            return;
        }
        let event = event(&self.source.queue, &batch);
        let id = uuid::Uuid::new_v4().to_string();
        let payload = Bytes::from(event.to_string());
        let Ok(answer) = self.function.invoke(id, payload, last).await else {
            return;
        };
        if fault == Some(Batch::NotDeleted) {
            return;
        }
        let failed = if self.source.partial {
            failures(&answer, &batch)
        } else {
            Vec::new()
        };
        for message in batch.iter().filter(|m| !failed.contains(&m.id)) {
            if let Err(error) = self.queues.delete(&self.source.queue, &message.receipt) {
                eprintln!("local: cannot delete a message: {error}");
            }
        }
    }
}

impl Poller {
    /// Whether a message of it goes to the dead letters if this try fails too.
    fn is_last_try(&self, batch: &[Message]) -> bool {
        let spec = self.queues.spec(&self.source.queue);
        let most = spec
            .ok()
            .and_then(|spec| Some(spec.redrive.as_ref()?.max_receives));
        batch
            .iter()
            .any(|message| most.is_some_and(|most| message.receives >= most))
    }
}

/// The event that Lambda builds from a batch.
fn event(queue: &str, batch: &[Message]) -> Value {
    let records: Vec<Value> = batch
        .iter()
        .map(|message| {
            json!({
                "messageId": message.id,
                "receiptHandle": message.receipt,
                "body": message.body,
                "attributes": system_attributes(message),
                "messageAttributes": message.attributes.as_object().cloned().unwrap_or_default(),
                "md5OfBody": digest(&message.body),
                "eventSource": "aws:sqs",
                "eventSourceARN": arn("sqs", queue),
                "awsRegion": REGION,
            })
        })
        .collect();
    json!({ "Records": records })
}

/// The message ids that failed. As in Lambda an unreadable answer, an empty or an unknown id fails the whole batch.
fn failures(answer: &[u8], batch: &[Message]) -> Vec<String> {
    let all = || batch.iter().map(|message| message.id.clone()).collect();
    let answer: Value = match serde_json::from_slice(answer) {
        Ok(answer) => answer,
        Err(_) if answer.is_empty() => return Vec::new(),
        Err(_) => return all(),
    };
    let items = match &answer["batchItemFailures"] {
        Value::Null => return Vec::new(),
        Value::Array(items) => items,
        _ => return all(),
    };
    let ids: Vec<String> = items
        .iter()
        .filter_map(|item| item["itemIdentifier"].as_str().map(str::to_owned))
        .collect();
    let known = |id: &String| batch.iter().any(|message| message.id == *id);
    if ids.len() == items.len() && ids.iter().all(known) {
        ids
    } else {
        all()
    }
}
