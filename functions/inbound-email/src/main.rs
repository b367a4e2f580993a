#![doc = include_str!("../README.md")]

mod agent;
mod bucket;
mod carry_out;
mod decide;
mod event;
mod handler;
mod message;
mod route;

use std::sync::Arc;

use lambda_runtime::Error;
use runtime::{Clients, Config, Links, Seams, Secrets, outbox, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let desk = Arc::new(handler::Desk {
        store: store::Store::new(clients.dynamodb(), config.table.as_str()),
        bucket: bucket::Bucket::new(clients.s3(), config.mail_bucket.as_str()),
        sqs: clients.sqs(),
        queues: outbox::Queues::of(&config),
        secrets: Secrets::new(clients.secrets_manager(), &config),
        domain: config.mail_domain.clone(),
    });
    runtime::run(config.timeout, move |event: event::SesEvent, invocation| {
        let desk = Arc::clone(&desk);
        async move { handler::run(&desk, event, &invocation).await }
    })
    .await
}
