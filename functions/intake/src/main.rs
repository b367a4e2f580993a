#![doc = include_str!("../README.md")]

mod address;
mod customer;
mod fields;
mod guest;
mod handler;
mod have_it;
mod open;
mod pages;
mod promised;
mod published;
mod receipt;
mod submission;
#[cfg(test)]
mod testing;
mod texts;
mod visit;

use std::sync::Arc;

use runtime::{Clients, Config, Links, Seams, Secrets, http, outbox::Queues, telemetry};
use store::Store;

use crate::handler::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let config = Config::from_env(Links::Relative)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let app = Arc::new(App {
        store: Store::new(clients.dynamodb(), config.table.as_str()),
        sqs: clients.sqs(),
        queues: Queues::of(&config),
        secrets: Secrets::new(clients.secrets_manager(), &config),
    });
    http::serve(config.timeout, move |request, invocation| {
        let app = Arc::clone(&app);
        async move { handler::answer(&app, &request, &invocation).await }
    })
    .await
}
