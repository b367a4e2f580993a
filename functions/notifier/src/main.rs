//! Wires the function; what it does is in the library.
// The layout of a record's future is deeper than the compiler looks by itself.
#![recursion_limit = "256"]

use std::sync::Arc;

use lambda_runtime::Error;
use notifier::Desk;
use runtime::batch::{self, SqsEvent};
use runtime::{Clients, Config, Diagnostic, Links, Seams, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)?;
    let clients = Clients::new(&config, Seams::real(&config));
    let desk = Arc::new(Desk::new(&config, &clients));
    runtime::run(config.timeout, move |event: SqsEvent, invocation| {
        let desk = Arc::clone(&desk);
        async move {
            let began = std::time::Instant::now();
            let deliver =
                |record| notifier::deliver(Arc::clone(&desk), record, invocation.now, began);
            Ok::<_, Diagnostic>(batch::each(event, deliver).await)
        }
    })
    .await
}
