//! A call on the wire: which service it is for, what it asks, who makes it, and what a refusal of it looks like.

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Fault;
use crate::environment::ACCESS_KEY;

/// What can be away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Service {
    Dynamodb,
    S3,
    Sqs,
    Ses,
    Secrets,
    /// Not a service that functions call: while it is away, no tick comes.
    Schedule,
}

/// A call as it came.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) service: Service,
    pub(super) operation: String,
    /// The function and the place of its process, if a function calls.
    pub(super) caller: Option<(String, usize)>,
}

impl Call {
    pub(super) fn read(parts: &Parts) -> Self {
        let target = text(&parts.headers, "x-amz-target").unwrap_or_default();
        let (service, operation) = match target.split_once('.') {
            Some((name, operation)) => (json_service(name), operation.to_owned()),
            None if parts.uri.path().starts_with("/v2/email/") => {
                (Service::Ses, "SendEmail".to_owned())
            }
            None => (Service::S3, s3_operation(parts)),
        };
        let caller = text(&parts.headers, header::AUTHORIZATION.as_str()).and_then(caller);
        Self {
            service,
            operation,
            caller,
        }
    }

    /// Where it happens, in words.
    pub(super) fn place(&self) -> String {
        let function = self.caller.as_ref().map_or("nobody", |(name, _)| name);
        format!("{function} {}", self.operation)
    }

    /// What the service says instead of doing it.
    pub(super) fn refusal(&self, fault: Fault, body: &Bytes) -> Response<Body> {
        let throttled = fault == Fault::Throttled;
        let (status, code, message) = match (self.service, throttled) {
            (Service::S3, true) => (503, "SlowDown", "Please reduce your request rate."),
            (Service::S3, false) => (500, "InternalError", "We encountered an internal error."),
            (Service::Ses, true) => (
                429,
                "TooManyRequestsException",
                "Maximum sending rate exceeded.",
            ),
            (Service::Dynamodb, true) if self.operation == "TransactWriteItems" => {
                return canceled(body);
            }
            (Service::Dynamodb, true) => (
                400,
                "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded.",
            ),
            (_, true) => (400, "ThrottlingException", "Rate exceeded"),
            (_, false) => (500, "InternalServerError", "Internal server error"),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.service == Service::S3 {
            let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
            return (status, [("content-type", "application/xml")], body).into_response();
        }
        refused(status, code, &json!({ "__type": code, "message": message }))
    }
}

/// A transaction that met too much traffic on its last item.
fn canceled(body: &Bytes) -> Response<Body> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let count = request["TransactItems"].as_array().map_or(1, Vec::len);
    let reason = |n| json!({ "Code": if n + 1 == count { "ThrottlingError" } else { "None" } });
    let reasons: Vec<Value> = (0..count).map(reason).collect();
    let code = "TransactionCanceledException";
    let said = json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [ThrottlingError]",
        "CancellationReasons": reasons,
    });
    refused(StatusCode::BAD_REQUEST, code, &said)
}

fn refused(status: StatusCode, code: &str, body: &Value) -> Response<Body> {
    let headers = [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amzn-errortype", code),
    ];
    (status, headers, body.to_string()).into_response()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn json_service(name: &str) -> Service {
    match name {
        "AmazonSQS" => Service::Sqs,
        "secretsmanager" => Service::Secrets,
        _ => Service::Dynamodb,
    }
}

/// The SDK names the operation of most requests itself; the rest are told by their method.
fn s3_operation(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or_default();
    let named = query.split('&').find_map(|pair| pair.strip_prefix("x-id="));
    let known = match (named, &parts.method) {
        (Some(named), _) => named,
        (None, &Method::GET) if query.contains("list-type=2") => "ListObjectsV2",
        (None, &Method::HEAD) => "HeadObject",
        (None, method) => method.as_str(),
    };
    known.to_owned()
}

/// Who signed: the access key that each process gets names it.
fn caller(authorization: &str) -> Option<(String, usize)> {
    let key = authorization
        .split_once("Credential=")?
        .1
        .split('/')
        .next()?;
    let (function, slot) = key
        .strip_prefix(ACCESS_KEY)?
        .strip_prefix('.')?
        .rsplit_once('.')?;
    Some((function.to_owned(), slot.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, uri: &str, headers: &[(&str, &str)]) -> Call {
        let mut request = axum::http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Call::read(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_call_says_what_it_asks_of_whom_and_who_asks() {
        let key = "AWS4-HMAC-SHA256 Credential=local.SlaTickFunction.2/20261123/eu-central-1/dynamodb/aws4_request, SignedHeaders=host";
        let call = read(
            "POST",
            "/",
            &[
                ("x-amz-target", "DynamoDB_20120810.GetItem"),
                ("authorization", key),
            ],
        );
        assert_eq!(
            (call.service, call.place().as_str()),
            (Service::Dynamodb, "SlaTickFunction GetItem")
        );
        assert_eq!(call.caller, Some(("SlaTickFunction".to_owned(), 2)));
        for (method, uri, place) in [
            ("GET", "/bucket/key?x-id=GetObject", "nobody GetObject"),
            (
                "GET",
                "/bucket/?list-type=2&prefix=inbox",
                "nobody ListObjectsV2",
            ),
            ("POST", "/v2/email/outbound-emails", "nobody SendEmail"),
        ] {
            assert_eq!(read(method, uri, &[]).place(), place);
        }
    }

    #[test]
    fn a_person_with_troth_is_nobody_and_never_struck() {
        let key = "AWS4-HMAC-SHA256 Credential=local/20261123/eu-central-1/dynamodb/aws4_request";
        assert_eq!(read("POST", "/", &[("authorization", key)]).caller, None);
    }
}
