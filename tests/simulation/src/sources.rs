//! What wakes the functions: the gateway, asynchronous events, queues, the schedule, and an operator who redrives.

use std::sync::Arc;
use std::time::Duration;

use runtime::batch::{self, SqsEvent};
use runtime::http::{Answer, Event, Request};
use serde_json::{Value, json};

use crate::aws::ses::send_event;
use crate::aws::sqs::{BATCH, UNREADABLE};
use crate::desk::{Desk, Handler};
use crate::faults::{Delivery, Function, doomed};
use crate::records::due_instant;
use crate::story::Sources;
use crate::undone::{Look, forgotten};

impl Desk {
    /// One request through the gateway. None if the function gave no answer: the caller sees a 5xx.
    pub(crate) async fn http(self: &Arc<Self>, event: Value, again: bool) -> Option<Answer> {
        let event: Event = serde_json::from_value(event).unwrap_or_else(|error| panic!("{error}"));
        let request = Request::of(event).unwrap_or_else(|error| panic!("{error}"));
        let delivery = Delivery::alone(again);
        let answered = self.invoke(
            Function::Intake,
            delivery,
            |handler, invocation| async move {
                let Handler::Intake(app) = handler else {
                    unreachable!("it was asked for")
                };
                intake::answer(&app, &request, &invocation).await
            },
        );
        answered.await.ok()
    }

    /// One delivery of an asynchronous event; whether the function said that it is done.
    async fn event(self: &Arc<Self>, function: Function, event: Value, delivery: Delivery) -> bool {
        let records = event["Records"].as_array().into_iter().flatten();
        let mails = records.filter_map(|it| it["ses"]["mail"]["messageId"].as_str());
        let mails: Vec<String> = mails.map(str::to_owned).collect();
        let done = self.invoke(function, delivery, |handler, invocation| async move {
            match handler {
                Handler::InboundEmail(desk) => {
                    let event =
                        serde_json::from_value(event).unwrap_or_else(|error| panic!("{error}"));
                    inbound_email::run(&desk, event, &invocation)
                        .await
                        .map_err(|it| it.error_message)
                }
                Handler::MailEvents(store) => mail_events::record(&store, &event, invocation.now)
                    .await
                    .map_err(|it| it.to_string()),
                _ => unreachable!("it takes no events"),
            }
        });
        let done = done.await;
        let mut state = self.world.lock();
        state.note(&("event", function, &done));
        let mut lies = mails.iter().map(|id| format!("inbox/{id}"));
        if matches!(done, Ok(Ok(()))) && lies.any(|key| state.cloud.bucket.holds(&key)) {
            self.way().unfiled.extend(mails);
        }
        drop(state);
        matches!(done, Ok(Ok(())))
    }

    /// Lambda's tries of one delivery: three, then the on-failure queue.
    async fn tries(self: &Arc<Self>, function: Function, event: Value, mut delivery: Delivery) {
        for wait in [60, 120, 0] {
            let done = self.event(function, event.clone(), delivery).await;
            delivery = Delivery::alone(true);
            if done {
                if let (Function::MailEvents, Some(id)) = (function, event["id"].as_str()) {
                    let now = self.world.clock.micros();
                    self.way().told.entry(id.to_owned()).or_insert(now);
                }
                return;
            }
            self.world.clock.wait(Duration::from_secs(wait)).await;
        }
        self.way().failed.push((function, event));
    }

    /// Delivers an event as often and as late as the dice say, at least once.
    pub(crate) fn deliver(
        self: &Arc<Self>,
        function: Function,
        event: &Value,
        what: &str,
        sources: Sources,
    ) {
        let mut rng = self.world.dice.of(("deliver", function, what));
        let times = if rng.u32(0..100) < sources.again {
            rng.u32(2..=5)
        } else {
            1
        };
        let doomed = doomed(&mut rng, times);
        for time in 0..times {
            let late = match (time, rng.u32(0..100)) {
                (0, late) if late < sources.late => rng.u64(60..7 * 3600),
                (0, _) => rng.u64(0..3),
                (_, 0..40) => rng.u64(0..5),
                (_, 40..70) => rng.u64(60..3600),
                (_, 70..95) => rng.u64(3600..7 * 3600),
                _ => rng.u64(sources.latest / 2..sources.latest),
            };
            let (desk, event) = (Arc::clone(self), event.clone());
            self.way().open += 1;
            self.way().deliveries += 1;
            tokio::spawn(async move {
                desk.world
                    .clock
                    .wait(Duration::from_millis(late * 1000 + u64::from(time)))
                    .await;
                let delivery = Delivery::of_several(time, doomed);
                desk.tries(function, event, delivery).await;
                desk.way().open -= 1;
            });
        }
    }

