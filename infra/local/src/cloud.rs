//! Puts the services together and starts everything that runs by itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::activity::Activity;
use crate::chaos::{Chaos, Line};
use crate::clock::Clock;
use crate::data_dir::DataDir;
use crate::environment::{self, Endpoints};
use crate::flags::Flags;
use crate::http_api::HttpApi;
use crate::lambda::asynchronous::Events;
use crate::lambda::{self, Functions, Host, Launcher, PROCESSES, access_key, runtime_api};
use crate::ledger::Ledger;
use crate::poller::Poller;
use crate::ports::Ports;
use crate::receiving::Receiving;
use crate::services::dynamodb::{self, Tables};
use crate::services::s3::Buckets;
use crate::services::secrets::Secrets;
use crate::services::ses::api::Sending;
use crate::services::ses::events::Publisher;
use crate::services::ses::mailbox::Mailbox;
use crate::services::ses::orders::Orders;
use crate::services::sqs::Queues;
use crate::services::{self};
use crate::stop::{Doing, Stop};
use crate::template::Stack;
use crate::timeline::{Parts, Timeline};
use crate::troth::Troth;
use crate::{pages, smtp};

/// The running cloud.
#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) clock: Arc<Clock>,
    pub(crate) queues: Arc<Queues>,
    pub(crate) events: Arc<Events>,
    pub(crate) functions: Arc<Functions>,
    pub(crate) sending: Arc<Sending>,
    pub(crate) timeline: Arc<Timeline>,
    pub(crate) activity: Activity,
    pub(crate) chaos: Arc<Chaos>,
    pub(crate) troth: Troth,
    pub(crate) stack: Stack,
    pub(crate) smtp_address: String,
    pub(crate) http_address: String,
    /// What `GET /_local/env.json` answers.
    pub(crate) environment: BTreeMap<String, String>,
}

