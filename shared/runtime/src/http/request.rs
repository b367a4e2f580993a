//! A request, decoded once.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

/// The event of an HTTP API with payload 2.0, as far as we read it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    route_key: String,
    #[serde(default)]
    raw_query_string: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    path_parameters: BTreeMap<String, String>,
    request_context: RequestContext,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    request_id: String,
    time_epoch: i64,
    #[serde(default)]
    http: Connection,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Connection {
    source_ip: String,
}

/// A request whose body is bytes and whose query is pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The route of the template that matched, such as `GET /tickets/{number}`.
    pub route: String,
    /// When it reached the gateway: what starts clocks.
    pub at: Timestamp,
    /// The gateway's id of the request.
    pub id: String,
    /// Where the connection came from, as the gateway saw it; empty if it did not say. A header such as
    /// `X-Forwarded-For` is the sender's own word and changes nothing.
    pub source_ip: String,
    /// Header names in lower case, as the gateway sends them.
    pub headers: BTreeMap<String, String>,
    /// The variable parts of the path.
    pub path: BTreeMap<String, String>,
    /// The query's pairs, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The event says that its body is base64, and it is not; or it has no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the gateway's event is not decodable")]
pub struct Undecodable;

impl Request {
    /// Decodes an event. HTTP APIs send form bodies in base64.
    ///
    /// # Errors
    /// [`Undecodable`]; the answer is 400.
    pub fn of(event: Event) -> Result<Self, Undecodable> {
        let body = event.body.unwrap_or_default();
        let body = if event.is_base64_encoded {
            STANDARD.decode(body).map_err(|_| Undecodable)?
        } else {
            body.into_bytes()
        };
        let RequestContext {
            request_id,
            time_epoch,
            http,
        } = event.request_context;
        Ok(Self {
            route: event.route_key,
            at: Timestamp::from_millisecond(time_epoch).map_err(|_| Undecodable)?,
            id: request_id,
            source_ip: http.source_ip,
            headers: event
                .headers
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
            path: event.path_parameters,
            query: pairs(event.raw_query_string.as_bytes()),
            body,
        })
    }

    /// The first query parameter of this name.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The header of this name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The content type without parameters, in lower case.
    pub fn content_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }

    /// The body of an HTML form, decoded.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(event: serde_json::Value) -> Result<Request, Undecodable> {
        Request::of(serde_json::from_value(event).unwrap())
    }

    fn event(body: &str, base64: bool) -> serde_json::Value {
        json!({
            "version": "2.0",
            "routeKey": "POST /tickets/{number}/messages",
            "rawPath": "/tickets/EH-7K3Q-9M2X/messages",
            "rawQueryString": "key=a%20b&key=c&empty",
            "headers": { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "accept-language": "de" },
            "pathParameters": { "number": "EH-7K3Q-9M2X" },
            "requestContext": { "requestId": "abc=", "timeEpoch": 1_795_411_200_250_i64, "http": { "method": "POST" } },
            "body": body,
            "isBase64Encoded": base64,
        })
    }

    #[test]
    fn a_form_body_arrives_in_base64_and_is_decoded() {
        let request = request(event("bWVzc2FnZT1HciVDMyVCQyVDMyU5RitkaWNo", true)).unwrap();
        assert_eq!(
            request.form(),
            [("message".to_owned(), "Grüß dich".to_owned())]
        );
        assert_eq!(request.content_type(), "application/x-www-form-urlencoded");
        assert_eq!(request.query("key"), Some("a b"));
        assert_eq!(request.query("empty"), Some(""));
        assert_eq!(request.header("accept-language"), Some("de"));
        assert_eq!(request.path["number"], "EH-7K3Q-9M2X");
        assert_eq!(request.at.to_string(), "2026-11-23T05:20:00.25Z");
    }

    #[test]
    fn a_plain_body_is_taken_as_it_is() {
        assert_eq!(
            request(event("{\"a\":1}", false)).unwrap().body,
            b"{\"a\":1}"
        );
    }

    #[test]
    fn a_body_that_is_not_base64_is_refused() {
        assert_eq!(request(event("???", true)), Err(Undecodable));
    }

    #[test]
    fn an_event_without_optional_parts_is_read() {
        let bare =
            json!({ "routeKey": "GET /", "requestContext": { "requestId": "a", "timeEpoch": 0 } });
        let request = request(bare).unwrap();
        assert_eq!(
            (
                request.route.as_str(),
                request.body.len(),
                request.query.len()
            ),
            ("GET /", 0, 0)
        );
    }
}
