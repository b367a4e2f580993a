//! The services as our clients see them, at the wire. What a client asks that is not known here ends the run, loudly:
//! an ignored parameter would be a difference that nobody knows of.

pub(crate) mod dynamodb;
pub(crate) mod s3;
pub(crate) mod ses;
pub(crate) mod sqs;

use serde::Serialize;
use serde_json::{Value, json};

use crate::dice::Dice;

/// One request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) method: String,
    /// Path and query, decoded no further than the wire has them.
    pub(crate) path: String,
    /// What S3 is to copy.
    pub(crate) copied: Option<String>,
    pub(crate) body: Value,
    /// Of a transaction, the digest of the body as it came.
    pub(crate) digest: u64,
}

impl Call {
    /// Whether it is to change something.
    pub(crate) fn is_write(&self) -> bool {
        let reads = ["Get", "Query", "List", "Head"];
        !reads.iter().any(|it| self.operation.starts_with(it))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Service {
    DynamoDb,
    S3,
    Sqs,
    Ses,
    Secrets,
}

/// An answer on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/x-amz-json-1.0".to_owned())],
            body: serde_json::to_vec(body).unwrap_or_default(),
        }
    }

    /// A refusal in the shape of JSON services.
    pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "__type": code, "message": message, "Message": message });
        let mut reply = Self::json(status, &body);
        reply.headers.push(("x-amzn-errortype", code.to_owned()));
        reply
    }

    /// A refusal of S3.
    pub(crate) fn xml(status: u16, code: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/xml".to_owned())],
            body: format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>")
                .into_bytes(),
        }
    }
}

/// All services of one account.
#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) table: dynamodb::Table,
    pub(crate) bucket: s3::Bucket,
    pub(crate) queues: sqs::Queues,
    pub(crate) mail: ses::Sending,
    /// When the signing key is rotated.
    pub(crate) rotated: u64,
}

pub(crate) const PEPPER: &str = "pepper of the simulation";
/// The signing keys by their ids: the first, and the one to which it is rotated.
pub(crate) const SIGNING_KEYS: [(char, &str); 2] = [
    ('1', "signing key of the simulation"),
    ('2', "next signing key of the simulation"),
];

impl Cloud {
    pub(crate) fn new(dice: Dice, lies: dynamodb::Lies) -> Self {
        Self {
            table: dynamodb::Table::new(dice, lies),
            bucket: s3::Bucket::default(),
            queues: sqs::Queues::default(),
            mail: ses::Sending::new(dice),
            rotated: u64::MAX,
        }
    }

    /// Answers a call at an instant, in microseconds.
    pub(crate) fn answer(&mut self, call: &Call, now: u64) -> Reply {
        match call.service {
            Service::DynamoDb => self.table.answer(call, now),
            Service::S3 => self.bucket.answer(call, now),
            Service::Sqs => self.queues.answer(&call.operation, &call.body, now),
            Service::Ses => self.mail.answer(call, now),
            Service::Secrets => secret(call, self.rotated <= now),
        }
    }
}

fn secret(call: &Call, rotated: bool) -> Reply {
    only(&call.body, &["SecretId", "VersionStage"]);
    assert_eq!(
        call.operation, "GetSecretValue",
        "an operation of Secrets Manager that is not known"
    );
    let id = text(&call.body, "SecretId");
    let none = || Reply::refusal(400, "ResourceNotFoundException", "no such secret");
    let signing = |(kid, key): (char, &str)| json!({ "kid": kid, "key": key });
    let secret = match (id, text(&call.body, "VersionStage")) {
        ("signing-key", "AWSCURRENT") if rotated => signing(SIGNING_KEYS[1]),
        ("signing-key", "AWSPREVIOUS") if !rotated => return none(),
        ("signing-key", _) => signing(SIGNING_KEYS[0]),
        ("pepper", "AWSCURRENT") => json!({ "pepper": PEPPER }),
        _ => return none(),
    };
    Reply::json(
        200,
        &json!({ "Name": id, "SecretString": secret.to_string(), "VersionId": "1" }),
    )
}

/// Ends the run if the request has a member that is not known.
pub(crate) fn only(body: &Value, known: &[&str]) {
    for name in body.as_object().into_iter().flat_map(serde_json::Map::keys) {
        assert!(
            known.contains(&name.as_str()),
            "a parameter that the simulation does not know: {name} in {body}"
        );
    }
}

pub(crate) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}
