//! The wire between a process and the services: every request passes here, and whatever can happen to it happens here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use runtime::Seams;
use serde_json::{Value, json};

use crate::aws::dynamodb::canceled;
use crate::aws::{Call, Reply, Service};
use crate::dice::digest;
use crate::faults::{Fault, Place};
use crate::world::World;

/// The wire of one process.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) world: Arc<World>,
    /// Whose it is.
    pub(crate) process: usize,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wire({})", self.process)
    }
}

impl Wire {
    /// What the process' clients take from the world.
    pub(crate) fn seams(self) -> Seams {
        let clock = self.world.clock.clone();
        let credentials = Credentials::new("access", "secret", None, None, "simulation");
        Seams {
            http: SharedHttpClient::new(self),
            time: SharedTimeSource::new(clock.clone()),
            sleep: SharedAsyncSleep::new(clock),
            credentials: SharedCredentialsProvider::new(credentials),
            retry: RetryConfig::standard().with_max_attempts(3),
        }
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let call = read(&request);
        let asked = request
            .headers()
            .get("amz-sdk-invocation-id")
            .unwrap_or_default()
            .to_owned();
        let Some((place, fault)) = self.world.meet(self.process, &asked, &call) else {
            return std::future::pending().await;
        };
        let (before, after) = self.world.latency(&place);
        self.pass(before).await;
        if fault == Some(Fault::KilledBefore) {
            self.world.kill(self.process, &place);
            return std::future::pending().await;
        }
        if fault == Some(Fault::Error) && self.is_unreached(&call, &asked) {
            self.pass(after).await;
            let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
            return Err(ConnectorError::io(refused.into()));
        }
        let reply = match fault.and_then(|fault| refusal(fault, &call)) {
            Some(refusal) => refusal,
            None if fault == Some(Fault::Throttle) => self.in_part(call, &place),
            None => self.effect(&call, &place),
        };
        match fault {
            Some(Fault::KilledAfter) => {
                self.world.kill(self.process, &place);
                return std::future::pending().await;
            }
            Some(Fault::AnswerLost) => {
                self.pass(after).await;
                return Err(ConnectorError::io("the connection was cut".into()));
            }
            _ => {}
        }
        self.pass(after).await;
        Ok(response(reply))
    }

    /// Whether it is not SES that fails but the way to it, so that no connection comes about.
    fn is_unreached(&self, call: &Call, asked: &str) -> bool {
        call.service == Service::Ses && self.world.dice.of(("unreached", asked)).bool()
    }

    /// Time passes; a process that was killed meanwhile never goes on.
    async fn pass(&self, time: Duration) {
        self.world.clock.wait(time).await;
        if self.world.is_dead(self.process) {
            std::future::pending::<()>().await;
        }
    }

    /// SQS takes all records of a batch but the last one.
    fn in_part(&self, mut call: Call, place: &Place) -> Reply {
        let entries = call.body["Entries"].as_array_mut();
        let refused = entries.and_then(Vec::pop).unwrap_or_default();
        let mut answer = json!({ "Successful": [] });
        if call.body["Entries"]
            .as_array()
            .is_some_and(|it| !it.is_empty())
        {
            let reply = self.effect(&call, place);
            answer = serde_json::from_slice(&reply.body).unwrap_or_default();
        }
        answer["Failed"] =
            json!([{ "Id": refused["Id"], "SenderFault": false, "Code": "InternalError" }]);
        Reply::json(200, &answer)
    }

