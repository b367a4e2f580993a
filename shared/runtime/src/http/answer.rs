//! Answers, each with the headers that every answer carries.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// An answer in the form that an HTTP API takes from a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The status code.
    pub status_code: u16,
    /// Headers, names in lower case.
    pub headers: BTreeMap<&'static str, String>,
    /// The body, text.
    pub body: String,
    is_base64_encoded: bool,
}

/// What a page may load and run: nothing, but the styles and scripts that stand in it, named by their hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentPolicy(String);

impl ContentPolicy {
    /// Allows these inline styles and scripts, byte for byte.
    pub fn new(styles: &[&str], scripts: &[&str]) -> Self {
        let sources = |texts: &[&str]| {
            let hashes: Vec<String> = texts.iter().map(|text| hash(text)).collect();
            if hashes.is_empty() {
                "'none'".to_owned()
            } else {
                hashes.join(" ")
            }
        };
        Self(format!(
            "default-src 'none'; style-src {}; script-src {}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            sources(styles),
            sources(scripts),
        ))
    }
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

impl Answer {
    /// A page.
    pub fn html(status: u16, page: String, allowed: &ContentPolicy) -> Self {
        Self::new(status, "text/html; charset=utf-8", page, &allowed.0)
    }

    /// A JSON document. Our own types always serialise; should one not, the caller learns that it is our fault.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self::serialized(status, "application/json", value)
    }

    /// Sends the browser on with a GET, so that a reload does not repeat the POST before it.
    pub fn see_other(location: &str) -> Self {
        Self::text(303, String::new()).with("location", location)
    }

    pub(super) fn serialized(
        status: u16,
        content_type: &'static str,
        value: &impl Serialize,
    ) -> Self {
        match serde_json::to_string(value) {
            Ok(body) => Self::new(status, content_type, body, &ContentPolicy::new(&[], &[]).0),
            Err(error) => {
                tracing::error!(%error, "an answer could not be serialised");
                Self::text(500, "Something went wrong on our side.\n".to_owned())
            }
        }
    }

    fn text(status: u16, body: String) -> Self {
        Self::new(
            status,
            "text/plain; charset=utf-8",
            body,
            &ContentPolicy::new(&[], &[]).0,
        )
    }

    fn new(status_code: u16, content_type: &str, body: String, policy: &str) -> Self {
        let headers = [
            ("content-type", content_type),
            ("content-security-policy", policy),
            (
                "strict-transport-security",
                "max-age=63072000; includeSubDomains",
            ),
            ("x-content-type-options", "nosniff"),
            // A customer's link carries its key; no other site may learn it.
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ];
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        Self {
            status_code,
            headers,
            body,
            is_base64_encoded: false,
        }
    }

    /// Adds or replaces a header. A value with control characters is left out: it could be read as another header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if value.chars().all(|c| !c.is_control()) {
            self.headers.insert(name, value.to_owned());
        }
        self
    }

    /// Tells the caller when trying again makes sense.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with("retry-after", &seconds.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_answer_carries_the_security_headers() {
        let policy = ContentPolicy::new(&["body{}"], &[]);
        for answer in [
            Answer::html(200, String::new(), &policy),
            Answer::json(201, &1),
            Answer::see_other("/"),
        ] {
            let header = |name: &str| answer.headers.get(name).map_or("", String::as_str);
            assert!(header("content-security-policy").starts_with("default-src 'none'; "));
            assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
            assert!(header("content-security-policy").contains("form-action 'self'"));
            assert!(header("strict-transport-security").contains("max-age=63072000"));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert_eq!(header("cache-control"), "no-store");
        }
    }

    #[test]
    fn a_page_runs_only_what_is_named_by_its_hash() {
        // The hash of the empty text, from RFC 6234's test vectors.
        let policy = ContentPolicy::new(&[""], &[]);
        assert!(policy.0.contains(
            "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; script-src 'none'"
        ));
    }

    #[test]
    fn a_header_value_cannot_smuggle_another_header() {
        let answer = Answer::json(200, &1).with("location", "/\r\nset-cookie: a=b");
        assert!(!answer.headers.contains_key("location"));
    }

    #[test]
    fn the_gateway_reads_the_answers_fields() {
        let answer = serde_json::to_value(Answer::json(201, &serde_json::json!({"a": 1}))).unwrap();
        assert_eq!(answer["statusCode"], 201);
        assert_eq!(answer["body"], "{\"a\":1}");
        assert_eq!(answer["isBase64Encoded"], false);
        assert_eq!(answer["headers"]["content-type"], "application/json");
    }
}
