//! Permissions: each role does what its function needs, and AWS services act for this stack only.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, at, list, target, text};

const NOTIFIER: &str = "Resources/NotifierRole/Properties/Policies/0/PolicyDocument/Statement/5";

#[test]
fn every_function_has_a_role_of_its_own_without_managed_policies() {
    let managed = "[arn:aws:iam::aws:policy/AdministratorAccess]";
    holds(
        own_roles,
        &[
            (
                Remove("Resources/IntakeFunction/Properties/Role"),
                "IntakeFunction",
            ),
            (
                Set(
                    "Resources/SlaTickFunction/Properties/Role",
                    "!GetAtt IntakeRole.Arn",
                ),
                "IntakeRole",
            ),
            (
                Set(
                    "Resources/NotifierRole/Properties/ManagedPolicyArns",
                    managed,
                ),
                "NotifierRole",
            ),
        ],
    );
}

#[test]
fn no_statement_allows_a_pattern_of_actions_or_every_resource() {
    holds(
        no_wildcards,
        &[
            (
                Set(
                    "Resources/IntakeRole/Properties/Policies/0/PolicyDocument/Statement/3/Action",
                    "s3:*",
                ),
                "IntakeRole",
            ),
            (
                Set(
                    "Resources/IntakeRole/Properties/Policies/0/PolicyDocument/Statement/1/Action/0",
                    "dynamodb:Get*",
                ),
                "IntakeRole",
            ),
            (
                Set(
                    "Resources/SlaTickRole/Properties/Policies/0/PolicyDocument/Statement/3/Resource",
                    "'*'",
                ),
                "SlaTickRole",
            ),
            (
                Set(
                    "Resources/MailBucketPolicy/Properties/PolicyDocument/Statement/1/Effect",
                    "Allow",
                ),
                "MailBucketPolicy",
            ),
        ],
    );
}

#[test]
fn only_the_notifier_sends_mail_and_only_from_the_stacks_domain() {
    let action = "Resources/IntakeRole/Properties/Policies/0/PolicyDocument/Statement/3/Action";
    assert_eq!(
        text(Template::load().root(), &format!("{NOTIFIER}/Sid")),
        "TheOnlySender"
    );
    holds(
        one_sender,
        &[
            (Set(action, "ses:SendEmail"), "IntakeRole"),
            (Set(action, "ses:SendBulkEmail"), "IntakeRole"),
            (
                Remove(
                    "Resources/NotifierRole/Properties/Policies/0/PolicyDocument/Statement/5/Condition",
                ),
                "NotifierRole",
            ),
            (
                Remove("Resources/NotifierRole/Properties/Policies/0/PolicyDocument/Statement/5"),
                "nobody",
            ),
        ],
    );
}

#[test]
fn a_service_may_act_only_for_this_account_and_for_the_resource_that_it_serves() {
    let bucket =
        "Resources/MailBucketPolicy/Properties/PolicyDocument/Statement/0/Condition/StringEquals";
    assert!(at(Template::load().root(), bucket).is_some());
    holds(
        bound_services,
        &[
            (
                Remove("Resources/InboundEmailPermission/Properties/SourceAccount"),
                "InboundEmailPermission",
            ),
            (
                Remove("Resources/InboundEmailPermission/Properties/SourceArn"),
                "InboundEmailPermission",
            ),
            (
                Remove(
                    "Resources/MailBucketPolicy/Properties/PolicyDocument/Statement/0/Condition",
                ),
                "MailBucketPolicy",
            ),
            (
                Remove(
                    "Resources/MailBucketPolicy/Properties/PolicyDocument/Statement/0/Condition/StringEquals/aws:SourceArn",
                ),
                "MailBucketPolicy",
            ),
            (
                Remove(
                    "Resources/TickScheduleRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition",
                ),
                "TickScheduleRole",
            ),
        ],
    );
}

#[test]
fn files_are_written_by_who_takes_mail_in_and_read_by_who_sends_or_links_and_raw_mail_stays_apart()
{
    holds(
        files,
        &[
            (
                Set(
                    "Resources/IntakeRole/Properties/Policies/0/PolicyDocument/Statement/3/Action",
                    "s3:PutObject",
                ),
                "IntakeRole",
            ),
            (
                Set(
                    "Resources/IntakeRole/Properties/Policies/0/PolicyDocument/Statement/3/Resource",
                    "!Sub \"${MailBucket.Arn}/*\"",
                ),
                "IntakeRole",
            ),
            (
                Set(
                    "Resources/NotifierRole/Properties/Policies/0/PolicyDocument/Statement/2/Resource",
                    "!Sub \"${MailBucket.Arn}/tickets/*\"",
                ),
                "NotifierRole",
            ),
            (
                Remove(
                    "Resources/InboundEmailRole/Properties/Policies/0/PolicyDocument/Statement/6",
                ),
                "InboundEmailRole",
            ),
        ],
    );
}

fn own_roles(template: &Template) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (id, function) in template.functions() {
        match target(function, "Role") {
            None => found.push(format!("{id}: SAM would give its role managed policies")),
            Some(role) if !seen.insert(role) => found.push(format!("{role}: shared with {id}")),
            Some(_) => {}
        }
    }
    let managed = template
        .of_type("AWS::IAM::Role")
        .filter(|(_, role)| role.get("ManagedPolicyArns").is_some());
    found.extend(managed.map(|(id, _)| format!("{id}: has managed policies")));
    found
}