    /// Polls a queue for as long as the run lasts.
    pub(crate) async fn poll(
        self: Arc<Self>,
        queue: &'static str,
        at_once: usize,
        sources: Sources,
    ) {
        let running = Arc::new(tokio::sync::Semaphore::new(at_once));
        let mut batch = 0u64;
        loop {
            let activity = self.world.activity.notified();
            let now = self.world.clock.micros();
            let next = self.world.lock().cloud.queues.next(queue);
            match next {
                Some(next) if next <= now => {}
                next => {
                    let wait = next.map_or(Duration::from_hours(24), |next| {
                        Duration::from_micros(next - now)
                    });
                    either(activity, self.world.clock.wait(wait)).await;
                    continue;
                }
            }
            let Ok(permit) = Arc::clone(&running).acquire_owned().await else {
                return;
            };
            batch += 1;
            let mut rng = self.world.dice.of(("poll", queue, batch));
            let most = rng.usize(1..=BATCH);
            let now = self.world.clock.micros();
            let messages = self.world.lock().cloud.queues.receive(queue, most, now);
            if messages.is_empty() {
                continue;
            }
            // SQS delivers at least once: sometimes the same batch again, at the same time or much later.
            let again = if rng.u32(0..100) < sources.again {
                [1, 1, 2, 4u32][rng.usize(0..4)]
            } else {
                0
            };
            let doomed = doomed(&mut rng, again + 1);
            for time in 1..=again {
                let late = if rng.bool() {
                    rng.u64(0..2)
                } else {
                    rng.u64(60..sources.latest)
                };
                let (desk, messages) = (Arc::clone(&self), messages.clone());
                self.way().open += 1;
                tokio::spawn(async move {
                    desk.world
                        .clock
                        .wait(Duration::from_millis(late * 1000 + u64::from(time)))
                        .await;
                    let delivery = Delivery::of_several(time, doomed);
                    desk.batch(queue, messages, delivery).await;
                    desk.way().open -= 1;
                });
            }
            let desk = Arc::clone(&self);
            let delivery = Delivery {
                again: messages.iter().any(|message| message.receives > 1),
                ..Delivery::of_several(0, doomed)
            };
            self.way().open += 1;
            tokio::spawn(async move {
                desk.batch(queue, messages, delivery).await;
                desk.way().open -= 1;
                drop(permit);
            });
        }
    }

    async fn batch(
        self: &Arc<Self>,
        queue: &'static str,
        messages: Vec<crate::aws::sqs::Message>,
        delivery: Delivery,
    ) {
        self.way().deliveries += messages.len();
        let faults = self.world.lock().happened.len();
        let records: Vec<Value> = messages
            .iter()
            .map(|message| json!({ "messageId": message.id, "body": message.body }))
            .collect();
        let event: SqsEvent =
            serde_json::from_value(json!({ "Records": records })).unwrap_or_default();
        let done = self.invoke(
            Function::Notifier,
            delivery,
            |handler, invocation| async move {
                let Handler::Notifier(desk) = handler else {
                    unreachable!("it was asked for")
                };
                let began = std::time::Instant::now();
                let deliver =
                    |record| notifier::deliver(Arc::clone(&desk), record, invocation.now, began);
                batch::each(event, deliver).await
            },
        );
        let Ok(response) = done.await else { return };
        let mut state = self.world.lock();
        for message in messages {
            let failed = response
                .batch_item_failures
                .iter()
                .any(|it| it.item_identifier == message.id);
            if !failed {
                state.cloud.queues.delete(queue, &message.id);
                let forgotten = forgotten(&state, &message.body, faults);
                self.way().undone.extend(forgotten);
            }
        }
    }

    /// Tells of the mails that SES accepted, for as long as the run lasts.
    pub(crate) async fn bus(self: Arc<Self>, sources: Sources) {
        loop {
            let activity = self.world.activity.notified();
            let told = self.way().mails_told;
            let new: Vec<_> = self.world.lock().cloud.mail.accepted[told..].to_vec();
            for mail in &new {
                let mut rng = self.world.dice.of(("send event", &mail.id));
                if rng.u32(0..100) >= sources.dropped {
                    self.deliver(Function::MailEvents, &send_event(mail), &mail.id, sources);
                }
                self.report(mail, sources);
            }
            self.way().mails_told += new.len();
            activity.await;
        }
    }

