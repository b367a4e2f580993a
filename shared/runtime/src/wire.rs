//! The HTTPS client that all AWS clients of a process share.

use std::sync::Once;

use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::config_bag::ConfigBag;

/// HTTPS by rustls and ring, which makes binaries 2 MB smaller than aws-lc does.
///
/// Whenever a client is made, the SDK has its HTTP client read the machine's certificates and build a connector to
/// throw away. Once warms what is worth warming; with three clients the rest would be half of a cold start.
#[derive(Debug)]
pub(crate) struct Wire {
    inner: SharedHttpClient,
    warm: Once,
}

impl Wire {
    /// Makes the client; nothing is read or connected yet.
    pub(crate) fn new() -> Self {
        let ring = tls::Provider::rustls(tls::rustls_provider::CryptoMode::Ring);
        Self {
            inner: aws_smithy_http_client::Builder::new()
                .tls_provider(ring)
                .build_https(),
            warm: Once::new(),
        }
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.inner.http_connector(settings, components)
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        let mut valid = Ok(());
        self.warm
            .call_once(|| valid = self.inner.validate_base_client_config(components, config));
        valid
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}