    /// The services carry it out. What they do not know ends the run and not only the task that asked.
    fn effect(&self, call: &Call, place: &Place) -> Reply {
        let now = self.world.clock.micros();
        let mut state = self
            .world
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let cloud = &mut state.cloud;
        let Ok(reply) = catch_unwind(AssertUnwindSafe(|| cloud.answer(call, now))) else {
            return Reply::refusal(
                400,
                "ValidationException",
                "the simulation does not know this",
            );
        };
        state.note(&("call", place, reply.status));
        drop(state);
        if matches!(call.service, Service::Sqs | Service::Ses) {
            self.world.activity.notify_waiters();
        }
        reply
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

/// Where each service is, so that the wire knows whom a request is for.
pub(crate) const ENDPOINTS: [(&str, &str, Service); 5] = [
    (
        "AWS_ENDPOINT_URL_DYNAMODB",
        "http://dynamodb.test",
        Service::DynamoDb,
    ),
    ("AWS_ENDPOINT_URL_S3", "http://s3.test", Service::S3),
    ("AWS_ENDPOINT_URL_SQS", "http://sqs.test", Service::Sqs),
    ("AWS_ENDPOINT_URL_SESV2", "http://ses.test", Service::Ses),
    (
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        "http://secrets.test",
        Service::Secrets,
    ),
];

fn read(request: &HttpRequest) -> Call {
    let uri = request.uri();
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.split(':').next().unwrap_or(host);
    let at = ENDPOINTS.iter().find(|(_, url, _)| {
        url.trim_start_matches("http://") == host
            || host.ends_with(&format!(".{}", url.trim_start_matches("http://")))
    });
    let Some((_, _, service)) = at else {
        panic!("a request to nobody: {uri}")
    };
    let header = |name: &str| request.headers().get(name);
    let bytes = request.body().bytes().unwrap_or_default();
    let other = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    let body: Value = serde_json::from_slice(bytes).unwrap_or_else(|_| other());
    let method = request.method().to_owned();
    let operation = operation(*service, &method, path, header("x-amz-target"));
    let digest = if operation == "TransactWriteItems" {
        digest(1, bytes)
    } else {
        0
    };
    Call {
        service: *service,
        operation,
        method,
        path: format!("/{path}"),
        copied: header("x-amz-copy-source").map(str::to_owned),
        body,
        digest,
    }
}

fn operation(service: Service, method: &str, path: &str, target: Option<&str>) -> String {
    if let Some(target) = target {
        return target.rsplit('.').next().unwrap_or(target).to_owned();
    }
    let named = path
        .split(['?', '&'])
        .find_map(|part| part.strip_prefix("x-id="));
    match (service, named) {
        (Service::Ses, _) if path == "v2/email/outbound-emails" => "SendEmail".to_owned(),
        (_, Some(named)) => named.to_owned(),
        (Service::S3, None) if path.contains("list-type=2") => "ListObjectsV2".to_owned(),
        (Service::S3, None) if method == "HEAD" => "HeadObject".to_owned(),
        _ => format!("{method} {path}"),
    }
}

fn response(reply: Reply) -> HttpResponse {
    let status = reply
        .status
        .try_into()
        .unwrap_or_else(|_| panic!("status {}", reply.status));
    let mut response = HttpResponse::new(status, SdkBody::from(reply.body));
    for (name, value) in reply.headers {
        response.headers_mut().insert(name, value);
    }
    response
}

/// What a service says in place of doing it, if this fault says anything.
fn refusal(fault: Fault, call: &Call) -> Option<Reply> {
    let is_transaction = call.operation == "TransactWriteItems";
    let one = |code: &str| {
        let count = call.body["TransactItems"].as_array().map_or(1, Vec::len);
        let reason = |place| json!({ "Code": if place == count - 1 { code } else { "None" } });
        canceled(&(0..count).map(reason).collect::<Vec<_>>())
    };
    match (fault, call.service) {
        (Fault::Error, Service::S3) => Some(Reply::xml(500, "InternalError")),
        (Fault::Error, _) => Some(Reply::refusal(
            500,
            "InternalServerError",
            "an error inside",
        )),
        (Fault::Throttle, Service::DynamoDb) if is_transaction => Some(one("ThrottlingError")),
        (Fault::Throttle, Service::DynamoDb) => Some(Reply::refusal(
            400,
            "ProvisionedThroughputExceededException",
            "too fast",
        )),
        (Fault::Throttle, Service::S3) => Some(Reply::xml(503, "SlowDown")),
        (Fault::Throttle, Service::Ses) => Some(Reply::refusal(
            429,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.",
        )),
        (Fault::Throttle, Service::Secrets) => {
            Some(Reply::refusal(400, "ThrottlingException", "too fast"))
        }
        (Fault::Conflict, Service::DynamoDb) if is_transaction => Some(one("TransactionConflict")),
        (Fault::Conflict, Service::DynamoDb) => Some(Reply::refusal(
            400,
            "TransactionConflictException",
            "a transaction has this item",
        )),
        _ => None,
    }
}