/// Starts the services and the functions, but neither ticks nor queues: the policy comes first.
pub(crate) fn start(
    stack: Stack,
    flags: &Flags,
    data: &DataDir,
    ports: Ports,
    bin_dir: &Path,
) -> Result<Arc<Cloud>, Stop> {
    let clock = Arc::new(Clock::open(data.join("clock.json"), flags.speed, flags.at)?);
    let strikes = data.join("chaos.jsonl");
    let chaos = Arc::new(Chaos::new(flags.chaos, clock.clone(), strikes));
    let activity = Activity::new();
    let ledger = Arc::new(Ledger::open(&data.join("ledger.sqlite"))?);
    let (queue_clock, bell) = (clock.clone(), activity.clone());
    let queues = Arc::new(Queues::new(
        &stack.queues,
        ledger.clone(),
        queue_clock,
        bell,
    ));
    let tables = Tables::open(data.join("dynamodb.sqlite"), &stack.tables)?;
    let callers = stack
        .functions
        .iter()
        .flat_map(|function| (0..PROCESSES).map(|slot| access_key(&function.id, slot)));
    let buckets = Buckets::open(data.folder("s3")?, &stack.buckets, callers, clock.clone())?;
    let secrets = Secrets::open(&data.join("secrets.json"), &stack.secrets)?;
    let addresses = ports.addresses.clone();
    let rest = &addresses.services;
    let table = match flags.dynamodb_port {
        Some(port) => dynamodb::elsewhere(port, &stack.tables)?,
        None => addresses.dynamodb.clone(),
    };
    let behind = [&table, &addresses.s3, rest, rest, rest].map(String::as_str);
    let mut variables = environment::variables(&Endpoints::of(behind));
    let lines = Line::before(ports.lines, &chaos, behind)?;
    let called = match &lines {
        Some(lines) => environment::variables(&Endpoints::of(lines.each_ref().map(Line::address))),
        None => variables.clone(),
    };
    let host = Host {
        clock: clock.clone(),
        activity: activity.clone(),
        launcher: Launcher::start().doing("start the launcher")?,
        runtime_api: addresses.runtime.clone(),
        chaos: chaos.clone(),
        environment: called,
        bin_dir: bin_dir.to_owned(),
        log_dir: data.folder("logs")?,
    };
    let functions = Arc::new(lambda::start(&stack.functions, &host));
    let events = Arc::new(Events {
        functions: functions.clone(),
        ledger: ledger.clone(),
        queues: queues.clone(),
        clock: clock.clone(),
        activity: activity.clone(),
        chaos: chaos.clone(),
        running: std::sync::Mutex::default(),
    });
    let receiving = Arc::new(Receiving {
        rules: stack.receipt_rules.clone(),
        buckets: buckets.clone(),
        events: events.clone(),
        clock: clock.clone(),
        drops: std::sync::atomic::AtomicU64::new(0),
    });
    let publisher = Publisher {
        sets: stack.configuration_sets.clone(),
        rules: stack.event_rules.clone(),
        events: events.clone(),
        ledger,
    };
    let mailbox = Mailbox::open(data.folder("mail")?)?;
    for sent in mailbox.list() {
        // A kill may have come between a mail and the word of it.
        publisher
            .publish(&sent, sent.behaviour())
            .doing("read the ledger")?;
    }
    let sending = Arc::new(Sending {
        mailbox,
        publisher,
        orders: Orders::default(),
        clock: clock.clone(),
        receiving: receiving.clone(),
    });
    let timeline = Timeline::new(Parts {
        schedules: stack.schedules.clone(),
        sources: stack.sources.clone(),
        watcher: tables.watcher()?,
        every_tick: flags.every_tick || flags.dynamodb_port.is_some(),
        clock: clock.clone(),
        activity: activity.clone(),
        events: events.clone(),
        queues: queues.clone(),
    });
    for function in &stack.functions {
        let missing = |name: &String| !variables.contains_key(name);
        let own: Vec<_> = function
            .environment
            .iter()
            .filter(|(n, _)| missing(n))
            .collect();
        let own: BTreeMap<_, _> = own
            .into_iter()
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        variables.extend(own);
    }
    // For people alone: no function asks for these.
    variables.extend(stack.outputs.clone());
    variables.insert(
        "AWS_ENDPOINT_URL_LAMBDA".to_owned(),
        format!("http://{rest}"),
    );
    let api = Arc::new(HttpApi {
        routes: stack.routes.clone(),
        functions: functions.clone(),
        clock: clock.clone(),
        chaos: chaos.clone(),
        host: addresses.http.clone(),
    });
    tokio::spawn(tables.clone().sweep(clock.clone()));
    let cloud = Arc::new(Cloud {
        clock,
        queues: queues.clone(),
        events: events.clone(),
        functions: functions.clone(),
        sending: sending.clone(),
        timeline,
        activity: activity.clone(),
        chaos: chaos.clone(),
        troth: Troth {
            binary: bin_dir.join("troth"),
            environment: variables.clone(),
        },
        stack,
        smtp_address: addresses.smtp.clone(),
        http_address: addresses.http.clone(),
        environment: variables,
    });
    for line in lines.into_iter().flatten() {
        tokio::spawn(line.serve(functions.clone()));
    }
    tokio::spawn(tables.serve(ports.dynamodb));
    tokio::spawn(buckets.serve(ports.s3));
    let service = services::router(queues, secrets, sending, events, &format!("http://{rest}"));
    spawn(ports.services, service);
    spawn(ports.runtime, runtime_api::router(functions));
    spawn(ports.http, pages::router(cloud.clone(), api));
    tokio::spawn(smtp::serve(ports.smtp, receiving, activity));
    Ok(cloud)
}

/// Serves until the runner ends.
pub(crate) fn spawn(listener: TcpListener, router: axum::Router) {
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, service).await {
            eprintln!("local: a server ended: {error}");
        }
    });
}

/// Starts time: asynchronous events, queues, ticks.
pub(crate) fn run(cloud: &Arc<Cloud>) {
    let timeline = cloud.timeline.clone();
    let answered = move |answer: lambda::asynchronous::TickAnswer| timeline.answered(&answer);
    tokio::spawn(cloud.events.clone().run(answered));
    for source in &cloud.stack.sources {
        if let Some(function) = cloud.functions.get(&source.function) {
            let poller = Poller {
                source: source.clone(),
                function: function.clone(),
                queues: cloud.queues.clone(),
                clock: cloud.clock.clone(),
                activity: cloud.activity.clone(),
                chaos: cloud.chaos.clone(),
            };
            tokio::spawn(Arc::new(poller).run());
        }
    }
    tokio::spawn(cloud.timeline.clone().run());
    tokio::spawn(cloud.timeline.clone().keep_clock());
}