fn no_wildcards(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, statement) in statements(template) {
        if text(statement, "Effect") != "Allow" {
            continue;
        }
        let broad = actions(statement)
            .into_iter()
            .find(|action| action.contains('*'));
        found.extend(broad.map(|action| format!("{id}: allows {action}")));
        if list(statement.get("Resource"))
            .into_iter()
            .any(|it| it.as_str() == Some("*"))
        {
            found.push(format!("{id}: allows every resource"));
        }
        if statement
            .get("NotAction")
            .or(statement.get("NotResource"))
            .is_some()
        {
            found.push(format!("{id}: allows everything but"));
        }
    }
    found
}

fn one_sender(template: &Template) -> Vec<String> {
    let sends = |statement: &Value| {
        actions(statement)
            .iter()
            .any(|action| action.starts_with("ses:"))
    };
    let senders: Vec<_> = statements(template)
        .into_iter()
        .filter(|(_, statement)| sends(statement))
        .collect();
    let mut found = Vec::new();
    if senders.is_empty() {
        found.push("nobody may send".to_owned());
    }
    for (id, statement) in senders {
        if Some(id)
            != template
                .properties("NotifierFunction")
                .and_then(|it| target(it, "Role"))
        {
            found.push(format!("{id}: only the notifier sends"));
        }
        if !text(statement, "Condition/StringLike/ses:FromAddress").ends_with("@${MailDomain}") {
            found.push(format!("{id}: may send as anyone"));
        }
    }
    found
}

/// Which role does what to files, and that those who only deal with files reach nothing else in the bucket.
fn files(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (role, action) in [
        ("IntakeRole", "s3:GetObject"),
        ("NotifierRole", "s3:GetObject"),
        ("InboundEmailRole", "s3:PutObject"),
    ] {
        let own = statements(template).into_iter();
        let own = own.filter(|(id, it)| *id == role && text(it, "Effect") == "Allow");
        let own = own.map(|(_, it)| (actions(it), resources(it)));
        let of_bucket: Vec<_> = own
            .filter(|(actions, _)| actions.iter().any(|it| it.starts_with("s3:")))
            .collect();
        let names_files = |resource: &String| resource.ends_with("/files/*");
        let on_files: Vec<_> = of_bucket
            .iter()
            .filter(|(_, resources)| resources.iter().any(names_files))
            .collect();
        if !matches!(on_files[..], [(actions, _)] if *actions == [action]) {
            found.push(format!(
                "{role}: does something else to files than {action}"
            ));
        }
        if role != "InboundEmailRole" && of_bucket.len() != on_files.len() {
            found.push(format!("{role}: reaches more of the bucket than files"));
        }
    }
    found
}

/// The resources of a statement, as they are written.
fn resources(statement: &Value) -> Vec<String> {
    let all = list(statement.get("Resource")).into_iter();
    all.map(|it| match it {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default().to_owned(),
        other => other.as_str().unwrap_or_default().to_owned(),
    })
    .collect()
}

fn bound_services(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, permission) in template.of_type("AWS::Lambda::Permission") {
        let bound = ["SourceAccount", "SourceArn"]
            .iter()
            .all(|key| permission.get(key).is_some());
        if !bound {
            found.push(format!(
                "{id}: anyone's {} may invoke",
                text(permission, "Principal")
            ));
        }
    }
    for (id, statement) in statements(template) {
        let service = text(statement, "Principal/Service");
        // Lambda takes a function's role only for a function of the account that passed the role.
        if service.is_empty() || service == "lambda.amazonaws.com" {
            continue;
        }
        let bound = |key: &str| at(statement, &format!("Condition/StringEquals/{key}")).is_some();
        // A schedule's name is made after its role, so a role is bound by account only.
        let is_role = template.type_of(id) == "AWS::IAM::Role";
        if !bound("aws:SourceAccount") || !is_role && !bound("aws:SourceArn") {
            found.push(format!("{id}: {service} may act for another account"));
        }
    }
    found
}

/// Every policy statement of the template with the resource that carries it.
fn statements(template: &Template) -> Vec<(&str, &Value)> {
    let mut all = Vec::new();
    for (id, role) in template.of_type("AWS::IAM::Role") {
        all.extend(
            list(at(role, "AssumeRolePolicyDocument/Statement"))
                .into_iter()
                .map(|it| (id, it)),
        );
        let policies = list(role.get("Policies")).into_iter();
        all.extend(
            policies
                .flat_map(|it| list(at(it, "PolicyDocument/Statement")))
                .map(|it| (id, it)),
        );
    }
    for (id, resource) in template.resources() {
        all.extend(
            list(at(resource, "Properties/PolicyDocument/Statement"))
                .into_iter()
                .map(|it| (id, it)),
        );
    }
    all
}

fn actions(statement: &Value) -> Vec<&str> {
    list(statement.get("Action"))
        .into_iter()
        .filter_map(Value::as_str)
        .collect()
}
