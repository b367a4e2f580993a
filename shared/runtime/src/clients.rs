//! AWS clients, built in one place from seams that a simulation may replace.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::retry::{RetryPartition, TokenBucket};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::Region;
use aws_types::sdk_config::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::config::Aws;
use crate::wire::Wire;

/// Whatever a client takes from the world outside: replace these and the same code runs in a simulation.
#[derive(Debug, Clone)]
pub struct Seams {
    /// The wire.
    pub http: SharedHttpClient,
    /// The time that signatures carry.
    pub time: SharedTimeSource,
    /// How clients wait: timeouts and pauses between attempts.
    pub sleep: SharedAsyncSleep,
    /// Who signs.
    pub credentials: SharedCredentialsProvider,
    /// Attempts and the jitter between them.
    pub retry: RetryConfig,
}

impl Seams {
    /// The real world: HTTPS, the machine's clock, Lambda's credentials.
    pub fn real(config: &impl AsRef<Aws>) -> Self {
        let Aws {
            access_key_id,
            secret_access_key,
            session_token,
            ..
        } = config.as_ref().clone();
        // Lambda keeps them in the environment and replaces the process before they expire.
        let credentials = Credentials::new(
            access_key_id,
            secret_access_key,
            session_token,
            None,
            "environment",
        );
        Self {
            http: SharedHttpClient::new(Wire::new()),
            time: SharedTimeSource::new(SystemTimeSource::new()),
            sleep: SharedAsyncSleep::new(TokioSleep::new()),
            credentials: SharedCredentialsProvider::new(credentials),
            retry: RetryConfig::standard().with_max_attempts(3),
        }
    }
}

/// Builds a program's clients; each only once, in `main`, so that connections are kept between invocations.
#[derive(Debug, Clone)]
pub struct Clients {
    sdk: SdkConfig,
}

impl Clients {
    /// Puts seams and configuration together. A call gives up after 10 seconds with all its attempts, so that a
    /// function can still answer before its own time is up.
    pub fn new(config: &impl AsRef<Aws>, seams: Seams) -> Self {
        let aws = config.as_ref();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(3))
            .operation_timeout(Duration::from_secs(10))
            .build();
        let mut sdk = SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(Region::new(aws.region.clone()))
            .http_client(seams.http)
            .time_source(seams.time)
            .sleep_impl(seams.sleep)
            .credentials_provider(seams.credentials)
            .retry_config(seams.retry)
            .timeout_config(timeouts)
            .service_config(Endpoints(aws.endpoints.clone()));
        sdk.set_endpoint_url(aws.endpoints.get("AWS_ENDPOINT_URL").cloned());
        Self { sdk: sdk.build() }
    }

    /// The table.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let config = aws_sdk_dynamodb::config::Builder::from(&self.sdk).retry_partition(quota());
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// Raw mail and long bodies.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk).retry_partition(quota());
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// The two queues of notices.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let config = aws_sdk_sqs::config::Builder::from(&self.sdk).retry_partition(quota());
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    /// Mail out; for the notifier only.
    pub fn ses(&self) -> aws_sdk_sesv2::Client {
        let config = aws_sdk_sesv2::config::Builder::from(&self.sdk).retry_partition(quota());
        aws_sdk_sesv2::Client::from_conf(config.build())
    }

    /// The signing key and the pepper.
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        let config =
            aws_sdk_secretsmanager::config::Builder::from(&self.sdk).retry_partition(quota());
        aws_sdk_secretsmanager::Client::from_conf(config.build())
    }
}

/// A client's own quota of further attempts, as large as the SDK's: what keeps failing is asked again less and less. The
/// SDK's own is one for all clients of a service in a process, so that one run of a simulation would bear on the next.
fn quota() -> RetryPartition {
    RetryPartition::custom("own")
        .token_bucket(TokenBucket::default())
        .build()
}

/// Answers the SDK's question for `AWS_ENDPOINT_URL_<SERVICE>` as AWS documents the variable: the service's id in upper
/// case, spaces as underscores. `aws-config` would do it too, and bring sign-in flows that no function uses.
#[derive(Debug)]
struct Endpoints(BTreeMap<String, String>);

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace([' ', '-'], "_");
        self.0.get(&format!("{}_{service}", key.env())).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_its_own_endpoint_variable() {
        let endpoints = Endpoints(BTreeMap::from([
            (
                "AWS_ENDPOINT_URL_DYNAMODB".to_owned(),
                "http://127.0.0.1:1".to_owned(),
            ),
            (
                "AWS_ENDPOINT_URL_SECRETS_MANAGER".to_owned(),
                "http://127.0.0.1:2".to_owned(),
            ),
        ]));
        let ask = |service| {
            let key = ServiceConfigKey::builder()
                .service_id(service)
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url");
            endpoints.load_config(key.build().unwrap())
        };
        assert_eq!(ask("DynamoDB").as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(
            ask("Secrets Manager").as_deref(),
            Some("http://127.0.0.1:2")
        );
        assert_eq!(ask("SQS"), None);
    }
}
