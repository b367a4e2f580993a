//! A wire that answers from a function: the seams at work.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use serde_json::Value;

use crate::{Clients, Config, Links, Seams};

type Answer = dyn Fn(&Value) -> (u16, Value) + Send + Sync;

/// Answers every request by its JSON body, and remembers the bodies.
#[derive(Clone)]
pub(crate) struct FakeWire {
    answer: Arc<Answer>,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl std::fmt::Debug for FakeWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeWire")
    }
}

impl FakeWire {
    pub(crate) fn new(answer: impl Fn(&Value) -> (u16, Value) + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(answer),
            asked: Arc::default(),
        }
    }

    /// The bodies so far.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    /// Clients that speak through this wire, and never try twice.
    pub(crate) fn clients(&self) -> Clients {
        let seams = Seams {
            http: SharedHttpClient::new(self.clone()),
            retry: RetryConfig::disabled(),
            ..Seams::real(&config())
        };
        Clients::new(&config(), seams)
    }
}

impl HttpClient for FakeWire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for FakeWire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body: Value =
            serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
        let (status, answer) = (self.answer)(&body);
        self.asked.lock().unwrap().push(body);
        let status = status.try_into().unwrap();
        let response = HttpResponse::new(status, SdkBody::from(answer.to_string()));
        HttpConnectorFuture::ready(Ok(response))
    }
}

/// A complete configuration; variables that may be anything have their own names as values.
pub(crate) fn config() -> Config {
    Config::read(&variables(), Links::Absolute).ok().unwrap()
}

/// The environment of a function.
pub(crate) fn variables() -> BTreeMap<String, String> {
    let named = [
        "TABLE_NAME",
        "MAIL_BUCKET",
        "URGENT_QUEUE_URL",
        "BULK_QUEUE_URL",
        "SIGNING_KEY_SECRET",
        "PEPPER_SECRET",
        "MAIL_DOMAIN",
        "CONFIGURATION_SET",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ];
    let named = named
        .iter()
        .map(|name| ((*name).to_owned(), format!("<{name}>")));
    let valued = [
        ("AWS_REGION", "local"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("FORM_URL", "https://desk.example.com/"),
        ("FUNCTION_TIMEOUT_SECONDS", "15"),
    ];
    let valued = valued.map(|(name, value)| (name.to_owned(), value.to_owned()));
    named.chain(valued).collect()
}
