//! Asynchronous invocation: a durable queue, two retries, then the on-failure queue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use super::{Failure, Functions};
use crate::activity::{Activity, wait};
use crate::chaos::{Chaos, Delivery};
use crate::clock::Clock;
use crate::ledger::{Ledger, instant, millis};
use crate::services::sqs::Queues;
use crate::template::{FunctionSpec, arn};

/// Events that run at the same time, over all functions.
const AT_ONCE: usize = 32;

/// The event queue in front of asynchronous functions.
#[derive(Debug)]
pub(crate) struct Events {
    pub(crate) functions: Arc<Functions>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) queues: Arc<Queues>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) activity: Activity,
    pub(crate) chaos: Arc<Chaos>,
    /// Events that run, and whether each is a tick.
    pub(crate) running: Mutex<HashMap<String, bool>>,
}

/// Longer than a try takes.
const A_TRY: Duration = Duration::from_mins(1);

/// One kept event.
#[derive(Debug)]
struct Event {
    id: String,
    function: String,
    payload: Vec<u8>,
    created: Timestamp,
    attempts: u32,
    schedule: Option<String>,
}

/// What came of a scheduled event.
#[derive(Debug)]
pub(crate) struct TickAnswer {
    pub(crate) schedule: String,
    pub(crate) body: Bytes,
    /// Whether nothing else happened between the tick's start and its end.
    pub(crate) alone: bool,
}

impl Events {
    /// Keeps an event; when this returns, a killed runner does not lose it.
    pub(crate) fn submit(
        &self,
        function: &str,
        payload: &Value,
        schedule: Option<&str>,
    ) -> rusqlite::Result<()> {
        self.ledger
            .write(|transaction| self.insert(transaction, function, payload, schedule))?;
        self.activity.ring();
        Ok(())
    }

    /// Keeps an event as part of a transaction of the ledger; whoever commits it rings the bell.
    pub(crate) fn insert(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        function: &str,
        payload: &Value,
        schedule: Option<&str>,
    ) -> rusqlite::Result<()> {
        let mails = ["/detail/mail/messageId", "/Records/0/ses/mail/messageId"];
        let mail = mails
            .iter()
            .find_map(|path| payload.pointer(path)?.as_str());
        let at_once = Duration::ZERO;
        let delays = match self.chaos.event(function, schedule.is_some(), mail) {
            Delivery::Once => vec![at_once],
            Delivery::Lost => Vec::new(),
            Delivery::Late(delay) => vec![delay],
            Delivery::Again(delay) => vec![at_once, delay],
        };
        for delay in delays {
            self.insert_one(transaction, function, payload, schedule, delay)?;
        }
        Ok(())
    }

    fn insert_one(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        function: &str,
        payload: &Value,
        schedule: Option<&str>,
        delay: Duration,
    ) -> rusqlite::Result<()> {
        let id = uuid::Uuid::new_v4().to_string();
        let delay = SignedDuration::try_from(delay).unwrap_or_default();
        let now = self.clock.infra_now();
        // Lambda counts an event's age from when the event reaches it.
        let now = millis(now.checked_add(delay).unwrap_or(now));
        transaction.execute(
            "INSERT INTO async_events (id, function, payload, due, created, schedule)
             VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
            params![id, function, payload.to_string().as_bytes(), now, schedule],
        )?;
        Ok(())
    }

    /// Events that are due now or running.
    pub(crate) fn due(&self) -> rusqlite::Result<u64> {
        let now = millis(self.clock.infra_now());
        self.count("SELECT COUNT(*) FROM async_events WHERE due <= ?1", now)
    }

    /// All kept events, those that wait for a retry included.
    pub(crate) fn kept(&self) -> rusqlite::Result<u64> {
        self.count("SELECT COUNT(*) FROM async_events WHERE ?1 >= 0", 0)
    }

    fn count(&self, query: &str, value: i64) -> rusqlite::Result<u64> {
        self.ledger
            .read(|connection| connection.query_row(query, params![value], |row| row.get(0)))
    }

    /// When the next retry is due on the infrastructure clock.
    pub(crate) fn next_due(&self) -> rusqlite::Result<Option<Timestamp>> {
        let now = millis(self.clock.infra_now());
        let next: Option<i64> = self.ledger.read(|connection| {
            connection.query_row(
                "SELECT MIN(due) FROM async_events WHERE due > ?1",
                params![now],
                |row| row.get(0),
            )
        })?;
        Ok(next.map(instant))
    }

    /// Runs due events until the runner ends; answers of ticks go to `ticks`.
    pub(crate) async fn run(
        self: Arc<Self>,
        ticks: impl Fn(TickAnswer) + Clone + Send + Sync + 'static,
    ) {
        let mut bell = self.activity.listen();
        loop {
            bell.borrow_and_update();
            while let Ok(Some(event)) = self.take_due() {
                let busy = self.activity.busy();
                let (this, ticks) = (self.clone(), ticks.clone());
                tokio::spawn(async move {
                    if let Some(answer) = this.run_event(event).await {
                        ticks(answer);
                    }
                    drop(busy);
                });
            }
            let timer = self.next_due().ok().flatten();
            wait(
                &mut bell,
                timer.and_then(|at| self.clock.real_until_infra(at)),
            )
            .await;
        }
    }

