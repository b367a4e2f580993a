#![doc = include_str!("../README.md")]

mod answer;
mod handler;
mod letter;
mod sending;
mod settle;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda_runtime::Error;
use runtime::batch::{self, SqsEvent};
use runtime::{Clients, Config, Diagnostic, Links, Seams, Secrets, outbox, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = Config::from_env(Links::Absolute)?;
    let clients = Clients::new(&config, Seams::real(&config));
    let desk = Arc::new(handler::Desk {
        store: store::Store::new(clients.dynamodb(), config.table.as_str()),
        ses: sending::client(&clients.ses()),
        sqs: clients.sqs(),
        queues: outbox::Queues::of(&config),
        secrets: Secrets::new(clients.secrets_manager(), &config),
        site: config.form_url.clone(),
        domain: config.mail_domain.clone(),
        configuration_set: config.configuration_set.clone(),
        timeout: config.timeout,
    });
    runtime::run(config.timeout, move |event: SqsEvent, invocation| {
        let desk = Arc::clone(&desk);
        async move {
            let began = std::time::Instant::now();
            let deliver =
                |record| handler::deliver(Arc::clone(&desk), record, invocation.now, began);
            Ok::<_, Diagnostic>(batch::each(event, deliver).await)
        }
    })
    .await
}
