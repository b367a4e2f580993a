//! A request as payload 2.0.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::{HeaderMap, header, request::Parts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::routing::Parameters;
use crate::template::{ACCOUNT, Route};

/// A request as the API sees it.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a Bytes,
    pub(super) peer: SocketAddr,
    pub(super) host: &'a str,
    pub(super) at: Timestamp,
    pub(super) request_id: &'a str,
}

/// The event that API Gateway would send.
pub(super) fn payload(seen: &Seen<'_>, route: &Route, parameters: &Parameters) -> Value {
    let parts = seen.parts;
    let query = parts.uri.query().unwrap_or_default();
    let host = text(&parts.headers, header::HOST.as_str()).unwrap_or_else(|| seen.host.to_owned());
    let mut event = json!({
        "version": "2.0",
        "routeKey": route.key(),
        "rawPath": parts.uri.path(),
        "rawQueryString": query,
        "headers": headers(seen),
        "requestContext": context(seen, route, &host),
        "isBase64Encoded": false,
    });
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = json!(query_parameters(query));
    }
    if !parameters.is_empty() {
        event["pathParameters"] = json!(parameters);
    }
    if !seen.body.is_empty() {
        let kind = text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let plain = is_text(&kind).then(|| std::str::from_utf8(seen.body).ok());
        if let Some(plain) = plain.flatten() {
            event["body"] = Value::from(plain);
        } else {
            event["body"] = Value::from(STANDARD.encode(seen.body));
            event["isBase64Encoded"] = Value::Bool(true);
        }
    }
    event
}

/// The types that API Gateway hands on as text; all others, forms too, arrive base64-encoded.
fn is_text(kind: &str) -> bool {
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    kind.starts_with("text/")
        || matches!(
            kind.as_str(),
            "application/json" | "application/javascript" | "application/xml"
        )
}

fn context(seen: &Seen<'_>, route: &Route, host: &str) -> Value {
    let parts = seen.parts;
    let at = seen.at.to_zoned(TimeZone::UTC);
    json!({
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": host,
        "domainPrefix": host.split(['.', ':']).next(),
        "http": {
            "method": parts.method.as_str(),
            "path": parts.uri.path(),
            "protocol": "HTTP/1.1",
            "sourceIp": seen.peer.ip().to_string(),
            "userAgent": text(&parts.headers, "user-agent").unwrap_or_default(),
        },
        "requestId": seen.request_id,
        "routeKey": route.key(),
        "stage": "$default",
        "time": at.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
        "timeEpoch": seen.at.as_millisecond(),
    })
}

/// Lower-case names, repeated values joined by a comma, cookies elsewhere, the proxy's own on top.
fn headers(seen: &Seen<'_>) -> Map<String, Value> {
    let all = &seen.parts.headers;
    let mut headers = Map::new();
    for name in all.keys() {
        let passed_on = !matches!(name.as_str(), "cookie" | "connection" | "transfer-encoding");
        if let (true, Some(value)) = (passed_on, text(all, name.as_str())) {
            headers.insert(name.as_str().to_owned(), Value::String(value));
        }
    }
    let ip = seen.peer.ip().to_string();
    let forwarded = match text(all, "x-forwarded-for") {
        Some(earlier) => format!("{earlier}, {ip}"),
        None => ip,
    };
    let port = seen.host.rsplit(':').next().unwrap_or_default();
    for (name, value) in [
        ("x-forwarded-for", forwarded),
        ("x-forwarded-proto", "http".to_owned()),
        ("x-forwarded-port", port.to_owned()),
        ("content-length", seen.body.len().to_string()),
    ] {
        headers.insert(name.to_owned(), Value::String(value));
    }
    headers
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<String> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::COOKIE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';')).map(str::trim);
    cookies
        .filter(|c| !c.is_empty())
        .map(str::to_owned)
        .collect()
}

fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameters
            .entry(decode(name))
            .and_modify(|known| {
                known.push(',');
                known.push_str(&decode(value));
            })
            .or_insert_with(|| decode(value));
    }
    parameters
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn event(request: Request<&'static str>) -> Value {
        let (parts, body) = request.into_parts();
        let route = Route {
            method: "POST".into(),
            path: "/tickets/{number}".into(),
            function: "F".into(),
        };
        let seen = Seen {
            parts: &parts,
            body: &Bytes::from_static(body.as_bytes()),
            peer: "127.0.0.1:4000".parse().unwrap(),
            host: "127.0.0.1:8080",
            at: "2026-03-02T09:30:00.25Z".parse().unwrap(),
            request_id: "id-1",
        };
        payload(
            &seen,
            &route,
            &[("number".to_owned(), "EH-1".to_owned())].into(),
        )
    }

    fn post(kind: &str) -> Request<&'static str> {
        Request::post("/tickets/EH-1?a=1&b=x%20y&a=2+3")
            .header("host", "127.0.0.1:8080")
            .header("X-Many", "one")
            .header("x-many", "two")
            .header("cookie", "k=v; l=w")
            .header("content-type", kind)
            .body("a=b")
            .unwrap()
    }

    #[test]
    fn names_queries_and_cookies_come_as_api_gateway_sends_them() {
        let event = event(post("text/plain"));
        assert_eq!(event["version"], "2.0");
        assert_eq!(event["routeKey"], "POST /tickets/{number}");
        assert_eq!(event["rawPath"], "/tickets/EH-1");
        assert_eq!(event["rawQueryString"], "a=1&b=x%20y&a=2+3");
        assert_eq!(
            event["queryStringParameters"],
            json!({"a": "1,2 3", "b": "x y"})
        );
        assert_eq!(event["pathParameters"], json!({"number": "EH-1"}));
        assert_eq!(event["headers"]["x-many"], "one,two");
        assert_eq!(event["headers"]["x-forwarded-proto"], "http");
        assert_eq!(event["cookies"], json!(["k=v", "l=w"]));
        assert!(event["headers"]["cookie"].is_null());
    }

    #[test]
    fn the_request_context_stands_at_virtual_time() {
        let context = &event(post("text/plain"))["requestContext"];
        assert_eq!(context["time"], "02/Mar/2026:09:30:00 +0000");
        assert_eq!(context["timeEpoch"], 1_772_443_800_250_i64);
        assert_eq!(context["domainName"], "127.0.0.1:8080");
        assert_eq!(context["domainPrefix"], "127");
        assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
        assert_eq!(context["stage"], "$default");
    }

    #[test]
    fn text_and_json_stay_text_and_forms_are_base64() {
        for (kind, encoded) in [
            ("text/plain", false),
            ("application/json; charset=utf-8", false),
            ("application/x-www-form-urlencoded", true),
            ("image/png", true),
        ] {
            let event = event(post(kind));
            let body = if encoded { "YT1i" } else { "a=b" };
            assert_eq!(event["isBase64Encoded"], encoded, "{kind}");
            assert_eq!(event["body"], body, "{kind}");
        }
    }

    #[test]
    fn a_request_without_body_has_none() {
        let event = event(Request::get("/tickets/EH-1").body("").unwrap());
        assert!(event.get("body").is_none());
        assert!(event.get("queryStringParameters").is_none());
        assert_eq!(event["isBase64Encoded"], false);
    }
}
