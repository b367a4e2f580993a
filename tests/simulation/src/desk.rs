//! The desk: the real handlers in processes of their own, each with its own wire, run as Lambda runs them.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use policy::Policy;
use runtime::{Clients, Config, Invocation, Links};

use crate::check::Version;
use crate::faults::{Delivery, Function};
use crate::wire::{ENDPOINTS, Wire};
use crate::world::World;

/// The desk and the world around it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) world: Arc<World>,
    pub(crate) policy: Arc<Policy>,
    /// What was published, in order.
    published: OnceLock<Vec<Version>>,
    idle: Mutex<BTreeMap<Function, Vec<Process>>>,
    pub(crate) way: Mutex<crate::way::OnTheWay>,
}

/// An execution environment that waits for its next invocation.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    number: usize,
    pub(crate) handler: Handler,
}

/// What a process has built before its first invocation.
#[derive(Debug, Clone)]
pub(crate) enum Handler {
    Intake(Arc<intake::App>),
    InboundEmail(Arc<inbound_email::Desk>),
    SlaTick(Arc<sla_tick::Tick>),
    Notifier(Arc<notifier::Desk>),
    MailEvents(Arc<store::Store>),
}

/// Why an invocation gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Killed,
    TimedOut,
    Panicked,
}

pub(crate) const SITE: &str = "https://desk.example";
pub(crate) const DOMAIN: &str = "support.example.com";

/// Timeouts as in `infra/template.yaml`; a test compares.
pub(crate) fn timeout(function: Function) -> Duration {
    Duration::from_secs(match function {
        Function::Intake => 15,
        Function::InboundEmail | Function::Notifier => 60,
        Function::SlaTick => 50,
        Function::MailEvents => 30,
    })
}

/// The environment of a function.
pub(crate) fn config(function: Function) -> Config {
    let own = [
        ("TABLE_NAME", "tickets"),
        ("MAIL_BUCKET", "mail"),
        ("URGENT_QUEUE_URL", "urgent"),
        ("BULK_QUEUE_URL", "bulk"),
        ("SIGNING_KEY_SECRET", "signing-key"),
        ("PEPPER_SECRET", "pepper"),
        ("MAIL_DOMAIN", DOMAIN),
        ("CONFIGURATION_SET", "desk"),
        ("FORM_URL", SITE),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "access"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let endpoints = ENDPOINTS.iter().map(|(name, url, _)| (*name, *url));
    let mut variables: BTreeMap<String, String> = own
        .into_iter()
        .chain(endpoints)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    variables.insert(
        "FUNCTION_TIMEOUT_SECONDS".to_owned(),
        timeout(function).as_secs().to_string(),
    );
    let links = if function == Function::Intake {
        Links::Relative
    } else {
        Links::Absolute
    };
    Config::read(&variables, links).unwrap_or_else(|error| panic!("{error}"))
}

impl Desk {
    pub(crate) fn new(world: Arc<World>, policy: Arc<Policy>) -> Self {
        Self {
            world,
            policy,
            published: OnceLock::new(),
            idle: Mutex::default(),
            way: Mutex::default(),
        }
    }

    /// What the desk publishes in this run is known from the beginning.
    pub(crate) fn will_publish(&self, versions: Vec<Version>) {
        let _ = self.published.set(versions);
    }

    pub(crate) fn policies(&self) -> &[Version] {
        self.published.get().map_or(&[], Vec::as_slice)
    }

    fn process(&self, function: Function) -> Process {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(process) = idle.get_mut(&function).and_then(Vec::pop) {
            return process;
        }
        drop(idle);
        let number = self.world.start(function);
        let config = config(function);
        let wire = Wire {
            world: Arc::clone(&self.world),
            process: number,
        };
        let clients = Clients::new(&config, wire.seams());
        let handler = match function {
            Function::Intake => Handler::Intake(Arc::new(intake::App::new(&config, &clients))),
            Function::InboundEmail => {
                Handler::InboundEmail(Arc::new(inbound_email::Desk::new(&config, &clients)))
            }
            Function::SlaTick => Handler::SlaTick(Arc::new(sla_tick::Tick::new(&config, &clients))),
            Function::Notifier => {
                Handler::Notifier(Arc::new(notifier::Desk::new(&config, &clients)))
            }
            Function::MailEvents => Handler::MailEvents(Arc::new(store::Store::new(
                clients.dynamodb(),
                config.table.as_str(),
            ))),
        };
        Process { number, handler }
    }

    /// A table of one's own to write with before the story begins, through the same clients.
    pub(crate) fn store(&self) -> store::Store {
        let number = self.world.start(Function::Intake);
        let config = config(Function::Intake);
        let wire = Wire {
            world: Arc::clone(&self.world),
            process: number,
        };
        store::Store::new(
            Clients::new(&config, wire.seams()).dynamodb(),
            config.table.as_str(),
        )
    }

    /// Runs one invocation in a process that is free; an answer, or how it ended without one.
    pub(crate) async fn invoke<T, Work, Working>(
        &self,
        function: Function,
        delivery: Delivery,
        work: Work,
    ) -> Result<T, Ended>
    where
        Work: FnOnce(Handler, Invocation) -> Working,
        Working: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let process = self.process(function);
        let mut killed = self.world.begin(process.number, delivery);
        let now = self.world.clock.now();
        // Lambda's deadline is in whole milliseconds.
        let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        let invocation = Invocation {
            now,
            deadline: now.checked_add(timeout(function)).unwrap_or(now),
            request_id: format!("{function:?}-{}", process.number),
        };
        let mut working = tokio::spawn(work(process.handler.clone(), invocation));
        let mut time_is_up = self.world.clock.wait(timeout(function));
        let ended = std::future::poll_fn(|context| {
            if let Poll::Ready(done) = Pin::new(&mut working).poll(context) {
                return Poll::Ready(done.map_err(|_| Ended::Panicked));
            }
            if Pin::new(&mut killed).poll(context).is_ready() {
                return Poll::Ready(Err(Ended::Killed));
            }
            if Pin::new(&mut time_is_up).poll(context).is_ready() {
                return Poll::Ready(Err(Ended::TimedOut));
            }
            Poll::Pending
        })
        .await;
        working.abort();
        let mut state = self.world.lock();
        state.note(&("ended", function, process.number, ended.as_ref().err()));
        drop(state);
        if matches!(ended, Err(Ended::Killed | Ended::TimedOut)) {
            self.world.end(process.number);
        } else {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.entry(function).or_default().push(process);
        }
        ended
    }
}