    /// The schedule: every minute in which something is due, and now and then one in which nothing is.
    pub(crate) async fn ticker(self: Arc<Self>, sources: Sources) {
        let mut minute = 0u64;
        loop {
            let second = self.world.clock.micros() / 1_000_000;
            self.world
                .clock
                .wait(Duration::from_secs(60 - second % 60))
                .await;
            minute += 1;
            let now = self.world.clock.now();
            let due = self.world.lock().cloud.table.earliest_due();
            let now = now.strftime("%Y-%m-%dT%H:%M:%SZ~").to_string();
            let is_due = due.is_some_and(|due| due < now);
            let mut rng = self.world.dice.of(("tick", minute));
            let idle = rng.u32(0..sources.idle_ticks) == 0;
            let micros = self.world.clock.micros();
            let away = sources.no_ticks.0 <= micros && micros < sources.no_ticks.1;
            let calm = micros >= sources.calm;
            let missed = !calm && rng.u32(0..100) < sources.missed_ticks
                || (self.is_long_away(micros) && !minute.is_multiple_of(10));
            if missed {
                self.way().missed.push(micros);
            }
            if !(is_due || idle) || away || missed {
                continue;
            }
            let twice = !calm && rng.u32(0..100) < sources.double_ticks;
            let doomed = doomed(&mut rng, 1 + u32::from(twice));
            for time in 0..=u32::from(twice) {
                let late = rng.u64(0..5_000) + u64::from(time) * rng.u64(0..30_000);
                let desk = Arc::clone(&self);
                desk.way().open += 1;
                tokio::spawn(async move {
                    desk.world.clock.wait(Duration::from_millis(late)).await;
                    desk.tick(Delivery::of_several(time, doomed)).await;
                    desk.way().open -= 1;
                });
            }
        }
    }

    /// Whether a service has been away for half an hour: what a tick finds then, the next one finds, too, and thousands of
    /// them would be most of what such a run costs.
    fn is_long_away(&self, now: u64) -> bool {
        const HALF_AN_HOUR: u64 = 30 * 60 * 1_000_000;
        let state = self.world.lock();
        let mut outages = state.faults.outages.iter();
        outages.any(|(_, from, until)| (from + HALF_AN_HOUR..*until).contains(&now))
    }

    async fn tick(self: &Arc<Self>, delivery: Delivery) {
        let (first, began) = {
            let mut way = self.way();
            way.ticks += 1;
            way.ticking += 1;
            (way.ticking == 1, way.ticks)
        };
        let now = self.world.clock.micros();
        let look = Look::at(now, &mut self.world.lock());
        let ticked = self.invoke(
            Function::SlaTick,
            delivery,
            |handler, invocation| async move {
                let Handler::SlaTick(tick) = handler else {
                    unreachable!("it was asked for")
                };
                sla_tick::run(&tick, &invocation)
                    .await
                    .map(|_| ())
                    .map_err(|it| it.error_message)
            },
        );
        let ticked = ticked.await;
        let mut state = self.world.lock();
        let mut way = self.way();
        way.ticking -= 1;
        if matches!(ticked, Ok(Ok(()))) {
            let alone = first && way.ticks == began;
            way.undone.extend(look.undone(&state, alone));
        }
        let now = self.world.clock.now();
        way.over.extend(look.over(&state, now));
        for (ticket, due) in state.cloud.table.put_off() {
            if let Some(until) = due_instant(due).filter(|until| *until > now) {
                let key = (ticket.to_owned(), until);
                way.put_off.entry(key).or_insert(now);
            }
        }
        drop(way);
        state.note(&("ticked", ticked));
    }

    /// Somebody puts records into a queue that nobody can read, all at once.
    pub(crate) async fn unreadable(self: Arc<Self>) {
        let mut rng = self.world.dice.of("unreadable");
        self.world
            .clock
            .wait(Duration::from_secs(rng.u64(0..24 * 3600)))
            .await;
        let now = self.world.clock.micros();
        for body in UNREADABLE {
            self.world.lock().cloud.queues.send("urgent", body, now);
        }
        self.world.activity.notify_waiters();
    }

    /// An operator looks at the on-failure queue every six hours, and has everything delivered again.
    pub(crate) async fn redrive(self: Arc<Self>) {
        loop {
            self.world.clock.wait(Duration::from_hours(6)).await;
            let failed = std::mem::take(&mut self.way().failed);
            for (function, event) in failed {
                let desk = Arc::clone(&self);
                desk.way().open += 1;
                tokio::spawn(async move {
                    desk.tries(function, event, Delivery::alone(true)).await;
                    desk.way().open -= 1;
                });
            }
        }
    }
}

/// Whichever comes first.
async fn either(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    std::future::poll_fn(|context| {
        if one.as_mut().poll(context).is_ready() {
            return std::task::Poll::Ready(());
        }
        other.as_mut().poll(context)
    })
    .await;
}
