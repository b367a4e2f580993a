//! What SES adds to a received mail, and the event it sends about it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Arrival;
use super::verdicts::Verdicts;
use crate::services::ses::message::{fields, name_and_value, rfc2822, split};
use crate::services::ses::message_id_domain;
use crate::template::{ReceiptRule, arn};

/// SES hands on this much of the header in the event.
const HEADER_LIMIT: usize = 10 * 1024;

/// One mail under one rule.
#[derive(Debug)]
pub(super) struct Received<'a> {
    pub(super) arrival: &'a Arrival,
    /// The recipients that the rule takes.
    pub(super) recipients: &'a [String],
    pub(super) id: &'a str,
    pub(super) at: Timestamp,
    pub(super) rule: &'a ReceiptRule,
    pub(super) verdicts: &'a Verdicts,
}

impl Received<'_> {
    /// The mail with SES's own header lines on top.
    pub(super) fn stamped(&self) -> Vec<u8> {
        let domain = message_id_domain();
        let lower = |verdict: &str| match verdict {
            "PASS" => "pass",
            "FAIL" => "fail",
            "GRAY" => "none",
            _ => "temperror",
        };
        let (from, host) = (&self.arrival.return_path, &self.verdicts.host);
        let first = self.recipients.first().map_or("", String::as_str);
        let mut out = format!(
        "Return-Path: <{from}>\r\n\
         Received: from {host} ({host} [127.0.0.1])\r\n by inbound-smtp.{domain} with SMTP id {}\r\n for {first};\r\n {}\r\n\
         X-SES-Spam-Verdict: {}\r\n\
         X-SES-Virus-Verdict: {}\r\n\
         Received-SPF: {} (spfCheck: local) client-ip=127.0.0.1; envelope-from={from};\r\n\
         Authentication-Results: amazonses.com;\r\n spf={} smtp.mailfrom={from};\r\n dkim={};\r\n dmarc={};\r\n\
         X-SES-RECEIPT: {}\r\n",
        self.id,
        rfc2822(self.at),
        self.verdicts.spam,
        self.verdicts.virus,
        lower(&self.verdicts.spf),
        lower(&self.verdicts.spf),
        lower(&self.verdicts.dkim),
        lower(&self.verdicts.dmarc),
        self.id,
    )
    .into_bytes();
        out.extend_from_slice(&self.arrival.raw);
        out
    }

    /// The event about the stamped mail.
    pub(super) fn event(&self, raw: &[u8]) -> Value {
        let mut headers = Vec::new();
        let (mut size, mut truncated) = (0, false);
        for field in fields(split(raw).0) {
            size += field.len();
            if size > HEADER_LIMIT {
                truncated = true;
                break;
            }
            if let Some((name, value)) = name_and_value(field) {
                headers.push(json!({ "name": name, "value": value }));
            }
        }
        let timestamp = format!("{:.3}", self.at);
        let verdict = |status: &str| json!({ "status": status });
        json!({ "Records": [{
            "eventSource": "aws:ses",
            "eventVersion": "1.0",
            "ses": {
                "mail": {
                    "timestamp": timestamp,
                    "source": self.arrival.return_path,
                    "messageId": self.id,
                    "destination": self.arrival.recipients,
                    "headersTruncated": truncated,
                    "commonHeaders": common(&headers, &self.arrival.return_path),
                    "headers": headers,
                },
                "receipt": {
                    "timestamp": timestamp,
                    "processingTimeMillis": 1,
                    "recipients": self.recipients,
                    "spamVerdict": verdict(&self.verdicts.spam),
                    "virusVerdict": verdict(&self.verdicts.virus),
                    "spfVerdict": verdict(&self.verdicts.spf),
                    "dkimVerdict": verdict(&self.verdicts.dkim),
                    "dmarcVerdict": verdict(&self.verdicts.dmarc),
                    "action": {
                        "type": "Lambda",
                        "functionArn": arn("lambda", &format!("function:{}", self.rule.function)),
                        "invocationType": "Event",
                    },
                },
            },
        }]})
    }
}

fn common(headers: &[Value], return_path: &str) -> Value {
    let find = |name: &str| {
        headers
            .iter()
            .find(|h| {
                h["name"]
                    .as_str()
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            })
            .map(|h| h["value"].clone())
    };
    let mut common = json!({ "returnPath": return_path });
    for (key, name) in [
        ("date", "Date"),
        ("messageId", "Message-ID"),
        ("subject", "Subject"),
    ] {
        if let Some(value) = find(name) {
            common[key] = value;
        }
    }
    for (key, name) in [
        ("from", "From"),
        ("to", "To"),
        ("cc", "Cc"),
        ("replyTo", "Reply-To"),
    ] {
        if let Some(value) = find(name) {
            common[key] = Value::Array(addresses(value.as_str().unwrap_or_default()));
        }
    }
    common
}

/// Splits at commas outside quotes; SES does not decode the parts.
fn addresses(list: &str) -> Vec<Value> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for character in list.chars() {
        quoted ^= character == '"';
        if character == ',' && !quoted {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    let parts = parts.iter().map(|part| part.trim());
    parts
        .filter(|part| !part.is_empty())
        .map(Value::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_inside_quotes_does_not_split_an_address() {
        let list = addresses("\"Doe, Jane\" <j@x>, k@y");
        assert_eq!(list, vec![json!("\"Doe, Jane\" <j@x>"), json!("k@y")]);
    }

    #[test]
    fn the_event_carries_the_headers_that_ses_adds_and_tells_when_it_cut_them() {
        let rule = ReceiptRule {
            recipients: vec![],
            bucket: "b".into(),
            prefix: "inbox/".into(),
            function: "F".into(),
        };
        let long = format!(
            "Subject: Hi\r\nX-Long: {}\r\nX-Last: 1\r\n\r\nbody",
            "x".repeat(20_000)
        );
        let arrival = Arrival {
            return_path: "a@x".into(),
            recipients: vec!["desk@y".into()],
            raw: long.into_bytes(),
        };
        let received = Received {
            arrival: &arrival,
            recipients: &arrival.recipients,
            id: "id1",
            at: "2026-03-02T09:30:00.5Z".parse().unwrap(),
            rule: &rule,
            verdicts: &Verdicts::default(),
        };
        let event = received.event(&received.stamped());
        let mail = &event["Records"][0]["ses"]["mail"];
        assert_eq!(mail["timestamp"], "2026-03-02T09:30:00.500Z");
        assert_eq!(mail["headers"][0]["name"], "Return-Path");
        assert_eq!(mail["commonHeaders"]["subject"], "Hi");
        assert_eq!(mail["headersTruncated"], true);
        assert!(!event.to_string().contains("X-Last"));
    }
}
