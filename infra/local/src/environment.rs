//! Variables that let a child process reach the local cloud.

use std::collections::BTreeMap;

use crate::template::REGION;

/// The one access key that the local services accept.
pub(crate) const ACCESS_KEY: &str = "local";
/// Its secret; it protects nothing, the services listen on loopback only.
pub(crate) const SECRET_KEY: &str = "local-only";

/// Base addresses of the services.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) dynamodb: String,
    pub(crate) s3: String,
    /// SQS, `SESv2` and Secrets Manager.
    pub(crate) services: String,
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
        ("AWS_ENDPOINT_URL_SQS", &endpoints.services),
        ("AWS_ENDPOINT_URL_SESV2", &endpoints.services),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &endpoints.services),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