    fn take_due(&self) -> rusqlite::Result<Option<Event>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.len() >= AT_ONCE {
            return Ok(None);
        }
        // One tick at a time: what its answer proves must not be overtaken by another tick's commit.
        let ticking = running.values().any(|is_tick| *is_tick);
        let now = millis(self.clock.infra_now());
        let event = self.ledger.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, function, payload, created, attempts, schedule FROM async_events
                 WHERE due <= ?1 ORDER BY due, seq LIMIT ?2",
            )?;
            let limit = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
            let mut rows = statement.query(params![now, limit])?;
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let schedule: Option<String> = row.get(5)?;
                let waits = ticking && schedule.is_some();
                if !waits && !running.contains_key(&id) {
                    return Ok(Some(Event {
                        id,
                        function: row.get(1)?,
                        payload: row.get(2)?,
                        created: instant(row.get(3)?),
                        attempts: row.get(4)?,
                        schedule,
                    }));
                }
            }
            Ok(None)
        });
        if let Ok(Some(event)) = &event {
            running.insert(event.id.clone(), event.schedule.is_some());
        }
        event.optional().map(Option::flatten)
    }

    async fn run_event(&self, event: Event) -> Option<TickAnswer> {
        let before = self.activity.worked();
        let outcome = match self.functions.get(&event.function) {
            Some(function) => {
                let payload = Bytes::from(event.payload.clone());
                let last = self.is_last_try(&event, &function.spec);
                function.invoke(event.id.clone(), payload, last).await
            }
            None => Err(Failure::new("ResourceNotFound", "the function is gone")),
        };
        if event.schedule.is_some() {
            // Its start and its end.
            self.activity.ticked(2);
        }
        let alone = self.activity.worked() == before;
        let kept = match &outcome {
            Ok(_) => self.forget(&event, None),
            Err(failure) => self.retry_or_give_up(&event, failure),
        };
        if let Err(error) = kept {
            eprintln!("local: the ledger failed: {error}");
        }
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&event.id);
        drop(running);
        match (outcome, event.schedule) {
            (Ok(body), Some(schedule)) => Some(TickAnswer {
                schedule,
                body,
                alone,
            }),
            _ => None,
        }
    }

    /// When an event that fails now would be tried again, and after how many tries.
    fn next_try(&self, event: &Event) -> (u32, Timestamp) {
        let attempts = event.attempts + 1;
        let pause = SignedDuration::from_mins(i64::from(attempts));
        let now = self.clock.infra_now();
        (attempts, now.checked_add(pause).unwrap_or(Timestamp::MAX))
    }

    /// Whether there would be none.
    fn is_last_try(&self, event: &Event, spec: &FunctionSpec) -> bool {
        let config = &spec.asynchronous;
        let (attempts, due) = self.next_try(event);
        // A moment more, because the try itself takes one.
        let age = due.duration_since(event.created).unsigned_abs() + A_TRY;
        attempts > config.retries || age > config.max_age
    }

    fn retry_or_give_up(&self, event: &Event, failure: &Failure) -> rusqlite::Result<()> {
        let Some(function) = self.functions.get(&event.function) else {
            return self.forget(event, None);
        };
        let config = &function.spec.asynchronous;
        let (attempts, due) = self.next_try(event);
        let age = due.duration_since(event.created);
        let too_old = age.unsigned_abs() > config.max_age;
        if attempts > config.retries || too_old {
            let condition = if attempts > config.retries {
                "RetriesExhausted"
            } else {
                "EventAgeExceeded"
            };
            let record = self.failure_record(event, failure, attempts, condition);
            let destination = config.on_failure.as_deref();
            return self.forget(event, destination.map(|queue| (queue, &record)));
        }
        self.ledger.write(|transaction| {
            transaction.execute(
                "UPDATE async_events SET attempts = ?2, due = ?3 WHERE id = ?1",
                params![event.id, attempts, millis(due)],
            )
        })?;
        Ok(())
    }

    /// Deletes the event; a failure's record reaches its queue in the same transaction.
    fn forget(&self, event: &Event, record: Option<(&str, &Value)>) -> rusqlite::Result<()> {
        self.ledger.write(|transaction| {
            if let Some((queue, record)) = record {
                let body = record.to_string();
                self.queues
                    .insert(transaction, queue, &body, &Value::Null, Duration::ZERO)?;
            }
            transaction.execute("DELETE FROM async_events WHERE id = ?1", params![event.id])
        })?;
        Ok(())
    }

    fn failure_record(
        &self,
        event: &Event,
        failure: &Failure,
        attempts: u32,
        condition: &str,
    ) -> Value {
        json!({
            "version": "1.0",
            "timestamp": self.clock.now().to_string(),
            "requestContext": {
                "requestId": event.id,
                "functionArn": format!("{}:$LATEST", arn("lambda", &format!("function:{}", event.function))),
                "condition": condition,
                "approximateInvokeCount": attempts,
            },
            "requestPayload": serde_json::from_slice::<Value>(&event.payload).unwrap_or(Value::Null),
            "responseContext": {
                "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled",
            },
            "responsePayload": failure.payload,
        })
    }
}
