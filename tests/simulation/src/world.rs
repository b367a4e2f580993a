//! The world of one run: its services, its processes, and what has happened in it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use crate::aws::{Call, Cloud, Service};
use crate::dice::{Dice, digest_of};
use crate::faults::{Delivery, Fault, Faults, Function, Place};
use crate::tally::Met;
use crate::time::Clock;

/// Everything that processes share, and the only thing they share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    /// Something was put on a queue or sent.
    pub(crate) activity: Notify,
    pub(crate) state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) cloud: Cloud,
    pub(crate) faults: Faults,
    pub(crate) processes: Vec<Process>,
    /// Faults that happened, in order.
    pub(crate) happened: Vec<Happened>,
    /// How often each fault met each call.
    pub(crate) met: BTreeMap<Met, u32>,
    /// A digest of everything that has happened, in order.
    pub(crate) history: u64,
    pub(crate) events: u64,
    invocations: BTreeMap<Function, u32>,
    /// The first call of each kind, by function and operation.
    pub(crate) first: BTreeMap<String, Place>,
}

/// A fault that happened.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(crate) place: Place,
    pub(crate) fault: Fault,
    /// When, in microseconds.
    pub(crate) at: u64,
    /// What the call asked for.
    pub(crate) asked: String,
}

/// One execution environment of a function.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) function: Function,
    dead: bool,
    invocation: u32,
    /// How what it was invoked with was delivered.
    delivery: Delivery,
    /// The calls of this invocation: the client's own id of each, and how often it was attempted.
    calls: Vec<(String, u32)>,
    /// How many of them were to change something.
    writes: u32,
    killed: Option<oneshot::Sender<()>>,
}

impl State {
    /// Adds to the history.
    pub(crate) fn note(&mut self, what: &impl Debug) {
        self.events += 1;
        self.history = digest_of(self.history, what);
    }
}

impl World {
    pub(crate) fn new(clock: Clock, dice: Dice, cloud: Cloud, faults: Faults) -> Self {
        Self {
            clock,
            dice,
            activity: Notify::new(),
            state: Mutex::new(State {
                cloud,
                faults,
                processes: Vec::new(),
                happened: Vec::new(),
                met: BTreeMap::new(),
                history: 0,
                events: 0,
                invocations: BTreeMap::new(),
                first: BTreeMap::new(),
            }),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a process; answers its number.
    pub(crate) fn start(&self, function: Function) -> usize {
        let mut state = self.lock();
        state.processes.push(Process {
            function,
            dead: false,
            invocation: 0,
            delivery: Delivery::default(),
            calls: Vec::new(),
            writes: 0,
            killed: None,
        });
        state.processes.len() - 1
    }

    /// An invocation begins in a process; it resolves when the process is killed.
    pub(crate) fn begin(&self, process: usize, delivery: Delivery) -> oneshot::Receiver<()> {
        let mut state = self.lock();
        let function = state.processes[process].function;
        let count = state.invocations.entry(function).or_default();
        *count += 1;
        let invocation = *count;
        let (killed, when_killed) = oneshot::channel();
        let process = &mut state.processes[process];
        process.invocation = invocation;
        process.delivery = delivery;
        process.calls.clear();
        process.writes = 0;
        process.killed = Some(killed);
        when_killed
    }

    pub(crate) fn is_dead(&self, process: usize) -> bool {
        self.lock().processes[process].dead
    }

    pub(crate) fn kill(&self, process: usize, _at: &Place) {
        let mut state = self.lock();
        let process = &mut state.processes[process];
        process.dead = true;
        if let Some(killed) = process.killed.take() {
            let _ = killed.send(());
        }
    }

    /// A process is gone: its time was up.
    pub(crate) fn end(&self, process: usize) {
        self.lock().processes[process].dead = true;
    }

    /// A call leaves a process: where it is, and what will happen to it. None for a dead process.
    pub(crate) fn meet(
        &self,
        process: usize,
        asked: &str,
        call: &Call,
    ) -> Option<(Place, Option<Fault>)> {
        let now = self.clock.micros();
        let mut state = self.lock();
        let own = &mut state.processes[process];
        if own.dead {
            return None;
        }
        let known = own.calls.iter().position(|(id, _)| id == asked);
        let number = known.unwrap_or_else(|| {
            own.calls.push((asked.to_owned(), 0));
            own.calls.len() - 1
        });
        let attempt = own.calls[number].1;
        own.calls[number].1 += 1;
        let writes = call.is_write() && attempt == 0;
        let dies = writes && own.delivery.dies_at == Some(own.writes);
        own.writes += u32::from(writes);
        let place = Place {
            function: own.function,
            invocation: own.invocation,
            call: u32::try_from(number).unwrap_or(u32::MAX),
            operation: named(call),
        };
        let again = own.delivery.again;
        let faults = &state.faults;
        let fault = faults.at(&place, dies, call.service, attempt, now);
        *state
            .met
            .entry(Met {
                function: place.function,
                operation: place.operation.clone(),
                fault,
                again,
            })
            .or_default() += 1;
        if let Some(fault) = fault {
            state.happened.push(Happened {
                place: place.clone(),
                fault,
                at: now,
                asked: call.body.to_string(),
            });
        }
        let name = format!("{:?} {}", place.function, place.operation);
        // What was asked before the first invocation is the story's own.
        if place.invocation > 0 {
            state.first.entry(name).or_insert_with(|| place.clone());
        }
        state.note(&("ask", &place, attempt, fault, now));
        Some((place, fault))
    }

    /// How long a call takes to arrive and its answer to come back.
    pub(crate) fn latency(&self, place: &Place) -> (Duration, Duration) {
        let mut rng = self.dice.of(("latency", place));
        (
            Duration::from_millis(rng.u64(1..15)),
            Duration::from_millis(rng.u64(1..15)),
        )
    }
}

/// A call as crash points and coverage name it: what it does, to what kind of item.
fn named(call: &Call) -> String {
    let kind = |key: &str| {
        let part = |name: &str| {
            let whole = [&call.body["Key"], &call.body["Item"]]
                .into_iter()
                .find(|it| it.is_object());
            whole
                .and_then(|whole| whole[name]["S"].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let text = part(key);
        text.split('#').next().unwrap_or_default().to_owned()
    };
    match (call.service, call.operation.as_str()) {
        (Service::DynamoDb, "Query") => {
            let index = call.body["IndexName"].as_str();
            let prefix = call.body["ExpressionAttributeValues"][":prefix"]["S"].as_str();
            format!("Query {}", index.or(prefix).unwrap_or("?"))
        }
        (Service::DynamoDb, "TransactWriteItems") => "TransactWriteItems".to_owned(),
        (Service::DynamoDb, operation) => {
            let (pk, sk) = (kind("PK"), kind("SK"));
            let update = call.body["UpdateExpression"]
                .as_str()
                .map(|it| it.split(',').next().unwrap_or(it));
            let what = update
                .map(|update| format!(" {update}"))
                .unwrap_or_default();
            format!("{operation} {pk}/{sk}{what}")
        }
        (Service::Secrets, operation) => format!(
            "{operation} {}",
            call.body["SecretId"].as_str().unwrap_or("?")
        ),
        (_, operation) => operation.to_owned(),
    }
}
