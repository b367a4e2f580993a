//! Wires the function; what it does is in the library.
// The layout of a event's future is deeper than the compiler looks by itself.
#![recursion_limit = "256"]

use std::sync::Arc;

use lambda_runtime::Error;
use runtime::telemetry::Chain;
use runtime::{Clients, Config, Links, Seams, Seen, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let store = Arc::new(store::Store::new(clients.dynamodb(), config.table.as_str()));
    runtime::run(
        config.timeout,
        move |event: serde_json::Value, invocation| {
            let store = Arc::clone(&store);
            async move {
                // Boxed: it holds a ticket, and the invocation's task would carry the room for it.
                let recording = mail_events::record(&store, &event, invocation.now);
                let recorded = Box::pin(recording).await;
                recorded.inspect_err(|error| {
                    tracing::error!(seen = Seen::EventFailed.name(), error = %Chain(error), "what SES says of a mail was not recorded");
                })
            }
        },
    )
    .await
}
