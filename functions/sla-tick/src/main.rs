//! Wires the function; what it does is in the library.
// The layout of a tick's future is deeper than the compiler looks by itself.
#![recursion_limit = "256"]

use std::sync::Arc;

use lambda_runtime::Error;
use runtime::{Clients, Config, Links, Seams, telemetry};
use sla_tick::Tick;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let tick = Arc::new(Tick::new(&config, &clients));
    runtime::run(config.timeout, move |_: serde_json::Value, invocation| {
        let tick = Arc::clone(&tick);
        async move { sla_tick::run(&tick, &invocation).await }
    })
    .await
}
