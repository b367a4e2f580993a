//! Lambda's `Invoke`, asynchronously: the one call by which an operator gives a kept event back to its function.
//!
//! Written by hand over the SDK's own signer and HTTP client: the crate of the whole service would cost every build more
//! than these few lines. API: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_async::time::{SystemTimeSource, TimeSource as _};
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use crate::config::Aws;

/// Gives events to functions.
#[derive(Debug)]
pub struct Functions {
    connector: Connector,
    credentials: Credentials,
    region: String,
    endpoint: String,
}

/// An event was not given to its function; keep it and try again.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// Lambda has not taken it: no such function, no right to invoke it, too many calls.
    #[error("Lambda answered {0}")]
    Refused(u16),
    /// Nobody knows whether Lambda has taken it. Giving it again is harmless.
    #[error("Lambda was not reached: {0}")]
    Unreached(String),
}

impl Functions {
    /// Uses the endpoint of the region, or `AWS_ENDPOINT_URL_LAMBDA`; asks nothing yet.
    pub fn new(config: &impl AsRef<Aws>) -> Self {
        let aws = config.as_ref();
        let ring = tls::Provider::rustls(tls::rustls_provider::CryptoMode::Ring);
        let named = ["AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL"];
        let endpoint = named.iter().find_map(|name| aws.endpoints.get(*name));
        Self {
            connector: Connector::builder().tls_provider(ring).build(),
            credentials: Credentials::new(
                &aws.access_key_id,
                &aws.secret_access_key,
                aws.session_token.clone(),
                None,
                "environment",
            ),
            region: aws.region.clone(),
            endpoint: endpoint.map_or_else(
                || format!("https://lambda.{}.amazonaws.com", aws.region),
                |url| url.trim_end_matches('/').to_owned(),
            ),
        }
    }

    /// Puts an event into the queue of the function of this name.
    ///
    /// # Errors
    /// The event may or may not have been taken: keep it and give it again, which every function takes as one.
    pub async fn give(&self, function: &str, event: &[u8]) -> Result<(), InvokeError> {
        let request = self
            .request(function, event)
            .map_err(|error| InvokeError::Unreached(error.to_string()))?;
        let answer = self
            .connector
            .call(request)
            .await
            .map_err(|error| InvokeError::Unreached(error.to_string()))?;
        match answer.status().as_u16() {
            202 => Ok(()),
            status => Err(InvokeError::Refused(status)),
        }
    }

    fn request(
        &self,
        function: &str,
        event: &[u8],
    ) -> Result<HttpRequest, Box<dyn std::error::Error + Send + Sync>> {
        let url = format!(
            "{}/2015-03-31/functions/{function}/invocations",
            self.endpoint
        );
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("lambda")
            .time(SystemTimeSource::new().now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let kind = ("x-amz-invocation-type", "Event");
        let signable =
            SignableRequest::new("POST", &url, [kind].into_iter(), SignableBody::Bytes(event))?;
        let (signed, _) = sign(signable, &params)?.into_parts();
        let mut request = HttpRequest::new(SdkBody::from(event));
        request.set_method("POST")?;
        request.set_uri(url)?;
        request.headers_mut().insert(kind.0, kind.1);
        for (name, value) in signed.headers() {
            request
                .headers_mut()
                .insert(name.to_owned(), value.to_owned());
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{config, variables};
    use crate::{Config, Links};

    #[test]
    fn an_event_is_posted_signed_to_the_function() {
        let functions = Functions::new(&config());
        let request = functions.request("stack-Inbound-1", b"{}").unwrap();
        assert_eq!(
            request.uri(),
            "http://127.0.0.1:9/2015-03-31/functions/stack-Inbound-1/invocations"
        );
        assert_eq!(
            request.headers().get("x-amz-invocation-type"),
            Some("Event")
        );
        let signature = request.headers().get("authorization").unwrap();
        assert!(
            signature.contains("/local/lambda/aws4_request"),
            "{signature}"
        );
        assert!(signature.contains("x-amz-invocation-type"), "{signature}");
    }

    #[test]
    fn without_an_endpoint_of_its_own_the_regions_is_asked() {
        let mut variables = variables();
        variables.remove("AWS_ENDPOINT_URL");
        let config = Config::read(&variables, Links::Absolute).ok().unwrap();
        assert_eq!(
            Functions::new(&config).endpoint,
            "https://lambda.local.amazonaws.com"
        );
    }
}
