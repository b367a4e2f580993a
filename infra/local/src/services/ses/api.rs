//! `POST /v2/email/outbound-emails`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessageParser;
use serde_json::{Value, json};

use super::events::Publisher;
use super::mailbox::{Mailbox, Sent};
use super::message::rewrite;
use super::orders::{Behaviour, Orders};
use super::{bounce, new_message_id};
use crate::clock::Clock;
use crate::receiving::{Arrival, Receiving};

/// SES's limit for a message after encoding.
const MESSAGE_LIMIT: usize = 40 * 1024 * 1024;
/// SES's limit for recipients of one message.
const RECIPIENT_LIMIT: usize = 50;

/// The sending half of SES.
#[derive(Debug)]
pub(crate) struct Sending {
    pub(crate) mailbox: Mailbox,
    pub(crate) orders: Orders,
    pub(crate) clock: Arc<Clock>,
    pub(crate) receiving: Arc<Receiving>,
    pub(crate) publisher: Publisher,
}

/// A refusal in `SESv2`'s own shape.
struct Refusal(StatusCode, &'static str, String);

impl Refusal {
    fn bad(message: impl Into<String>) -> Self {
        Self(
            StatusCode::BAD_REQUEST,
            "BadRequestException",
            message.into(),
        )
    }

    fn internal(message: String) -> Self {
        Self(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServiceErrorException",
            message,
        )
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "the signature that map_err calls"
    )]
    fn ledger(error: rusqlite::Error) -> Self {
        Self::internal(format!("the ledger failed: {error}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let headers = [
            ("content-type", "application/json"),
            ("x-amzn-errortype", self.1),
        ];
        let body = json!({ "message": self.2 }).to_string();
        (self.0, headers, body).into_response()
    }
}

impl Sending {
    /// Serves `SendEmail`.
    pub(crate) async fn serve(&self, body: &Value) -> Response {
        match self.send(body).await {
            Ok(id) => {
                let headers = [("content-type", "application/json")];
                (headers, json!({ "MessageId": id }).to_string()).into_response()
            }
            Err(refusal) => refusal.into_response(),
        }
    }

    async fn send(&self, body: &Value) -> Result<String, Refusal> {
        let raw = content(body)?;
        let (from, to) = envelope(body, &raw)?;
        let configuration_set = self.configuration_set(body)?;
        let behaviour = self.orders.apply(&to);
        refuse(behaviour)?;
        let now = self.clock.now();
        let id = new_message_id(now);
        let raw = rewrite(&raw, &id, now);
        let bounced = behaviour == Behaviour::Bounce;
        let sent = Sent {
            id: id.clone(),
            at: now,
            from: from.clone(),
            to: to.clone(),
            number: 0,
            bounced,
            configuration_set,
            tags: tags(body),
        };
        if behaviour == Behaviour::Vanish {
            self.publisher.forget(&sent).map_err(Refusal::ledger)?;
        }
        self.mailbox
            .keep(sent.clone(), &raw)
            .map_err(|error| Refusal::internal(format!("the mailbox failed: {error}")))?;
        self.publisher
            .publish(&sent, behaviour)
            .map_err(Refusal::ledger)?;
        if matches!(behaviour, Behaviour::Stall | Behaviour::Vanish) {
            std::future::pending::<()>().await;
        }
        if !matches!(behaviour, Behaviour::Suppress | Behaviour::Harmful) {
            self.deliver(&from, &to, bounced, &raw);
        }
        Ok(id)
    }

    /// The set that the call names, if there is one of that name.
    fn configuration_set(&self, body: &Value) -> Result<Option<String>, Refusal> {
        let Some(name) = body["ConfigurationSetName"].as_str() else {
            return Ok(None);
        };
        if self.publisher.knows(name) {
            return Ok(Some(name.to_owned()));
        }
        Err(Refusal(
            StatusCode::NOT_FOUND,
            "NotFoundException",
            format!("Configuration set <{name}> does not exist."),
        ))
    }

    /// Mail to our own addresses comes back in through SES receiving, as it does in the cloud.
    fn deliver(&self, from: &str, to: &[String], bounced: bool, raw: &[u8]) {
        let arrival = if bounced {
            Arrival {
                return_path: String::new(),
                recipients: vec![from.to_owned()],
                raw: bounce::notification(
                    from,
                    to.first().map_or("", String::as_str),
                    raw,
                    self.clock.now(),
                ),
            }
        } else {
            Arrival {
                return_path: from.to_owned(),
                recipients: to.to_vec(),
                raw: raw.to_vec(),
            }
        };
        if let Err(error) = self.receiving.accept(arrival) {
            eprintln!("local: cannot deliver a mail to ourselves: {error}");
        }
    }
}

fn refuse(behaviour: Behaviour) -> Result<(), Refusal> {
    let busy = StatusCode::TOO_MANY_REQUESTS;
    match behaviour {
        Behaviour::Ok
        | Behaviour::Bounce
        | Behaviour::Suppress
        | Behaviour::Complain
        | Behaviour::Delay
        | Behaviour::Harmful
        | Behaviour::Stall
        | Behaviour::Vanish => Ok(()),
        Behaviour::Throttle => Err(Refusal(
            busy,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.".to_owned(),
        )),
        Behaviour::Quota => Err(Refusal(
            busy,
            "TooManyRequestsException",
            "Daily message quota exceeded.".to_owned(),
        )),
        Behaviour::Reject => Err(Refusal(
            StatusCode::BAD_REQUEST,
            "MessageRejected",
            "Email address is not verified.".to_owned(),
        )),
    }
}

fn content(body: &Value) -> Result<Vec<u8>, Refusal> {
    let encoded = body["Content"]["Raw"]["Data"]
        .as_str()
        .ok_or_else(|| Refusal::bad("The local runner takes Content.Raw only."))?;
    if encoded.len() > MESSAGE_LIMIT {
        return Err(Refusal::bad(
            "Message length is more than 41943040 bytes long.",
        ));
    }
    STANDARD
        .decode(encoded)
        .map_err(|_| Refusal::bad("Content.Raw.Data is not base64."))
}

/// `EmailTags` of the call.
fn tags(body: &Value) -> BTreeMap<String, String> {
    let all = body["EmailTags"].as_array().into_iter().flatten();
    all.filter_map(|tag| {
        Some((
            tag["Name"].as_str()?.to_owned(),
            tag["Value"].as_str()?.to_owned(),
        ))
    })
    .collect()
}

/// Sender and recipients: those of the call, else those of the message.
fn envelope(body: &Value, raw: &[u8]) -> Result<(String, Vec<String>), Refusal> {
    let parsed = MessageParser::default()
        .parse_headers(raw)
        .ok_or_else(|| Refusal::bad("The message has no header."))?;
    let first = |address: Option<&mail_parser::Address<'_>>| {
        let address = address.and_then(mail_parser::Address::first);
        address.and_then(|a| a.address().map(str::to_owned))
    };
    let from = match body["FromEmailAddress"].as_str() {
        Some(from) => bare(from),
        None => first(parsed.from()).unwrap_or_default(),
    };
    let mut to: Vec<String> = Vec::new();
    for kind in ["ToAddresses", "CcAddresses", "BccAddresses"] {
        let list = body["Destination"][kind].as_array().into_iter().flatten();
        to.extend(list.filter_map(Value::as_str).map(bare));
    }
    if to.is_empty() {
        for list in [parsed.to(), parsed.cc(), parsed.bcc()]
            .into_iter()
            .flatten()
        {
            to.extend(list.iter().filter_map(|a| a.address().map(str::to_owned)));
        }
    }
    if from.is_empty() || to.is_empty() {
        return Err(Refusal::bad("Missing sender or recipient."));
    }
    if to.len() > RECIPIENT_LIMIT {
        return Err(Refusal::bad("Recipient count exceeds 50."));
    }
    Ok((from, to))
}

/// `Name <a@x>` as `a@x`.
fn bare(address: &str) -> String {
    match address.rsplit_once('<') {
        Some((_, rest)) => rest.trim_end_matches('>').trim().to_owned(),
        None => address.trim().to_owned(),
    }
}
