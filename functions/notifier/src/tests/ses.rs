//! SES, Secrets Manager and a bucket over loopback HTTP, answering as they are told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What SES is to answer next; without an order it accepts.
pub(crate) struct Order {
    status: u16,
    code: &'static str,
    message: String,
}

impl Order {
    pub(crate) fn refuse(status: u16, code: &'static str, message: &str) -> Self {
        let message = message.to_owned();
        Self {
            status,
            code,
            message,
        }
    }
}

/// A mail that SES accepted.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) to: Vec<String>,
    pub(crate) raw: String,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) tracked: bool,
}

#[derive(Default)]
struct Inside {
    orders: VecDeque<Order>,
    mails: Vec<Mail>,
    asked: usize,
    /// What the bucket answers, by path.
    objects: BTreeMap<String, (u16, String)>,
}

#[derive(Clone, Default)]
pub(crate) struct Ses(Arc<Mutex<Inside>>);

impl Ses {
    /// Serves for as long as the test runs; answers its URL.
    pub(crate) async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    pub(crate) fn order(&self, orders: impl IntoIterator<Item = Order>) {
        self.0.lock().unwrap().orders.extend(orders);
    }

    /// What the bucket answers for an object.
    pub(crate) fn store(&self, path: &str, status: u16, content: &str) {
        let answer = (status, content.to_owned());
        let mut inside = self.0.lock().unwrap();
        inside.objects.insert(path.to_owned(), answer);
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.0.lock().unwrap().mails.clone()
    }

    pub(crate) fn asked(&self) -> usize {
        self.0.lock().unwrap().asked
    }

    fn send(&self, body: &Value) -> (StatusCode, [(&'static str, &'static str); 1], String) {
        let mut inside = self.0.lock().unwrap();
        inside.asked += 1;
        if let Some(order) = inside.orders.pop_front() {
            let status = StatusCode::from_u16(order.status).unwrap();
            let body = json!({ "message": order.message }).to_string();
            return (status, [("x-amzn-errortype", order.code)], body);
        }
        inside.mails.push(read(body));
        let id = format!("0100-{}", inside.mails.len());
        let body = json!({ "MessageId": id }).to_string();
        (StatusCode::OK, [("content-type", "application/json")], body)
    }
}

fn read(body: &Value) -> Mail {
    let strings = |list: &Value| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect()
    };
    let raw = STANDARD
        .decode(body["Content"]["Raw"]["Data"].as_str().unwrap())
        .unwrap();
    let tags = body["EmailTags"].as_array().unwrap().iter().map(|tag| {
        (
            tag["Name"].as_str().unwrap().to_owned(),
            tag["Value"].as_str().unwrap().to_owned(),
        )
    });
    let tracking = &body["ConfigurationOverrides"]["Tracking"]["ClickTrackingEnabled"];
    Mail {
        to: strings(&body["Destination"]["ToAddresses"]),
        raw: String::from_utf8(raw).unwrap(),
        tags: tags.collect(),
        tracked: tracking != "DISABLED",
    }
}

async fn answer(
    State(ses): State<Ses>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let target = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    if let Some((status, content)) = ses.0.lock().unwrap().objects.get(uri.path()) {
        let status = StatusCode::from_u16(*status).unwrap();
        let kind = [("content-type", "application/octet-stream")];
        return (status, kind, content.clone());
    }
    match (uri.path(), target) {
        ("/v2/email/outbound-emails", _) => ses.send(&body),
        (_, Some("secretsmanager.GetSecretValue")) => {
            let secret = match body["SecretId"].as_str() {
                Some("signing") => r#"{"kid":"1","key":"secret for tests"}"#,
                _ => r#"{"pepper":"pepper for tests"}"#,
            };
            let body = json!({ "SecretString": secret }).to_string();
            (
                StatusCode::OK,
                [("content-type", "application/x-amz-json-1.1")],
                body,
            )
        }
        // The queues take nothing: what is enqueued is left to the tick.
        _ => (
            StatusCode::BAD_REQUEST,
            [("x-amzn-errortype", "Unserved")],
            "{}".to_owned(),
        ),
    }
}
