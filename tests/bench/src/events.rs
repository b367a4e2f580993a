//! Events as AWS sends them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Fallible;

/// The two ways to open a ticket over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Form,
    Json,
}

/// `POST /tickets` with payload 2.0. A form's body arrives in base64, JSON as it is.
pub(crate) fn opening(by: By, key: &str, message: &str, at: Timestamp) -> Value {
    let fields = [
        ("email", "customer@example.com"),
        ("name", "A customer"),
        ("subject", "The site is down"),
        ("department", "technical"),
        ("type", "request"),
        ("message", message),
    ];
    let (kind, body) = match by {
        By::Form => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(fields).append_pair("nonce", key);
            (
                "application/x-www-form-urlencoded",
                STANDARD.encode(form.finish()),
            )
        }
        By::Json => (
            "application/json",
            Value::Object(
                fields
                    .map(|(name, value)| (name.to_owned(), json!(value)))
                    .into_iter()
                    .collect(),
            )
            .to_string(),
        ),
    };
    let mut event = json!({
        "version": "2.0",
        "routeKey": "POST /tickets",
        "rawPath": "/tickets",
        "rawQueryString": "",
        "headers": {
            "accept-language": "en", "content-type": kind, "host": "form.example.com",
            "user-agent": "bench", "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012", "apiId": "bench", "domainName": "form.example.com", "requestId": key,
            "routeKey": "POST /tickets", "stage": "$default", "timeEpoch": at.as_millisecond(),
            "http": { "method": "POST", "path": "/tickets", "protocol": "HTTP/1.1", "sourceIp": place(key), "userAgent": "bench" },
        },
        "body": body,
        "isBase64Encoded": by == By::Form,
    });
    if by == By::Json {
        event["headers"]["idempotency-key"] = json!(key);
    }
    event
}

/// The same, from somebody else.
pub(crate) fn from(mut opening: Value, address: &str) -> Fallible<Value> {
    let body = STANDARD.decode(opening["body"].as_str().unwrap_or_default())?;
    let fields = form_urlencoded::parse(&body).map(|(name, value)| {
        let value = if name == "email" {
            address.into()
        } else {
            value
        };
        (name, value)
    });
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    opening["body"] = json!(STANDARD.encode(form));
    Ok(opening)
}

/// `GET /tickets/{number}` by the link in the answer to an opening.
pub(crate) fn look(answer: &Value, key: &str, at: Timestamp) -> Option<Value> {
    let page = answer["body"].as_str()?;
    let (_, link) = page.split_once("/tickets/")?;
    let (number, rest) = link.split_once("?key=")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.~%".contains(c))?;
    let mut event = opening(By::Form, key, "", at);
    event["routeKey"] = json!("GET /tickets/{number}");
    event["rawPath"] = json!(format!("/tickets/{number}"));
    event["rawQueryString"] = json!(format!("key={}", &rest[..end]));
    event["pathParameters"] = json!({ "number": number });
    event["requestContext"]["http"]["method"] = json!("GET");
    event["body"] = Value::Null;
    Some(event)
}

/// A network address for each few requests: one place may send 300 in ten minutes, and no more is measured here.
fn place(key: &str) -> String {
    let sum = key.bytes().fold(0u16, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u16::from(byte))
    });
    format!("2001:db8:0:{sum:x}::1")
}

/// A mail that SES has put into the bucket and found genuine.
pub(crate) fn mail(id: &str, at: Timestamp) -> Value {
    let pass = json!({ "status": "PASS" });
    json!({ "Records": [{ "eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
        "mail": {
            "timestamp": at.to_string(), "source": "customer@example.com", "messageId": id,
            "destination": ["technical@support.example.com"], "headersTruncated": false, "headers": [], "commonHeaders": {},
        },
        "receipt": {
            "timestamp": at.to_string(), "recipients": ["technical@support.example.com"],
            "spamVerdict": pass, "virusVerdict": pass, "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass,
            "action": { "type": "Lambda" },
        },
    }}]})
}

/// Stands in a raw mail for the name of its object: each is somebody's own.
pub(crate) const NAME: &str = "NAME@";

/// The raw mail of `bytes` bytes: text, the same as HTML, and an attachment, a third each.
pub(crate) fn raw_mail(bytes: usize) -> String {
    let sentence = "The site has been down since this morning; please have a look.\r\n";
    let third = sentence.repeat(bytes / 3 / sentence.len());
    let parts = [
        ("text/plain; charset=utf-8", "7bit", third.clone()),
        (
            "text/html; charset=utf-8",
            "7bit",
            format!("<p>{}</p>\r\n", third.replace("\r\n", "<br>\r\n")),
        ),
        (
            "application/octet-stream; name=\"log.bin\"",
            "base64",
            encoded(bytes / 4),
        ),
    ];
    let mut mail = String::from(
        "From: A customer <NAME@example.com>\r\nTo: technical@support.example.com\r\nSubject: The site is down\r\n\
         Date: Mon, 23 Nov 2026 00:00:00 +0000\r\nMessage-ID: <NAME@example.com>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"part\"\r\n\r\n",
    );
    for (kind, encoding, body) in parts {
        mail += "--part\r\nContent-Type: ";
        mail += kind;
        mail += "\r\nContent-Transfer-Encoding: ";
        mail += encoding;
        mail += "\r\n\r\n";
        mail += &body;
        mail += "\r\n";
    }
    mail += "--part--\r\n";
    mail
}

fn encoded(bytes: usize) -> String {
    let text = STANDARD.encode(vec![0xA5; bytes]);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(76)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    lines.join("\r\n")
}

/// A batch of at most ten messages of a queue.
pub(crate) fn batch(bodies: &[String]) -> Value {
    let record = |(place, body): (usize, &String)| {
        json!({
            "messageId": format!("message-{place}"), "receiptHandle": "handle", "body": body, "attributes": { "ApproximateReceiveCount": "1" },
            "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:bulk",
        })
    };
    json!({ "Records": bodies.iter().enumerate().map(record).collect::<Vec<_>>() })
}

/// The schedule's input.
pub(crate) fn tick(at: Timestamp) -> Value {
    json!({ "time": at.to_string() })
}

/// What the yardstick takes: the key under which it writes.
pub(crate) fn key(key: &str) -> Value {
    json!({ "key": key })
}
