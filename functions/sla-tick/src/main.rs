#![doc = include_str!("../README.md")]

mod handler;
mod rollout;

use std::sync::Arc;

use lambda_runtime::Error;
use runtime::{Clients, Config, Links, Seams, outbox, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let tick = Arc::new(handler::Tick {
        store: store::Store::new(clients.dynamodb(), config.table.as_str()),
        sqs: clients.sqs(),
        queues: outbox::Queues::of(&config),
        budget: config.timeout.mul_f64(0.7),
    });
    runtime::run(config.timeout, move |_: serde_json::Value, invocation| {
        let tick = Arc::clone(&tick);
        async move { handler::run(&tick, &invocation).await }
    })
    .await
}
