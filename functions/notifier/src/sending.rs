//! The one call to SES.

use std::time::Duration;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    ConfigurationOverrides, Destination, EmailContent, FeatureStatus, MessageTag, RawMessage,
    TrackingConfigurationOverrides,
};
use ticket::NoticeId;

use crate::answer::{Answer, Wait, judge, never_reached};
use crate::handler::Named;
use crate::letter::Ready;

/// How long SES may take. Generous: giving up leaves open whether the mail has left.
const PATIENCE: Duration = Duration::from_secs(15);

/// A client that asks once: SES knows no idempotency key, so a second attempt of the SDK's own could send a second mail.
pub(crate) fn client(ses: &Client) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(PATIENCE)
        .operation_timeout(PATIENCE)
        .build();
    let config = ses
        .config()
        .to_builder()
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts);
    Client::from_conf(config.build())
}

/// Hands a rendered mail to SES; answers SES's message id.
///
/// The tags come back in SES's own events of the mail, which `mail-events` records: when this process is killed before
/// it has recorded SES's answer, they are what keeps the mail from being sent again.
pub(crate) async fn send(
    ses: &Client,
    configuration_set: &str,
    named: &Named,
    ready: &Ready,
) -> Result<String, Answer> {
    let never = |error: BuildError| Answer::Never(error.to_string());
    let content = content(ready.raw.clone()).map_err(never)?;
    let tags = [
        ("ticket", named.ticket.as_str()),
        ("nid", named.notice.as_str()),
    ]
    .map(|(name, value)| MessageTag::builder().name(name).value(value).build());
    let [ticket, notice] = tags;
    // A tracked link would lead a customer's key through a foreign domain.
    let tracking = TrackingConfigurationOverrides::builder()
        .click_tracking_enabled(FeatureStatus::Disabled)
        .open_tracking_enabled(FeatureStatus::Disabled)
        .build();
    let overrides = ConfigurationOverrides::builder().tracking(tracking).build();
    let sent = ses
        .send_email()
        .from_email_address(&ready.from)
        .destination(Destination::builder().to_addresses(&ready.to).build())
        .content(content)
        .configuration_set_name(configuration_set)
        .email_tags(ticket.map_err(never)?)
        .email_tags(notice.map_err(never)?)
        .configuration_overrides(overrides)
        .send()
        .await;
    match sent {
        // An accepted mail without an id is accepted all the same.
        Ok(output) => Ok(output
            .message_id
            .unwrap_or_else(|| format!("unnamed-{}", named.notice))),
        Err(error) => Err(meaning(&named.notice, &error)),
    }
}

fn content(raw: Vec<u8>) -> Result<EmailContent, BuildError> {
    let raw = RawMessage::builder().data(Blob::new(raw)).build()?;
    Ok(EmailContent::builder().raw(raw).build())
}

fn meaning(notice: &NoticeId, error: &SdkError<SendEmailError>) -> Answer {
    // The message is left out: SES likes to quote addresses in it.
    tracing::debug!(notice.id = %notice, error = %error, ses.code = error.code(), "SES did not take a mail");
    let status = error
        .raw_response()
        .map(|response| response.status().as_u16());
    if matches!(error, SdkError::DispatchFailure(_)) && never_reached(error) {
        return Answer::Later(Wait::Unreached);
    }
    judge(error.code(), error.message().unwrap_or_default(), status)
}
