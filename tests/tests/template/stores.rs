//! Stores: what a customer wrote outlives the stack, can be restored, and is read by nobody else.

use serde_yaml_ng::Value;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, at, is_true, list, text};

#[test]
fn everything_that_cannot_be_made_again_outlives_the_stack() {
    holds(
        retained,
        &[
            (
                Remove("Resources/TicketTable/DeletionPolicy"),
                "TicketTable",
            ),
            (
                Set("Resources/MailBucket/UpdateReplacePolicy", "Delete"),
                "MailBucket",
            ),
            (
                Remove("Resources/PepperSecret/DeletionPolicy"),
                "PepperSecret",
            ),
        ],
    );
}

#[test]
fn the_table_can_be_restored_to_any_second_and_forgets_what_has_expired() {
    holds(
        restorable,
        &[
            (
                Remove("Resources/TicketTable/Properties/PointInTimeRecoverySpecification"),
                "TicketTable",
            ),
            (
                Set(
                    "Resources/TicketTable/Properties/TimeToLiveSpecification/Enabled",
                    "false",
                ),
                "TicketTable",
            ),
            (
                Remove("Resources/TicketTable/Properties/DeletionProtectionEnabled"),
                "TicketTable",
            ),
        ],
    );
}

#[test]
fn the_bucket_is_private_encrypted_reached_by_tls_only_and_keeps_old_versions_for_a_while() {
    holds(
        private_bucket,
        &[
            (
                Set(
                    "Resources/MailBucket/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy",
                    "false",
                ),
                "MailBucket",
            ),
            (
                Remove("Resources/MailBucket/Properties/BucketEncryption"),
                "MailBucket",
            ),
            (
                Remove("Resources/MailBucket/Properties/VersioningConfiguration"),
                "MailBucket",
            ),
            (
                Remove("Resources/MailBucket/Properties/LifecycleConfiguration"),
                "MailBucket",
            ),
            (
                Remove("Resources/MailBucketPolicy/Properties/PolicyDocument/Statement/1"),
                "MailBucket",
            ),
        ],
    );
}

#[test]
fn a_mail_that_held_secrets_is_kept_no_longer_than_pages_say() {
    let days = "Resources/MailBucket/Properties/LifecycleConfiguration/Rules/1/ExpirationInDays";
    let status = "Resources/MailBucket/Properties/LifecycleConfiguration/Rules/1/Status";
    holds(
        sealed_mail_goes,
        &[
            (Set(days, "365"), "MailBucket"),
            (Remove(days), "MailBucket"),
            (Set(status, "Disabled"), "MailBucket"),
        ],
    );
}

fn sealed_mail_goes(template: &Template) -> Vec<String> {
    let kept = u64::from(policy::SECRETS_KEPT_DAYS);
    let goes = |rule: &Value| {
        text(rule, "Prefix") == "sealed/"
            && text(rule, "Status") == "Enabled"
            && rule.get("ExpirationInDays").and_then(Value::as_u64) == Some(kept)
    };
    let buckets = template.of_type("AWS::S3::Bucket");
    let keeps = buckets.filter(|(_, bucket)| {
        let rules = list(at(bucket, "LifecycleConfiguration/Rules"));
        !rules.into_iter().any(goes)
    });
    keeps
        .map(|(id, _)| format!("{id}: sealed/ is not deleted after {kept} days"))
        .collect()
}

#[test]
fn the_access_log_holds_no_path_no_query_and_no_address() {
    let format = "Resources/HttpApi/Properties/AccessLogSettings/Format";
    holds(
        quiet_access_log,
        &[
            (
                Set(format, "$context.requestId $context.path"),
                "$context.path",
            ),
            (
                Set(format, "$context.identity.sourceIp"),
                "$context.identity",
            ),
        ],
    );
}

fn retained(template: &Template) -> Vec<String> {
    let kinds = [
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    ];
    let stateful = template
        .resources()
        .filter(|(_, resource)| kinds.contains(&text(resource, "Type")));
    let kept = |resource, key| text(resource, key) == "Retain";
    let lost =
        stateful.filter(|(_, it)| !kept(it, "DeletionPolicy") || !kept(it, "UpdateReplacePolicy"));
    lost.map(|(id, _)| format!("{id}: goes with the stack"))
        .collect()
}

fn restorable(template: &Template) -> Vec<String> {
    let needed = [
        "PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
        "TimeToLiveSpecification/Enabled",
        "DeletionProtectionEnabled",
    ];
    let tables = template.of_type("AWS::DynamoDB::Table");
    tables
        .flat_map(|(id, table)| {
            needed
                .iter()
                .filter(|path| !is_true(table, path))
                .map(move |it| format!("{id}: {it}"))
        })
        .collect()
}

fn private_bucket(template: &Template) -> Vec<String> {
    let public = [
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
    ];
    let mut found = Vec::new();
    for (id, bucket) in template.of_type("AWS::S3::Bucket") {
        let open = public
            .iter()
            .filter(|key| !is_true(bucket, &format!("PublicAccessBlockConfiguration/{key}")));
        found.extend(open.map(|key| format!("{id}: {key} is not set")));
        if text(bucket, "VersioningConfiguration/Status") != "Enabled" {
            found.push(format!("{id}: an overwritten mail is gone"));
        }
        for key in ["BucketEncryption", "LifecycleConfiguration"] {
            if bucket.get(key).is_none() {
                found.push(format!("{id}: no {key}"));
            }
        }
        if !tls_only(template, id) {
            found.push(format!("{id}: can be read without TLS"));
        }
    }
    found
}

fn tls_only(template: &Template, bucket: &str) -> bool {
    let mut policies = template
        .of_type("AWS::S3::BucketPolicy")
        .filter(|(_, policy)| crate::template::target(policy, "Bucket") == Some(bucket));
    policies.any(|(_, policy)| {
        list(at(policy, "PolicyDocument/Statement"))
            .into_iter()
            .any(|statement| {
                text(statement, "Effect") == "Deny"
                    && text(statement, "Principal") == "*"
                    && text(statement, "Action") == "s3:*"
                    && text(statement, "Condition/Bool/aws:SecureTransport") == "false"
            })
    })
}

fn quiet_access_log(template: &Template) -> Vec<String> {
    let harmless = [
        "requestId",
        "routeKey",
        "status",
        "responseLatency",
        "integrationErrorMessage",
    ];
    let mut found = Vec::new();
    for (id, api) in template.of_type("AWS::Serverless::HttpApi") {
        for part in text(api, "AccessLogSettings/Format")
            .split("$context.")
            .skip(1)
        {
            let name = part
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default();
            if !harmless.contains(&name) {
                found.push(format!("{id}: logs $context.{name}"));
            }
        }
    }
    found
}
