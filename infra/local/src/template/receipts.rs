//! Receipt rules: mail to a bucket and on to a function.

use serde_json::{Value, json};

use super::model::ReceiptRule;
use super::{TemplateError, events};

/// Reads one `AWS::SES::ReceiptRule`; a disabled one is none.
pub(super) fn rule(properties: &Value, at: &str) -> Result<Option<ReceiptRule>, TemplateError> {
    let rule = &properties["Rule"];
    if rule["Enabled"] == json!(false) {
        return Ok(None);
    }
    let (mut bucket, mut prefix, mut function) = (None, None, None);
    for action in rule["Actions"].as_array().into_iter().flatten() {
        for (kind, detail) in action.as_object().into_iter().flatten() {
            match kind.as_str() {
                "S3Action" => {
                    bucket = detail["BucketName"].as_str().map(str::to_owned);
                    prefix = detail["ObjectKeyPrefix"].as_str().map(str::to_owned);
                }
                "LambdaAction" => {
                    function = detail["FunctionArn"].as_str().map(events::last);
                    if detail["InvocationType"].as_str() == Some("RequestResponse") {
                        return Err(TemplateError::at(at, "the Lambda action must be an Event"));
                    }
                }
                other => {
                    return Err(TemplateError::at(
                        at,
                        format!("the local runner has no receipt action {other}"),
                    ));
                }
            }
        }
    }
    let recipients = rule["Recipients"].as_array().into_iter().flatten();
    match (bucket, function) {
        (Some(bucket), Some(function)) => Ok(Some(ReceiptRule {
            recipients: recipients
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            bucket,
            prefix: prefix.unwrap_or_default(),
            function: function.to_owned(),
        })),
        _ => Err(TemplateError::at(
            at,
            "the local runner needs an S3 action and a Lambda action",
        )),
    }
}
