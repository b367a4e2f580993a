//! Wires the function; what it does is in the library.
// The layout of a request's future is deeper than the compiler looks by itself.
#![recursion_limit = "256"]

use std::sync::Arc;

use intake::App;
use runtime::{Clients, Config, Links, Seams, http, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init();
    let config = Config::from_env(Links::Relative)
        .inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let clients = Clients::new(&config, Seams::real(&config));
    let app = Arc::new(App::new(&config, &clients));
    http::serve(config.timeout, move |request, invocation| {
        let app = Arc::clone(&app);
        async move { intake::answer(&app, &request, &invocation).await }
    })
    .await
}
