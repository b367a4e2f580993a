//! Variables that let a child process reach the local cloud.

use std::collections::BTreeMap;

use crate::template::REGION;

/// The access key of `troth`; each process of a function has one that begins with it.
pub(crate) const ACCESS_KEY: &str = "local";
/// Its secret; it protects nothing, the services listen on loopback only.
pub(crate) const SECRET_KEY: &str = "local-only";

/// Base addresses of the services.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) dynamodb: String,
    pub(crate) s3: String,
    pub(crate) sqs: String,
    pub(crate) ses: String,
    pub(crate) secrets: String,
}

impl Endpoints {
    /// From `127.0.0.1:PORT` of each service, in the order of `chaos::CALLED`.
    pub(crate) fn of(addresses: [&str; 5]) -> Self {
        let [dynamodb, s3, sqs, ses, secrets] =
            addresses.map(|address| format!("http://{address}"));
        Self {
            dynamodb,
            s3,
            sqs,
            ses,
            secrets,
        }
    }
}

/// What every function and `troth` gets besides the template's variables.
pub(crate) fn variables(endpoints: &Endpoints) -> BTreeMap<String, String> {
    [
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &endpoints.dynamodb),
        ("AWS_ENDPOINT_URL_S3", &endpoints.s3),
        ("AWS_ENDPOINT_URL_SQS", &endpoints.sqs),
        ("AWS_ENDPOINT_URL_SESV2", &endpoints.ses),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &endpoints.secrets),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
