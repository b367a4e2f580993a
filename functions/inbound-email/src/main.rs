//! Wires the function; what it does is in the library.
// The layout of a mail's future is deeper than the compiler looks by itself.
#![recursion_limit = "256"]

use std::sync::Arc;

use inbound_email::{Desk, Swept, Work};
use lambda_runtime::Error;
use runtime::{Clients, Config, Links, Seams, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let desk = Arc::new(Desk::new(&config, &clients));
    runtime::run(config.timeout, move |work: Work, invocation| {
        let desk = Arc::clone(&desk);
        async move {
            match work {
                Work::Mail(event) => {
                    let filed = inbound_email::run(&desk, event, &invocation).await;
                    filed.map(|()| None::<Swept>)
                }
                Work::Sweep { .. } => inbound_email::sweep(&desk, &invocation).await.map(Some),
            }
        }
    })
    .await
}
